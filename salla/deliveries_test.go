package salla_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// The vector of the reference, computed apart from this code.
func TestParseWebhookKnowsTheSignature(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, "webhook_customer_otp_request.json")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-Salla-Signature", "36c59ed2910e6810539f703caa5e4a57bba963d9d4a4a02f3acf1b6625910b32")

	event, err := salla.ParseWebhook(r, signed)

	require.NoError(t, err)
	sum := sha256.Sum256(body)
	assert.Equal(t, &salla.WebhookEvent{
		Event: salla.EventCustomerOTPRequest, Merchant: 1029864349,
		CreatedAt: event.CreatedAt, CreatedAtText: "Wed Jun 30 2021 12:09:11 GMT+0300",
		ID:   hex.EncodeToString(sum[:]),
		OTP:  &salla.OTPRequest{Code: "5331", Contact: "+966500000003"},
		Data: raw(`{"code":"5331","contact":"+966500000003"}`),
	}, event)
	assert.True(t, event.CreatedAt.Equal(at(t, "2021-06-30 12:09:11")))
}

func TestParseWebhookCustomer(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, "webhook_customer_login.json")
	for _, name := range []salla.EventType{salla.EventCustomerLogin, salla.EventCustomerCreated, salla.EventCustomerUpdated} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			body := bytes.Replace(body, []byte("customer.login"), []byte(name), 1)

			event, err := salla.ParseWebhook(sallatest.Delivery(signed, body), signed)

			require.NoError(t, err)
			assert.Equal(t, name, event.Event)
			assert.Equal(t, int64(1305146709), event.Merchant)
			assert.Equal(t, int64(225167971), event.Customer.ID)
			assert.Equal(t, "555555555", event.Customer.Mobile)
			assert.Equal(t, new(true), event.Customer.IsNotificationsEnabled)
			assert.Equal(t, "desktop", event.Customer.Source.Device)
			assert.Equal(t, "127.0.0.1", event.Customer.Source.IP)
			assert.Contains(t, event.Customer.Source.UserAgent, "Chrome")
			assert.Nil(t, event.OTP)
			assert.Nil(t, event.Token)
			assert.Nil(t, event.App)
		})
	}
}

func TestParseWebhookAuthorization(t *testing.T) {
	t.Parallel()

	event, err := salla.ParseWebhook(sallatest.Delivery(tokenled, bodyOf(t, "webhook_app_store_authorize.json")), tokenled)

	require.NoError(t, err)
	assert.Equal(t, int64(1234509876), event.Merchant)
	assert.True(t, event.CreatedAt.Equal(at(t, "2022-12-31 12:31:25")))
	assert.Equal(t, "ory_at_EXAMPLE.AAA", event.Token.AccessToken)
	assert.Equal(t, "ory_rt_EXAMPLE.BBB", event.Token.RefreshToken)
	assert.Equal(t, "bearer", event.Token.TokenType)
	assert.Equal(t, time.Unix(1634819484, 0), event.Token.Expiry)
	assert.Equal(t, "settings.read branches.read offline_access", event.Token.Extra("scope"))
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

			event, err := salla.ParseWebhook(sallatest.Delivery(signed, []byte(tt.body)), signed)

			require.NoError(t, err)
			assert.Equal(t, tt.want, event.App)
			assert.Equal(t, int64(5), event.Merchant)
			assert.True(t, event.CreatedAt.Equal(at(t, "2026-05-28 13:34:45")))
		})
	}
}

// Events that this package does not know come with their data.
func TestParseWebhookOther(t *testing.T) {
	t.Parallel()
	body := `{"event":"order.created","merchant":5,"created_at":"some day","data":{"id":[1]}}`

	event, err := salla.ParseWebhook(sallatest.Delivery(signed, []byte(body)), signed)

	require.NoError(t, err)
	sum := sha256.Sum256([]byte(body))
	assert.Equal(t, &salla.WebhookEvent{
		Event: "order.created", Merchant: 5, CreatedAtText: "some day", ID: hex.EncodeToString(sum[:]), Data: raw(`{"id":[1]}`),
	}, event)
}

