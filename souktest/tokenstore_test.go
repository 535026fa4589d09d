package souktest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
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

func TestAStoreOfThreeColumnsPasses(t *testing.T) {
	t.Parallel()
	store := testkit.NewColumns()
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
			output, failed := asLiar(t, "TestStoresThatLieAreFound", name)
			assert.True(t, failed)
			assert.Contains(t, output, want)
		})
	}
}
