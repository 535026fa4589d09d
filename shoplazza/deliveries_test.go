package shoplazza_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

var webhookConfig = shoplazza.WebhookConfig{Secrets: []string{secret}}

func TestADeliveryIsParsed(t *testing.T) {
	t.Parallel()
	// The signature was computed by other means, with openssl.
	got, err := shoplazza.ParseWebhook(delivery([]byte(`{"id":"1"}`), "uXjvubRozxCy1+xp6AUgt+j6LIG5oYCStEgps1JwKpQ="), webhookConfig)
	require.NoError(t, err)
	assert.Equal(t, &souk.Delivery{
		ID: "d-1", Topic: "customers/create", Store: "demo",
		Body: []byte(`{"id":"1"}`), Event: &shoplazza.Customer{ID: "1"},
	}, got)
}

// Headers prove nothing, and their lack refutes nothing.
func TestADeliveryWithOddHeaders(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"1"}`)
	sum := sha256.Sum256(body)
	for name, c := range map[string]struct {
		header string
		values []string
		want   souk.Delivery
	}{
		"no id":            {"X-Shoplazza-Deduplication-ID", nil, souk.Delivery{ID: hex.EncodeToString(sum[:]), Topic: "customers/create", Store: "demo"}},
		"no version":       {"X-Shoplazza-Api-Version", nil, souk.Delivery{ID: "d-1", Topic: "customers/create", Store: "demo"}},
		"no topic":         {"X-Shoplazza-Topic", nil, souk.Delivery{ID: "d-1", Store: "demo"}},
		"two topics":       {"X-Shoplazza-Topic", []string{"customers/create", "x"}, souk.Delivery{ID: "d-1", Store: "demo"}},
		"no store":         {"X-Shoplazza-Shop-Domain", nil, souk.Delivery{ID: "d-1", Topic: "customers/create"}},
		"another store":    {"X-Shoplazza-Shop-Domain", []string{"Other.myshoplaza.com"}, souk.Delivery{ID: "d-1", Topic: "customers/create", Store: "other"}},
		"another spelling": {"X-Shoplazza-Shop-Domain", []string{"example.shoplazza.com"}, souk.Delivery{ID: "d-1", Topic: "customers/create", Store: "example.shoplazza.com"}},
	} {
		header := delivery(body, sign(secret, body)).Header
		header.Del(c.header)
		for _, value := range c.values {
			header.Add(c.header, value)
		}
		got, err := shoplazza.ParseDelivery(header, body, webhookConfig)
		require.NoError(t, err, name)
		if c.want.Topic == "" {
			assert.EqualError(t, got.EventErr, "shoplazza: unreadable: the delivery has no X-Shoplazza-Topic, or more than one", name)
		} else {
			c.want.Event = &shoplazza.Customer{ID: "1"}
		}
		c.want.Body, c.want.EventErr = body, got.EventErr
		assert.Equal(t, &c.want, got, name)
	}
}

func TestADeliveryThatIsNotTrustedIsRefused(t *testing.T) {
	t.Parallel()
	body := []byte(`{"customer":{"id":"1"}}`)
	const malformed = "the delivery's signature is neither 64 hexadecimal digits nor 44 characters of base64"
	twice := delivery(body, sign(secret, body))
	twice.Header.Add("X-Shoplazza-Hmac-Sha256", sign(secret, body))
	for name, c := range map[string]struct {
		request *http.Request
		want    string
	}{
		"another signature": {delivery(body, sign("other", body)), "the delivery's signature does not match the secret"},
		"another body":      {delivery([]byte(`{}`), sign(secret, body)), "the delivery's signature does not match the secret"},
		"no signature":      {delivery(body, ""), "the delivery has no signature"},
		"half a signature":  {delivery(body, sign(secret, body)[:20]), malformed},
		"two signatures":    {twice, "the delivery has more than one signature"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := shoplazza.ParseWebhook(c.request, webhookConfig)
			assert.Nil(t, got)
			requireError(t, err, souk.ErrUnauthorized)
			assert.EqualError(t, err, "shoplazza: unauthorized: "+c.want)
			assert.NotContains(t, err.Error(), sign(secret, body), "the expected signature is never shown")
		})
	}
}

func TestWebhookConfigIsChecked(t *testing.T) {
	t.Parallel()
	const want = "shoplazza: invalid; Secrets: must not hold an empty secret: everybody could sign with it"
	cfg := shoplazza.WebhookConfig{Secrets: []string{secret, ""}}
	_, err := shoplazza.ParseDelivery(delivery(nil, sign("", nil)).Header, nil, cfg)
	assert.EqualError(t, err, want)
	_, err = shoplazza.ParseWebhook(delivery(nil, sign("", nil)), cfg)
	assert.EqualError(t, err, want)
	_, err = shoplazza.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error { return nil })
	assert.EqualError(t, err, want)
	_, err = shoplazza.ParseWebhook(nil, webhookConfig)
	assert.EqualError(t, err, "shoplazza: invalid; r: must not be nil")
}

func TestACustomerOfADeliveryDecodesInBothForms(t *testing.T) {
	t.Parallel()
	inObject := testkit.Fixture(t, "delivery_customer.json")
	bare := bytes.TrimSuffix(bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(inObject), []byte("{\n  \"customer\":"))), []byte("}"))
	for _, body := range [][]byte{inObject, bare} {
		got, err := shoplazza.ParseWebhook(delivery(body, sign(secret, body)), webhookConfig)
		require.NoError(t, err)
		require.NoError(t, got.EventErr)
		assert.Equal(t, documentedCustomer(), got.Event)
	}
}

// A proven delivery is returned, whatever it says.
func TestDeliveriesOfAnyContent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		topic, body string
		event       any
		problem     string
	}{
		"loosely spelled":       {"customers/update", `{"id":"1","subscribed_flag":"5","accepts_marketing":1}`, &shoplazza.Customer{ID: "1", SubscribedFlag: 5, AcceptsMarketing: true}, ""},
		"an unknown topic":      {"orders/create", `{"order":{"id":"1"}}`, nil, ""},
		"one without JSON":      {"x", `{`, nil, ""},
		"no UTF-8":              {"customers/update", "{\"id\":\"1\",\"first_name\":\"\xff\"}", &shoplazza.Customer{ID: "1", FirstName: "\ufffd"}, ""},
		"an order":              {"customers/create", `{"order":{"id":"1"}}`, nil, "the event: expected id, got none"},
		"an empty object":       {"customers/create", `{}`, nil, "the event is empty"},
		"an empty list":         {"customers/create", `[]`, nil, "the event is empty"},
		"null":                  {"customers/create", `null`, nil, "the event is empty"},
		"nothing":               {"customers/create", ``, nil, "the event is empty"},
		"no JSON":               {"customers/create", `not JSON`, nil, "the event is of an unexpected form"},
		"null for the customer": {"customers/create", `{"customer":null}`, nil, "the event is empty"},
		"a text for it":         {"customers/create", `{"customer":"1"}`, nil, "the event: expected object, got text"},
		"an odd field":          {"customers/update", `{"customer":{"id":"1","email":{"a":1}}}`, nil, "email: expected text, got object"},
		"an odd time":           {"customers/update", `{"id":"1","created_at":"20/10/1950"}`, nil, "created_at: expected date, got text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := []byte(c.body)
			header := delivery(body, sign(secret, body)).Header
			header.Set("X-Shoplazza-Topic", c.topic)
			got, err := shoplazza.ParseDelivery(header, body, webhookConfig)
			require.NoError(t, err)
			want := &souk.Delivery{ID: "d-1", Topic: c.topic, Store: "demo", Body: body, Event: c.event}
			if c.problem != "" {
				assert.EqualError(t, got.EventErr, "shoplazza: unreadable: "+c.problem)
				assert.ErrorIs(t, got.EventErr, souk.ErrUnreadable)
				want.EventErr = got.EventErr
			}
			assert.Equal(t, want, got)
		})
	}
}

// Shoplazza takes any 2xx for received, and delivers again after anything else.
func TestWebhookHandlerAnswersShoplazza(t *testing.T) {
	t.Parallel()
	failures := 1
	var got []any
	var log bytes.Buffer
	cfg := shoplazza.WebhookConfig{Secrets: []string{secret}, MaxBody: 30, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	h, err := shoplazza.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		if failures--; failures >= 0 {
			return errors.New("later")
		}
		got = append(got, d.Event)
		return nil
	})
	require.NoError(t, err)
	body := []byte(`{"customer":{"id":"1"}}`)
	answers := func(body []byte, signature string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, delivery(body, signature))
		return w.Code
	}
	for _, want := range []int{500, 200, 200} {
		assert.Equal(t, want, answers(body, sign(secret, body)))
	}
	assert.Equal(t, 401, answers(body, sign("other", body)))
	assert.Equal(t, 413, answers(make([]byte, 31), ""))
	assert.Regexp(t, "(?s)vendor=shoplazza status=500 .* status=401 .* status=413 ", log.String())
	assert.Equal(t, []any{&shoplazza.Customer{ID: "1"}}, got)
}

// What a delivery holds, and what proves it, is in no error and in no printed delivery.
func TestDeliveryErrorsShowNothing(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := shoplazza.WebhookConfig{Secrets: []string{canary.ClientSecret}}
	canary.Check(t, fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, cfg))
	for _, text := range []string{
		`{"customer":{"id":"1","email":{"` + canary.Email + `":"` + canary.Phone + `"}}}`,
		`{"id":["` + canary.Phone + `"],"first_name":"` + canary.FirstName + `"}`,
		`{"id":"1","orders_count":"` + canary.LastName + `"}`,
		`{"id":"1","created_at":"` + canary.Street + `"}`,
		canary.Note,
	} {
		body := []byte(text)
		header := delivery(body, sign(canary.ClientSecret, body)).Header
		got, err := shoplazza.ParseDelivery(header, body, cfg)
		require.NoError(t, err)
		require.Error(t, got.EventErr, text)
		canary.CheckError(t, got.EventErr)
		canary.Check(t, fmt.Sprintf("%v %+v %#v %s", got, got, got, got))

		_, err = shoplazza.ParseDelivery(header, append(body, ' '), cfg)
		require.Error(t, err)
		canary.CheckError(t, err)
	}
}

// FuzzParseDelivery feeds any delivery to the parser: what it accepts is signed, and
// comes whole.
func FuzzParseDelivery(f *testing.F) {
	body := testkit.Fixture(f, "delivery_customer.json")
	f.Add(body, sign(secret, body), "customers/create", "demo.myshoplaza.com")
	for _, body := range []string{``, `null`, `{"customer":7}`, `{"customer":null}`, `{"id":["1"]}`, "{\"id\":\"\xff\"}"} {
		f.Add([]byte(body), sign(secret, []byte(body)), "customers/update", "x")
	}
	f.Add([]byte(nil), "", "", "")
	f.Add([]byte(`{}`), strings.Repeat("0", 64), "t", "s")
	f.Fuzz(func(t *testing.T, body []byte, signature, topic, domain string) {
		for _, signature := range []string{signature, sign(secret, body)} {
			got, err := shoplazza.ParseDelivery(http.Header{
				"X-Shoplazza-Hmac-Sha256": {signature}, "X-Shoplazza-Topic": {topic}, "X-Shoplazza-Shop-Domain": {domain},
			}, body, webhookConfig)
			if err != nil {
				assert.Nil(t, got)
				assert.True(t, signature != sign(secret, body) || len(body) > 1<<20)
				continue
			}
			assert.Equal(t, body, got.Body)
			if customer, ok := got.Event.(*shoplazza.Customer); ok {
				assert.NotEmpty(t, customer.ID)
				assert.NoError(t, got.EventErr)
			} else {
				assert.Nil(t, got.Event)
			}
		}
	})
}
