package salla_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// seed adds the fixtures whose names begin so.
func seed(f *testing.F, prefixes ...string) {
	for _, prefix := range prefixes {
		names, err := filepath.Glob("testdata/" + prefix + "*.json")
		if err != nil || len(names) == 0 {
			f.Fatalf("no fixtures %s: %v", prefix, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// No body of a failure makes the decoder panic, and none gets lost.
func FuzzRefusal(f *testing.F) {
	seed(f, "error_", "token_invalid", "customer_import_422", "loyalty_")
	f.Add([]byte(`{"error":{"code":{},"message":[],"fields":{"a":{"b":1}}}}`))
	f.Add([]byte(`{"error":null,"success":"maybe","status":1e999}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Path: "/admin/v2/customers/7"}).Body(422, "application/json", body)

		_, err := newClient(t, gock).Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

		e := requireError(t, err)
		assert.Equal(t, 422, e.StatusCode)
		assert.True(t, bytes.Equal(body, e.Body))
		assert.NotContains(t, err.Error(), "\n")
	})
}

// No success makes the decoders panic.
func FuzzCustomers(f *testing.F) {
	seed(f, "customer_list", "pagination")
	f.Fuzz(func(t *testing.T, body []byte) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Path: "/admin/v2/customers"}).Body(200, "application/json", body)

		list, err := newClient(t, gock).Customers.List(t.Context(), salla.ListCustomersRequest{})
		if err != nil {
			requireError(t, err)
			return
		}
		list.Next()
	})
}

// No delivery makes ParseWebhook panic, and what it returns is complete.
func FuzzParseWebhook(f *testing.F) {
	seed(f, "webhook_")
	f.Add([]byte(`{"event":"customer.created","data":null}`))
	f.Add([]byte(`{"event":"app.uninstalled","data":[]}`))
	f.Add([]byte(`{"event":"app.store.authorize","data":{"access_token":"a","expires":"9e99"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Authorization", "secret")

		delivery, err := salla.ParseWebhook(r, salla.WebhookConfig{Secret: "secret", Strategy: salla.StrategyToken})
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrInvalid)
			return
		}
		switch event := delivery.Event.(type) {
		case nil:
		case *oauth2.Token:
			assert.NotEmpty(t, event.AccessToken)
			assert.False(t, event.Expiry.IsZero())
		default:
			assert.False(t, reflect.ValueOf(event).IsNil())
		}
	})
}