func TestParseWebhookRefuses(t *testing.T) {
	t.Parallel()
	body := `{"event":"order.created","merchant":5,"data":{}}`
	delivery := func(change func(*http.Request)) *http.Request {
		r := sallatest.Delivery(signed, []byte(body))
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
			"wrong signature", sallatest.Delivery(salla.WebhookConfig{Secret: "other", Strategy: salla.StrategySignature}, []byte(body)), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery's signature does not match the secret",
		},
		{
			"changed body", delivery(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(strings.Replace(body, "5", "6", 1))) }), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery's signature does not match the secret",
		},
		{
			"malformed signature", delivery(func(r *http.Request) { r.Header.Set("X-Salla-Signature", "sha256=abc") }), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery's signature is malformed",
		},
		{
			"no signature", delivery(func(r *http.Request) { r.Header.Del("X-Salla-Signature") }), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery has no signature",
		},
		{
			"token in place of signature", sallatest.Delivery(tokenled, []byte(body)), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery has a token and no signature: the webhook is set to the strategy Token",
		},
		{
			"wrong token", sallatest.Delivery(salla.WebhookConfig{Secret: "other", Strategy: salla.StrategyToken}, []byte(body)), tokenled,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery's token does not match the secret",
		},
		{
			"token with Bearer", delivery(func(r *http.Request) { r.Header.Set("Authorization", "Bearer test-secret") }), tokenled,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery's token does not match the secret",
		},
		{
			"no token", delivery(func(r *http.Request) { r.Header = http.Header{} }), tokenled,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery has no token",
		},
		{
			"signature in place of token", delivery(func(*http.Request) {}), tokenled,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery has a signature and no token: the webhook is set to the strategy Signature",
		},
		{
			"strategy told by the request", delivery(func(r *http.Request) {
				r.Header = http.Header{"X-Salla-Security-Strategy": {"none"}}
			}), signed,
			salla.ErrUnauthorized, "salla: unauthorized: the delivery has no signature",
		},
		{
			"10 MiB", sallatest.Delivery(signed, make([]byte, 10<<20)), signed,
			salla.ErrInvalid, "salla: invalid: the delivery is longer than MaxBody",
		},
		{
			"10 MiB of unknown length", func() *http.Request {
				r := sallatest.Delivery(signed, make([]byte, 10<<20))
				r.ContentLength = -1
				return r
			}(), signed,
			salla.ErrInvalid, "salla: invalid: the delivery is longer than MaxBody",
		},
		{
			"broken off", delivery(func(r *http.Request) { r.Body = io.NopCloser(broken{}) }), signed,
			salla.ErrInvalid, "salla: invalid: the delivery broke off",
		},
		{"no JSON", sallatest.Delivery(signed, []byte("<html>")), signed, salla.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{"no event", sallatest.Delivery(signed, []byte("{}")), signed, salla.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{"nothing", sallatest.Delivery(signed, nil), signed, salla.ErrInvalid, "salla: invalid: the delivery is no event of Salla's"},
		{
			"customer of another form", sallatest.Delivery(signed, []byte(`{"event":"customer.created","data":["x"]}`)), signed,
			salla.ErrInvalid, "salla: invalid: the data of the delivery is of an unexpected form",
		},
		{
			"authorization without token", sallatest.Delivery(signed, []byte(`{"event":"app.store.authorize","data":{}}`)), signed,
			salla.ErrInvalid, "salla: invalid: the data of the delivery is of an unexpected form",
		},
		{
			"no secret", sallatest.Delivery(salla.WebhookConfig{Strategy: salla.StrategySignature}, []byte(body)),
			salla.WebhookConfig{Strategy: salla.StrategySignature},
			salla.ErrInvalid, "salla: invalid; Secret: must not be empty",
		},
		{
			"no strategy", sallatest.Delivery(signed, []byte(body)),
			salla.WebhookConfig{Secret: "test-secret"},
			salla.ErrInvalid, "salla: invalid; Strategy: must be StrategySignature or StrategyToken, as the webhook is set to",
		},
		{
			"strategy none", sallatest.Delivery(signed, []byte(body)),
			salla.WebhookConfig{Secret: "test-secret", Strategy: salla.StrategyNone},
			salla.ErrInvalid, "salla: invalid; Strategy: must be StrategySignature or StrategyToken, as the webhook is set to",
		},
		{"no request", nil, signed, salla.ErrInvalid, "salla: invalid; r: must not be nil"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			event, err := salla.ParseWebhook(tt.request, tt.config)

			assert.Nil(t, event)
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

	_, err = salla.ParseWebhook(sallatest.Delivery(signed, body), cfg)
	assert.NoError(t, err)

	cfg.MaxBody--
	_, err = salla.ParseWebhook(sallatest.Delivery(signed, body), cfg)
	assert.ErrorIs(t, err, salla.ErrInvalid)
}

// What a delivery holds is not in the error that refuses it.
func TestParseWebhookErrorsShowNothing(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := salla.WebhookConfig{Secret: canary.ClientSecret, Strategy: salla.StrategyToken}
	body := []byte(`{"event":"customer.created","data":["` + canary.Email + canary.Phone + `"]}`)
	good := sallatest.Delivery(cfg, body)
	bad := sallatest.Delivery(cfg, body)
	bad.Header.Set("Authorization", canary.Token)

	for _, r := range []*http.Request{good, bad} {
		_, err := salla.ParseWebhook(r, cfg)

		require.Error(t, err)
		canary.CheckError(t, err)
	}
}
