package commercengine

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Session holds the tokens of one shopper. It is a [souk.TokenSource], and safe
// for concurrent use.
//
// A session begins anonymous on first use. Whatever method of AuthService hands
// out a new pair of tokens, of a client that uses the session, replaces both: a
// login, the verification of an OTP, a new password, a logout. The access token
// is renewed 30 seconds before it expires, once for all callers in the process
// and, through the lock of the TokenStore, for all processes.
//
// The session ends when the server refuses the refresh token, in the vendor's own
// form (400, 401, 403, 404 or success:false), or the refresh token has expired.
// It goes on as an anonymous one then, and operations about a customer are
// souk.ErrUnauthorized until somebody logs in. After any other failure the tokens
// are kept.
//
// The Session of a client is in Client.Session; the zero value is none.
type Session struct {
	service   *service // of the client that began it
	store     souk.TokenStore
	key       string
	refresher *auth.Refresher

	mu        sync.Mutex
	doubted   string    // a token that was renewed although it had not expired
	doubtedAt time.Time // and when that was
}

const (
	// refreshEarly is how long before its expiry a token is renewed.
	refreshEarly = 30 * time.Second

	// doubtEvery is how long a 401 is believed to mean missing rights after
	// one has led to a renewal.
	doubtEvery = time.Minute
)

// Token returns a token that can be used now: the one at hand, a renewed one, or
// one of a new anonymous session.
func (s *Session) Token(ctx context.Context) (*oauth2.Token, error) {
	if !s.valid() {
		return nil, newError(&souk.Error{Message: "the client has no session: its tokens come from elsewhere", Err: souk.ErrUnauthorized})
	}
	token, err := s.refresher.Token(ctx)
	if err != nil {
		return nil, sessionError(err)
	}
	return token, nil
}

// Invalidate says that the server called the token expired. The next Token
// renews it.
func (s *Session) Invalidate(token *oauth2.Token) {
	if s.valid() {
		s.refresher.Invalidate(token)
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
	claims, err := s.Claims(ctx)
	if err != nil {
		return "", err
	}
	if claims.anonymous() {
		return "", errAnonymous()
	}
	if claims.CustomerID == "" {
		return claims.UserID, nil
	}
	return claims.CustomerID, nil
}

// valid reports whether the session is one of a client.
func (s *Session) valid() bool { return s != nil && s.refresher != nil }

func newSession(service *service, store souk.TokenStore, key string) *Session {
	if store == nil {
		store, key = souk.NewMemoryTokenStore(), "session"
	}
	s := &Session{service: service, store: store, key: key}
	s.refresher = auth.NewRefresher(auth.Options{
		Store:   store,
		Key:     key,
		Early:   refreshEarly,
		Refresh: s.renew,
	})
	return s
}

// renew obtains a new pair: with the refresh token, or else as an anonymous
// shopper. That a refresh got no answer does no harm: if the refresh token is
// used up, the server says so when it comes again.
func (s *Session) renew(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if current != nil && current.RefreshToken != "" && !hasExpired(current.RefreshToken) {
		tokens, err := s.service.refresh(ctx, current.RefreshToken)
		if err == nil {
			return tokens.token(current.RefreshToken), nil
		}
		if !endsSession(err) {
			return nil, err
		}
	}
	tokens, err := s.service.begin(ctx, current)
	if err != nil {
		return nil, err
	}
	return tokens.token(""), nil
}

// replace makes tokens that an operation handed out those of the session. The
// pair before may be worth nothing any more, so the caller's leaving does not
// stop it.
func (s *Session) replace(ctx context.Context, tokens *Tokens) error {
	err := s.refresher.Set(context.WithoutCancel(ctx), tokens.token(""))
	if err != nil {
		return sessionError(err)
	}
	return nil
}

// force renews the token although it has not expired.
func (s *Session) force(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	s.Invalidate(token)
	return s.Token(ctx)
}

// current returns the tokens that the session has, nil before it has begun.
func (s *Session) current(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, sessionError(auth.ErrNoContext)
	}
	token, err := s.store.Load(ctx, s.key)
	if err != nil {
		return nil, sessionError(err)
	}
	return token, nil
}

// hasExpired reports that a refresh token is of no use any more.
func hasExpired(token string) bool {
	expiry, ok := auth.JWTExpiry(token)
	return ok && time.Until(expiry) <= refreshEarly
}

// endsSession reports that the server has refused a refresh token. What is not in
// the vendor's own form comes from somebody in between.
func endsSession(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || errors.Is(err, souk.ErrUnreadable) {
		return false
	}
	switch e.StatusCode {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}

// sessionCredential puts the session's token on a request.
type sessionCredential struct{ session *Session }

func (sessionCredential) Header() string { return "Authorization" }

func (c sessionCredential) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	token, err := c.session.Token(ctx)
	if err != nil {
		return nil, err
	}
	header["Authorization"] = []string{"Bearer " + token.AccessToken}
	return token, nil
}

// Expired is told of a 401, which may mean missing rights as well. A token that
// is good by the clock here is therefore renewed once a minute at most.
func (c sessionCredential) Expired(token *oauth2.Token) bool {
	s := c.session
	good := token.Expiry.IsZero() || time.Now().Before(token.Expiry)
	if good && !s.doubt(token.AccessToken) {
		return false
	}
	s.Invalidate(token)
	return true
}

// doubt reports whether a token is to be renewed that seems good. All callers who
// have used the same token get the same answer.
func (s *Session) doubt(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token == s.doubted {
		return true
	}
	now := time.Now()
	if now.Sub(s.doubtedAt) < doubtEvery {
		return false
	}
	s.doubted, s.doubtedAt = token, now
	return true
}

// sessionError makes one of the package's errors of err, whose text may be that
// of somebody else's TokenStore, even where it is a *souk.Error.
func sessionError(err error) error {
	e, ok := errors.AsType[*souk.Error](err)
	own := ok && e.Vendor == vendor.Name
	if own || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, auth.ErrNoContext) {
		return newError(&souk.Error{Message: "the context is nil; use context.Background()", Err: souk.ErrInvalid})
	}
	return newError(&souk.Error{
		Message: "the tokens of the session can be neither read nor saved",
		Err:     quiet{err},
	})
}

// quiet is souk.ErrUnavailable, and lets errors.Is and errors.As find a cause whose
// text is not shown.
type quiet struct{ cause error }

func (quiet) Error() string     { return souk.ErrUnavailable.Error() }
func (q quiet) Unwrap() []error { return []error{souk.ErrUnavailable, q.cause} }
