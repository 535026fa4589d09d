package shopline

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenStore keeps tokens where restarts and other processes find them. It must
// be safe for concurrent use and should give up when ctx ends. The key of a
// store's token is AppKey.handle.
type TokenStore interface {
	// Load returns the token that is kept under key, or nil and no error when
	// there is none.
	Load(ctx context.Context, key string) (*oauth2.Token, error)

	// Update locks key, reads the token again, calls f with it (nil when there
	// is none), saves what f returns and unlocks key. It saves nothing when f
	// returns an error, which Update then returns, or a nil token. No other
	// Update of the same key, in whatever process, may run between the reading
	// and the saving.
	Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error
}

// NewMemoryTokenStore returns a TokenStore that forgets its tokens when the
// process ends. Since SHOPLINE renews a token without the one before, nothing is
// lost then but one request per store.
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a TokenStore of files in dir: one per store, readable
// by its owner only, and locked among the processes of one machine. The first
// save creates the directory when it is missing.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }

// StoreTokenSource hands out the token of one store and renews it half an hour
// before it expires: once for any number of callers, and once among all
// processes that share the TokenStore. It is safe for concurrent use.
type StoreTokenSource struct {
	refresher *auth.Refresher
	appKey    string
}

// TokenSource returns a source of the tokens of one store, for Config. The token
// is read from store, or obtained by Refresh if store holds none; a nil store
// keeps it in memory. The error names every setting that is wrong.
func (o OAuth) TokenSource(handle string, store TokenStore) (*StoreTokenSource, error) {
	var problems transport.Problems
	o.check(handle, &problems)
	o.client(handle, &problems)
	if err := problems.Err(); err != nil {
		return nil, newError(err)
	}
	options := auth.Options{
		Key:       o.AppKey + "." + handle,
		Early:     renewEarly,
		Transient: mayPass,
		Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			return o.Refresh(ctx, handle)
		},
	}
	if store != nil {
		options.Store = store
	}
	return &StoreTokenSource{refresher: auth.NewRefresher(options), appKey: o.AppKey}, nil
}

// Token returns a token that can be used now. Callers share it and must not
// change it. Its errors are those of ctx, of the TokenStore and of OAuth.Refresh.
func (s *StoreTokenSource) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.refresher.Token(ctx)
}

// Invalidate says that the server called a token expired. The next Token renews
// it, unless another process has done so meanwhile.
func (s *StoreTokenSource) Invalidate(token *oauth2.Token) { s.refresher.Invalidate(token) }

// Set saves a token that Exchange has returned and uses it from now on.
func (s *StoreTokenSource) Set(ctx context.Context, token *oauth2.Token) error {
	return s.refresher.Set(ctx, token)
}

// renewEarly is how long before its expiry a token is renewed.
const renewEarly = 30 * time.Minute

// mayPass reports a failure to renew a token after which the one at hand does for
// a while.
func mayPass(err error) bool {
	return errors.Is(err, ErrUnavailable) || errors.Is(err, ErrRateLimited) || errors.Is(err, ErrOutcomeUnknown)
}
