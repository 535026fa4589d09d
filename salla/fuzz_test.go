package salla_test

import (
	"bytes"
	"net/http"
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

// Every delivery that is proven is returned, and what it says is complete.
func FuzzParseDelivery(f *testing.F) {
	seed(f, "webhook_")
	for _, body := range []string{
		"", "null", "[]", `{"event":"customer.created","data":null}`, `{"event":"app.uninstalled","data":[]}`,
		`{"event":"app.store.authorize","data":{"access_token":"a","expires":"9e99"}}`,
		`{"event":"customer.updated","merchant":"7","created_at":"2026-01-01 10:00:00","data":{"id":"7","birthday":{"date":"x"}}}`,
		`{"event":"customer.otp.request","data":{"code":1,"contact":2}}`, "{\"event\":\"\xff\",\"data\":{}}",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		cfg := salla.WebhookConfig{Secrets: []string{"secret"}, Strategy: salla.StrategyToken}
		delivery, err := salla.ParseDelivery(http.Header{"Authorization": {"secret"}}, body, cfg)
		if err != nil {
			assert.Greater(t, len(body), 1<<20)
			return
		}
		assert.Equal(t, body, delivery.Body)
		assert.Len(t, delivery.ID, 64)
		if delivery.EventErr != nil {
			assert.Nil(t, delivery.Event)
			assert.ErrorIs(t, delivery.EventErr, souk.ErrUnreadable)
		}
		switch event := delivery.Event.(type) {
		case nil:
		case *salla.Customer:
			assert.NotZero(t, event.ID)
		case *oauth2.Token:
			assert.NotEmpty(t, event.AccessToken)
			assert.False(t, event.Expiry.IsZero())
		default:
			assert.False(t, reflect.ValueOf(event).IsNil())
		}
	})
}
