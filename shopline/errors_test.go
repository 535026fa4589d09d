package shopline_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body  string
		status      int
		class       error
		code        string
		message     string
		fields      map[string][]string
		foreign     string // what came instead, if it is not SHOPLINE's
		contentType string
	}{
		{
			name: "a text", status: 404, body: `{"errors":"The product does not exist."}`,
			class: souk.ErrNotFound, message: "The product does not exist.",
		},
		{
			name: "a list", status: 422, body: `{"errors":["first","second",3]}`,
			class: souk.ErrInvalid, message: "first; second; 3",
		},
		{
			name: "an object", status: 422, body: `{"errors":{"phone":["is too long","has letters"],"email":"is malformed","note":null}}`,
			class:  souk.ErrInvalid,
			fields: map[string][]string{"phone": {"is too long", "has letters"}, "email": {"is malformed"}, "note": nil},
		},
		{name: "errors and more", status: 403, body: `{"errors":"no","message":"ask","code":"X"}`, class: souk.ErrForbidden, code: "X", message: "no; ask"},
		{name: "errors of another kind", status: 400, body: `{"errors":[{"a":1},null,true]}`, class: souk.ErrInvalid, fields: map[string][]string{"a": {"1"}}},
		{name: "a text in another letter case", status: 403, body: `{"Errors":"no"}`, class: souk.ErrForbidden, foreign: "JSON of another form"},
		{name: "null", status: 400, body: `{"errors":null}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "an empty object", status: 400, body: `{"errors":{}}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "an empty list", status: 400, body: `{"errors":[]}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "false", status: 400, body: `{"errors":false}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "zero", status: 400, body: `{"errors":0}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a number", status: 400, body: `{"errors":1024}`, class: souk.ErrInvalid, message: "1024"},
		{name: "error", status: 403, body: `{"error":"no scope"}`, class: souk.ErrForbidden, foreign: "JSON of another form"},
		{name: "an object as error", status: 400, body: `{"error":{"phone":"bad"}}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a message alone", status: 400, body: `{"message":"maintenance"}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a code alone", status: 400, body: `{"code":"BAD"}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a code and an i18nCode", status: 400, body: `{"code":400,"i18nCode":"BAD"}`, class: souk.ErrInvalid, code: "BAD"},
		{name: "message and a code", status: 400, body: `{"code":"BAD","message":"no"}`, class: souk.ErrInvalid, code: "BAD", message: "no"},
		{name: "a code that is a number", status: 400, body: `{"code":1002,"message":"no"}`, class: souk.ErrInvalid, code: "1002", message: "no"},
		{name: "a code that is a list", status: 400, body: `{"code":[1],"message":"no"}`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a list alone", status: 400, body: `["no"]`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "a text alone", status: 400, body: `"no"`, class: souk.ErrInvalid, foreign: "JSON of another form"},
		{name: "nothing", status: 400, body: "", class: souk.ErrInvalid, foreign: "nothing"},
		{name: "half an answer", status: 400, body: `{"errors":`, class: souk.ErrInvalid, foreign: "text that is not JSON or was cut off"},
		{
			name: "a web page", status: 403, body: string(testkit.Fixture(t, "error_page.html")), contentType: "text/html",
			class: souk.ErrForbidden, foreign: "a web page",
		},
		{
			name: "a web page of SHOPLINE's firewall", status: 433, body: string(testkit.Fixture(t, "error_page.html")), contentType: "text/html",
			class: souk.ErrForbidden, message: "the request was taken for an attack, or its address is on a list: wait",
		},
		{name: "a frozen store", status: 402, body: `{"errors":"pay"}`, class: souk.ErrForbidden, message: "pay"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			client := newClient(t, g)
			if test.contentType == "" {
				test.contentType = "application/json"
			}
			g.Expect(testkit.Request{URL: base + "/customers/v2/42.json"}).
				Body(test.status, test.contentType, []byte(test.body)).
				Header("traceId", "6a982b8b000000001ac3764f92d2ec0d")

			_, err := client.Customers.Get(t.Context(), "42", shopline.GetCustomerRequest{})

			require.ErrorIs(t, err, test.class)
			e, ok := errors.AsType[*souk.Error](err)
			require.True(t, ok)
			assert.Equal(t, test.status, e.StatusCode)
			assert.Equal(t, test.code, e.Code)
			if test.foreign != "" {
				test.message = test.foreign + " came instead of the API's answer (" + test.contentType + "): check BaseURL and proxies"
			}
			assert.Equal(t, test.message, e.Message)
			assert.Equal(t, test.foreign != "", errors.Is(err, souk.ErrUnreadable))
			assert.Equal(t, test.fields, e.Fields)
			assert.Equal(t, "6a982b8b000000001ac3764f92d2ec0d", e.RequestID)
			assert.Equal(t, "GET", e.Method)
			assert.Equal(t, "/customers/v2/{id}.json", e.Route)
			assert.Equal(t, 1, e.Attempts)
			assert.Equal(t, test.body, string(e.Body))
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/42.json"}).
		JSON(http.StatusNotFound, `{"errors":"The customer does not exist."}`).Header("traceid", "6a982b8b")

	_, err := client.Customers.Get(t.Context(), "42", shopline.GetCustomerRequest{})

	assert.EqualError(t, err, "shopline: GET /customers/v2/{id}.json: 404 not found: The customer does not exist; request id 6a982b8b")
}

func TestErrorAsAttributes(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/42.json"}).
		JSON(http.StatusForbidden, `{"code":"NO","message":"ask jerry@example.com"}`).Header("traceid", "6a98")

	_, err := client.Customers.Get(t.Context(), "42", shopline.GetCustomerRequest{})
	log.Logger().Warn("failed", "error", err)

	require.Len(t, log.Records(), 1)
	assert.Equal(t, map[string]any{
		"vendor": "shopline", "method": "GET", "route": "/customers/v2/{id}.json", "status": 403.0, "code": "NO",
		"message": "ask [masked]", "attempts": 1.0, "request_id": "6a98", "class": "forbidden",
	}, log.Records()[0]["error"])
}

func TestEveryStatusHasItsClass(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]error{
		400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 402: souk.ErrForbidden, 403: souk.ErrForbidden,
		404: souk.ErrNotFound, 406: souk.ErrInvalid, 409: souk.ErrInvalid, 412: souk.ErrInvalid, 422: souk.ErrInvalid,
		423: souk.ErrForbidden, 433: souk.ErrForbidden, 434: souk.ErrForbidden, 435: souk.ErrForbidden,
		436: souk.ErrForbidden, 501: souk.ErrForbidden,
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			client := newClient(t, g)
			// One mock: a second request would fail the test.
			g.Expect(testkit.Request{Method: "DELETE", URL: base + "/customers/42.json"}).JSON(status, `{"errors":"no"}`)
			g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: `{"customer":{"email":"a@b.example"}}`}).
				JSON(status, `{"errors":"no"}`)

			err := client.Customers.Delete(t.Context(), "42")
			_, written := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

			for _, err := range []error{err, written} {
				require.ErrorIs(t, err, class)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.NotErrorIs(t, err, souk.ErrUnreadable)
			}
		})
	}
}

func TestEverySuccessIsASuccess(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			client := newClient(t, g)
			g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: `{"customer":{"email":"a@b.example"}}`}).
				Fixture(status, "customer_create.json")

			customer, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

			require.NoError(t, err)
			assert.Equal(t, nanTest(), customer)
		})
	}
	t.Run("No Content", func(t *testing.T) {
		t.Parallel()
		g := testkit.NewGock(t)
		client := newClient(t, g)
		g.Expect(testkit.Request{Method: "DELETE", URL: base + "/customer_saved_searches/GROUP1.json"}).Status(http.StatusNoContent)

		assert.NoError(t, client.CustomerGroups.Delete(t.Context(), "GROUP1"))
	})
}

// inBubble runs a test with fake time and a store of its own, since the gate of
// a store must not cross bubbles.
func inBubble(t *testing.T, f func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g, handle := testkit.NewGock(t), handleOf(t)
		client, err := shopline.NewClient(shopline.Config{Handle: handle, Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client()}})
		require.NoError(t, err)
		f(t, g, client, "https://"+handle+".myshopline.com/admin/openapi/v20260601")
	})
}

func TestRateLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
		body := `{"customer":{"email":"a@b.example"}}`
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: body}).Fixture(http.StatusTooManyRequests, "error_limit.json")
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: body}).Fixture(http.StatusOK, "customer_create.json")
		started := time.Now()

		customer, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

		require.NoError(t, err)
		assert.Equal(t, nanTest(), customer)
		assert.Positive(t, time.Since(started))
	})
}

func TestRateLimitThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
		g.Expect(testkit.Request{URL: base + "/customers/v2/count.json"}).Fixture(http.StatusTooManyRequests, "error_limit.json").Header("Retry-After", "3600")

		_, err := client.Customers.Count(t.Context())

		require.ErrorIs(t, err, souk.ErrRateLimited)
		e, _ := errors.AsType[*souk.Error](err)
		assert.Equal(t, 1, e.Attempts)
		assert.Equal(t, time.Hour, e.RetryAfter)
		assert.Equal(t, "Too many request; the server asked to wait", e.Message)
	})
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 500, 502, 503, 504} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
				g.Expect(testkit.Request{Method: "PUT", URL: base + "/customers/2791641345.json", Body: `{"customer":{"note":"x"}}`}).Status(status)
				g.Expect(testkit.Request{Method: "PUT", URL: base + "/customers/2791641345.json", Body: `{"customer":{"note":"x"}}`}).
					Fixture(http.StatusOK, "customer_update.json")
				g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: `{"customer":{"email":"a@b.example"}}`}).Status(status)

				_, idempotent := client.Customers.Update(t.Context(), "2791641345", shopline.UpdateCustomerRequest{Note: new("x")})
				_, write := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

				require.NoError(t, idempotent)
				require.ErrorIs(t, write, souk.ErrOutcomeUnknown)
				require.ErrorIs(t, write, souk.ErrUnavailable)
			})
		})
	}
}

func TestLookUpsByPostAreRepeated(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).Drop()
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).
			Fixture(http.StatusOK, "customer_by_email.json")
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/addresses/list.json", Body: `{"uids":["1"]}`}).Status(http.StatusBadGateway)
		g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/addresses/list.json", Body: `{"uids":["1"]}`}).
			Fixture(http.StatusOK, "addresses_list.json")

		customer, err := client.Customers.GetByEmail(t.Context(), "jerry@example.com")
		require.NoError(t, err)
		assert.Equal(t, jerryFrank(), customer)

		addresses, err := client.Addresses.List(t.Context(), shopline.ListAddressesRequest{CustomerIDs: []string{"1"}})
		require.NoError(t, err)
		assert.Len(t, addresses.Customers, 2)
	})
}

func TestDeleteWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
		g.Expect(testkit.Request{Method: "DELETE", URL: base + "/customers/42.json"}).Drop()
		g.Expect(testkit.Request{Method: "DELETE", URL: base + "/customers/42.json"}).Fixture(http.StatusNotFound, "error_text.json")

		assert.NoError(t, client.Customers.Delete(t.Context(), "42"))
	})
}

func TestCancelledContextStaysAContextError(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := client.Customers.Count(ctx)

	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
}

func TestNothingPlantedIsTold(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	g := testkit.NewGock(t)
	cfg := shopline.Config{Handle: "canary", Token: canary.Token, Options: souk.Options{HTTPClient: g.Client(), Logger: log.Logger(), MaxAttempts: 1}}
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	body := `{"errors":{"email":["` + canary.Email + ` is taken, call ` + canary.Phone + `"]},"token":"` + canary.Token + `","note":"` + canary.Note + `"}`
	g.Expect(testkit.Request{
		Method: "POST", URL: "https://canary.myshopline.com/admin/openapi/v20260601/customers.json",
		Body: func([]byte) error { return nil },
	}).JSON(http.StatusUnprocessableEntity, body)
	g.Expect(testkit.Request{
		URL:   "https://canary.myshopline.com/admin/openapi/v20260601/customers/v2/search.json",
		Query: map[string][]string{"query_param": {canary.Email}},
	}).Drop()
	g.Expect(testkit.Request{URL: "https://canary.myshopline.com/admin/openapi/v20260601/" + "secret%20" + canary.Note[:6] + ".json"}).
		JSON(http.StatusNotFound, body)

	_, refused := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{
		Email: canary.Email, Phone: canary.Phone, FirstName: canary.FirstName, LastName: canary.LastName,
		Note: canary.Note, Password: canary.Password[:18], Addresses: []shopline.CreateCustomerAddress{{Address1: canary.Street}},
	})
	_, lost := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Text: canary.Email})
	_, invalid := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{
		Email: canary.Email + strings.Repeat("x", 50), Password: canary.Password + strings.Repeat("x", 50), Tags: shopline.Tags{canary.Note + ","},
	})
	_, badID := client.Customers.Get(t.Context(), canary.Email+"/..", shopline.GetCustomerRequest{})
	free := client.Do(t.Context(), http.MethodGet, "/secret%20"+canary.Note[:6]+".json", nil, nil, nil)

	for _, err := range []error{refused, lost, invalid, badID, free} {
		require.Error(t, err)
		canary.CheckError(t, err)
	}
	canary.Check(t, log.Text())
	assert.Len(t, log.Records(), 3)
	assert.NotContains(t, log.Text(), "secret")
	assert.NotContains(t, free.Error(), "secret")
}
