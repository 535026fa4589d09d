package shopline_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// delivery is a request as SHOPLINE makes it.
func delivery(topic shopline.Topic, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/webhook", bytes.NewReader(body))
	for name, value := range map[string]string{
		"X-Shopline-Topic":       string(topic),
		"X-Shopline-Hmac-Sha256": hexSign(appSecret, string(body)),
		"X-Shopline-Shop-Domain": "open001.myshopline.com",
		"X-Shopline-Shop-Id":     "1672369729606",
		"X-Shopline-Merchant-Id": "2000234880",
		"X-Shopline-API-Version": "v20260601",
		"X-Shopline-Webhook-Id":  "d3f1c2",
	} {
		r.Header.Set(name, value)
	}
	return r
}

func TestParseWebhook(t *testing.T) {
	t.Parallel()
	customer := *jerryFrank()
	customer.State, customer.SocialCustomer = shopline.CustomerStateInvited, []byte(`"62384242394395"`)
	group := shopline.CustomerGroup{
		ID: "GROUP67327818398243", Name: "High Level Customer", Query: "ordersCount:<1",
		CreatedAt: at("2022-05-31T15:32:46+08:00"), UpdatedAt: at("2022-05-31T15:32:46+08:00"),
	}
	redact := &shopline.CustomersRedactEvent{
		Customer:       shopline.RedactedCustomer{ID: "2003242345", Email: "jerry@example.com", Phone: "008615087594362"},
		OrdersToRedact: []string{"#72348"}, ShopDomain: "open001.myshopline.com", ShopID: "1672369729606",
		UpdateTime: "2022-12-16T11:06:11+08:00",
	}
	deleted := &shopline.CustomerDeletedEvent{
		ID: "2003242345", Email: "jerry@example.com", FirstName: "Jerry", LastName: "Frank", NickName: "Jerry Frank",
		Phone: "008615087594362", UpdatedAt: at("2022-12-16T11:06:11+08:00"),
	}
	for _, test := range []struct {
		topic   shopline.Topic
		fixture string
		want    any
	}{
		{shopline.TopicCustomersCreate, "event_customer.json", &shopline.CustomerEvent{Customer: customer}},
		{shopline.TopicCustomersUpdate, "event_customer.json", &shopline.CustomerEvent{Customer: customer}},
		{shopline.TopicCustomersEnable, "event_customer.json", &shopline.CustomerEvent{Customer: customer}},
		{shopline.TopicCustomersDisable, "event_customer.json", &shopline.CustomerEvent{Customer: customer}},
		{shopline.TopicCustomersDelete, "event_deleted.json", deleted},
		{shopline.TopicMarketingConsentUpdate, "event_consent.json", &shopline.MarketingConsentEvent{Customer: customer, Action: shopline.MarketingMailOff}},
		{shopline.TopicCustomerGroupsCreate, "event_group.json", &shopline.CustomerGroupEvent{CustomerGroup: group}},
		{shopline.TopicCustomerGroupsUpdate, "event_group.json", &shopline.CustomerGroupEvent{CustomerGroup: group}},
		{shopline.TopicCustomerGroupsDelete, "event_group.json", &shopline.CustomerGroupEvent{CustomerGroup: group}},
		{shopline.TopicCustomersRedact, "event_redact.json", redact},
		{shopline.TopicMerchantsRedact, "empty_object.json", nil},
		{shopline.TopicPointsUpdate, "empty_object.json", nil},
		{"products/create", "empty_object.json", nil},
	} {
		t.Run(string(test.topic), func(t *testing.T) {
			t.Parallel()
			body := testkit.Fixture(t, test.fixture)

			got, err := shopline.ParseWebhook(delivery(test.topic, body), appSecret)

			require.NoError(t, err)
			assert.Equal(t, &shopline.Delivery{
				ID: "d3f1c2", Topic: test.topic, ShopDomain: "open001.myshopline.com", ShopID: "1672369729606",
				MerchantID: "2000234880", APIVersion: "v20260601", Event: test.want, Body: body,
			}, got)
		})
	}
}

func TestSignatureVectorInBothSpellings(t *testing.T) {
	t.Parallel()
	const digest = "b978efb9b468cf10b2d7ec69e80520b7e8fa2c81b9a18092b44829b352702a94"
	raw, err := hex.DecodeString(digest)
	require.NoError(t, err)
	for _, signature := range []string{digest, strings.ToUpper(digest), base64.StdEncoding.EncodeToString(raw)} {
		r := delivery("customers/update", []byte(`{"id":"1"}`))
		r.Header.Set("X-Shopline-Hmac-Sha256", signature)

		got, err := shopline.ParseWebhook(r, "topsecret")

		require.NoError(t, err)
		assert.Equal(t, &shopline.CustomerEvent{Customer: shopline.Customer{ID: "1"}}, got.Event)
	}
}

