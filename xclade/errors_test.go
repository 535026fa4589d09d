package xclade_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	fixture := func(status int, name string) func(*testkit.Reply) {
		return func(r *testkit.Reply) { r.Fixture(status, name) }
	}
	raw := func(status int, contentType, body string) func(*testkit.Reply) {
		return func(r *testkit.Reply) { r.Body(status, contentType, []byte(body)) }
	}
	const conflict = `{"code":"invalid_state_error","type":"conflict","message":"The request conflicted with another request."}`
	tests := []struct {
		name  string
		reply func(*testkit.Reply)
		class error
		code  string
		text  string
	}{
		{"wrong types", fixture(400, "error_invalid.json"), souk.ErrInvalid, "invalid_data", "400 invalid (invalid_data): Invalid request: Expected type: 'string' for field 'company_name'"},
		{"broken JSON", fixture(400, "error_bad_json.json"), souk.ErrInvalid, "invalid_data", "400 invalid (invalid_data): Unterminated string in JSON at position 13"},
		{"not allowed", raw(400, "application/json", `{"type":"not_allowed","message":"no"}`), souk.ErrInvalid, "not_allowed", "400 invalid (not_allowed): no"},
		{"unauthorized", fixture(401, "error_unauthorized.json"), souk.ErrUnauthorized, "", "401 unauthorized"},
		{"unauthorized as quoted text", raw(401, "text/plain", `"Unauthorized"`), souk.ErrUnauthorized, "", "401 unauthorized"},
		{"unauthorized as bare text", raw(401, "text/plain", `Unauthorized`), souk.ErrUnauthorized, "", "401 unauthorized"},
		{"forbidden", raw(403, "application/json", `{"type":"forbidden","message":"Forbidden"}`), souk.ErrForbidden, "forbidden", "403 forbidden"},
		{"not found", fixture(404, "error_not_found.json"), souk.ErrNotFound, "not_found", "404 not found: Customer with id: cus_01NOSUCH not found"},
		{"key as bearer", raw(401, "application/json", `{"message":"A secret API key was passed as a Bearer token."}`), souk.ErrUnauthorized, "", "401 unauthorized: A secret API key was passed as a [masked]"},
		{"no route", raw(404, "text/html", "<pre>Cannot GET /admin/customers/cus_1</pre>"), souk.ErrNotFound, "", "404 not found: there is no such route: check BaseURL"},
		{"no route of another path", fixture(404, "error_unknown_path.html"), souk.ErrUnreadable, "", "404 unavailable, unreadable: a web page came instead of the API's answer (text/html; charset=utf-8): check BaseURL and proxies"},
		{"conflict", raw(409, "application/json", conflict), souk.ErrUnavailable, "conflict", "409 unavailable (conflict): The request conflicted with another request."},
		{"body too large", fixture(413, "error_too_large.json"), souk.ErrInvalid, "unknown_error", "413 invalid (unknown_error): request entity too large"},
		{"head too large", raw(431, "", ""), souk.ErrInvalid, "", "431 invalid: the head of the request is larger than the server reads, which is 16 KiB with the credential"},
		{"rate limited", raw(429, "text/html", "<html>"), souk.ErrRateLimited, "", "429 rate limited"},
		{"server error", fixture(500, "error_server.json"), souk.ErrUnavailable, "unknown_error", "500 unavailable (unknown_error): An unknown error occurred."},
		{"mistake that the server did not foresee", raw(500, "application/json", `{"type":"invalid_argument","message":"Key accessor more than 2 levels deep"}`), souk.ErrInvalid, "invalid_argument", "500 invalid (invalid_argument): Key accessor more than 2 levels deep"},
		{"gateway", raw(502, "text/html", "<html>bad gateway</html>"), souk.ErrUnavailable, "", "502 unavailable, unreadable: a web page came"},
		{"broken answer", raw(400, "application/json", `{"type":`), souk.ErrInvalid, "", "400 invalid, unreadable: text that is not JSON or was cut off came"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			tt.reply(gock.Expect(testkit.Request{URL: host + "/admin/customers/cus_1"}))

			// A client of its own: the gate that a 429 closes is for all of a credential.
			client, err := xclade.NewClient(xclade.Config{Tenant: "acme", Token: testkit.Unique(), Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
			require.NoError(t, err)
			_, err = client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})

			e := requireError(t, err)
			assert.ErrorIs(t, err, tt.class)
			assert.Equal(t, tt.code, e.Code)
			assert.Contains(t, err.Error(), "xclade: GET /admin/customers/{id}: "+tt.text)
			assert.Equal(t, "GET", e.Method)
			assert.Equal(t, "/admin/customers/{id}", e.Route)
			assert.Equal(t, 1, e.Attempts)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
		})
	}
}

