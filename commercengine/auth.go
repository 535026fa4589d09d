package commercengine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// Tokens is a pair of tokens that an operation returned. A client with a Session uses
// them already.
type Tokens struct {
	// User is the user whom the tokens belong to, nil if the operation does not say.
	// For an anonymous user the server sends fewer fields.
	User *User `json:"user"`
	// AccessToken and RefreshToken are JSON Web Tokens, whose claims say when they
	// expire. Their lifetime is not documented. RefreshToken is empty if the previous
	// one stays valid.
	AccessToken  string `json:"-"`
	RefreshToken string `json:"-"`
}

// String returns the id of the user, without the tokens.
func (t Tokens) String() string {
	if t.User == nil {
		return "commercengine.Tokens{}"
	}
	return "commercengine.Tokens{User:" + t.User.ID + "}"
}

// Format prints the text of String for every verb of fmt.
func (t Tokens) Format(f fmt.State, verb rune) { mask.Format(f, verb, t.String()) }

// LogValue returns the id of the user, without the tokens.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// token returns the pair as an oauth2.Token. If it has no refresh token, before is
// used.
func (t *Tokens) token(before string) *oauth2.Token {
	token := &oauth2.Token{AccessToken: t.AccessToken, RefreshToken: cmp.Or(t.RefreshToken, before), TokenType: "Bearer"}
	token.Expiry, _ = auth.JWTExpiry(t.AccessToken)
	return token
}

// AuthService signs shoppers in and out, and reads and writes their profiles.
//
// All its methods need a token, so they begin an anonymous session if there is none.
// The methods that return Tokens replace both tokens of the client's Session. If the
// new pair cannot be saved, they return it together with an error that is
// [souk.ErrUnavailable]: the session keeps the previous tokens, which the server may no
// longer accept. Call RefreshToken with the new refresh token once the store works
// again.
type AuthService service

// Anonymous begins an anonymous session. It needs an APIKey. If the session is
// anonymous already, it continues. If a shopper is logged in, even through another
// process, the error is [souk.ErrInvalid]: log out instead. A pair that cannot be saved
// is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-anonymous-token.
//
//souk:operation POST /auth/anonymous
func (s *AuthService) Anonymous(ctx context.Context) (*Tokens, error) {
	call := &transport.Call{Method: http.MethodPost, Route: "/auth/anonymous"}
	var current *oauth2.Token
	if s.session != nil {
		var err error
		if current, err = s.session.current(ctx); err != nil {
			return nil, by(call, err)
		}
	}
	if err := nobody(claimsOf(current)); err != nil {
		return nil, by(call, err)
	}
	tokens, err := (*service)(s).begin(ctx, current)
	if err != nil {
		return nil, err
	}
	return s.adopt(ctx, call, tokens, nobody)
}

// nobody refuses a shopper who is logged in.
func nobody(there *Claims) error {
	if !there.loggedIn() {
		return nil
	}
	return newError(&souk.Error{
		Message: "somebody is logged in: log out, which also leaves an anonymous session",
		Err:     souk.ErrInvalid,
	})
}

// RefreshTokenRequest names the token to exchange.
type RefreshTokenRequest struct {
	// RefreshToken is empty for the session's own.
	RefreshToken string `json:"refresh_token"`
}

// Format prints the request without its secret, for every verb of fmt.
func (r RefreshTokenRequest) Format(f fmt.State, verb rune) {
	type plain RefreshTokenRequest
	r.RefreshToken = mask.Secret(r.RefreshToken)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secret.
func (r RefreshTokenRequest) LogValue() slog.Value { return mask.LogValue(r) }

// RefreshToken exchanges a refresh token for a new pair. The session does this by
// itself when necessary. A refresh token that is expired or was used before is
// [souk.ErrInvalid] or [souk.ErrNotFound]. If it is the session's own, the session
// becomes anonymous instead; if a shopper was logged in, the error is
// [souk.ErrReauthorize]. A pair that cannot be saved is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/refresh-token.
//
//souk:operation POST /auth/refresh-token
func (s *AuthService) RefreshToken(ctx context.Context, req RefreshTokenRequest) (*Tokens, error) {
	call := &transport.Call{Method: http.MethodPost, Route: "/auth/refresh-token"}
	if req.RefreshToken == "" && s.session != nil {
		token, err := s.session.force(ctx)
		if token == nil {
			return nil, by(call, err)
		}
		return &Tokens{AccessToken: token.AccessToken, RefreshToken: token.RefreshToken}, by(call, err)
	}
	tokens, err := (*service)(s).refresh(ctx, req.RefreshToken)
	if err != nil {
		return nil, err
	}
	return s.adopt(ctx, call, tokens, anybody)
}

// anybody refuses nobody.
func anybody(*Claims) error { return nil }

// Logout ends the session at the server, which returns a new pair with fewer rights;
// the shopper's cart stays. If another shopper has logged in meanwhile, that session
// stays, and the error is [souk.ErrInvalid]. A pair that cannot be saved is returned
// with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/logout.
//
//souk:operation POST /auth/logout
func (s *AuthService) Logout(ctx context.Context) (*Tokens, error) {
	return s.tokensOfOne(ctx, &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/logout",
	})
}

