package salla_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

var (
	signed   = salla.WebhookConfig{Secrets: []string{"test-secret"}, Strategy: salla.StrategySignature}
	tokenled = salla.WebhookConfig{Secrets: []string{"test-secret"}, Strategy: salla.StrategyToken}
)

// bodyOf is a fixture without the line end that the file has.
func bodyOf(t *testing.T, name string) []byte {
	t.Helper()
	return bytes.TrimSpace(fixture(t, name))
}

// newDelivery returns a request that delivers a body, whatever it is.
func newDelivery(cfg salla.WebhookConfig, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	sallatest.Sign(r, cfg, body)
	return r
}

// The vector of the reference, computed apart from this code.
func TestParseWebhookKnowsTheSignature(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, "webhook_customer_otp_request.json")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-Salla-Signature", "36c59ed2910e6810539f703caa5e4a57bba963d9d4a4a02f3acf1b6625910b32")

	delivery, err := salla.ParseWebhook(r, signed)

	require.NoError(t, err)
	sum := sha256.Sum256(body)
	assert.Equal(t, &souk.Delivery{
		ID: hex.EncodeToString(sum[:]), Topic: "customer.otp.request", Store: "1029864349", CreatedAt: delivery.CreatedAt, Body: body,
		Event: &salla.OTPRequest{Code: "5331", Contact: "+966500000003"},
	}, delivery)
	assert.True(t, delivery.CreatedAt.Equal(at(t, "2021-06-30 12:09:11")))
}

func TestParseWebhookCustomer(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, "webhook_customer_login.json")
	for _, name := range []salla.Topic{salla.TopicCustomersLogin, salla.TopicCustomersCreate, salla.TopicCustomersUpdate} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			body := bytes.Replace(body, []byte("customer.login"), []byte(name), 1)

			delivery, err := salla.ParseWebhook(newDelivery(signed, body), signed)

			require.NoError(t, err)
			assert.EqualValues(t, name, delivery.Topic)
			assert.Equal(t, "1305146709", delivery.Store)
			customer, ok := delivery.Event.(*salla.Customer)
			require.True(t, ok)
			assert.Equal(t, int64(225167971), customer.ID)
			assert.Equal(t, "555555555", customer.Mobile)
			assert.Equal(t, new(true), customer.IsNotificationsEnabled)
			assert.Equal(t, "desktop", customer.Source.Device)
			assert.Equal(t, "127.0.0.1", customer.Source.IP)
			assert.Contains(t, customer.Source.UserAgent, "Chrome")
		})
	}
}

func TestParseWebhookAuthorization(t *testing.T) {
	t.Parallel()

	delivery, err := salla.ParseWebhook(newDelivery(tokenled, bodyOf(t, "webhook_app_store_authorize.json")), tokenled)

	require.NoError(t, err)
	assert.Equal(t, "1234509876", delivery.Store)
	assert.True(t, delivery.CreatedAt.Equal(at(t, "2022-12-31 12:31:25")))
	token, ok := delivery.Event.(*oauth2.Token)
	require.True(t, ok)
	assert.Equal(t, "ory_at_EXAMPLE.AAA", token.AccessToken)
	assert.Equal(t, "ory_rt_EXAMPLE.BBB", token.RefreshToken)
	assert.Equal(t, "bearer", token.TokenType)
	assert.Equal(t, time.Unix(1634819484, 0).UTC(), token.Expiry)
	assert.Equal(t, "settings.read branches.read offline_access", token.Extra("scope"))
}

