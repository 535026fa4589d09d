package auth_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/testkit"
)

func jwt(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte(payload)) + "." + encode([]byte("signature"))
}

func TestJWTExpiry(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		token string
		want  int64 // zero: none
	}{
		"seconds":         {jwt(`{"exp":1764000000,"iat":1763913600}`), 1764000000},
		"a fraction":      {jwt(`{"exp":1764000000.9}`), 1764000000},
		"an exponent":     {jwt(`{"exp":1.764e9}`), 1764000000},
		"a string":        {jwt(`{"exp":"1764000000"}`), 1764000000},
		"padded":          {"e30=." + base64.URLEncoding.EncodeToString([]byte(`{"exp":1764000000} `)) + ".", 1764000000},
		"the end of 9999": {jwt(`{"exp":253402300799}`), 253402300799},
		"the year 10000":  {jwt(`{"exp":253402300800}`), 0},
		"none":            {jwt(`{"iat":1763913600}`), 0},
		"null":            {jwt(`{"exp":null}`), 0},
		"zero":            {jwt(`{"exp":0}`), 0},
		"negative":        {jwt(`{"exp":-1}`), 0},
		"huge":            {jwt(`{"exp":1e300}`), 0},
		"milliseconds":    {jwt(`{"exp":1764000000000}`), 0},
		"beyond a float":  {jwt(`{"exp":1e999}`), 0},
		"text":            {jwt(`{"exp":"soon"}`), 0},
		"an object":       {jwt(`{"exp":{}}`), 0},
		"no object":       {jwt(`[1]`), 0},
		"no JSON":         {jwt(`exp`), 0},
		"no base64":       {"a.ü.c", 0},
		"two parts":       {strings.TrimSuffix(jwt(`{"exp":1764000000}`), ".c2lnbmF0dXJl"), 0},
		"four parts":      {jwt(`{"exp":1764000000}`) + ".x", 0},
		"an opaque token": {"sk_0123456789", 0},
		"empty":           {"", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expiry, ok := auth.JWTExpiry(test.token)
			assert.Equal(t, test.want != 0, ok)
			if ok {
				assert.True(t, time.Unix(test.want, 0).Equal(expiry), expiry)
			}
		})
	}
}

func TestJWTClaims(t *testing.T) {
	t.Parallel()
	var claims struct {
		Actor string `json:"actor_id"`
	}
	require.NoError(t, auth.JWTClaims(jwt(`{"actor_id":"user_1","exp":1}`), &claims))
	assert.Equal(t, "user_1", claims.Actor)

	canary := testkit.NewCanary()
	for _, token := range []string{canary.Token, jwt(canary.Token), jwt(`{"actor_id":["` + canary.Token + `"]}`)} {
		err := auth.JWTClaims(token, &claims)
		require.ErrorIs(t, err, auth.ErrNotJWT)
		canary.CheckError(t, err)
	}
	require.ErrorIs(t, auth.JWTClaims(jwt(`{}`), nil), auth.ErrNotJWT)
}

func FuzzJWTExpiry(f *testing.F) {
	for _, token := range []string{"", "..", "a.b.c", jwt(`{"exp":1764000000}`), jwt(`{"exp":-1e9}`), jwt(`{"exp":1e400}`), jwt(`null`)} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		expiry, ok := auth.JWTExpiry(token)
		if !ok {
			assert.True(t, expiry.IsZero())
			return
		}
		_, err := expiry.MarshalJSON() // years from 0 to 9999
		assert.NoError(t, err)
		assert.Positive(t, expiry.Unix()+1)
	})
}
