package transport_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/transport"
)

// Two apps share a quota only if they have the same credentials: not because one's is
// the hash of another's, or because two come to the same text.
func TestAppsAreToldApart(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("a"))
	apps := map[any]string{}
	for name, app := range map[string]any{
		"none":               transport.AppOf(nil, "", ""),
		"token":              transport.AppOf(nil, "a"),
		"key":                transport.AppOf(nil, "", "a"),
		"token and key":      transport.AppOf(nil, "a", "b"),
		"one of both":        transport.AppOf(nil, "ab", ""),
		"quotes":             transport.AppOf(nil, `a" "b`, ""),
		"hash":               transport.AppOf(nil, hex.EncodeToString(sum[:])),
		"short hash":         transport.AppOf(nil, hex.EncodeToString(sum[:16])),
		"id that looks so":   hex.EncodeToString(sum[:]),
		"id that is a token": "a",
		"source":             transport.AppOf(&source{}),
		"another source":     transport.AppOf(&source{}),
	} {
		assert.Empty(t, apps[app], name)
		apps[app] = name
	}
	assert.Empty(t, transport.AppOf(nil))
	assert.Empty(t, transport.AppOf(struct{ scopes []string }{}), "cannot be compared")
	one, same := transport.AppOf(nil, "a", "b"), transport.AppOf(nil, "a", "b")
	assert.Equal(t, one, same)
}
