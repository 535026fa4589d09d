package salla_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
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
	signed   = salla.WebhookConfig{Secret: "test-secret", Strategy: salla.StrategySignature}
	tokenled = salla.WebhookConfig{Secret: "test-secret", Strategy: salla.StrategyToken}
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
	assert.Equal(t, &salla.Delivery{
		ID: hex.EncodeToString(sum[:]), Type: salla.EventCustomerOTPRequest, Merchant: 1029864349,
		CreatedAt: delivery.CreatedAt, CreatedAtText: "Wed Jun 30 2021 12:09:11 GMT+0300",
		Event: &salla.OTPRequest{Code: "5331", Contact: "+966500000003"},
		Data:  raw(`{"code":"5331","contact":"+966500000003"}`),
	}, delivery)
	assert.True(t, delivery.CreatedAt.Equal(at(t, "2021-06-30 12:09:11")))
}

func TestParseWebhookCustomer(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, "webhook_customer_login.json")
	for _, name := range []salla.EventType{salla.EventCustomerLogin, salla.EventCustomerCreated, salla.EventCustomerUpdated} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			body := bytes.Replace(body, []byte("customer.login"), []byte(name), 1)

			delivery, err := salla.ParseWebhook(newDelivery(signed, body), signed)

			require.NoError(t, err)
			assert.Equal(t, name, delivery.Type)
			assert.Equal(t, int64(1305146709), delivery.Merchant)
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
	assert.Equal(t, int64(1234509876), delivery.Merchant)
	assert.True(t, delivery.CreatedAt.Equal(at(t, "2022-12-31 12:31:25")))
	token, ok := delivery.Event.(*oauth2.Token)
	require.True(t, ok)
	assert.Equal(t, "ory_at_EXAMPLE.AAA", token.AccessToken)
	assert.Equal(t, "ory_rt_EXAMPLE.BBB", token.RefreshToken)
	assert.Equal(t, "bearer", token.TokenType)
	assert.Equal(t, time.Unix(1634819484, 0), token.Expiry)
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
			assert.Equal(t, int64(5), delivery.Merchant)
			assert.True(t, delivery.CreatedAt.Equal(at(t, "2026-05-28 13:34:45")))
		})
	}
}

// Events that this package does not know come with their data.
func TestParseWebhookOther(t *testing.T) {
	t.Parallel()
	body := `{"event":"order.created","merchant":5,"created_at":"some day","data":{"id":[1]}}`

	delivery, err := salla.ParseWebhook(newDelivery(signed, []byte(body)), signed)

	require.NoError(t, err)
	sum := sha256.Sum256([]byte(body))
	assert.Equal(t, &salla.Delivery{
		ID: hex.EncodeToString(sum[:]), Type: "order.created", Merchant: 5, CreatedAtText: "some day", Data: raw(`{"id":[1]}`),
	}, delivery)
}

