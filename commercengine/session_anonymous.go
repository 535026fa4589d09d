package commercengine

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// customerCredential is the credential of calls about a customer. It holds back
// the token of an anonymous shopper, which the server would refuse in words that
// say less.
type customerCredential struct{ transport.Authorizer }

func (c customerCredential) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	token, err := c.Authorizer.Authorize(ctx, header)
	if err != nil {
		return nil, err
	}
	claims, err := ParseClaims(strings.TrimPrefix(header.Get("Authorization"), "Bearer "))
	if err == nil && claims.anonymous() {
		return nil, errAnonymous()
	}
	return token, nil
}

// errAnonymous is the error of an operation that needs a shopper who is known.
func errAnonymous() error {
	return newError(&souk.Error{
		Message: "the session is anonymous; log in with a method of AuthService first",
		Err:     souk.ErrUnauthorized,
	})
}
