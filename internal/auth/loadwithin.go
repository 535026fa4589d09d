package auth

import (
	"context"

	"golang.org/x/oauth2"
)

// LoadWithin returns what a store holds under key. It gives up when ctx ends, even if
// the store does not.
func LoadWithin(ctx context.Context, s Store, key string) (*oauth2.Token, error) {
	f := &flight{done: make(chan struct{}), err: errNoReturn}
	go func() {
		defer close(f.done)
		defer func() { f.panicked = recover() }()
		f.token, f.err = s.Load(ctx, key)
		f.token = clone(f.token)
	}()
	return f.wait(ctx)
}
