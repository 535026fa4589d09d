package commercengine

import (
	"context"
	"log/slog"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// Tokens is a pair of tokens that an operation handed out. A client with a
// Session has put them in place already.
type Tokens struct {
	// User is who the tokens belong to. It is nil where the operation does not
	// say. Of an anonymous user the server sends less than of others.
	User *User `json:"user"`
	// AccessToken and RefreshToken are JSON Web Tokens, whose claims say when
	// they expire. How long they live is not documented.
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

// String returns the id of the user, without the tokens.
func (t Tokens) String() string {
	if t.User == nil {
		return "commercengine.Tokens{}"
	}
	return "commercengine.Tokens{User:" + t.User.ID + "}"
}

// GoString returns the id of the user, without the tokens.
func (t Tokens) GoString() string { return t.String() }

// LogValue returns the id of the user, without the tokens.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// token returns the pair in the form that sources and stores have. An answer
// without a refresh token leaves the one before in place.
func (t *Tokens) token(before string) *oauth2.Token {
	token := &oauth2.Token{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, TokenType: "Bearer"}
	token.Expiry, _ = auth.JWTExpiry(t.AccessToken)
	if token.RefreshToken == "" {
		token.RefreshToken = before
	}
	return token
}

// RefreshTokenRequest names the token to exchange.
type RefreshTokenRequest struct {
	// RefreshToken is empty for the session's own.
	RefreshToken string `json:"refresh_token"`
}

// AuthService signs shoppers in and out, and reads and writes their profiles.
//
// All of its methods need a token, so they begin an anonymous session where
// there is none. Those that return Tokens replace both tokens of the client's
// Session.
type AuthService service

// Anonymous begins an anonymous session. It needs an APIKey. A session that is
// anonymous already is continued; one of a shopper who has logged in is
// souk.ErrInvalid: log out instead.
//
//souk:operation POST /auth/anonymous
func (s *AuthService) Anonymous(ctx context.Context) (*Tokens, error) {
	var current *oauth2.Token
	if s.session != nil {
		var err error
		if current, err = s.session.current(ctx); err != nil {
			return nil, err
		}
	}
	if current != nil {
		if claims, err := ParseClaims(current.AccessToken); err == nil && claims.IsLoggedIn {
			return nil, newError(&souk.Error{
				Message: "somebody is logged in: log out, which also leaves an anonymous session",
				Method:  http.MethodPost,
				Route:   "/auth/anonymous",
				Err:     souk.ErrInvalid,
			})
		}
	}
	tokens, err := (*service)(s).begin(ctx, current)
	return s.adopt(ctx, tokens, err)
}

// RefreshToken exchanges a refresh token for a new pair. The session does that
// by itself whenever it is needed. A refresh token that is expired or was used
// before is souk.ErrInvalid or souk.ErrNotFound; for the session's own that leads
// to an anonymous pair instead.
//
//souk:operation POST /auth/refresh-token
func (s *AuthService) RefreshToken(ctx context.Context, req RefreshTokenRequest) (*Tokens, error) {
	if req.RefreshToken == "" && s.session != nil {
		token, err := s.session.force(ctx)
		if err != nil {
			return nil, err
		}
		return &Tokens{AccessToken: token.AccessToken, RefreshToken: token.RefreshToken}, nil
	}
	tokens, err := (*service)(s).refresh(ctx, req.RefreshToken)
	return s.adopt(ctx, tokens, err)
}

// Logout ends the session at the server, which hands out another pair with fewer
// rights: the shopper's cart stays.
//
//souk:operation POST /auth/logout
func (s *AuthService) Logout(ctx context.Context) (*Tokens, error) {
	return s.tokens(ctx, &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/logout",
		Secret: true,
	})
}

// tokens carries out a call that hands out a new pair.
func (s *AuthService) tokens(ctx context.Context, call *transport.Call) (*Tokens, error) {
	tokens, err := result[*Tokens](ctx, s.client, call, Tokens{})
	return s.adopt(ctx, tokens, err)
}

// adopt makes a new pair the session's. A pair that cannot be saved is returned
// with the error: the server may take no other any more.
func (s *AuthService) adopt(ctx context.Context, tokens *Tokens, err error) (*Tokens, error) {
	if err != nil {
		return nil, err
	}
	if s.session == nil {
		return tokens, nil
	}
	return tokens, s.session.replace(ctx, tokens)
}

// begin starts an anonymous session, or continues the one of current.
func (s *service) begin(ctx context.Context, current *oauth2.Token) (*Tokens, error) {
	call := &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/anonymous",
		Repeat: transport.Safe, // a session that nobody uses does no harm
		Secret: true,
	}
	if current != nil {
		call.Header = http.Header{"Authorization": {"Bearer " + current.AccessToken}}
		call.Secrets = []string{current.AccessToken}
	}
	return result[*Tokens](ctx, s.client, s.keyed(call), Tokens{})
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
		Secrets:   []string{refreshToken},
	}
	call.Problems.Require(refreshToken != "", "RefreshToken", "must not be empty: the client has no session of its own")
	return result[*Tokens](ctx, s.client, call, Tokens{})
}
