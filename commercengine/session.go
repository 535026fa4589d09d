package commercengine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
)

// Session holds the tokens of one shopper at one store. It is a [souk.TokenSource] and
// safe for concurrent use.
//
// A session begins anonymous on first use. Every method of [AuthService] that returns a
// new pair of tokens replaces both tokens: a login, the verification of an OTP, a new
// password, a logout. The access token is renewed 30 seconds before it expires, once
// for all callers in the process and, through the lock of the TokenStore, for all
// processes. If one process logs a shopper in, the others use that login before they
// fail a call that requires one.
//
// An access token that is refused with 401 before it has expired is also renewed, but
// at most once a minute, since 401 can mean missing rights, too. In between, such calls
// fail with [souk.ErrUnauthorized].
//
// The shopper is logged out if the refresh token has expired, or if the server refuses
// it in the vendor's own form (with 400, 401, 403, 404, 405, 410, 422 or
// success:false). The session then continues as an anonymous one. A call that began
// earlier is neither sent nor repeated for anyone else: it fails with
// [souk.ErrReauthorize] or, if another shopper has logged in, with
// [souk.ErrUnauthorized]. The function set by [Session.OnLogout] is called. Later calls
// are anonymous; calls about a customer fail with souk.ErrUnauthorized until a shopper
// logs in. After any other failure the tokens are kept.
//
// Use the Session in [Client.Session]; the zero value is not usable.
type Session struct {
	service     *service // of the client that began it
	storeID     string
	environment Environment
	store       souk.TokenStore
	key         string
	refresher   *auth.Refresher

	// Tokens are held by pointer, so that fmt prints only an address.
	mu        sync.Mutex
	last      *oauth2.Token // that was handed out
	shopper   *Claims       // whom it stands for, nil where that is not known
	before    *oauth2.Token // that was handed out before it
	put       *oauth2.Token // that an operation has put in place
	suspect   *oauth2.Token // that a 401 has refused to a call which is sent once
	doubted   *oauth2.Token // that was renewed although it had not expired
	doubtedAt time.Time     // and when that was
	onLogout  func(was Claims)
}

const (
	// refreshEarly is how long before its expiry a token is renewed.
	refreshEarly = 30 * time.Second

	// doubtEvery is how long further 401s are taken to mean missing rights after one
	// has led to a renewal.
	doubtEvery = time.Minute

	// lookTimeout limits reading the token from the store.
	lookTimeout = 5 * time.Second
)

func newSession(s *service, cfg *Config) *Session {
	session := &Session{
		service:     s,
		storeID:     cfg.StoreID,
		environment: cfg.environment(),
		store:       cfg.TokenStore,
		key:         cfg.TokenKey(),
	}
	if session.store == nil {
		session.store = souk.NewMemoryTokenStore()
	}
	session.refresher = auth.NewRefresher(auth.Options{
		Store:   session.store,
		Key:     session.key,
		Early:   refreshEarly,
		Refresh: session.renew,
	})
	return session
}

// valid reports whether the session belongs to a client.
func (s *Session) valid() bool { return s != nil && s.refresher != nil }

// Format prints the session without tokens, for every verb of fmt.
func (s *Session) Format(f fmt.State, verb rune) {
	mask.Format(f, verb, fmt.Sprintf("commercengine.Session{StoreID:%q Environment:%q}", s.storeID, s.environment))
}

// Token returns a valid token: the current one, a renewed one, or one of a new
// anonymous session. If a new token cannot be saved, it is returned with the error,
// which is [souk.ErrUnavailable]; the next call tries to save it again.
func (s *Session) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.tokenBut(ctx, nil)
}

// Invalidate reports that the server called the token expired. The next call of Token
// renews it.
func (s *Session) Invalidate(token *oauth2.Token) {
	if s.valid() {
		s.refresher.Invalidate(token)
	}
}

// OnLogout sets a function to call when the session detects that its shopper is no
// longer logged in, and no client that shares the session caused that: the server ended
// the session, or another process logged the shopper out or another one in. was holds
// the claims of the shopper's token. f is called once for each logout, in the goroutine
// of a call, which waits for f to return. A further OnLogout replaces f; nil removes
// it.
func (s *Session) OnLogout(f func(was Claims)) {
	if s.valid() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.onLogout = f
	}
}

// Claims returns the claims of the session's access token.
func (s *Session) Claims(ctx context.Context) (*Claims, error) {
	token, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	return ParseClaims(token.AccessToken)
}

// CustomerID returns the id of the customer who is logged in, or the user's id if the
// token names no customer. If the session is anonymous, the error is
// [souk.ErrUnauthorized].
func (s *Session) CustomerID(ctx context.Context) (string, error) {
	token, err := s.Token(ctx)
	if err == nil && claimsOf(token).anonymous() {
		token, err = s.tokenAfter(ctx, token)
	}
	if err != nil {
		return "", err
	}
	claims, err := ParseClaims(token.AccessToken)
	switch {
	case err != nil:
		return "", err
	case claims.anonymous():
		return "", errAnonymous()
	case claims.CustomerID == "":
		return claims.UserID, nil
	}
	return claims.CustomerID, nil
}
