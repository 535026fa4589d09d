package fleet_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/fleet"
	"github.com/souk-go/souk/souktest"
)

var keys = fleet.Keyring{Active: "a", Keys: map[string][]byte{"a": fleet.NewKey()}}

func tokens(t *testing.T, client redis.UniversalClient, k fleet.Keyring) *fleet.TokenStore {
	t.Helper()
	store, err := fleet.NewTokenStore(client, k)
	require.NoError(t, err)
	return store
}

func saving(token *oauth2.Token) func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
	return func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, nil }
}

var secret = &oauth2.Token{AccessToken: "access-secret", RefreshToken: "refresh-secret", Expiry: time.Unix(1800000000, 0)}

func TestTheStoreKeepsTokensAsTheSDKNeedsIt(t *testing.T) {
	t.Parallel()
	s, _ := connect(t)
	souktest.TestTokenStore(t, func() souk.TokenStore { return tokens(t, s.client(t), keys) })
}

func TestNoTokenStandsInRedisForAllToRead(t *testing.T) {
	t.Parallel()
	_, client := connect(t)

	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", saving(secret)))

	for _, key := range client.Keys(t.Context(), "*").Val() {
		value := client.Get(t.Context(), key).Val()
		assert.NotContains(t, value, "secret")
		assert.NotContains(t, value, "YWNjZXNz", "nor in base64")
	}
}

func TestAKeyIsRotated(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	both := fleet.Keyring{Active: "b", Keys: map[string][]byte{"a": keys.Keys["a"], "b": fleet.NewKey()}}
	onlyNew := fleet.Keyring{Active: "b", Keys: map[string][]byte{"b": both.Keys["b"]}}
	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", saving(secret)))
	_, err := tokens(t, client, onlyNew).Load(within(t), "k")
	require.ErrorIs(t, err, fleet.ErrUnknownKey)
	require.ErrorContains(t, err, "a")

	require.NoError(t, tokens(t, client, both).Reencrypt(within(t), "k"))

	token, err := tokens(t, client, onlyNew).Load(within(t), "k")
	require.NoError(t, err)
	assert.Equal(t, secret.AccessToken, token.AccessToken)
	require.NoError(t, tokens(t, client, both).Reencrypt(within(t), "none"), "there is none")
}

func TestAValueThatWasChangedIsFoundOut(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	store := tokens(t, client, keys)
	require.NoError(t, store.Update(within(t), "k", saving(secret)))
	require.NoError(t, store.Update(within(t), "other", saving(secret)))
	good := client.Get(t.Context(), "souk:token:{k}").Val()
	other := client.Get(t.Context(), "souk:token:{other}").Val()
	middle := len(good) / 2
	for name, changed := range map[string]string{
		"one sign":              good[:middle] + string(good[middle]^1) + good[middle+1:],
		"cut":                   good[:middle],
		"empty":                 "",
		"another key's":         other,
		"of another version":    "v2" + good[2:],
		"the plain token":       `{"access_token":"forged"}`,
		"no base64":             "v1:a:!!!",
		"an id that is no id":   "v1:a b:" + good[5:],
		"less than its nonce":   "v1:a:AAAA",
		"something behind it":   good + "AAAA",
		"the id of another key": "v1:unknown:" + good[5:],
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, client.Set(t.Context(), "souk:token:{k}", changed, 0).Err())

			token, err := store.Load(within(t), "k")

			require.Error(t, err)
			assert.Nil(t, token)
			assert.NotContains(t, err.Error(), "secret")
			assert.Error(t, store.Update(within(t), "k", saving(&oauth2.Token{AccessToken: "new"})), "nothing overwrites it")
			assert.Equal(t, changed, client.Get(t.Context(), "souk:token:{k}").Val())
		})
	}
	require.NoError(t, store.Delete(within(t), "k"), "Delete helps")
}

