package fleet_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/fleet"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// A caller of a client must learn what is wrong with Redis, and nothing is sent.
func TestACallSaysWhatIsWrongWithRedis(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server  []string
		happens func(*testing.T, *server)
		want    string
		timeout time.Duration
	}{
		"a password is missing": {[]string{"--requirepass", "right-one"}, func(*testing.T, *server) {}, "NOAUTH Authentication required. (set redis.Options.Password)", 0},
		"it has gone":           {nil, func(_ *testing.T, s *server) { s.stop() }, "Redis", 0},
		"it is slow": {nil, func(t *testing.T, s *server) {
			require.NoError(t, s.client(t).Do(t.Context(), "CLIENT", "PAUSE", "60000", "ALL").Err())
		}, "no answer of Redis in time", 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startRedis(t, c.server...)
			vendor := shoplinetest.NewServer()
			t.Cleanup(vendor.Close)
			cfg := vendor.Config()
			cfg.Limiter = limiter(t, s.client(t), fleet.SHOPLINE, fleet.LimiterOptions{Timeout: c.timeout})
			client, err := shopline.NewClient(cfg)
			require.NoError(t, err)
			c.happens(t, s)

			_, err = client.Customers.Count(t.Context())

			require.ErrorIs(t, err, souk.ErrUnavailable)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			assert.NotErrorIs(t, err, souk.ErrRateLimited)
			assert.ErrorContains(t, err, c.want)
			assert.Empty(t, vendor.Requests())
		})
	}
}

// A token that was changed, or whose key is missing, is named, and nothing is sent.
func TestACallSaysWhatIsWrongWithItsToken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(*testing.T, *server, *redis.Client, string)
		want    error
	}{
		"changed": {func(t *testing.T, _ *server, client *redis.Client, key string) {
			text := client.Get(t.Context(), key).Val()
			require.NoError(t, client.Set(t.Context(), key, text[:len(text)-1], 0).Err())
		}, fleet.ErrTampered},
		"of a key that is gone": {func(t *testing.T, _ *server, client *redis.Client, key string) {
			text := client.Get(t.Context(), key).Val()
			require.NoError(t, client.Set(t.Context(), key, "v1:b"+text[len("v1:a"):], 0).Err())
		}, fleet.ErrUnknownKey},
		"out of reach": {func(_ *testing.T, s *server, _ *redis.Client, _ string) { s.stop() }, souk.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, rdb := connect(t)
			vendor := shoplinetest.NewServer()
			t.Cleanup(vendor.Close)
			app, store := vendor.OAuth(), tokens(t, rdb, keys)
			require.NoError(t, store.Update(within(t), app.TokenKey(vendor.Handle), saving(secret)))
			source, err := app.TokenSource(vendor.Handle, store)
			require.NoError(t, err)
			cfg := vendor.Config()
			cfg.Token, cfg.TokenSource = "", source
			client, err := shopline.NewClient(cfg)
			require.NoError(t, err)
			c.happens(t, s, rdb, "souk:token:{"+app.TokenKey(vendor.Handle)+"}")

			_, err = client.Customers.Count(t.Context())

			t.Log(err)
			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.ErrorIs(t, err, c.want)
			assert.NotContains(t, err.Error(), "secret")
			assert.Empty(t, vendor.Requests())
		})
	}
}
