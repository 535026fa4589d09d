package transport_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/transport"
)

func TestOneCredential(t *testing.T) {
	t.Parallel()
	for want, given := range map[string][]bool{
		"": {false, true, false},
		"Token: exactly one credential is required: Token or TokenSource (none is set)": {false, false, false},
		"Token: exactly one credential is required: Token or TokenSource (2 are set)":   {true, false, true},
	} {
		var problems transport.Problems
		problems.OneCredential("Token or TokenSource", given...)
		assert.Equal(t, want, problems.String())
	}
}

func TestBareCredential(t *testing.T) {
	t.Parallel()
	for _, right := range []string{"", "abc", "sk_0-9~!", "a.b.c=", "…"} {
		var problems transport.Problems
		problems.BareCredential(right, "Token")
		assert.Empty(t, problems.String(), right)
	}
	for _, wrong := range []string{"Bearer x", "x\n", "\tx", "x\u00a0", "x\u200b", "x\x7f", "\x00"} {
		var problems transport.Problems
		problems.BareCredential(wrong, "Token")
		assert.Equal(t, `Token: must be the credential alone: no "Bearer", no white space and no line ends`, problems.String(), "%q", wrong)
	}
}