func TestParseWebhookRefuses(t *testing.T) {
	t.Parallel()
	body := `{"event":"order.created","merchant":5,"data":{}}`
	changed := func(change func(*http.Request)) *http.Request {
		r := newDelivery(signed, []byte(body))
		change(r)
		return r
	}
	tests := []struct {
		name    string
		request *http.Request
		config  salla.WebhookConfig
		class   error
		want    string
	}{
		{
			"wrong signature", newDelivery(salla.WebhookConfig{Secret: "other", Strategy: salla.StrategySignature}, []byte(body)), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery's signature does not match the secret",
		},
		{
			"changed body", changed(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(strings.Replace(body, "5", "6", 1))) }), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery's signature does not match the secret",
		},
		{
			"malformed signature", changed(func(r *http.Request) { r.Header.Set("X-Salla-Signature", "sha256=abc") }), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery's signature is malformed",
		},
		{
			"no signature", changed(func(r *http.Request) { r.Header.Del("X-Salla-Signature") }), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery has no signature",
		},
		{
			"token in place of signature", newDelivery(tokenled, []byte(body)), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery has a token and no signature: the webhook is set to the strategy Token",
		},
		{
			"wrong token", newDelivery(salla.WebhookConfig{Secret: "other", Strategy: salla.StrategyToken}, []byte(body)), tokenled,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery's token does not match the secret",
		},
		{
			"token with Bearer", changed(func(r *http.Request) { r.Header.Set("Authorization", "Bearer test-secret") }), tokenled,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery's token does not match the secret",
		},
		{
			"no token", changed(func(r *http.Request) { r.Header = http.Header{} }), tokenled,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery has no token",
		},
		{
			"signature in place of token", changed(func(*http.Request) {}), tokenled,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery has a signature and no token: the webhook is set to the strategy Signature",
		},
		{
			"strategy told by the request", changed(func(r *http.Request) {
				r.Header = http.Header{"X-Salla-Security-Strategy": {"none"}}
			}), signed,
			souk.ErrUnauthorized, "salla: unauthorized: the delivery has no signature",
		},
		{
			"10 MiB", newDelivery(signed, make([]byte, 10<<20)), signed,
			souk.ErrInvalid, "salla: invalid: the delivery is longer than MaxBody",
		},
		{
			"10 MiB of unknown length", func() *http.Request {
				r := newDelivery(signed, make([]byte, 10<<20))
				r.ContentLength = -1
				return r
			}(), signed,
			souk.ErrInvalid, "salla: invalid: the delivery is longer than MaxBody",
		},
		{
			"broken off", changed(func(r *http.Request) { r.Body = io.NopCloser(broken{}) }), signed,
			souk.ErrInvalid, "salla: invalid: the delivery broke off",
		},
		{"no JSON", newDelivery(signed, []byte("<html>")), signed, souk.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{"no event", newDelivery(signed, []byte("{}")), signed, souk.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{"nothing", newDelivery(signed, nil), signed, souk.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{
			"customer of another form", newDelivery(signed, []byte(`{"event":"customer.created","data":["x"]}`)), signed,
			souk.ErrInvalid, "salla: invalid: the data of the delivery is of an unexpected form",
		},
		{
			"authorization without token", newDelivery(signed, []byte(`{"event":"app.store.authorize","data":{}}`)), signed,
			souk.ErrInvalid, "salla: invalid: the data of the delivery is of an unexpected form",
		},
		{
			"no secret", newDelivery(salla.WebhookConfig{Strategy: salla.StrategySignature}, []byte(body)),
			salla.WebhookConfig{Strategy: salla.StrategySignature},
			souk.ErrInvalid, "salla: invalid; Secret: must not be empty",
		},
		{
			"no strategy", newDelivery(signed, []byte(body)),
			salla.WebhookConfig{Secret: "test-secret"},
			souk.ErrInvalid, "salla: invalid; Strategy: must be StrategySignature or StrategyToken, as the webhook is set to",
		},
		{
			"strategy none", newDelivery(signed, []byte(body)),
			salla.WebhookConfig{Secret: "test-secret", Strategy: salla.StrategyNone},
			souk.ErrInvalid, "salla: invalid; Strategy: must be StrategySignature or StrategyToken, as the webhook is set to",
		},
		{"no request", nil, signed, souk.ErrInvalid, "salla: invalid; r: must not be nil"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			delivery, err := salla.ParseWebhook(tt.request, tt.config)

			assert.Nil(t, delivery)
			assert.ErrorIs(t, err, tt.class)
			assert.EqualError(t, err, tt.want)
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }

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
	assert.ErrorIs(t, err, souk.ErrInvalid)
}

// What a delivery holds is not in the error that refuses it.
func TestParseWebhookErrorsShowNothing(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := salla.WebhookConfig{Secret: canary.ClientSecret, Strategy: salla.StrategyToken}
	body := []byte(`{"event":"customer.created","data":["` + canary.Email + canary.Phone + `"]}`)
	good := newDelivery(cfg, body)
	bad := newDelivery(cfg, body)
	bad.Header.Set("Authorization", canary.Token)

	for _, r := range []*http.Request{good, bad} {
		_, err := salla.ParseWebhook(r, cfg)

		require.Error(t, err)
		canary.CheckError(t, err)
	}
}
