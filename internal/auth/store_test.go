package auth_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/testkit"
)

// eachStore runs a test with every store of the package.
func eachStore(t *testing.T, f func(t *testing.T, s auth.Store)) {
	t.Helper()
	t.Parallel()
	t.Run("memory", func(t *testing.T) { t.Parallel(); f(t, auth.NewMemoryStore()) })
	t.Run("file", func(t *testing.T) { t.Parallel(); f(t, auth.NewFileStore(t.TempDir())) })
}

// returning is a function for Update.
func returning(token *oauth2.Token, err error) func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
	return func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, err }
}

func TestStoreKeepsTokensByKey(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		first := &oauth2.Token{
			AccessToken: "a", RefreshToken: "r", TokenType: "bearer", ExpiresIn: -1,
			Expiry: time.Date(2030, 1, 2, 3, 4, 5, 6, time.UTC),
		}
		none, err := s.Load(t.Context(), "one")
		require.NoError(t, err)
		assert.Nil(t, none)

		require.NoError(t, s.Update(t.Context(), "one", func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			assert.Nil(t, current)
			return first, nil
		}))
		require.NoError(t, s.Update(t.Context(), "two", returning(&oauth2.Token{AccessToken: "b"}, nil)))

		one, err := s.Load(t.Context(), "one")
		require.NoError(t, err)
		assert.Equal(t, first, one)
		two, err := s.Load(t.Context(), "two")
		require.NoError(t, err)
		assert.Equal(t, "b", two.AccessToken)
		assert.True(t, two.Expiry.IsZero())
	})
}

func TestStoreSavesNothingWithoutAToken(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		refused := errors.New("refused")
		require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "a"}, nil)))

		require.ErrorIs(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "b"}, refused)), refused)
		require.NoError(t, s.Update(t.Context(), key, returning(nil, nil)))

		token, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "a", token.AccessToken)
	})
}

func TestDeleteRemovesOneToken(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		require.NoError(t, s.Delete(t.Context(), "one"), "there is none")
		require.NoError(t, s.Update(t.Context(), "one", returning(&oauth2.Token{AccessToken: "a"}, nil)))
		require.NoError(t, s.Update(t.Context(), "two", returning(&oauth2.Token{AccessToken: "b"}, nil)))

		require.NoError(t, s.Delete(t.Context(), "one"))

		one, err := s.Load(t.Context(), "one")
		require.NoError(t, err)
		assert.Nil(t, one)
		two, err := s.Load(t.Context(), "two")
		require.NoError(t, err)
		assert.Equal(t, "b", two.AccessToken)
		require.NoError(t, s.Update(t.Context(), "one", func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			assert.Nil(t, current)
			return &oauth2.Token{AccessToken: "c"}, nil
		}), "the key can be used again")
	})
}

func TestDeleteWaitsForTheLock(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		require.NoError(t, s.Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, s.Delete(ctx, key), context.Canceled)
			return &oauth2.Token{AccessToken: "a"}, nil
		}))
		kept, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "a", kept.AccessToken)
	})
}

func TestDeleteDoesNothingOnceTheContextHasEnded(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "a"}, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()

		for range 20 { // a select takes either of two that are ready
			require.ErrorIs(t, s.Delete(ctx, key), context.Canceled)
		}

		kept, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "a", kept.AccessToken)
	})
}

func TestStoreSharesNoMemory(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		mine := &oauth2.Token{AccessToken: "a"}
		require.NoError(t, s.Update(t.Context(), key, returning(mine, nil)))
		mine.AccessToken = "changed"
		loaded, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		loaded.AccessToken = "changed"
		require.NoError(t, s.Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			assert.Equal(t, "a", current.AccessToken)
			current.AccessToken = "changed"
			return nil, nil
		}))

		again, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "a", again.AccessToken)
	})
}

func TestStoreLetsOneUpdateAtATimeIn(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				assert.NoError(t, s.Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
					n := 0
					if current != nil {
						n, _ = strconv.Atoi(current.AccessToken)
					}
					return &oauth2.Token{AccessToken: strconv.Itoa(n + 1)}, nil
				}))
			})
		}
		wg.Wait()
		token, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "50", token.AccessToken)
	})
}

func TestStoreLocksKeysApart(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		require.NoError(t, s.Update(t.Context(), "one", func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "1"}, s.Update(ctx, "two", returning(&oauth2.Token{AccessToken: "2"}, nil))
		}))
	})
}

func TestStoreGivesUpWithTheContext(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		never := func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			assert.Fail(t, "called without the lock")
			return nil, nil
		}
		require.NoError(t, s.Update(t.Context(), key, func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			assert.ErrorIs(t, s.Update(ctx, key, never), context.Canceled)
			_, err := s.Load(ctx, key)
			assert.ErrorIs(t, err, context.Canceled)
			return nil, nil
		}))
	})
}