func TestParseWebhookApp(t *testing.T) {
	t.Parallel()
	app := &salla.AppEvent{
		ID: 7, Name: "a", Description: "d", Type: "app", Scopes: []string{"customers.read", "offline_access"},
		InstallationDate: "2022-12-31 12:31:25", StoreType: "demo",
	}
	tests := []struct {
		name, body string
		want       *salla.AppEvent
	}{
		{"installed", `{"event":"app.installed","merchant":"5","created_at":"2026-05-28T13:34:45+03:00","data":{"id":7,"app_name":"a","app_description":"d","app_type":"app",
			"app_scopes":["customers.read","offline_access"],"installation_date":"2022-12-31 12:31:25","store_type":"demo"}}`, app},
		{"updated, with other spellings", `{"event":"app.updated","merchant":5,"created_at":"2026-05-28T13:34:45+03:00","data":{"id":"7","app_name":"a","description":"d",
			"app_type":"app","app_scopes":"customers.read,offline_access","installation_date":"2022-12-31 12:31:25","store_type":"demo"}}`, app},
		{"uninstalled, with nothing", `{"event":"app.uninstalled","merchant":5,"created_at":"2026-05-28T13:34:45+03:00","data":[]}`, &salla.AppEvent{}},
		{"uninstalled, without data", `{"event":"app.uninstalled","merchant":5,"created_at":"2026-05-28T13:34:45+03:00"}`, &salla.AppEvent{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			delivery, err := salla.ParseWebhook(newDelivery(signed, []byte(tt.body)), signed)

			require.NoError(t, err)
			assert.Equal(t, tt.want, delivery.Event)
			assert.Equal(t, "5", delivery.Store)
			assert.True(t, delivery.CreatedAt.Equal(at(t, "2026-05-28 13:34:45")))
		})
	}
}

// A proven delivery is returned, whatever it says.
func TestParseDeliveryOfAnyContent(t *testing.T) {
	t.Parallel()
	const unreadable = "salla: unreadable: "
	tests := []struct {
		name, body string
		want       souk.Delivery
		problem    string
	}{
		{"of an unknown topic", `{"event":"order.created","merchant":5,"created_at":"some day","data":{"id":[1]}}`, souk.Delivery{Topic: "order.created", Store: "5"}, ""},
		{"of an unknown topic, without data", `{"event":"order.created","merchant":"5"}`, souk.Delivery{Topic: "order.created", Store: "5"}, ""},
		{"loosely spelled", `{"event":"customer.updated","merchant":{},"data":{"id":"7","first_name":5}}`, souk.Delivery{Topic: "customer.updated", Event: &salla.Customer{ID: 7, FirstName: "5"}}, ""},
		{"of no store", `{"event":"app.updated","merchant":-1,"data":null}`, souk.Delivery{Topic: "app.updated", Event: &salla.AppEvent{}}, ""},
		{"of the store 0", `{"event":"app.updated","merchant":0,"data":null}`, souk.Delivery{Topic: "app.updated", Event: &salla.AppEvent{}}, ""},
		{"an app without id", `{"event":"app.updated","merchant":5,"data":{"app_name":"a"}}`, souk.Delivery{Topic: "app.updated", Store: "5", Event: &salla.AppEvent{Name: "a"}}, ""},
		{"no JSON", "<html>", souk.Delivery{}, "the body is not a JSON object"},
		{"a list", "[]", souk.Delivery{}, "the body is not a JSON object"},
		{"nothing", "", souk.Delivery{}, "the body is not a JSON object"},
		{"null", "null", souk.Delivery{}, "the body names no event"},
		{"an event that is a list", `{"event":["x"],"merchant":5}`, souk.Delivery{Store: "5"}, "the body names no event"},
		{"null for a customer", `{"event":"customer.created","merchant":5,"data":null}`, souk.Delivery{Topic: "customer.created", Store: "5"}, "the event is empty"},
		{"no data of a customer", `{"event":"customer.created","merchant":5}`, souk.Delivery{Topic: "customer.created", Store: "5"}, "the event is empty"},
		{"a customer of another form", `{"event":"customer.created","data":["x"]}`, souk.Delivery{Topic: "customer.created"}, "the event: expected object, got list"},
		{"a customer without id", `{"event":"customer.login","data":{"email":"a@b.example"}}`, souk.Delivery{Topic: "customer.login"}, "the event: expected id, got none"},
		{"a birthday of another form", `{"event":"customer.updated","data":{"id":7,"birthday":"20/10/1950"}}`, souk.Delivery{Topic: "customer.updated"}, "birthday: expected date, got text"},
		{"an empty password", `{"event":"customer.otp.request","data":{"code":"","contact":"a"}}`, souk.Delivery{Topic: "customer.otp.request"}, "the event holds no one-time password"},
		{"a password for nobody", `{"event":"customer.otp.request","data":{"code":"1"}}`, souk.Delivery{Topic: "customer.otp.request"}, "the event holds no one-time password"},
		{"null for a password", `{"event":"customer.otp.request","data":null}`, souk.Delivery{Topic: "customer.otp.request"}, "the event is empty"},
		{"no token", `{"event":"app.store.authorize","data":{}}`, souk.Delivery{Topic: "app.store.authorize"}, "the event holds no token"},
		{"null for a token", `{"event":"app.store.authorize","data":null}`, souk.Delivery{Topic: "app.store.authorize"}, "the event holds no token"},
		{"an app of another form", `{"event":"app.installed","data":{"app_type":[1]}}`, souk.Delivery{Topic: "app.installed"}, "app_type: expected text, got list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newDelivery(signed, []byte(tt.body))

			got, err := salla.ParseDelivery(r.Header, []byte(tt.body), signed)

			require.NoError(t, err)
			if tt.problem != "" {
				assert.EqualError(t, got.EventErr, unreadable+tt.problem)
				assert.ErrorIs(t, got.EventErr, souk.ErrUnreadable)
				tt.want.EventErr = got.EventErr
			}
			sum := sha256.Sum256([]byte(tt.body))
			tt.want.ID, tt.want.Body = hex.EncodeToString(sum[:]), []byte(tt.body)
			assert.Equal(t, &tt.want, got)
		})
	}
}

