package testkit

import (
	"context"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

type columns struct {
	lock chan struct{} // of one
	mu   sync.Mutex    // guards rows
	rows map[string]oauth2.Token
}

// NewColumns returns a store like a small table: access token, refresh token and expiry
// in whole seconds, and one lock for all keys.
func NewColumns() souk.TokenStore {
	return &columns{lock: make(chan struct{}, 1), rows: make(map[string]oauth2.Token)}
}

// Load returns the row of a key, or nil.
func (c *columns) Load(_ context.Context, key string) (*oauth2.Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	row, ok := c.rows[key]
	if !ok {
		return nil, nil
	}
	return &row, nil
}

// Update changes the row of a key with the table locked.
func (c *columns) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if err := c.enter(ctx); err != nil {
		return err
	}
	defer c.leave()
	current, _ := c.Load(ctx, key)
	token, err := f(ctx, current)
	if err != nil || token == nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	row := oauth2.Token{AccessToken: token.AccessToken, RefreshToken: token.RefreshToken}
	if !token.Expiry.IsZero() {
		row.Expiry = token.Expiry.Truncate(time.Second)
	}
	c.rows[key] = row
	return nil
}

// enter locks the table.
func (c *columns) enter(ctx context.Context) error {
	select {
	case c.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *columns) leave() { <-c.lock }

// Delete removes the row of a key with the table locked.
func (c *columns) Delete(ctx context.Context, key string) error {
	if err := c.enter(ctx); err != nil {
		return err
	}
	defer c.leave()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rows, key)
	return nil
}
