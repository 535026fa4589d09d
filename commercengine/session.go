package commercengine

import (
	"context"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Session holds the tokens of one shopper at one store. It is a [souk.TokenSource],
// and safe for concurrent use.
//
// A session begins anonymous on first use. Whatever method of [AuthService] hands
// out a new pair of tokens, of a client that uses the session, replaces both: a
// log-in, the verification of an OTP, a new password, a log-out. The access token
// is renewed 30 seconds before it expires, once for all callers in the process
// and, through the lock of the TokenStore, for all processes. A log-in by any of
// them is seen by all.
//
// The shopper is logged out when the server refuses the refresh token, in the
// vendor's own form (with 400, 401, 403, 404, 405, 410, 422 or success:false), or
// the refresh token has expired. The session goes on as an anonymous one then. A call
// that began before is neither sent nor repeated for anybody else: it fails with
// souk.ErrReauthorize, or with souk.ErrUnauthorized where another shopper has logged
// in, and [Session.OnLogout] tells the program, too. Later calls are anonymous; those
// about a customer are souk.ErrUnauthorized until somebody logs in. After any other
// failure the tokens are kept.
//
// The Session of a client is in Client.Session; the zero value is none.
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

// Token returns a token that can be used now: the one at hand, a renewed one, or
// one of a new anonymous session. A new one that cannot be saved comes with the
// error, which is souk.ErrUnavailable; the next call tries to save it again.
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
// where the token names no customer. An anonymous session is souk.ErrUnauthorized.
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

// tokenBut is Token for a caller whose last one the server has refused, nil for none.
func (s *Session) tokenBut(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	if !s.valid() {
		return nil, newError(&souk.Error{Message: "the client has no session: its tokens come from elsewhere", Err: souk.ErrUnauthorized})
	}
	s.holder(ctx)
	token, err := s.refresher.Token(ctx)
	if err == nil && (isSame(token, refused) || s.suspects(token)) && s.unfit(ctx, token) {
		s.refresher.Invalidate(token)
		token, err = s.refresher.Token(ctx)
	}
	if err != nil {
		return token, sessionError(err)
	}
	s.handOut(token)
	return token, nil
}

// tokenAfter returns the token that stands in the store, where another process has
// put one in the place of this.
func (s *Session) tokenAfter(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	if !s.replaced(ctx, token) {
		return token, nil
	}
	s.refresher.Invalidate(token)
	return s.Token(ctx)
}

// unfit reports whether a token that the server has refused is to be replaced.
func (s *Session) unfit(ctx context.Context, token *oauth2.Token) bool {
	expired := !token.Expiry.IsZero() && !time.Now().Before(token.Expiry)
	return expired || s.replaced(ctx, token) || s.doubt(token)
}

// replaced reports that this token stands in the store no more.
func (s *Session) replaced(ctx context.Context, token *oauth2.Token) bool {
	stored, err := s.store.Load(ctx, s.key)
	return err == nil && !isSame(stored, token)
}

// doubt reports whether a token is to be renewed that is good by the clock here: its
// 401 may mean missing rights as well, so that happens at most once a minute. All
// callers who have used the same token get the same answer.
func (s *Session) doubt(token *oauth2.Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !isSame(token, s.doubted) {
		if now.Sub(s.doubtedAt) < doubtEvery {
			return false
		}
		s.doubted, s.doubtedAt = token, now
	}
	return true
}

// suspects reports a token that a call which is sent once was refused with.
func (s *Session) suspects(token *oauth2.Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return isSame(token, s.suspect)
}

func (s *Session) suspectNow(token *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspect = token
}

// holder returns whom the token stands for that was handed out last, or, before the
// first, the one in the store. It is nil where that is not known.
func (s *Session) holder(ctx context.Context) *Claims {
	s.mu.Lock()
	begun, shopper := s.last != nil, s.shopper
	s.mu.Unlock()
	if begun || ctx == nil {
		return shopper
	}
	stored, err := s.store.Load(ctx, s.key)
	if err != nil || stored == nil {
		return nil
	}
	s.handOut(stored)
	return claimsOf(stored)
}

// handOut notes whom a token stands for, and tells the program if that is not the
// shopper any more who was logged in. Somebody who comes late with the token that
// was replaced changes nothing.
func (s *Session) handOut(token *oauth2.Token) {
	s.mu.Lock()
	if isSame(token, s.last) || isSame(token, s.before) {
		s.mu.Unlock()
		return
	}
	was, tell := s.shopper, s.onLogout
	s.before, s.last = s.last, token
	s.shopper = claimsOf(token)
	gone := was.loggedIn() && !was.canBe(s.shopper) && !isSame(token, s.put)
	s.mu.Unlock()
	if gone && tell != nil {
		tell(*was)
	}
}

// isSame reports whether two tokens are one.
func isSame(a, b *oauth2.Token) bool {
	return a != nil && b != nil && a.AccessToken == b.AccessToken
}