func TestTimesOfDeliveries(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		`"Tue Jan 25 2022 12:36:49 GMT+0300"`: time.Date(2022, 1, 25, 9, 36, 49, 0, time.UTC),
		`"2022-01-25 12:36:49"`:               time.Date(2022, 1, 25, 9, 36, 49, 0, time.UTC),
		`"2022-01-25T12:36:49+02:00"`:         time.Date(2022, 1, 25, 10, 36, 49, 0, time.UTC),
		`{"date":"2022-01-25 12:36:49.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`: time.Date(2022, 1, 25, 9, 36, 49, 0, time.UTC),
		`"some day"`: {}, `null`: {}, `[1]`: {}, `1643034415`: {},
	} {
		body := []byte(`{"event":"order.created","created_at":` + text + `}`)
		got, err := salla.ParseDelivery(newDelivery(signed, body).Header, body, signed)
		require.NoError(t, err)
		assert.True(t, want.Equal(got.CreatedAt), "%s is %s", text, got.CreatedAt)
	}
}

func TestParseDeliveryRefuses(t *testing.T) {
	t.Parallel()
	body := []byte(`{"event":"order.created","merchant":5,"data":{}}`)
	bySignature, byToken := newDelivery(signed, body).Header, newDelivery(tokenled, body).Header
	other := salla.WebhookConfig{Secrets: []string{"other"}, Strategy: salla.StrategySignature}
	tests := []struct {
		name   string
		header http.Header
		config salla.WebhookConfig
		want   string
	}{
		{"wrong signature", newDelivery(other, body).Header, signed, "the delivery's signature does not match the secret"},
		{"no signature", http.Header{}, signed, "the delivery has no signature"},
		{"token in place of signature", byToken, signed, "the delivery has no signature, but a token: the webhook is set to the strategy Token"},
		{"token with Bearer", http.Header{"Authorization": {"Bearer test-secret"}}, tokenled, "the delivery's token does not match the secret"},
		{"no token", http.Header{}, tokenled, "the delivery has no token"},
		{"signature in place of token", bySignature, tokenled, "the delivery has no token, but a signature: the webhook is set to the strategy Signature"},
		{"strategy told by the request", http.Header{"X-Salla-Security-Strategy": {"none"}}, signed, "the delivery has no signature"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			delivery, err := salla.ParseDelivery(tt.header, body, tt.config)

			assert.Nil(t, delivery)
			assert.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.EqualError(t, err, "salla: unauthorized: "+tt.want)
		})
	}
}

