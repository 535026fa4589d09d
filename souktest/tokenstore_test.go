package souktest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

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

func TestStoresThatLieAreFound(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"no refresh token":          "the refresh token is another after it was saved",
		"no expiry":                 "Expiry is 0001-01-01",
		"no lock":                   "updates were lost",
		"saves errors":              "saved a token although its function returned an error",
		"one key":                   "is not the one that was saved under it",
		"no delete":                 "Load returns a token after Delete",
		"saves nothing":             "Load returns nil after Update said that it was saved",
		"saves once":                "the access token is another after it was saved",
		"caches":                    "Load does not return what another process has saved meanwhile",
		"looks at the access token": "a change of the refresh token: the refresh token is another after it was saved",
		"no context":                "calls its function without a context",
		"one memory":                "the token that Update passes is changed when another is saved",
		"deletes at once":           "Delete does not wait for an Update",
		"shared memory":             "shares memory with the one that is kept",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // where nobody is late
				inner, w := souk.NewMemoryTokenStore(), &witness{T: t}
				store := liars[name](inner)
				souktest.TestTokenStore(w, func() souk.TokenStore {
					if name == "caches" { // each process for itself
						return liars[name](inner)
					}
					return store
				})
				assert.Contains(t, strings.Join(w.said, "\n"), want)
			})
		})
	}
}

// brokenStore cannot be had.
type brokenStore struct{ souk.TokenStore }

func (brokenStore) Update(context.Context, string, update) error { return errors.New("no connection") }

// Each part is tried, also where one before it could not go on, and says its name.
func TestAStoreThatCannotBeHadFailsInEveryPart(t *testing.T) {
	t.Parallel()
	w := &witness{T: t}

	souktest.TestTokenStore(w, func() souk.TokenStore { return brokenStore{souk.NewMemoryTokenStore()} })

	said := strings.Join(w.said, "\n")
	for _, part := range []string{"KeepsTokens: Update(", "SavesNothingWhenToldSo: ", "SharesNoMemory: ", "Deletes: ", "LosesNoUpdate: ", "GivesUpWithTheContext: "} {
		assert.Contains(t, said, part)
	}
}
