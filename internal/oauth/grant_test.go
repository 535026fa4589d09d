package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

func TestOfGrants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		said   transport.Verdict
		want   error
	}{
		{404, transport.Verdict{Own: true}, souk.ErrInvalid},
		{409, transport.Verdict{Own: true}, souk.ErrInvalid},
		{400, transport.Verdict{Own: true, Class: souk.ErrNotFound}, souk.ErrInvalid},
		{200, transport.Verdict{Own: true, Class: souk.ErrAlreadyExists}, souk.ErrInvalid},
		{500, transport.Verdict{Own: true, Refused: true, Class: souk.ErrNotFound}, souk.ErrInvalid},
		{401, transport.Verdict{Own: true}, nil},
		{401, transport.Verdict{Own: true, Class: souk.ErrReauthorize}, souk.ErrReauthorize},
		{503, transport.Verdict{Own: true}, nil},
		{404, transport.Verdict{}, nil},
	} {
		read := oauth.OfGrants(func(*transport.Call, *transport.Answer, *souk.Error) transport.Verdict { return c.said })

		got := read(&transport.Call{}, &transport.Answer{StatusCode: c.status}, &souk.Error{})

		want := c.said
		want.Class = c.want
		assert.Equal(t, want, got, c.status)
	}
}
