package shoplazza_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

const secret = "topsecret"

func sign(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func delivery(body []byte, signature string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks", bytes.NewReader(body))
	r.Header.Set("X-Shoplazza-Topic", "customers/create")
	r.Header.Set("X-Shoplazza-Hmac-Sha256", signature)
	r.Header.Set("X-Shoplazza-Shop-Domain", "demo.myshoplaza.com")
	r.Header.Set("X-Shoplazza-Api-Version", "2022-01")
	r.Header.Set("X-Shoplazza-Deduplication-ID", "d-1")
	return r
}

func TestADeliveryIsParsed(t *testing.T) {
	t.Parallel()
	// The signature was computed by other means, with openssl.
	got, err := shoplazza.ParseWebhook(delivery([]byte(`{"id":"1"}`), "uXjvubRozxCy1+xp6AUgt+j6LIG5oYCStEgps1JwKpQ="), secret)
	require.NoError(t, err)
	assert.Equal(t, &shoplazza.Delivery{
		Topic:      shoplazza.TopicCustomersCreate,
		ShopDomain: "demo.myshoplaza.com",
		APIVersion: "2022-01",
		ID:         "d-1",
		Body:       []byte(`{"id":"1"}`),
	}, got)
}

func TestADeliveryNeedsNeitherVersionNorID(t *testing.T) {
	t.Parallel()
	r := delivery([]byte(`{}`), sign(secret, []byte(`{}`)))
	r.Header.Del("X-Shoplazza-Api-Version")
	r.Header.Del("X-Shoplazza-Deduplication-ID")
	got, err := shoplazza.ParseWebhook(r, secret)
	require.NoError(t, err)
	assert.Empty(t, got.APIVersion)
	assert.Empty(t, got.ID)
}

func TestADeliveryThatIsNotTrustedIsRefused(t *testing.T) {
	t.Parallel()
	body := []byte(`{"customer":{"id":"1"}}`)
	cases := map[string]struct {
		request *http.Request
		secret  string
		class   error
		want    string
	}{
		"another signature": {delivery(body, sign("other", body)), secret, souk.ErrUnauthorized, "shoplazza: unauthorized: the signature does not match"},
		"another body":      {delivery([]byte(`{}`), sign(secret, body)), secret, souk.ErrUnauthorized, "shoplazza: unauthorized: the signature does not match"},
		"no signature":      {delivery(body, ""), secret, souk.ErrUnauthorized, "shoplazza: unauthorized: there is no signature, or none of the form that Shoplazza signs"},
		"half a signature":  {delivery(body, sign(secret, body)[:20]), secret, souk.ErrUnauthorized, "shoplazza: unauthorized: there is no signature, or none of the form that Shoplazza signs"},
		"an empty secret":   {delivery(body, sign("", body)), "", souk.ErrInvalid, "shoplazza: invalid; secret: must not be empty: everybody could sign with an empty secret"},
		"a body of 10 MiB":  {delivery(make([]byte, 10<<20), "x"), secret, souk.ErrInvalid, "shoplazza: invalid: the body is larger than 1 MiB"},
		"a body that breaks off": {
			httptest.NewRequest(http.MethodPost, "/", iotest.ErrReader(io.ErrUnexpectedEOF)), secret, souk.ErrInvalid,
			"shoplazza: invalid: the body broke off",
		},
		"no topic": {
			without(delivery(body, sign(secret, body)), "X-Shoplazza-Topic"), secret, souk.ErrInvalid,
			"shoplazza: invalid; X-Shoplazza-Topic: is missing",
		},
		"no shop": {
			without(delivery(body, sign(secret, body)), "X-Shoplazza-Shop-Domain"), secret, souk.ErrInvalid,
			"shoplazza: invalid; X-Shoplazza-Shop-Domain: is missing",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := shoplazza.ParseWebhook(c.request, c.secret)
			assert.Nil(t, got)
			requireError(t, err, c.class)
			assert.EqualError(t, err, c.want)
			assert.NotContains(t, err.Error(), sign(secret, body), "the expected signature is never shown")
		})
	}
}

func without(r *http.Request, header string) *http.Request {
	r.Header.Del(header)
	return r
}

func TestACustomerOfADeliveryDecodesInBothForms(t *testing.T) {
	t.Parallel()
	inObject := testkit.Fixture(t, "delivery_customer.json")
	bare := bytes.TrimSuffix(bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(inObject), []byte("{\n  \"customer\":"))), []byte("}"))
	for _, body := range [][]byte{inObject, bare} {
		parsed, err := shoplazza.ParseWebhook(delivery(body, sign(secret, body)), secret)
		require.NoError(t, err)
		got, err := parsed.Customer()
		require.NoError(t, err)
		assert.Equal(t, documentedCustomer(), got)
	}
}

func TestADeliveryWithoutACustomerSaysSo(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"order":{"id":"1"}}`, `{}`, `[]`, `null`, `not JSON`, `{"customer":null}`, `{"customer":"1"}`} {
		got, err := (&shoplazza.Delivery{Body: []byte(body)}).Customer()
		assert.Nil(t, got)
		requireError(t, err, souk.ErrInvalid)
		assert.EqualError(t, err, "shoplazza: invalid: the delivery holds no customer")
	}
}

// FuzzDeliveries feeds any delivery to the parser: what it accepts is signed.
func FuzzDeliveries(f *testing.F) {
	body := testkit.Fixture(f, "delivery_customer.json")
	f.Add(body, sign(secret, body), "customers/create", "demo.myshoplaza.com")
	f.Add([]byte(`{"customer":7}`), sign(secret, []byte(`{"customer":7}`)), "customers/update", "x")
	f.Add([]byte(nil), "", "", "")
	f.Add([]byte(`{}`), strings.Repeat("0", 64), "t", "s")
	f.Fuzz(func(t *testing.T, body []byte, signature, topic, domain string) {
		r := &http.Request{Method: http.MethodPost, Body: http.NoBody, Header: http.Header{
			"X-Shoplazza-Hmac-Sha256": {signature}, "X-Shoplazza-Topic": {topic}, "X-Shoplazza-Shop-Domain": {domain},
		}}
		if len(body) > 0 {
			r = delivery(body, signature)
		}
		got, err := shoplazza.ParseWebhook(r, secret)
		if err != nil {
			assert.Nil(t, got)
			return
		}
		assert.Equal(t, body, got.Body)
		customer, err := got.Customer()
		assert.Equal(t, err == nil, customer != nil)
	})
}