func TestParseWebhookRefuses(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"1"}`)
	expected := hexSign(appSecret, string(body))
	without := func(name string) *http.Request {
		r := delivery(shopline.TopicCustomersUpdate, body)
		r.Header.Del(name)
		return r
	}
	with := func(name, value string) *http.Request {
		r := delivery(shopline.TopicCustomersUpdate, body)
		r.Header.Set(name, value)
		return r
	}
	signed := func(body string) *http.Request { return delivery(shopline.TopicCustomersUpdate, []byte(body)) }
	twice := delivery(shopline.TopicCustomersUpdate, body)
	twice.Header.Add("X-Shopline-Topic", "customers/delete")
	signedTwice := delivery(shopline.TopicCustomersUpdate, body)
	signedTwice.Header.Add("X-Shopline-Hmac-Sha256", expected)
	changed := delivery(shopline.TopicCustomersUpdate, body)
	changed.Body = io.NopCloser(strings.NewReader(`{"id":"2"}`))
	broken := delivery(shopline.TopicCustomersUpdate, body)
	broken.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id"`), errReader{}))
	emptySecret := with("X-Shopline-Hmac-Sha256", hexSign("", string(body)))
	for _, test := range []struct {
		name    string
		request *http.Request
		secret  string
		class   error
		text    string
	}{
		{"another body", changed, appSecret, souk.ErrUnauthorized, "unauthorized: the signature does not match"},
		{"another secret", signed(`{}`), "other", souk.ErrUnauthorized, "unauthorized: the signature does not match"},
		{"no signature", without("X-Shopline-Hmac-Sha256"), appSecret, souk.ErrUnauthorized, "unauthorized: the delivery is not signed, or more than once"},
		{"two signatures", signedTwice, appSecret, souk.ErrUnauthorized, "unauthorized: the delivery is not signed, or more than once"},
		{
			"a signature of another length", with("X-Shopline-Hmac-Sha256", expected[:63]), appSecret, souk.ErrUnauthorized,
			"unauthorized: the signature is neither 64 hexadecimal digits nor 44 characters of base64",
		},
		{"an empty secret", emptySecret, "", souk.ErrInvalid, "invalid; secret: must not be empty: everybody could sign with an empty secret"},
		{"no topic", without("X-Shopline-Topic"), appSecret, souk.ErrInvalid, "invalid; X-Shopline-Topic: must be there, once"},
		{"two topics", twice, appSecret, souk.ErrInvalid, "invalid; X-Shopline-Topic: must be there, once"},
		{"no id", without("X-Shopline-Webhook-Id"), appSecret, souk.ErrInvalid, "invalid; X-Shopline-Webhook-Id: must be there, once"},
		{"no domain", without("X-Shopline-Shop-Domain"), appSecret, souk.ErrInvalid, "invalid; X-Shopline-Shop-Domain: must be there, once"},
		{"no shop", without("X-Shopline-Shop-Id"), appSecret, souk.ErrInvalid, "invalid; X-Shopline-Shop-Id: must be there, once"},
		{"no merchant", without("X-Shopline-Merchant-Id"), appSecret, souk.ErrInvalid, "invalid; X-Shopline-Merchant-Id: must be there, once"},
		{"no version", with("X-Shopline-API-Version", ""), appSecret, souk.ErrInvalid, "invalid; X-Shopline-API-Version: must be there, once"},
		{"no JSON", signed("id=1"), appSecret, souk.ErrInvalid, "invalid: the body is not the JSON of this topic"},
		{"other JSON", signed(`{"id":[1]}`), appSecret, souk.ErrInvalid, "invalid: the body is not the JSON of this topic"},
		{"no body", signed(""), appSecret, souk.ErrInvalid, "invalid: the body is not the JSON of this topic"},
		{"no JSON of an unknown topic", delivery("x/y", []byte("{")), appSecret, souk.ErrInvalid, "invalid: the body is not the JSON of this topic"},
		{"a body of 10 MiB", signed(`"` + strings.Repeat("x", 10<<20) + `"`), appSecret, souk.ErrInvalid, "invalid: the body is larger than 1 MiB"},
		{"a body that breaks off", broken, appSecret, souk.ErrInvalid, "invalid: the body broke off"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			got, err := shopline.ParseWebhook(test.request, test.secret)

			assert.Nil(t, got)
			require.ErrorIs(t, err, test.class)
			assert.EqualError(t, err, "shopline: "+test.text)
			assert.NotContains(t, err.Error(), expected[:8], "the signature that would be right is not told")
		})
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }
