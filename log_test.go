package souk_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
)

// since returns the records beyond the first n, without the time.
func since(log *testkit.Log, n int) []map[string]any {
	records := log.Records()[n:]
	for _, record := range records {
		delete(record, "time")
	}
	return records
}

func TestRecordsOfACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log testkit.Log
		server, client := tenant(t, souk.Options{Logger: log.Logger()})
		seed(t, client, "ada")
		before := len(log.Records())
		server.Inject(souktest.Fault{Drop: true})
		server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}})
		server.Inject(souktest.Fault{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}})

		_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

		require.NoError(t, err)
		request := func(level string, status, attempt float64) map[string]any {
			return map[string]any{
				"level": level, "msg": "request", "vendor": "xclade", "method": "GET", "route": "/admin/customers",
				"status": status, "attempt": attempt, "duration": 0., "request_id": "",
			}
		}
		dropped := request("WARN", 0, 1)
		dropped["failure"] = "reset"
		assert.Equal(t, []map[string]any{
			dropped, // and after less than a second
			request("WARN", 429, 2),
			{
				"level": "INFO", "msg": "wait", "vendor": "xclade", "method": "GET", "route": "/admin/customers",
				"reason": "held", "duration": 30e9,
			},
			request("WARN", 503, 3), // a wait of a second is none to wonder about
			request("DEBUG", 200, 4),
		}, since(&log, before))
	})
}

// A program that looks before it creates counts on being told that there is none.
func TestAnExpectedRefusalIsNoWarning(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	server, client := tenant(t, souk.Options{Logger: log.Logger()})
	seed(t, client, "ada")
	get := func() error {
		_, err := client.Customers.Get(t.Context(), "cus_unknown", xclade.GetCustomerRequest{})
		return err
	}
	for _, c := range []struct {
		level string
		class error
		call  func() error
	}{
		{"DEBUG", souk.ErrNotFound, get},
		{"DEBUG", souk.ErrAlreadyExists, func() error {
			_, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})
			return err
		}},
		{"WARN", souk.ErrInvalid, func() error {
			server.Inject(souktest.Fault{Status: http.StatusBadRequest, Body: `{"type":"invalid_data","message":"no"}`})
			return get()
		}},
		{"WARN", souk.ErrUnreadable, func() error { // a proxy's
			server.Inject(souktest.Fault{Status: http.StatusUnprocessableEntity, Body: "<html>"})
			return get()
		}},
	} {
		before := len(log.Records())
		require.ErrorIs(t, c.call(), c.class)
		got := since(&log, before)
		require.Len(t, got, 1, "%v", c.class)
		assert.Equal(t, c.level, got[0]["level"], "%v", c.class)
	}
}

func TestSuccessesAreForALoggerThatWantsAll(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	_, client := tenant(t, souk.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	seed(t, client, "ada")
	assert.Empty(t, log.String())
}
