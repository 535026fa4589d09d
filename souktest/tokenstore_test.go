package souktest_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
)

func TestTheSDKsOwnStoresPass(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		store := souk.NewMemoryTokenStore()
		souktest.TestTokenStore(t, func() souk.TokenStore { return store })
	})
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		souktest.TestTokenStore(t, func() souk.TokenStore { return souk.NewFileTokenStore(dir) })
	})
}

// columns is a store as a small table has it: three columns, whole seconds, and one
// lock for all keys.
type columns struct {
	lock chan struct{}
	mu   sync.Mutex
	rows map[string]oauth2.Token
}

func (c *columns) Load(_ context.Context, key string) (*oauth2.Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	row, ok := c.rows[key]
	if !ok {
		return nil, nil
	}
	return &oauth2.Token{AccessToken: row.AccessToken, RefreshToken: row.RefreshToken, Expiry: row.Expiry}, nil
}

func (c *columns) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	select {
	case c.lock <- struct{}{}:
		defer func() { <-c.lock }()
	case <-ctx.Done():
		return ctx.Err()
	}
	current, _ := c.Load(ctx, key)
	token, err := f(ctx, current)
	if err != nil || token == nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	row := *token
	if !row.Expiry.IsZero() {
		row.Expiry = row.Expiry.Truncate(1e9)
	}
	c.rows[key] = row
	return nil
}

func (c *columns) Delete(_ context.Context, key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rows, key)
	return nil
}

func TestAStoreOfThreeColumnsPasses(t *testing.T) {
	t.Parallel()
	store := &columns{lock: make(chan struct{}, 1), rows: make(map[string]oauth2.Token)}
	souktest.TestTokenStore(t, func() souk.TokenStore { return store })
}

// What the test says of stores that lie is shown in a process of its own: see
// TestStoresThatLieAreFound.
func TestStoresThatLieAreFound(t *testing.T) {
	if name := liar(); name != "" {
		store := liars[name](souk.NewMemoryTokenStore())
		souktest.TestTokenStore(t, func() souk.TokenStore { return store })
		return
	}
	t.Parallel()
	for name, want := range map[string]string{
		"no refresh token": "the refresh token is another after it was saved",
		"no expiry":        "Expiry is 0001-01-01",
		"no lock":          "updates were lost",
		"saves errors":     "saved a token although its function returned an error",
		"one key":          "is not the one that was saved under it",
		"no delete":        "Load returns a token after Delete",
		"shared memory":    "shares memory with the one that is kept",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output, failed := asLiar(t, name)
			assert.True(t, failed)
			assert.Contains(t, output, want)
		})
	}
}
