package shopline_test

import (
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

var app = shopline.OAuth{ClientID: "key", ClientSecret: appSecret}

// signedQuery is a query that SHOPLINE signed at a time, by the text that it
// signs: the parameters sorted by name, not encoded.
func signedQuery(at time.Time, more string) url.Values {
	timestamp := strconv.FormatInt(at.UnixMilli(), 10)
	query, err := url.ParseQuery("appkey=key&code=the-code&handle=open001&timestamp=" + timestamp + more)
	if err != nil {
		panic(err)
	}
	text := "appkey=key&code=the-code"
	if query.Has("customField") {
		text += "&customField=" + query.Get("customField")
	}
	query.Set("sign", hexSign(appSecret, text+"&handle=open001&timestamp="+timestamp))
	return query
}

func TestParseCallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		for _, state := range []string{"abc", "a b/c=ü"} {
			callback, err := app.ParseCallback(signedQuery(now, "&customField="+url.QueryEscape(state)), state)

			require.NoError(t, err)
			callback.SignedAt = callback.SignedAt.In(now.Location())
			assert.Equal(t, &shopline.Callback{Store: "open001", Code: "the-code", State: state, SignedAt: time.UnixMilli(now.UnixMilli()).In(now.Location())}, callback)
		}
	})
}

func TestParseCallbackTakesASignatureOverEncodedValues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		query := signedQuery(time.Now(), "&customField=a%26b")
		query.Del("sign")
		query.Set("sign", hexSign(appSecret, query.Encode()))

		callback, err := app.ParseCallback(query, "a&b")

		require.NoError(t, err)
		assert.Equal(t, "a&b", callback.State)
	})
}

func TestParseInstall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
		text := "appkey=key&handle=open001&lang=zh-hans-cn&timestamp=" + timestamp
		query, err := url.ParseQuery(text + "&sign=" + hexSign(appSecret, text))
		require.NoError(t, err)

		callback, err := app.ParseInstall(query)

		require.NoError(t, err)
		assert.Equal(t, "open001", callback.Store)
		assert.Equal(t, "zh-hans-cn", callback.Lang)
		assert.Empty(t, callback.Code)
	})
}

func TestParseCallbackRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		good := func() url.Values { return signedQuery(now, "&customField=abc") }
		changed := func(name, value string) url.Values {
			query := good()
			query.Set(name, value)
			return query
		}
		without := func(name string) url.Values {
			query := good()
			query.Del(name)
			return query
		}
		resigned := func(name, value string) url.Values {
			query := changed(name, value)
			query.Del("sign")
			query.Set("sign", hexSign(appSecret, query.Encode()))
			return query
		}
		twice := good()
		twice.Add("handle", "evil")
		twoCodes := good()
		twoCodes.Add("code", "another")
		twoCodes.Del("sign")
		twoCodes.Set("sign", hexSign(appSecret, twoCodes.Encode()))
		byTheKey := good()
		byTheKey.Del("sign")
		byTheKey.Set("sign", hexSign("key", byTheKey.Encode()))
		for _, test := range []struct {
			name, message string
			query         url.Values
			state         string
		}{
			{"another handle", "the signature does not match", changed("handle", "evil"), "abc"},
			{"another code", "the signature does not match", changed("code", "evil"), "abc"},
			{"a parameter more", "the signature does not match", changed("more", "evil"), "abc"},
			{"a parameter less", "the signature does not match", without("code"), "abc"},
			{"a signature by the app key", "the signature does not match", byTheKey, "abc"},
			{"no signature", "the query is not signed, or not as the vendor signs", without("sign"), "abc"},
			{"a short signature", "the query is not signed, or not as the vendor signs", changed("sign", "abcd"), "abc"},
			{"a parameter twice", "the query names a parameter twice", twice, "abc"},
			{"two codes that are signed", "the query names a parameter twice", twoCodes, "abc"},
			{"too old", "the query was signed more than 10 minutes ago, or the clock is wrong", signedQuery(now.Add(-10*time.Minute-time.Second), "&customField=abc"), "abc"},
			{"from the future", "the query was signed more than 10 minutes ago, or the clock is wrong", signedQuery(now.Add(10*time.Minute+time.Second), "&customField=abc"), "abc"},
			{"no time", "the query holds no timestamp in milliseconds", resigned("timestamp", "yesterday"), "abc"},
			{"an absurd time", "the query was signed more than 10 minutes ago, or the clock is wrong", resigned("timestamp", "-9223372036854775808"), "abc"},
			{"another app", "the query is for another app", resigned("appkey", "other"), "abc"},
			{"a handle that is a host", "the query holds no handle of a store", resigned("handle", "evil.example/?"), "abc"},
			{"another state", "the callback has another state than was sent", good(), "xyz"},
			{"no state at all", "the callback has another state than was sent", signedQuery(now, ""), ""},
			{"no code", "the callback brings no code", resigned("code", ""), "abc"},
			{"an error beside a code", "the callback says that the installation was refused", resigned("error", "access_denied"), "abc"},
			{"nothing", "the query is not signed, or not as the vendor signs", nil, "abc"},
		} {
			callback, err := app.ParseCallback(test.query, test.state)

			assert.Nil(t, callback, test.name)
			require.ErrorIs(t, err, souk.ErrUnauthorized, test.name)
			assert.EqualError(t, err, "shopline: unauthorized: "+test.message, test.name)
		}
	})
}

func TestCallbackOfTenMinutesIsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		query := signedQuery(time.Now(), "&customField=abc")
		time.Sleep(10 * time.Minute)

		_, err := app.ParseCallback(query, "abc")

		assert.NoError(t, err)
	})
}

// One signed query must not be good for another one: joined without encoding,
// the text of the first can be cut into other parameters.
func TestSignedTextCannotBeCutAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		query := signedQuery(time.Now(), "&customField="+url.QueryEscape("abc&handle=victim&hb="))
		forged := url.Values{
			"appkey": {"key"}, "code": {"the-code"}, "customField": {"abc"}, "handle": {"victim"}, "hb": {"&handle=open001"},
			"timestamp": query["timestamp"], "sign": query["sign"],
		}

		_, err := app.ParseCallback(forged, "abc")

		assert.EqualError(t, err, "shopline: unauthorized: the signature does not match")

		query = signedQuery(time.Now(), "&customField=a%3Db")
		query.Del("customField")
		query.Set("customField=a", "b")
		_, err = app.ParseInstall(query)
		assert.EqualError(t, err, "shopline: unauthorized: the signature does not match")
	})
}

func TestEmptySecretVerifiesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		query := signedQuery(time.Now(), "&customField=abc")
		query.Del("sign")
		query.Set("sign", hexSign("", query.Encode()))

		_, err := shopline.OAuth{ClientID: "key"}.ParseCallback(query, "abc")

		require.ErrorIs(t, err, souk.ErrInvalid)
		assert.EqualError(t, err, "shopline: invalid; ClientSecret: must not be empty: everybody could sign with an empty secret")
	})
}