func TestWebhookConfigIsChecked(t *testing.T) {
	t.Parallel()
	const strategy = "Strategy: must be StrategySignature or StrategyToken, as the webhook is set to"
	for want, cfg := range map[string]salla.WebhookConfig{
		"Secrets: must not be empty; " + strategy: {},
		strategy: {Secrets: []string{"s"}, Strategy: salla.StrategyNone},
		"Secrets: must not hold an empty secret: everybody could sign with it": {Secrets: []string{""}, Strategy: salla.StrategyToken},
	} {
		want = "salla: invalid; " + want
		_, err := salla.ParseDelivery(nil, nil, cfg)
		assert.EqualError(t, err, want)
		_, err = salla.ParseWebhook(newDelivery(signed, nil), cfg)
		assert.EqualError(t, err, want)
		_, err = salla.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error { return nil })
		assert.EqualError(t, err, want)
	}
	_, err := salla.ParseWebhook(nil, signed)
	assert.EqualError(t, err, "salla: invalid; r: must not be nil")
}

func TestParseWebhookTakesTheBodyUpToTheCap(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(map[string]any{"event": "order.created", "data": strings.Repeat("x", 2<<20)})
	require.NoError(t, err)
	cfg := signed
	cfg.MaxBody = int64(len(body))

	_, err = salla.ParseWebhook(newDelivery(signed, body), cfg)
	assert.NoError(t, err)

	cfg.MaxBody--
	_, err = salla.ParseWebhook(newDelivery(signed, body), cfg)
	assert.EqualError(t, err, "salla: invalid: the delivery is longer than MaxBody")
}

// Salla takes 200 and 201 for received, and delivers again after anything else.
func TestWebhookHandlerAnswersSalla(t *testing.T) {
	t.Parallel()
	failures := 1
	var got []string
	var log bytes.Buffer
	cfg := tokenled
	cfg.MaxBody, cfg.Logger = 2048, slog.New(slog.NewTextHandler(&log, nil))
	h, err := salla.NewWebhookHandler(cfg, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		if failures--; failures >= 0 {
			return errors.New("later")
		}
		got = append(got, d.Store+" "+d.Topic)
		return nil
	})
	require.NoError(t, err)
	body := bodyOf(t, "webhook_customer_login.json")
	for _, want := range []int{500, 200, 200} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, newDelivery(tokenled, body))
		assert.Equal(t, want, w.Code)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, newDelivery(signed, body))
	assert.Equal(t, 401, w.Code)
	w = httptest.NewRecorder()
	h.ServeHTTP(w, newDelivery(tokenled, make([]byte, 2049)))
	assert.Equal(t, 413, w.Code)
	assert.Equal(t, []string{"1305146709 customer.login"}, got)
	assert.Regexp(t, "(?s)vendor=salla status=500 .* status=401 .* status=413 ", log.String())
}

// What a delivery holds, and what proves it, is in no error.
func TestDeliveryErrorsShowNothing(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := salla.WebhookConfig{Secrets: []string{canary.ClientSecret}, Strategy: salla.StrategyToken}
	for _, body := range []string{
		`{"event":"customer.created","data":["` + canary.Email + canary.Phone + `"]}`,
		`{"event":"customer.created","data":{"id":1,"birthday":"` + canary.Note + `"}}`,
		`{"event":"customer.created","data":{"id":"` + canary.Phone + `x"}}`,
		`{"event":"customer.otp.request","data":{"code":["` + canary.Password + `"],"contact":"` + canary.Email + `"}}`,
		`{"event":"app.store.authorize","data":{"access_token":["` + canary.Token + `"],"refresh_token":"` + canary.RefreshToken + `"}}`,
		`"` + canary.Email + `"`,
		canary.Street,
	} {
		r := newDelivery(cfg, []byte(body))
		got, err := salla.ParseWebhook(r, cfg)
		require.NoError(t, err)
		require.Error(t, got.EventErr, body)
		canary.CheckError(t, got.EventErr)
		canary.Check(t, fmt.Sprintf("%v %+v %#v %s", got, got, got, got))

		r.Header.Set("Authorization", canary.Token)
		_, err = salla.ParseDelivery(r.Header, []byte(body), cfg)
		require.Error(t, err)
		canary.CheckError(t, err)
	}
}
