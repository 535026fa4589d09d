package xcladetest_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade/xcladetest"
)

func status(t *testing.T, server *xcladetest.Server, header, value string) int {
	t.Helper()
	r, err := try(t, server, http.MethodGet, "/admin/customers", "", http.Header{header: {value}})
	require.NoError(t, err)
	return r.status
}

func TestATokenRunsOutAfterItsLife(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	day := "Bearer " + server.NewToken()
	server.SetTokenLife(time.Minute)
	minute := "Bearer " + server.NewToken()

	for _, test := range []struct {
		at          time.Duration
		day, minute int
	}{
		{59 * time.Second, 200, 200},
		{time.Minute, 200, 401},
		{24*time.Hour - time.Second, 200, 401},
		{24 * time.Hour, 401, 401},
	} {
		server.SetClock(func() time.Time { return now.Add(test.at) })
		assert.Equal(t, test.day, status(t, server, "Authorization", day), test.at)
		assert.Equal(t, test.minute, status(t, server, "Authorization", minute), test.at)
	}
}

func TestATokenIsRefreshedWhileItIsValid(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	old := http.Header{"Authorization": {"Bearer " + server.NewToken()}}
	server.SetClock(func() time.Time { return now.Add(23 * time.Hour) })

	refreshed, err := try(t, server, http.MethodPost, "/auth/token/refresh", "", old)
	require.NoError(t, err)

	token, _ := refreshed.json(t, "token").(string)
	server.SetClock(func() time.Time { return now.Add(25 * time.Hour) })
	assert.Equal(t, 200, status(t, server, "Authorization", "Bearer "+token))
	late, err := try(t, server, http.MethodPost, "/auth/token/refresh", "", old)
	require.NoError(t, err)
	assert.Equal(t, 401, late.status)
}

func TestExpireTokensEndsWhatWasHandedOut(t *testing.T) {
	t.Parallel()
	server := start(t)
	old := "Bearer " + server.NewToken()
	key := server.NewAPIKey()
	require.Equal(t, 200, status(t, server, "Authorization", old))

	server.ExpireTokens()

	assert.Equal(t, 401, status(t, server, "Authorization", old))
	refreshed, err := try(t, server, http.MethodPost, "/auth/token/refresh", "", http.Header{"Authorization": {old}})
	require.NoError(t, err)
	assert.Equal(t, 401, refreshed.status)
	assert.Equal(t, 200, status(t, server, "Authorization", "Basic "+key))
	assert.Equal(t, 200, status(t, server, "Authorization", "Bearer "+server.NewToken()), "in the same second")
}

func TestTokensOfOneServerAreNoGoodAtAnother(t *testing.T) {
	t.Parallel()
	server, other := start(t), start(t)

	assert.Equal(t, 401, status(t, server, "Authorization", "Bearer "+other.NewToken()))
}

func TestAnAPIKeyIsTakenByBasicAuthenticationOnly(t *testing.T) {
	t.Parallel()
	server := start(t)
	key := server.NewAPIKey()
	encode := base64.StdEncoding.EncodeToString

	for _, credentials := range []string{key, encode([]byte(key)), encode([]byte(key + ":"))} {
		assert.Equal(t, 200, status(t, server, "Authorization", "Basic "+credentials))
	}
	assert.Equal(t, 401, status(t, server, "Authorization", "Bearer "+key))
	assert.Equal(t, 401, status(t, server, "X-Api-Key", key))

	server.RevokeAPIKey(key)
	assert.Equal(t, 401, status(t, server, "Authorization", "Basic "+key))
}

func TestAnAPIKeyInItsHeaderIsAcceptedOnDemand(t *testing.T) {
	t.Parallel()
	server := start(t)
	key := server.NewAPIKey()

	server.AcceptAPIKeyHeader(true)
	assert.Equal(t, 200, status(t, server, "X-Api-Key", key))
	assert.Equal(t, 401, status(t, server, "X-Api-Key", "sk_other"))
	assert.Equal(t, 401, status(t, server, "X-Api-Key", ""))

	server.AcceptAPIKeyHeader(false)
	assert.Equal(t, 401, status(t, server, "X-Api-Key", key))
}