func TestStoreSavesWhatCameWhenTheContextEnded(t *testing.T) {
	eachStore(t, func(t *testing.T, s auth.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, s.Update(ctx, key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			cancel()
			return &oauth2.Token{AccessToken: "a"}, nil
		}))

		token, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, "a", token.AccessToken)
	})
}

func TestFileStoreHidesItsFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "tokens")
	s := auth.NewFileStore(dir)
	for range 2 {
		require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "a"}, nil)))
	}

	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, file.Name())
		info, err := file.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file.Name())
	}
	assert.Equal(t, []string{"token-store-1.json", "token-store-1.json.lock"}, names)
}

// A killed process leaves the token that it was about to save. It must not stay.
func TestFileStoreRemovesWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := auth.NewFileStore(dir)
	left := filepath.Join(dir, "token-store-1.json.new")
	for name, next := range map[string]func() error{
		"save":   func() error { return s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "b"}, nil)) },
		"delete": func() error { return s.Delete(t.Context(), key) },
	} {
		require.NoError(t, os.WriteFile(left, []byte(`{"access_token":"a much longer one"}`), 0o644), name)
		require.NoError(t, next(), name)
		assert.NoFileExists(t, left, name)
	}
	require.NoError(t, os.WriteFile(left, nil, 0o644))
	require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "b"}, nil)))
	token, err := s.Load(t.Context(), key)
	require.NoError(t, err)
	assert.Equal(t, "b", token.AccessToken)
	info, err := os.Stat(filepath.Join(dir, "token-store-1.json"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestFileStoreMakesNoDirectoryToDeleteFrom(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, auth.NewFileStore(dir).Delete(t.Context(), key))
	assert.NoDirExists(t, dir)
}

func TestFileStoreTakesEveryKey(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	s := auth.NewFileStore(filepath.Join(parent, "tokens"))
	keys := []string{
		"", ".", "..", "../x", "/etc/x", "a/b", `a\b`, "a b", "A", "a", "con", "x\x00y", "متجر",
		"shop.example|client", strings.Repeat("k", 5000), strings.Repeat("k", 100),
	}
	for i, key := range keys {
		require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: strconv.Itoa(i)}, nil)), "%q", key)
	}
	for i, key := range keys {
		token, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, strconv.Itoa(i), token.AccessToken, "%q", key)
	}
	outside, err := os.ReadDir(parent)
	require.NoError(t, err)
	assert.Len(t, outside, 1)
}

func TestFileStoreNamesABrokenFileWithoutItsContent(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for name, content := range map[string]string{
		"empty":       "",
		"cut":         `{"access_token":"` + canary.Token,
		"no JSON":     canary.Token,
		"null":        "null",
		"wrong type":  `{"access_token":["` + canary.Token + `"]}`,
		"wrong time":  `{"access_token":"a","expiry":"` + canary.Token + `"}`,
		"wrong whole": `"` + canary.Token + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, "token-store-1.json")
			require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
			s := auth.NewFileStore(dir)

			_, loadErr := s.Load(t.Context(), key)
			updateErr := s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "a"}, nil))

			for _, err := range []error{loadErr, updateErr} {
				require.ErrorContains(t, err, file)
				canary.CheckError(t, err)
			}
			kept, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, content, string(kept))
		})
	}
}

func TestFileStoreReportsWhatTheSystemRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	token := &oauth2.Token{AccessToken: "a"}

	t.Run("a directory that is a file", func(t *testing.T) {
		t.Parallel()
		err := auth.NewFileStore(file).Update(t.Context(), key, returning(token, nil))
		require.ErrorContains(t, err, "auth: create token directory")
		_, err = auth.NewFileStore(file).Load(t.Context(), key)
		require.ErrorContains(t, err, "auth: read token file")
	})
	t.Run("a lock that is a directory", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "token-store-1.json.lock"), 0o700))
		err := auth.NewFileStore(dir).Update(t.Context(), key, returning(token, nil))
		require.ErrorContains(t, err, "auth: lock token file")
	})
	t.Run("a file that appears as a directory", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		err := auth.NewFileStore(dir).Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			return token, os.Mkdir(filepath.Join(dir, "token-store-1.json"), 0o700)
		})
		require.ErrorContains(t, err, "auth: save token")
		assert.NoFileExists(t, filepath.Join(dir, "token-store-1.json.new"))
	})
	t.Run("a token that cannot be deleted", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "token-store-1.json", "full"), 0o700))
		require.ErrorContains(t, auth.NewFileStore(dir).Delete(t.Context(), key), "auth: delete token")
	})
	t.Run("a time that JSON cannot say", func(t *testing.T) {
		t.Parallel()
		far := &oauth2.Token{AccessToken: "a", Expiry: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}
		err := auth.NewFileStore(t.TempDir()).Update(t.Context(), key, returning(far, nil))
		require.EqualError(t, err, `auth: token of "store-1" cannot be encoded`)
	})
}
