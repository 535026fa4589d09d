package xclade

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// AuthToken is a JWT of an admin user.
type AuthToken struct {
	// Token is the JWT. It is valid until ExpiresAt, even after a refresh.
	Token string `json:"-"`
	// ExpiresAt is read from the JWT. It is zero if the JWT does not say when it
	// expires.
	ExpiresAt time.Time
}

// Format prints the value without its secret, for every verb of fmt.
func (a AuthToken) Format(f fmt.State, verb rune) {
	type plain AuthToken
	a.Token = mask.Secret(a.Token)
	mask.Print(f, verb, plain(a))
}

// LogValue returns the value without its secret.
func (a AuthToken) LogValue() slog.Value { return mask.LogValue(a) }

// AuthService logs in and renews tokens. A client with Email and Password does both by
// itself; the service is for programs that keep tokens themselves.
type AuthService service

// LoginRequest holds the credentials of an admin user.
type LoginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Format prints the request without its secret, for every verb of fmt.
func (l LoginRequest) Format(f fmt.State, verb rune) {
	type plain LoginRequest
	l.Password = mask.Secret(l.Password)
	mask.Print(f, verb, plain(l))
}

// LogValue returns the request without its secret.
func (l LoginRequest) LogValue() slog.Value { return mask.LogValue(l) }

// Login returns a token for an admin user. A wrong password, an unknown user, and a
// user who has to pass a further check are [souk.ErrUnauthorized].
//
// See https://docs.xclade.com/docs/admin/auth/PostActor_typeAuth_provider.
//
//souk:operation POST /auth/user/emailpass
func (s *AuthService) Login(ctx context.Context, req LoginRequest) (*AuthToken, error) {
	var problems transport.Problems
	problems.NotEmpty("Email", req.Email)
	problems.NotEmpty("Password", req.Password)
	return one(ctx, s.transport, &transport.Call{
		Method:    http.MethodPost,
		Route:     "/auth/user/emailpass",
		Body:      body(req, &problems),
		Repeat:    transport.Safe,
		Anonymous: true,
		Problems:  problems,
		Secret:    true,
	}, &tokenAnswer{})
}

// RefreshRequest names the token to renew.
type RefreshRequest struct {
	// Token is the token to renew. It must not have expired. Empty means the client's
	// own.
	Token string `json:"-"`
}

// Format prints the request without its secret, for every verb of fmt.
func (r RefreshRequest) Format(f fmt.State, verb rune) {
	type plain RefreshRequest
	r.Token = mask.Secret(r.Token)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secret.
func (r RefreshRequest) LogValue() slog.Value { return mask.LogValue(r) }

// Refresh returns a token with a new lifetime. An expired token, and an API key, is
// [souk.ErrUnauthorized].
//
// See https://docs.xclade.com/docs/api/auth/PostAdminAuthTokenRefresh.
//
//souk:operation POST /auth/token/refresh
func (s *AuthService) Refresh(ctx context.Context, req RefreshRequest) (*AuthToken, error) {
	var problems transport.Problems
	problems.BareCredential(req.Token, "Token")
	call := &transport.Call{
		Method:   http.MethodPost,
		Route:    "/auth/token/refresh",
		Repeat:   transport.Safe,
		Problems: problems,
		Secret:   true,
	}
	if req.Token != "" {
		call.Anonymous = true
		call.Header = http.Header{"Authorization": {"Bearer " + req.Token}}
	}
	return one(ctx, s.transport, call, &tokenAnswer{})
}

// tokenAnswer is {"token": …}. Newer servers can also answer that a further step is
// required, with a token that no other call accepts.
type tokenAnswer struct {
	Token                string `json:"token"`
	Location             string `json:"location"`
	VerificationRequired bool   `json:"verification_required"`
	MFARequired          bool   `json:"mfa_required"`
}

func (a *tokenAnswer) held() *AuthToken {
	expiry, _ := auth.JWTExpiry(a.Token)
	return &AuthToken{Token: a.Token, ExpiresAt: expiry}
}

// Missing names what the answer lacks to be a success.
func (a *tokenAnswer) Missing() string {
	if message, _ := a.refusal(false); message != "" || a.Token == "" {
		return "token"
	}
	return ""
}

func (a *tokenAnswer) refusal(bool) (string, error) {
	switch {
	case a.MFARequired:
		return "the user must pass a second factor; use an API key or a user without one", souk.ErrUnauthorized
	case a.VerificationRequired:
		return "the user must verify the e-mail address first", souk.ErrUnauthorized
	case a.Location != "":
		return "the user must log in with a third-party provider; use an API key", souk.ErrUnauthorized
	}
	return "", nil
}
