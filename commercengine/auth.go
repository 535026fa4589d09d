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

// Tokens is a pair of tokens that an operation handed out. A client with a
// Session has put them in place already.
type Tokens struct {
	// User is who the tokens belong to. It is nil where the operation does not
	// say. Of an anonymous user the server sends less than of others.
	User *User `json:"user"`
	// AccessToken and RefreshToken are JSON Web Tokens, whose claims say when
	// they expire. How long they live is not documented. RefreshToken is empty where
	// the server leaves the one before in place.
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

// token returns the pair in the form that sources and stores have, with the refresh
// token before where it has none.
func (t *Tokens) token(before string) *oauth2.Token {
	token := &oauth2.Token{AccessToken: t.AccessToken, RefreshToken: cmp.Or(t.RefreshToken, before), TokenType: "Bearer"}
	token.Expiry, _ = auth.JWTExpiry(t.AccessToken)
	return token
}

// AuthService signs shoppers in and out, and reads and writes their profiles.
//
// All of its methods need a token, so they begin an anonymous session where
// there is none. Those that return Tokens replace both tokens of the client's
// Session. Where the new pair cannot be saved, they return it with an error that is
// [souk.ErrUnavailable]: the session has the tokens before, which the server may take
// no more. Call RefreshToken with the new refresh token once the store works again.
type AuthService service

// Anonymous begins an anonymous session. It needs an APIKey. A session that is
// anonymous already is continued; one of a shopper who has logged in, even if
// meanwhile and in another process, is [souk.ErrInvalid]: log out instead. A pair that
// cannot be saved comes with the error.
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

// nobody objects to a shopper who has logged in.
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

// RefreshToken exchanges a refresh token for a new pair. The session does that
// by itself whenever it is needed. A refresh token that is expired or was used
// before is [souk.ErrInvalid] or [souk.ErrNotFound]. If it is the session's own, that
// leads to an anonymous pair instead; where somebody was logged in, the error is
// [souk.ErrReauthorize] then. A pair that cannot be saved comes with the error.
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

// anybody objects to nobody.
func anybody(*Claims) error { return nil }

// Logout ends the session at the server, which hands out another pair with fewer
// rights: the shopper's cart stays. Where another shopper has logged in meanwhile,
// whose session stays, it is [souk.ErrInvalid]. A pair that cannot be saved comes with
// the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/logout.
//
//souk:operation POST /auth/logout
func (s *AuthService) Logout(ctx context.Context) (*Tokens, error) {
	return s.tokensOfOne(ctx, &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/logout",
		Secret: true,
	})
}

// tokens carries out a call that hands out a new pair, whosever it is.
func (s *AuthService) tokens(ctx context.Context, call *transport.Call) (*Tokens, error) {
	tokens, err := one[*Tokens](ctx, s.transport, call, tokensContent{})
	if err != nil {
		return nil, err
	}
	return s.adopt(ctx, call, tokens, anybody)
}

// tokensOfOne carries out a call that hands out a new pair to the shopper who has the
// session, and to nobody who comes meanwhile.
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

// adopt makes a new pair the session's, unless refuses objects to whom it would take
// the place of. A pair that cannot be saved is returned with the error: the server may
// take no other any more.
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

// by names the call in an error of the session's, which others may have got as well.
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

// begin starts an anonymous session, or continues the one of current. Where the
// server refuses that for the token that it has been given, a new one begins.
func (s *service) begin(ctx context.Context, current *oauth2.Token) (*Tokens, error) {
	if current != nil && sendable(current) {
		tokens, err := s.anonymous(ctx, current.AccessToken)
		if !turnedDown(err) {
			return tokens, err
		}
	}
	return s.anonymous(ctx, "")
}

// turnedDown reports whether somebody has refused a request, even if it was not the vendor.
func turnedDown(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode != 0 && !errors.Is(err, souk.ErrUnavailable) && !errors.Is(err, souk.ErrRateLimited)
}

func (s *service) anonymous(ctx context.Context, earlier string) (*Tokens, error) {
	call := &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/anonymous",
		Repeat: transport.Safe, // a session that nobody uses does no harm
		Secret: true,
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
		Repeat:    transport.Safe, // the server tells when a token is used up
		Anonymous: true,
		Secret:    true,
	}
	call.Problems.Require(refreshToken != "", "RefreshToken", "must not be empty: the client has no session of its own")
	return one[*Tokens](ctx, s.transport, call, tokensContent{})
}
