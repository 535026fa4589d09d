package souk

import (
	"context"
	"fmt"
	"log/slog"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
)

// TokenStore keeps tokens where restarts and other processes find them. It must
// be safe for concurrent use and should give up when ctx ends.
//
// A store must keep three fields of a token: the access token and the refresh token,
// each of 4 KiB at least, and the expiry in whole seconds. It locks a key while
// Update works, which never takes long: no vendor is asked meanwhile whose refresh
// tokens can be used once only. Whether a store of your own does is found out by
// souktest.TestTokenStore. One in PostgreSQL is in [examples/tokenstore]. The keys are
// those of OAuth.TokenKey in a vendor's package.
//
// A refresh token that begins with "souk-sent:" was sent to the vendor, and no answer
// to that has been saved: do not send it anywhere.
//
// [examples/tokenstore]: https://github.com/souk-go/souk/tree/main/examples/tokenstore
type TokenStore interface {
	// Load returns the token that is kept under key, or nil and no error when
	// there is none. What was saved a moment ago may be missing from it, as from a
	// copy of a database; not so from what Update reads.
	Load(ctx context.Context, key string) (*oauth2.Token, error)

	// Update locks key, reads the token again, calls f with it (nil when there is
	// none), saves what f returns and unlocks key. It saves nothing when f
	// returns an error, which Update then returns, or a nil token. No other
	// Update of the same key, in whatever process, may run between the reading
	// and the saving.
	Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error

	// Delete locks key and removes its token. It is no error if there is none.
	Delete(ctx context.Context, key string) error
}

// NewMemoryTokenStore returns a store that forgets its tokens when the process
// ends. What that costs is said where a vendor's package takes a [TokenStore].
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a store of files in dir, one per key, readable by
// their owner only and locked among the processes of one machine. The first
// Update creates the directory when it is missing; one that cannot be written to is
// the error of that Update. The directory must outlast the process: a container's
// own disk does not.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }

// UnsavedError holds a new pair of tokens that a [TokenStore] did not take. Save its
// Token with SaveToken of the vendor's OAuth once the store works again: the refresh
// token that stands there is used up. A token source goes on trying by itself for as
// long as its process lives. Every error that speaks of a store that failed to save
// leads to it:
//
//	if e, ok := errors.AsType[*souk.UnsavedError](err); ok {
//		rescue(e.Token)
//	}
type UnsavedError struct {
	// Token is the pair. No printer and no text shows it.
	Token *oauth2.Token `json:"-"`
}

// Error says that there is a pair, without showing it.
func (*UnsavedError) Error() string { return "a new token could not be saved" }

// Format prints the text of Error for every verb of fmt.
func (e UnsavedError) Format(f fmt.State, verb rune) { mask.Format(f, verb, e.Error()) }

// LogValue returns the text of Error.
func (e UnsavedError) LogValue() slog.Value { return mask.LogValue(e) }
