package salla

import (
	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// TokenStore keeps tokens where restarts and other processes find them. It must
// be safe for concurrent use and should give up when ctx ends.
//
// A store may keep the exported fields of a token only, ExpiresIn among them:
// the SDK notes there that a refresh token must not be sent again.
type TokenStore = souk.TokenStore

// NewMemoryTokenStore returns a store that forgets its tokens when the process
// ends. That is for tests: the tokens of a store that are lost can be had again
// only by installing the app again.
func NewMemoryTokenStore() TokenStore { return auth.NewMemoryStore() }

// NewFileTokenStore returns a store of files in dir, one per store, readable by
// their owner only and locked among the processes of one machine. The first
// save creates the directory when it is missing. The directory must outlast the
// process: a container's own disk does not.
func NewFileTokenStore(dir string) TokenStore { return auth.NewFileStore(dir) }
