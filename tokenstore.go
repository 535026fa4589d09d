package souk

import (
	"context"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

// TokenStore keeps tokens where restarts and other processes find them. It must
// be safe for concurrent use and should give up when ctx ends.
//
// A store may keep the exported fields of a token only, ExpiresIn among them:
// the SDK notes there that a refresh token must not be sent again.
type TokenStore interface {
	// Load returns the token that is kept under key, or nil and no error when
	// there is none.
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
// ends. What that costs is said where a vendor's package takes a TokenStore.
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a store of files in dir, one per key, readable by
// their owner only and locked among the processes of one machine. The first
// Update creates the directory when it is missing; one that cannot be written to is
// the error of that Update. The directory must outlast the process: a container's
// own disk does not.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }
