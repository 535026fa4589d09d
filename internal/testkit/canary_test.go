package testkit_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/testkit"
)

func TestCanaryIsFoundInEverySpelling(t *testing.T) {
	t.Parallel()
	c := testkit.NewCanary()
	for name, text := range map[string]string{
		"plain":        "got " + c.Password + "!",
		"upper case":   strings.ToUpper(c.Password),
		"query":        url.Values{"p": {c.Password}}.Encode(),
		"path":         "/x/" + url.PathEscape(c.Password),
		"quoted":       fmt.Sprintf("%q", c.Password),
		"hex":          hex.EncodeToString([]byte(c.Password)),
		"base64":       base64.StdEncoding.EncodeToString([]byte("u:" + c.Password)),
		"shifted":      base64.StdEncoding.EncodeToString([]byte("us:" + c.Password + "more")),
		"shifted more": base64.URLEncoding.EncodeToString([]byte("use:" + c.Password + "more")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := new(fakeT)
			c.Check(fake, text)
			assert.Contains(t, fake.text(false), "the canary's Password occurs in")
		})
	}
}

func TestCanaryLeavesOtherTextsAlone(t *testing.T) {
	t.Parallel()
	c := testkit.NewCanary()
	c.Note = "" // an empty text would be everywhere
	c.Check(t, "POST /customers/{id}: 422 invalid: e-mail is taken (request 7f3a)")
	c.Check(t, "")
	c.CheckError(t, nil)
}

func TestCanaryIsFoundInWrappedErrors(t *testing.T) {
	t.Parallel()
	c := testkit.NewCanary()
	for name, err := range map[string]error{
		"own text":  errors.New("for " + c.Email),
		"wrapped":   mute{errors.New(c.Phone[1:])},
		"joined":    mute{errors.Join(errors.New("x"), mute{errors.New(c.Token)})},
		"formatted": formatted{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := new(fakeT)
			c.CheckError(fake, err)
			assert.NotEmpty(t, fake.text(false))
		})
	}
}

// mute wraps an error without its text.
type mute struct{ error }

func (mute) Error() string   { return "failed" }
func (m mute) Unwrap() error { return m.error }

// formatted tells more with %+v.
type formatted struct{}

func (formatted) Error() string { return "failed" }

func (formatted) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, testkit.NewCanary().Street) }
