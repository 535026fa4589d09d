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

// Session holds the tokens of one shopper at one store. It is a [souk.TokenSource],
// and safe for concurrent use.
//
// A session begins anonymous on first use. Whatever method of [AuthService] hands
// out a new pair of tokens, of a client that uses the session, replaces both: a
// log-in, the verification of an OTP, a new password, a log-out. The access token
// is renewed 30 seconds before it expires, once for all callers in the process
// and, through the lock of the TokenStore, for all processes. A log-in by any of
// them is seen by all before a call fails that needs it.
//
// An access token that a 401 refuses before it has expired is renewed as well, at most
// once a minute, since 401 stands for missing rights, too. Until then such calls are
// [souk.ErrUnauthorized].
//
// The shopper is logged out when the server refuses the refresh token, in the
// vendor's own form (with 400, 401, 403, 404, 405, 410, 422 or success:false), or
// the refresh token has expired. The session goes on as an anonymous one then. A call
// that began before is neither sent nor repeated for anybody else: it fails with
// [souk.ErrReauthorize], or with [souk.ErrUnauthorized] where another shopper has logged
// in, and [Session.OnLogout] tells the program, too. Later calls are anonymous; those
// about a customer are souk.ErrUnauthorized until somebody logs in. After any other
// failure the tokens are kept.
//
// The Session of a client is in [Client.Session]; the zero value is none.
type Session struct {
	service     *service // of the client that began it
	storeID     string
	environment Environment
	store       souk.TokenStore
	key         string
	refresher   *auth.Refresher

	// Tokens are held by pointer, which is all that fmt prints of them.
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

	// doubtEvery is how long a 401 is believed to mean missing rights after
	// one has led to a renewal.
	doubtEvery = time.Minute

	// lookTimeout is how long the store may take to tell what stands in it.
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

// valid reports whether the session is one of a client.
func (s *Session) valid() bool { return s != nil && s.refresher != nil }

// Format prints whose session it is, without tokens, for every verb of fmt.
func (s *Session) Format(f fmt.State, verb rune) {
	mask.Format(f, verb, fmt.Sprintf("commercengine.Session{StoreID:%q Environment:%q}", s.storeID, s.environment))
}

// Token returns a token that can be used now: the one at hand, a renewed one, or
// one of a new anonymous session. A new one that cannot be saved comes with the
// error, which is [souk.ErrUnavailable]; the next call tries to save it again.
func (s *Session) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.tokenBut(ctx, nil)
}

// Invalidate says that the server called the token expired. The next Token
// renews it.
func (s *Session) Invalidate(token *oauth2.Token) {
	if s.valid() {
		s.refresher.Invalidate(token)
	}
}

// OnLogout has f called when the session finds out that its shopper is logged in no
// more, although no operation of a client that shares the session has done that: the
// server has ended it, or another process has logged the shopper out, or somebody
// else in. was is what the shopper's token said. It happens once for each log-out, in
// the goroutine of a call, which goes on when f returns. Another OnLogout takes the
// place of f, and nil ends it.
func (s *Session) OnLogout(f func(was Claims)) {
	if s.valid() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.onLogout = f
	}
}

// Claims returns what the session's access token says of the shopper.
func (s *Session) Claims(ctx context.Context) (*Claims, error) {
	token, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	return ParseClaims(token.AccessToken)
}

// CustomerID returns the id of the customer who is logged in, or the user's own
// where the token names no customer. An anonymous session is [souk.ErrUnauthorized].
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
