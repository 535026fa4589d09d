package mask

import (
	"slices"
	"sync"
)

// maxRecent is how many secrets are remembered: eight pairs of tokens.
const maxRecent = 16

// Recent remembers the secrets that were in use last: a server or a proxy may repeat one
// of an earlier call. It is safe for concurrent use, and its zero value is empty.
type Recent struct {
	mu      sync.Mutex
	secrets []string // the last one was used last
}

// Use notes that secrets are in use. An empty one is ignored.
func (r *Recent) Use(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, secret := range secrets {
		r.use(secret)
	}
}

func (r *Recent) use(secret string) {
	last := len(r.secrets) - 1
	if secret == "" || last >= 0 && r.secrets[last] == secret {
		return
	}
	if at := slices.Index(r.secrets, secret); at >= 0 {
		r.secrets = slices.Delete(r.secrets, at, at+1)
	}
	if len(r.secrets) == maxRecent {
		r.secrets = slices.Delete(r.secrets, 0, 1)
	}
	r.secrets = append(r.secrets, secret)
}

// Secrets returns those that are remembered.
func (r *Recent) Secrets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.secrets)
}