func TestTakenValues(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers/cus_1", Body: json.RawMessage(`{"email":"ada@example.test"}`)}).Fixture(400, "error_duplicate_email.json")
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customer-groups", Body: json.RawMessage(`{"name":"VIP"}`)}).Fixture(400, "error_duplicate_group.json")
	client := newClient(t, gock)

	_, email := client.Customers.Update(t.Context(), "cus_1", xclade.UpdateCustomerRequest{Email: new("ada@example.test")})
	_, name := client.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: "VIP"})

	assert.ErrorIs(t, email, souk.ErrAlreadyExists)
	assert.EqualError(t, email, "xclade: POST /admin/customers/{id}: 400 already exists (invalid_data): Customer with email: [masked], has_account: false, already exists.")
	assert.ErrorIs(t, name, souk.ErrAlreadyExists)
	assert.EqualError(t, name, "xclade: POST /admin/customer-groups: 400 already exists (invalid_data): Customer group with name: [masked] 6b028401, already exists.")
}

func TestErrorKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers", Body: json.RawMessage(`{"email":"ada@example.test"}`)}).Fixture(400, "error_duplicate_email.json")

	_, err := newClient(t, gock).Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})

	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok)
	assert.Equal(t, 400, e.StatusCode)
	assert.Equal(t, "Customer with email: ada@example.test, has_account: false, already exists.", e.Message)
	assert.Equal(t, string(testkit.Fixture(t, "error_duplicate_email.json")), string(e.Body))
}

func TestErrorsShowNothingPersonal(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers", Body: func([]byte) error { return nil }}).
		JSON(400, `{"type":"invalid_data","message":"`+canary.Email+` `+canary.Phone+`"}`)
	var log testkit.Log
	client, err := xclade.NewClient(xclade.Config{Tenant: "acme", Token: canary.Token, Options: souk.Options{HTTPClient: gock.Client(), Logger: log.Logger()}})
	require.NoError(t, err)

	_, err = client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{
		Email: canary.Email, Phone: canary.Phone, FirstName: canary.FirstName, LastName: canary.LastName,
	})

	require.Error(t, err)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "error", err)
	canary.Check(t, err.Error())
	canary.Check(t, log.Text())
	canary.Check(t, logged.String())
}

func TestContexts(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	gock := testkit.NewGock(t) // nothing is expected
	client := newClient(t, gock)
	for name, tt := range map[string]struct {
		ctx  context.Context
		is   error
		text string
	}{
		"nil":       {nil, souk.ErrInvalid, "invalid: the context is nil; use context.Background()"},
		"cancelled": {cancelled, context.Canceled, "context canceled"},
		"late":      {late, context.DeadlineExceeded, "context deadline exceeded"},
	} {
		_, err := client.Customers.Get(tt.ctx, "cus_1", xclade.GetCustomerRequest{})
		assert.ErrorIs(t, err, tt.is, name)
		assert.EqualError(t, err, "xclade: GET /admin/customers/{id}: "+tt.text)

		for _, err := range client.Customers.All(tt.ctx, xclade.ListCustomersRequest{}) {
			assert.ErrorIs(t, err, tt.is, name)
		}
	}
}