// tokens carries out a call that returns a new pair, whoever the shopper is.
func (s *AuthService) tokens(ctx context.Context, call *transport.Call) (*Tokens, error) {
	tokens, err := one[*Tokens](ctx, s.transport, call, tokensContent{})
	if err != nil {
		return nil, err
	}
	return s.adopt(ctx, call, tokens, anybody)
}

// tokensOfOne carries out a call that returns a new pair for the current shopper of the
// session. It refuses to replace the session of a shopper who logged in meanwhile.
func (s *AuthService) tokensOfOne(ctx context.Context, call *transport.Call) (*Tokens, error) {
	var asker *Claims
	if s.session != nil {
		current, err := s.session.current(ctx)
		if err != nil {
			return nil, by(call, err)
		}
		asker = claimsOf(current)
	}
	tokens, err := one[*Tokens](ctx, s.transport, call, tokensContent{})
	if err != nil {
		return nil, err
	}
	return s.adopt(ctx, call, tokens, func(there *Claims) error {
		if !there.loggedIn() || asker.canBe(there) {
			return nil
		}
		return newError(&souk.Error{
			Message: "another shopper has logged in meanwhile, whose session stays",
			Err:     souk.ErrInvalid,
		})
	})
}

// adopt makes a new pair the session's, unless refuses returns an error for the shopper
// whom it would replace. A pair that cannot be saved is returned with the error: the
// server may no longer accept any other.
func (s *AuthService) adopt(
	ctx context.Context, call *transport.Call, tokens *Tokens, refuses func(*Claims) error,
) (*Tokens, error) {
	if s.session == nil {
		return tokens, nil
	}
	refused, err := s.session.replace(ctx, tokens, refuses)
	if refused != nil {
		return nil, by(call, refused)
	}
	return tokens, by(call, err)
}

// by adds the call to an error of the session, in a copy: other calls may have got the
// same error.
func by(call *transport.Call, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*souk.Error](err)
	if !ok {
		return newError(&souk.Error{Method: call.Method, Route: call.Route, Err: err})
	}
	named := *e
	if named.Route == "" {
		named.Method, named.Route = call.Method, call.Route
	}
	return &named
}

// begin starts an anonymous session, or continues the one of current. If the server
// refuses current's token, it begins a new session.
func (s *service) begin(ctx context.Context, current *oauth2.Token) (*Tokens, error) {
	if current != nil && sendable(current) {
		tokens, err := s.anonymous(ctx, current.AccessToken)
		if !turnedDown(err) {
			return tokens, err
		}
	}
	return s.anonymous(ctx, "")
}

// turnedDown reports whether a request was refused, by the vendor or by a server in
// between.
func turnedDown(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode != 0 && !errors.Is(err, souk.ErrUnavailable) && !errors.Is(err, souk.ErrRateLimited)
}

func (s *service) anonymous(ctx context.Context, earlier string) (*Tokens, error) {
	call := &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/anonymous",
		Repeat: transport.Safe, // a session that nobody uses does no harm
	}
	if earlier != "" {
		call.Header = http.Header{"Authorization": {"Bearer " + earlier}}
	}
	return one[*Tokens](ctx, s.transport, s.keyed(call), tokensContent{})
}

// refresh exchanges a refresh token. It sends no access token, since that one
// may have expired.
func (s *service) refresh(ctx context.Context, refreshToken string) (*Tokens, error) {
	call := &transport.Call{
		Method:    http.MethodPost,
		Route:     "/auth/refresh-token",
		Body:      RefreshTokenRequest{RefreshToken: refreshToken},
		Repeat:    transport.Safe, // the server says when a token is used up
		Anonymous: true,
	}
	call.Problems.Require(refreshToken != "", "RefreshToken", "must not be empty: the client has no session of its own")
	return one[*Tokens](ctx, s.transport, call, tokensContent{})
}
