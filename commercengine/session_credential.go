package commercengine

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// shopper is the source of the tokens of a client's calls. It is held by pointer, so
// that fmt prints only an address if it prints a client's fields.
type shopper struct {
	transport.Authorizer // without a session
	service              *service
}

// Secrets returns all of the client's credentials, not only this one.
func (s *shopper) Secrets() []string { return s.service.secrets() }

// any returns the credential of ordinary calls.
func (s *shopper) any() *credential { return &credential{shopper: s} }

// customer returns the credential of calls about a customer.
func (s *shopper) customer() *credential { return &credential{shopper: s, customer: true} }

// login returns the credential of calls that lead to a login.
func (s *shopper) login() *credential { return &credential{shopper: s, login: true} }

// once returns the credential of calls with a password or an OTP.
func (s *shopper) once() *credential { return &credential{shopper: s, once: true} }

// loginOnce returns the credential of calls that are both.
func (s *shopper) loginOnce() *credential { return &credential{shopper: s, login: true, once: true} }

// credential puts the shopper's token on the requests of a call. Each call has its own,
// which makes sure that all its requests are sent for one shopper.
type credential struct {
	*shopper

	customer bool // anonymous tokens are held back: the call is about a customer
	login    bool // it does not matter for whom the call began
	once     bool // a 401 is final: it may mean the password, or the OTP, of the call

	began   *Claims       // whose call it is
	refused *oauth2.Token // by a 401
	sent    string        // the token of the attempt before
}

// Header returns the name of the header.
func (*credential) Header() string { return "Authorization" }

// Start returns the credential of one call.
func (c *credential) Start(ctx context.Context) transport.Authorizer {
	own := *c
	if c.service.session != nil && !c.login {
		own.began = c.service.session.holder(ctx)
	}
	return &own
}

// Authorize sets the header, unless the token belongs to another shopper than the
// call's earlier tokens.
func (c *credential) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	token, err := c.token(ctx, header)
	if err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(header.Get("Authorization"), "Bearer ")
	now := claimsOf(&oauth2.Token{AccessToken: text})
	was := c.began
	if c.sent != "" {
		was = claimsOf(&oauth2.Token{AccessToken: c.sent})
	}
	switch {
	case c.sent != "" && text != c.sent && !was.canBe(now), was.loggedIn() && !was.canBe(now):
		return nil, errChanged(was, now)
	case c.customer && now.anonymous():
		return nil, errAnonymous()
	}
	c.sent = text
	return token, nil
}

func (c *credential) token(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	if c.service.session == nil {
		return c.Authorizer.Authorize(ctx, header)
	}
	token, err := c.service.session.tokenBut(ctx, c.refused)
	if err == nil && c.customer && claimsOf(token).anonymous() {
		token, err = c.service.session.tokenAfter(ctx, token)
	}
	if err != nil {
		return nil, err
	}
	header["Authorization"] = []string{"Bearer " + token.AccessToken}
	return token, nil
}

// Expired is called after a 401.
func (c *credential) Expired(token *oauth2.Token) bool {
	switch {
	case c.service.session == nil:
		return c.Authorizer.Expired(token) && !c.once
	case c.once:
		c.service.session.suspectNow(token)
		return false
	}
	c.refused = token
	return true
}

// errAnonymous is the error of an operation that requires a shopper who is logged in.
func errAnonymous() error {
	return newError(&souk.Error{
		Message: "the session is anonymous; log in with a method of AuthService first",
		Err:     souk.ErrUnauthorized,
	})
}

// errChanged is the error of a call that began for another shopper.
func errChanged(was, now *Claims) error {
	if was.loggedIn() && now.anonymous() {
		return newError(&souk.Error{
			Message: "the shopper was logged out, and the session is anonymous; log in again with a method of AuthService",
			Err:     souk.ErrReauthorize,
		})
	}
	return newError(&souk.Error{
		Message: "the session has become that of another shopper, for whom this call was not meant",
		Err:     souk.ErrUnauthorized,
	})
}