func TestAnotherKeyUnderTheSameIDIsFoundOut(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", saving(secret)))
	wrong := fleet.Keyring{Active: "a", Keys: map[string][]byte{"a": fleet.NewKey()}}

	_, err := tokens(t, client, wrong).Load(within(t), "k")

	assert.ErrorIs(t, err, fleet.ErrTampered)
}

// A process that stood still while its lock ended saves nothing.
func TestALockThatEndedKeepsNothing(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	store := tokens(t, client, keys)

	err := store.Update(within(t), "k", func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
		require.NoError(t, client.Del(ctx, "souk:token:{k}:lock").Err()) // as after 30 seconds
		require.NoError(t, tokens(t, s.client(t), keys).Update(ctx, "k", saving(secret)))
		return &oauth2.Token{AccessToken: "late"}, nil
	})

	require.ErrorIs(t, err, fleet.ErrLockLost)
	token, err := store.Load(within(t), "k")
	require.NoError(t, err)
	assert.Equal(t, "access-secret", token.AccessToken)
}

func TestALockThatEndedIsNotTakenFromItsNewHolder(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	other := tokens(t, s.client(t), keys)
	var held sync.WaitGroup
	inside, leave := make(chan struct{}), make(chan struct{})

	err := tokens(t, client, keys).Update(within(t), "k", func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
		require.NoError(t, client.Del(ctx, "souk:token:{k}:lock").Err())
		held.Go(func() {
			assert.NoError(t, other.Update(within(t), "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
				close(inside)
				<-leave
				return secret, nil
			}))
		})
		<-inside
		return nil, nil
	})

	require.NoError(t, err)
	assert.Equal(t, int64(1), client.Exists(t.Context(), "souk:token:{k}:lock").Val(), "the other's lock stands")
	close(leave)
	held.Wait()
}

// The new pair is worth more than the caller's patience: the old one is used up.
func TestATokenIsSavedAlthoughTheContextHasEnded(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	store := tokens(t, client, keys)
	ctx, cancel := context.WithCancel(t.Context())

	err := store.Update(ctx, "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		cancel()
		return secret, nil
	})

	require.NoError(t, err)
	token, err := store.Load(within(t), "k")
	require.NoError(t, err)
	assert.Equal(t, "refresh-secret", token.RefreshToken)
}

func TestATokenIsSavedAlthoughTheMemoryOfRedisHasFilledUp(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	store := tokens(t, client, keys)

	err := store.Update(within(t), "k", func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
		require.NoError(t, client.ConfigSet(ctx, "maxmemory", "1").Err())
		return secret, nil
	})

	require.NoError(t, err)
	token, err := store.Load(within(t), "k")
	require.NoError(t, err)
	assert.Equal(t, "refresh-secret", token.RefreshToken)
	require.ErrorContains(t, store.Update(within(t), "k", saving(secret)), "raise the server's maxmemory", "nothing is begun")
}

func TestNewTokenStoreReportsAllThatIsWrong(t *testing.T) {
	t.Parallel()

	_, err := fleet.NewTokenStore(nil, fleet.Keyring{Active: "none", Keys: map[string][]byte{"short": make([]byte, 16), "a b": fleet.NewKey(), "empty": make([]byte, 32)}})

	for _, part := range []string{`no key has the id "none"`, `"short" has 16 bytes; it must have 32`, `"a b" must be of letters`, `"empty" is all zeros`, "Redis client"} {
		assert.ErrorContains(t, err, part)
	}
}

func TestNoPrinterShowsAKey(t *testing.T) {
	t.Parallel()
	k := fleet.Keyring{Active: "a", Keys: map[string][]byte{"a": []byte("0123456789abcdef0123456789abcdef")}}
	text, err := json.Marshal(struct{ K fleet.Keyring }{k})
	require.NoError(t, err)

	all := fmt.Sprintf("%v %+v %#v %s %v", k, &k, k, k, struct{ K fleet.Keyring }{k}) + string(text)

	assert.Contains(t, all, "Keys:a")
	assert.NotContains(t, all, "0123456789")
	assert.NotContains(t, all, "48 49 50")
	assert.NotContains(t, strings.ToLower(all), "0x30")
}
