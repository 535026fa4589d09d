package souk

import (
	"context"
	"fmt"
	"log/slog"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
)

// TokenStore keeps tokens for later runs and other processes. It must be safe for
// concurrent use and should give up when ctx ends.
//
// A store must keep three fields of a token: the access token and the refresh token,
// each of 4 KiB at least, and the expiry in whole seconds. It locks a key during
// Update, which never takes long: if a vendor's refresh tokens work only once, the
// vendor is not called meanwhile. souktest.TestTokenStore tests an implementation of
// your own; one for PostgreSQL is in [examples/tokenstore]. OAuth.TokenKey in a
// vendor's package returns the keys.
//
// A refresh token that begins with "souk-sent:" was sent to the vendor, and no answer
// has been saved yet: do not send it anywhere.
//
// [examples/tokenstore]: https://github.com/souk-go/souk/tree/main/examples/tokenstore
type TokenStore interface {
	// Load returns the token stored under key, or nil and no error if there is none. It
	// may lag behind, as a database replica does; the token that Update reads may not.
	Load(ctx context.Context, key string) (*oauth2.Token, error)

	// Update locks key, reads the token, calls f with it (nil if there is none), saves
	// what f returns and unlocks key. It saves nothing if f returns a nil token or an
	// error, which Update then returns. No other Update of the same key, in any
	// process, may run between reading and saving.
	Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error

	// Delete locks key and removes its token. It is not an error if there is none.
	Delete(ctx context.Context, key string) error
}

// NewMemoryTokenStore returns a store that forgets its tokens when the process ends.
// The vendor's package says what that means there.
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a store that keeps each token in a file in dir, readable by
// its owner only and locked among the processes of one machine. The first Update
// creates the directory if it is missing, and fails if it cannot be written to. The
// directory must outlast the process: a container's own disk does not.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }

// UnsavedError holds a new pair of tokens that a [TokenStore] failed to save. Save its
// Token with SaveToken of the vendor's OAuth once the store works again: the refresh
// token in the store is used up. A token source keeps trying by itself as long as its
// process lives. errors.As finds it in every error about a store that failed to save:
//
//	if e, ok := errors.AsType[*souk.UnsavedError](err); ok {
//		rescue(e.Token)
//	}
type UnsavedError struct {
	// Token is the pair. No printer or text shows it.
	Token *oauth2.Token `json:"-"`
}

// Error returns a text without the pair.
func (*UnsavedError) Error() string { return "a new token could not be saved" }

// Format prints the text of Error for every verb of fmt.
func (e UnsavedError) Format(f fmt.State, verb rune) { mask.Format(f, verb, e.Error()) }

// LogValue returns the text of Error.
func (e UnsavedError) LogValue() slog.Value { return mask.LogValue(e) }
