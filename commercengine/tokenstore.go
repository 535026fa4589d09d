package commercengine

import (
	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// TokenStore keeps tokens where restarts and other processes find them. It must
// be safe for concurrent use and should give up when ctx ends.
type TokenStore = souk.TokenStore

// NewMemoryTokenStore returns a store that forgets its tokens when the process
// ends: shoppers are anonymous then and log in again.
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a store of files in dir, one per key, readable by
// their owner only and locked among the processes of one machine. The first
// save creates the directory when it is missing.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }
