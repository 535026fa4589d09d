package shopline_test

import (
	"bytes"
	"context"
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

var webhookConfig = shopline.WebhookConfig{Secrets: []string{appSecret}}

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
		{shopline.TopicCustomersCreate, "event_customer.json", &customer},
		{shopline.TopicCustomersUpdate, "event_customer.json", &customer},
		{shopline.TopicCustomersEnable, "event_customer.json", &customer},
		{shopline.TopicCustomersDisable, "event_customer.json", &customer},
		{shopline.TopicCustomersDelete, "event_deleted.json", deleted},
		{shopline.TopicMarketingConsentUpdate, "event_consent.json", &shopline.MarketingConsentEvent{Customer: customer, Action: shopline.MarketingMailOff}},
		{shopline.TopicCustomerGroupsCreate, "event_group.json", &group},
		{shopline.TopicCustomerGroupsUpdate, "event_group.json", &group},
		{shopline.TopicCustomerGroupsDelete, "event_group.json", &group},
		{shopline.TopicCustomersRedact, "event_redact.json", redact},
		{shopline.TopicMerchantsRedact, "empty_object.json", nil},
		{shopline.TopicPointsUpdate, "empty_object.json", nil},
		{"products/create", "empty_object.json", nil},
	} {
		t.Run(string(test.topic), func(t *testing.T) {
			t.Parallel()
			body := testkit.Fixture(t, test.fixture)

			got, err := shopline.ParseWebhook(delivery(test.topic, body), webhookConfig)

			require.NoError(t, err)
			assert.Equal(t, &souk.Delivery{ID: "d3f1c2", Topic: string(test.topic), Store: "open001", Event: test.want, Body: body}, got)
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

		got, err := shopline.ParseWebhook(r, shopline.WebhookConfig{Secrets: []string{"topsecret"}})

		require.NoError(t, err)
		assert.Equal(t, &shopline.Customer{ID: "1"}, got.Event)
	}
}

// A proven delivery is returned, whatever it says.
func TestDeliveriesOfAnyContent(t *testing.T) {
	t.Parallel()
	const update = shopline.TopicCustomersUpdate
	for _, test := range []struct {
		name    string
		topic   shopline.Topic
		body    string
		event   any
		problem string
	}{
		{"loosely spelled", update, `{"id":4201825054,"orders_count":"11","total_spent":7000.5}`, &shopline.Customer{ID: "4201825054", OrdersCount: 11, TotalSpent: "7000.5"}, ""},
		{"an unknown topic", "x/y", `{"id":[1]}`, nil, ""},
		{"an unknown topic without JSON", "x/y", `{`, nil, ""},
		{"no topic", "", `{"id":"1"}`, nil, "the delivery has no X-Shopline-Topic, or more than one"},
		{"no JSON", update, `id=1`, nil, "the event is of an unexpected form"},
		{"no UTF-8", update, "{\"id\":\"1\",\"note\":\"\xff\"}", &shopline.Customer{ID: "1", Note: "\ufffd"}, ""},
		{"nothing", update, ``, nil, "the event is empty"},
		{"null", update, `null`, nil, "the event is empty"},
		{"an object without id", update, `{"email":"a@b.example"}`, nil, "the event: expected id, got none"},
		{"an odd id", update, `{"id":[1]}`, nil, "id: expected text, got list"},
		{"an odd field", update, `{"id":"1","email":{"a":1}}`, nil, "email: expected text, got object"},
		{"an odd time", update, `{"id":"1","created_at":"20/10/1950"}`, nil, "created_at: expected date, got text"},
		{"a deleted customer without id", shopline.TopicCustomersDelete, `{"email":"a@b.example"}`, nil, "the event: expected id, got none"},
		{"consent of nobody", shopline.TopicMarketingConsentUpdate, `{"subscribeActionType":1}`, nil, "the event: expected id, got none"},
		{"a group without id", shopline.TopicCustomerGroupsDelete, `{"name":"a"}`, nil, "the event: expected id, got none"},
		{"nobody to forget", shopline.TopicCustomersRedact, `{"shop_id":1}`, nil, "the event names no customer"},
		{"null to forget", shopline.TopicCustomersRedact, `null`, nil, "the event is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			got, err := shopline.ParseDelivery(delivery(test.topic, []byte(test.body)).Header, []byte(test.body), webhookConfig)

			require.NoError(t, err)
			want := &souk.Delivery{ID: "d3f1c2", Topic: string(test.topic), Store: "open001", Body: []byte(test.body), Event: test.event}
			if test.problem != "" {
				assert.EqualError(t, got.EventErr, "shopline: unreadable: "+test.problem)
				assert.ErrorIs(t, got.EventErr, souk.ErrUnreadable)
				want.EventErr = got.EventErr
			}
			assert.Equal(t, want, got)
		})
	}
}

// Headers prove nothing, and their lack refutes nothing.
func TestDeliveriesWithOddHeaders(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"1"}`)
	sum := sha256.Sum256(body)
	for name, test := range map[string]struct {
		header string
		values []string
		want   souk.Delivery
	}{
		"no id":             {"X-Shopline-Webhook-Id", nil, souk.Delivery{ID: hex.EncodeToString(sum[:]), Topic: "x/y", Store: "open001"}},
		"two ids":           {"X-Shopline-Webhook-Id", []string{"a", "b"}, souk.Delivery{ID: hex.EncodeToString(sum[:]), Topic: "x/y", Store: "open001"}},
		"two topics":        {"X-Shopline-Topic", []string{"x/y", "x/z"}, souk.Delivery{ID: "d3f1c2", Store: "open001"}},
		"no store":          {"X-Shopline-Shop-Domain", nil, souk.Delivery{ID: "d3f1c2", Topic: "x/y"}},
		"two stores":        {"X-Shopline-Shop-Domain", []string{"a", "b"}, souk.Delivery{ID: "d3f1c2", Topic: "x/y"}},
		"another store":     {"X-Shopline-Shop-Domain", []string{"Other.myshopline.com"}, souk.Delivery{ID: "d3f1c2", Topic: "x/y", Store: "other"}},
		"a Kelvin sign":     {"X-Shopline-Shop-Domain", []string{"\u212aim.myshopline.com"}, souk.Delivery{ID: "d3f1c2", Topic: "x/y", Store: "\u212aim.myshopline.com"}},
		"a domain of its":   {"X-Shopline-Shop-Domain", []string{"shop.example"}, souk.Delivery{ID: "d3f1c2", Topic: "x/y", Store: "shop.example"}},
		"no store of SHOP…": {"X-Shopline-Shop-Domain", []string{"a.b.myshopline.com"}, souk.Delivery{ID: "d3f1c2", Topic: "x/y", Store: "a.b.myshopline.com"}},
		"no version":        {"X-Shopline-API-Version", nil, souk.Delivery{ID: "d3f1c2", Topic: "x/y", Store: "open001"}},
	} {
		header := delivery("x/y", body).Header
		header.Del(test.header)
		for _, value := range test.values {
			header.Add(test.header, value)
		}

		got, err := shopline.ParseDelivery(header, body, webhookConfig)

		require.NoError(t, err, name)
		assert.Equal(t, test.want.Topic == "", got.EventErr != nil, name)
		test.want.Body, test.want.EventErr = body, got.EventErr
		assert.Equal(t, &test.want, got, name)
	}
}

func TestWebhookConfigIsChecked(t *testing.T) {
	t.Parallel()
	const want = "shopline: invalid; Secrets: must not hold an empty secret: everybody could sign with it"
	cfg := shopline.WebhookConfig{Secrets: []string{appSecret, ""}}
	header := http.Header{"X-Shopline-Hmac-Sha256": {hexSign("", "")}}
	_, err := shopline.ParseDelivery(header, nil, cfg)
	assert.EqualError(t, err, want)
	_, err = shopline.ParseWebhook(delivery("x/y", nil), cfg)
	assert.EqualError(t, err, want)
	_, err = shopline.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error { return nil })
	assert.EqualError(t, err, want)
	_, err = shopline.ParseWebhook(nil, webhookConfig)
	assert.EqualError(t, err, "shopline: invalid; r: must not be nil")
}

// SHOPLINE takes 200 for received, and delivers again after anything else.
func TestWebhookHandlerAnswersSHOPLINE(t *testing.T) {
	t.Parallel()
	failures := 1
	var got []any
	var log bytes.Buffer
	cfg := shopline.WebhookConfig{Secrets: []string{appSecret}, MaxBody: 20, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	h, err := shopline.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		if failures--; failures >= 0 {
			return errors.New("later")
		}
		got = append(got, d.Event)
		return nil
	})
	require.NoError(t, err)
	body := []byte(`{"id":"1"}`)
	for _, want := range []int{500, 200, 200} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, delivery(shopline.TopicCustomersCreate, body))
		assert.Equal(t, want, w.Code)
	}
	forged := delivery(shopline.TopicCustomersCreate, body)
	forged.Header.Set("X-Shopline-Hmac-Sha256", hexSign("other", string(body)))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, forged)
	assert.Equal(t, 401, w.Code)
	w = httptest.NewRecorder()
	h.ServeHTTP(w, delivery(shopline.TopicCustomersCreate, make([]byte, 21)))
	assert.Equal(t, 413, w.Code)
	assert.Regexp(t, "(?s)vendor=shopline status=500 .* status=401 .* status=413 ", log.String())
	assert.Equal(t, []any{&shopline.Customer{ID: "1"}}, got)
}

// What a delivery holds, and what proves it, is in no error and in no printed delivery.
func TestDeliveryErrorsShowNothing(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := shopline.WebhookConfig{Secrets: []string{canary.ClientSecret}}
	canary.Check(t, fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, cfg))
	for _, body := range []string{
		`{"id":"1","email":{"` + canary.Email + `":"` + canary.Phone + `"}}`,
		`{"id":["` + canary.Phone + `"],"first_name":"` + canary.FirstName + `"}`,
		`{"id":"1","state":"` + canary.LastName + `"}`,
		`{"id":"1","created_at":"` + canary.Street + `"}`,
		canary.Note,
	} {
		for _, topic := range []shopline.Topic{shopline.TopicCustomersUpdate, shopline.TopicMarketingConsentUpdate, shopline.TopicCustomersRedact} {
			r := delivery(topic, []byte(body))
			r.Header.Set("X-Shopline-Hmac-Sha256", hexSign(canary.ClientSecret, body))
			got, err := shopline.ParseDelivery(r.Header, []byte(body), cfg)
			require.NoError(t, err)
			require.Error(t, got.EventErr, body)
			canary.CheckError(t, got.EventErr)
			canary.Check(t, fmt.Sprintf("%v %+v %#v %s", got, got, got, got))

			_, err = shopline.ParseDelivery(r.Header, append([]byte(body), ' '), cfg)
			require.Error(t, err)
			canary.CheckError(t, err)
		}
	}
}
