package shoplazza_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
)

// kind says what becomes of an operation whose answer does not count.
type kind int

const (
	read  kind = iota // again
	again             // again, and what became of it is not known
	write             // sent once, and what became of it is not known
)

const ack = "" // the member of an operation that only acknowledges

// operation is one of the package's, with the member that its success has.
type operation struct {
	kind   kind
	member string
	call   func(context.Context, *shoplazza.Client) (any, error)
}

func operations() map[string]operation {
	type client = *shoplazza.Client
	finland := shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"}
	return map[string]operation{
		"Customers.List": {read, "customers", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Customers.List(ctx, shoplazza.ListCustomersRequest{}))
		}},
		"Customers.All": {read, "customers", func(ctx context.Context, c client) (any, error) {
			for row, err := range c.Customers.All(ctx, shoplazza.ListCustomersRequest{}) {
				return orNil(row, err)
			}
			return nil, nil
		}},
		"Customers.Count": {read, "count", func(ctx context.Context, c client) (any, error) { return orZero(c.Customers.Count(ctx)) }},
		"Customers.Get": {read, "customer", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Customers.Get(ctx, "1", shoplazza.GetCustomerRequest{}))
		}},
		"Customers.Create": {write, "customer", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "a@example.com"}))
		}},
		"Customers.Update": {again, "customer", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Customers.Update(ctx, "1", shoplazza.UpdateCustomerRequest{FirstName: new("x")}))
		}},
		"Addresses.List": {read, "addresses", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Addresses.List(ctx, "1", shoplazza.ListAddressesRequest{}))
		}},
		"Addresses.All": {read, "addresses", func(ctx context.Context, c client) (any, error) {
			for row, err := range c.Addresses.All(ctx, "1", shoplazza.ListAddressesRequest{}) {
				return orNil(row, err)
			}
			return nil, nil
		}},
		"Addresses.Get":    {read, "address", func(ctx context.Context, c client) (any, error) { return orNil(c.Addresses.Get(ctx, "1", "1")) }},
		"Addresses.Create": {write, "address", func(ctx context.Context, c client) (any, error) { return orNil(c.Addresses.Create(ctx, "1", finland)) }},
		"Addresses.Update": {again, "address", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Addresses.Update(ctx, "1", "1", shoplazza.UpdateAddressRequest{City: new("x")}))
		}},
		"Addresses.Delete":     {again, ack, func(ctx context.Context, c client) (any, error) { return nil, c.Addresses.Delete(ctx, "1", "2") }},
		"Addresses.SetDefault": {again, ack, func(ctx context.Context, c client) (any, error) { return nil, c.Addresses.SetDefault(ctx, "1", "2") }},
		"Webhooks.List": {read, "webhooks", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Webhooks.List(ctx, shoplazza.ListWebhooksRequest{}))
		}},
		"Webhooks.All": {read, "webhooks", func(ctx context.Context, c client) (any, error) {
			for row, err := range c.Webhooks.All(ctx, shoplazza.ListWebhooksRequest{}) {
				return orNil(row, err)
			}
			return nil, nil
		}},
		"Webhooks.Count": {read, "count", func(ctx context.Context, c client) (any, error) {
			return orZero(c.Webhooks.Count(ctx, shoplazza.CountWebhooksRequest{}))
		}},
		"Webhooks.Get": {read, "webhook", func(ctx context.Context, c client) (any, error) { return orNil(c.Webhooks.Get(ctx, "1")) }},
		"Webhooks.Create": {write, "webhook", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Webhooks.Create(ctx, shoplazza.CreateWebhookRequest{Address: "https://app.example", Topic: "orders/create"}))
		}},
		"Webhooks.Update": {again, "webhook", func(ctx context.Context, c client) (any, error) {
			return orNil(c.Webhooks.Update(ctx, "1", shoplazza.UpdateWebhookRequest{Topic: new(shoplazza.TopicOrdersCreate)}))
		}},
		"Webhooks.Delete": {again, ack, func(ctx context.Context, c client) (any, error) { return nil, c.Webhooks.Delete(ctx, "1") }},
	}
}

func orNil[T any](value *T, err error) (any, error) {
	if value == nil {
		return nil, err
	}
	return value, err
}

func orZero(n int, err error) (any, error) {
	if n == 0 {
		return nil, err
	}
	return n, err
}

func second[T any](_ T, err error) error { return err }

func (o operation) isList() bool {
	return slices.Contains([]string{"customers", "addresses", "webhooks"}, o.member)
}

// content is the success of an operation, without an envelope.
func (o operation) content() string {
	switch {
	case o.member == ack:
		return `{}`
	case o.member == "count":
		return `{"count":7}`
	case o.isList():
		return `{"` + o.member + `":[],"cursor":"","has_more":false}`
	}
	return `{"` + o.member + `":{"id":"1"}}`
}

// against runs an operation in a store of one version that gives these answers, the
// last of them for ever, and returns how often the call was sent.
func against(t *testing.T, version string, o operation, answers ...scripted) (result any, sent int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answers, rest: &answers[len(answers)-1]}
		client, failed := shoplazza.NewClient(shoplazza.Config{
			Shop: uniqueShop(), Token: token, Version: version,
			Options: souk.Options{Limiter: unpaced, HTTPClient: &http.Client{Transport: s}},
		})
		require.NoError(t, failed)
		result, err = o.call(t.Context(), client)
		sent = len(s.times)
	})
	return result, sent, err
}

// requireNotBelieved checks what becomes of an answer that does not count.
func requireNotBelieved(t *testing.T, o operation, what string, result any, err error, sent int) *souk.Error {
	t.Helper()
	require.Error(t, err, what)
	e := requireError(t, err, souk.ErrUnavailable)
	assert.Nil(t, result, what)
	assert.Equal(t, o.kind != read, errors.Is(err, souk.ErrOutcomeUnknown), what)
	for _, class := range []error{souk.ErrNotFound, souk.ErrInvalid, souk.ErrAlreadyExists, souk.ErrUnauthorized, souk.ErrForbidden} {
		require.NotErrorIs(t, err, class, what)
	}
	if o.kind == write {
		assert.Equal(t, 1, sent, what)
	} else {
		assert.Equal(t, 4, sent, what)
	}
	assert.Equal(t, sent, e.Attempts)
	assert.NotContains(t, err.Error(), "shoplazza.", "no type of Go's")
	assert.NotContains(t, err.Error(), "200 ok")
	return e
}

var bothGenerations = []string{shoplazza.Version202201, shoplazza.Version202601}

// foreign are answers that no operation of Shoplazza's has.
var foreign = []string{
	``, ` `, `null`, `[]`, `""`, `"ok"`, `true`, `0`, `<html><body>Just a moment…</body></html>`, `Bad Gateway`, `{"customer":{"id":"1"`,
	`{"message":"maintenance"}`, `{"status":"ok"}`, `{"ok":true}`, `{"request_id":"9f2c"}`, `{"data":{}}`, `{"data":null}`, `{"data":[]}`, `{"code":"","message":""}`,
	`{"code":"Failure","data":{}}`, `{"code":0,"data":{}}`, `{"code":200}`, `{"code":"Failure","message":"no"}`,
	`{"timestamp":"2026-01-01","status":500,"error":"Internal Server Error","path":"/x"}`,
	`{"status":200,"success":true,"data":{"id":1}}`, `{"success":false,"status":422,"error":{"code":"error","message":"no"}}`, `{"success":true,"content":{}}`,
	`{"success":false,"message":"no","code":"not_found"}`, `{"type":"not_found","message":"no"}`, `{"id":"1","deleted":true}`,
	`{"code":"Failure","data":{"customer":{"id":"1"},"customers":[],"has_more":false,"address":{"id":"1"},"addresses":[],"webhook":{"id":"1"},"webhooks":[],"count":1}}`,
	`{"data":{"customer":{"id":"1"},"customers":[],"has_more":false,"address":{"id":"1"},"addresses":[],"webhook":{"id":"1"},"webhooks":[],"count":1}}`,
	`{"errors":[],"error":"","message":"x"}`, `{"errors":{}}`, `{"errors":null}`, `{"errors":[{"message":"no"}]}`, `{"error":{"message":"no"}}`, `{"errors":7}`,
	`{"error":"Not Found","status":404}`, `{"error":"Not Found","statusCode":404,"message":"no"}`, `{"title":"no","status":400,"errors":{"email":["no"]}}`,
	`{"error":"No","path":"/x"}`, `{"errors":["No"],"timestamp":"2026-01-01"}`,
}

func TestForeignAnswersAreNotBelieved(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bodies := slices.Clone(foreign)
			if o.member != ack { // what would be an acknowledgement
				bodies = append(bodies, `{"code":"Success"}`, `{"code":"Success","data":null}`, `{"code":"Success","message":"Success","data":{"x":1}}`)
			}
			answers := []scripted{{status: 204}, {status: 201}, {status: 201, body: "null"}, {status: 202, body: `{"message":"accepted"}`}}
			for _, body := range bodies {
				answers = append(answers, scripted{status: 200, body: body})
			}
			for _, version := range bothGenerations {
				for _, answer := range answers {
					what := fmt.Sprint(version, answer)
					result, sent, err := against(t, version, o, answer)
					requireNotBelieved(t, o, what, result, err, sent)
					require.ErrorIs(t, err, souk.ErrUnreadable, what)
					assert.ErrorContains(t, err, "came instead of the API's answer", what)
					assert.ErrorContains(t, err, "came instead of the API's answer", what)
				}
			}
		})
	}
}

func TestAnAnswerWithoutWhatItPromisesIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var contents []string
			marked := map[string]bool{} // what only the versions from 2025-06 on do not have
			m := `"` + o.member + `":`
			switch {
			case o.member == ack:
				return
			case o.member == "count":
				contents = []string{`{"count":null}`, `{"count":"many"}`, `{"count":""}`, `{"count":1.5}`, `{"count":true}`, `{"count":-1}`, `{"count":[]}`, `{"counts":1}`}
			case o.isList():
				contents = []string{`{"has_more":false}`, `{` + m + `null,"has_more":false}`, `{` + m + `{},"has_more":false}`, `{` + m + `"","has_more":false}`, `{"rows":[],"has_more":false}`}
				for _, text := range []string{`{` + m + `[]}`, `{` + m + `[{"id":"1"}]}`, `{` + m + `[{"id":"1"}],"cursor":"c"}`, `{` + m + `[],"has_more":null}`, `{` + m + `[{"id":"1"}],"has_more":true}`, `{` + m + `[{"id":"1"}],"has_more":true,"cursor":""}`, `{` + m + `[],"has_more":true,"cursor":"c"}`} {
					marked[text] = true
					contents = append(contents, text)
				}
			default:
				contents = []string{`{` + m + `{}}`, `{` + m + `{"id":""}}`, `{` + m + `{"id":null}}`, `{` + m + `null}`, `{` + m + `[]}`, `{` + m + `"1"}`, `{"id":"1"}`, `{"order":{"id":"1"}}`}
			}
			for _, version := range bothGenerations {
				for _, content := range contents {
					if marked[content] && version == shoplazza.Version202201 {
						continue
					}
					for _, body := range []string{content, `{"code":"Success","message":"Success","data":` + content + `}`} {
						result, sent, err := against(t, version, o, scripted{status: 200, body: body})
						requireNotBelieved(t, o, version+" "+body, result, err, sent)
						require.ErrorIs(t, err, souk.ErrUnreadable, body)
					}
				}
			}
		})
	}
}

func TestOwnAnswersStandBareAndInAnEnvelope(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			envelopes := []string{`{"code":"Success","message":"Success","data":%}`, `{"data":%,"code":"success"}`, `%`}
			if o.member == ack {
				envelopes = append(envelopes, ` { } `, `{"code":"Success"}`, `{"code":"SUCCESS","data":null}`, `{"code":"Success","data":{"x":1}}`, `{"code":"Success","data":[]}`, `{"code":"Success","data":true}`)
			} else {
				envelopes = append(envelopes, `{"data":null,%+`, `{"note":"data",%+`) // which are none
			}
			for _, version := range versions {
				for _, envelope := range envelopes {
					body := strings.ReplaceAll(strings.ReplaceAll(envelope, "%+", strings.TrimPrefix(o.content(), "{")), "%", o.content())
					result, sent, err := against(t, version, o, scripted{status: 200, body: body})
					require.NoError(t, err, body)
					assert.Equal(t, 1, sent, body)
					if strings.HasSuffix(name, ".All") || o.member == ack {
						assert.Nil(t, result)
					} else {
						assert.NotNil(t, result, body)
					}
				}
			}
		})
	}
}

func TestAFailureMarkThatIsEmptyIsNone(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		for _, beside := range []string{`"errors":null,"error":""`, `"errors":[ ],"error":null`, `"errors":{},"error":false`} {
			body := strings.Replace(o.content(), `{`, `{`+beside+`,`, 1)
			if o.member == ack {
				body = `{"code":"Success",` + beside + `}`
			}
			_, sent, err := against(t, shoplazza.Version202601, o, scripted{status: 200, body: body})
			require.NoError(t, err, name)
			assert.Equal(t, 1, sent)
		}
	}
}

func TestAnEmptyFirstPageOrNumberIsLeftOutFrom202506On(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		if !o.isList() && o.member != "count" {
			continue
		}
		for _, body := range []string{`{}`, ` { } `, `{"code":"Success","data":{}}`, `{"code":"success","message":"Success","data":{ }}`} {
			for _, version := range laterVersions {
				result, sent, err := against(t, version, o, scripted{status: 200, body: body})
				require.NoError(t, err, name+" "+body)
				assert.Equal(t, 1, sent)
				assert.Equal(t, strings.HasSuffix(name, ".List"), result != nil, "nothing, but for the page without rows")
			}
			result, sent, err := against(t, shoplazza.Version202201, o, scripted{status: 200, body: body})
			requireNotBelieved(t, o, name+" "+body, result, err, sent)
		}
	}
}

func TestNothingOfAForeignAnswerIsLeftInTheNext(t *testing.T) {
	t.Parallel()
	const odd = `{"code":"Failure","data":{"customer":{"id":"9","email":"x","addresses":[{"id":"8"}]},"customers":[{"id":"9"}],"addresses":[{"id":"9"}],"webhooks":[{"id":"9"}],` +
		`"address":{"id":"9","city":"x"},"webhook":{"id":"9","topic":"x"},"count":9,"cursor":"x","has_more":true}}`
	for name, o := range operations() {
		if o.kind == write || o.member == ack {
			continue
		}
		for _, version := range bothGenerations {
			own := scripted{status: 200, body: o.content()}
			want, _, err := against(t, version, o, own)
			require.NoError(t, err)
			for _, first := range []string{odd, strings.TrimPrefix(strings.TrimSuffix(odd, "}"), `{"code":"Failure","data":`)} {
				if first != odd {
					first = `{"errors":[{}],` + first[1:]
				}
				got, sent, err := against(t, version, o, scripted{status: 200, body: first}, own)
				require.NoError(t, err, name)
				assert.Equal(t, want, got, name)
				assert.Equal(t, 2, sent)
			}
		}
	}
}

func TestAPageThatWasPromisedIsNotLeftOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ version, first, second string }{
		"{}":              {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, `{}`},
		"data {}":         {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, `{"code":"Success","data":{}}`},
		"no mark":         {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, `{"customers":[{"id":"2"}]}`},
		"no rows":         {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, `{"has_more":false}`},
		"null":            {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, `null`},
		"nothing":         {shoplazza.Version202601, `{"customers":[{"id":"1"}],"cursor":"c","has_more":true}`, ``},
		"2022-01 {}":      {shoplazza.Version202201, `{"customers":[{"id":"1"}]}`, `{}`},
		"2022-01 null":    {shoplazza.Version202201, `{"customers":[{"id":"1"}]}`, `{"customers":null}`},
		"2022-01 message": {shoplazza.Version202201, `{"customers":[{"id":"1"}]}`, `{"message":"maintenance"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ids []string
			walk := operation{read, "customers", func(ctx context.Context, client *shoplazza.Client) (any, error) {
				for customer, err := range client.Customers.All(ctx, shoplazza.ListCustomersRequest{}) {
					if err != nil {
						return nil, err
					}
					ids = append(ids, customer.ID)
				}
				return nil, nil
			}}
			_, sent, err := against(t, c.version, walk, scripted{status: 200, body: c.first}, scripted{status: 200, body: c.second})
			requireError(t, err, souk.ErrUnavailable)
			require.ErrorIs(t, err, souk.ErrUnreadable)
			assert.Equal(t, []string{"1"}, ids)
			assert.Equal(t, 5, sent, "the first page, and the second four times")
		})
	}
}

func TestStatusesOfForeignAnswers(t *testing.T) {
	t.Parallel()
	turnedAway := map[int]error{
		400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden, 405: souk.ErrInvalid, 407: souk.ErrInvalid,
		413: souk.ErrInvalid, 422: souk.ErrInvalid, 431: souk.ErrInvalid,
	}
	const few = 3
	bodies := []string{
		``, `<html>nginx</html>`, `{"errors":["record not found"],"path":"/x"}`, `{}`, `null`, `[]`, `"Unauthorized"`, `Unauthorized`, `{"message":"Unauthorized"}`, `{"errors":[]}`,
		`{"status":404,"error":"Not Found"}`, `{"timestamp":"x","status":400,"error":"Bad Request","path":"/x"}`, `{"statusCode":404,"error":"Not Found","message":"Cannot GET /x"}`,
		`{"errors":[{"message":"not found"}]}`, `{"type":"not_found","message":"record not found"}`, `{"success":false,"code":"not_found","message":"no"}`,
		`{"code":"NotFound","message":"record not found"}`, `{"customer":{"id":"1"}}`,
	}
	for name, o := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range bothGenerations {
				for i, body := range bodies {
					for status, class := range turnedAway {
						if i >= few && status != 401 {
							continue // one status with all bodies will do
						}
						result, sent, err := against(t, version, o, scripted{status: status, body: body})
						assert.Nil(t, result)
						requireError(t, err, class)
						require.ErrorIs(t, err, souk.ErrUnreadable)
						assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "it was not passed on")
						assert.Equal(t, 1, sent, "%d %s", status, body)
					}
					for _, status := range []int{404, 409, 410, 500, 501, 502, 504, 520} {
						if i >= few && status != 404 {
							continue
						}
						result, sent, err := against(t, version, o, scripted{status: status, body: body})
						requireNotBelieved(t, o, body, result, err, sent)
						require.ErrorIs(t, err, souk.ErrUnreadable, "%d %s", status, body)
					}
					for _, status := range []int{408, 503} {
						if i >= few {
							continue
						}
						result, sent, err := against(t, version, o, scripted{status: status, header: http.Header{"Retry-After": {"1"}}, body: body})
						requireNotBelieved(t, o, body, result, err, sent)
					}
				}
			}
		})
	}
}

func TestAStatusOfTroubleIsOutwaited(t *testing.T) {
	t.Parallel()
	for name, o := range operations() {
		for _, status := range []int{404, 408, 500, 502, 503, 504} {
			failed := scripted{status: status}
			_, sent, err := against(t, shoplazza.Version202201, o, failed, failed, scripted{status: 200, body: o.content()})
			if o.kind == write {
				requireError(t, err, souk.ErrOutcomeUnknown)
				assert.Equal(t, 1, sent, name)
				continue
			}
			require.NoError(t, err, name)
			assert.Equal(t, 3, sent, name)
		}
	}
}

func TestOwnRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	refusals := []struct {
		status int
		body   string
		class  error
		since  string
	}{
		{400, `{"errors":["Bad Request"]}`, souk.ErrInvalid, ""},
		{400, `{"error":"Unauthorized"}`, souk.ErrUnauthorized, ""},
		{400, `{"error":"Invalid access token"}`, souk.ErrUnauthorized, ""},
		{400, `{"errors":["pagination token is invalid"]}`, souk.ErrInvalid, ""},
		{400, `{"errors":["record not found"]}`, souk.ErrNotFound, ""},
		{400, `{"error":"store is not active"}`, souk.ErrForbidden, ""},
		{401, `{"errors":["No Context"]}`, souk.ErrUnauthorized, ""},
		{401, `{"error":"store is not active"}`, souk.ErrForbidden, ""},
		{403, `{"errors":["forbidden"]}`, souk.ErrForbidden, ""},
		{404, `{"errors":"Record not found!"}`, souk.ErrNotFound, ""},
		{404, `{"error":"page not found"}`, souk.ErrNotFound, ""},
		{405, `{"errors":["no"]}`, souk.ErrInvalid, ""},
		{406, `{"errors":{"base":"no"}}`, souk.ErrInvalid, ""},
		{422, `{"errors":["notfound"]}`, souk.ErrInvalid, ""},
		{422, `{"errors":{"email":["is invalid"]}}`, souk.ErrInvalid, ""},
		{422, `{"code":"x","errors":["Phone is invalid"],"data":null}`, souk.ErrInvalid, ""},
		{500, `{"errors":["record not found"]}`, souk.ErrNotFound, shoplazza.Version202506},
		{500, `{"errors":["Country can't be blank"]}`, souk.ErrInvalid, shoplazza.Version202506},
	}
	for name, o := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range refusals {
				for _, version := range versions {
					result, sent, err := against(t, version, o, scripted{status: r.status, body: r.body})
					assert.Nil(t, result)
					if version < r.since {
						requireNotBelieved(t, o, r.body, result, err, sent)
						assert.NotErrorIs(t, err, souk.ErrUnreadable, "it is Shoplazza's own")
						continue
					}
					e := requireError(t, err, r.class)
					assert.Equal(t, 1, sent, r.body)
					assert.Equal(t, r.status, e.StatusCode)
					for _, class := range []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable} {
						assert.NotErrorIs(t, err, class, r.body)
					}
				}
			}
		})
	}
}

// Newer versions refuse with 500, and fail with it, too. Only the wordings that are known
// are refusals, and only where nothing else stands beside them.
func TestWordingsOfA500(t *testing.T) {
	t.Parallel()
	refusals := []string{
		"Email can't be blank", "Phone is invalid", "First name is too short", "Last name is too short (minimum is 2 characters)",
		"Password confirmation must be equal to password", "Email or Phone can't be blank", "Phone area code is invalid",
		"Country code is invalid", "Contact type is invalid", "Registered at is invalid", "Tags is invalid", "Gender is invalid",
		"param is missing or the value is empty: customer", "param is missing or the value is empty: webhook", "store is not active",
		"Email must be unique", "Phone is not unique", "record not found",
	}
	var hundred []string
	for range 100 {
		hundred = append(hundred, "Phone is invalid")
	}
	failures := [][]string{
		{"Email is on fire"}, {"EOF"}, {"Token can't be blank"}, {"Phone is invalid", "EOF"}, {"Phone is invalid or so"}, hundred,
	}
	create := operations()["Customers.Create"]
	answered := func(texts ...string) (int, error) {
		body, err := json.Marshal(map[string]any{"errors": texts})
		require.NoError(t, err)
		_, sent, err := against(t, shoplazza.Version202506, create, scripted{status: 500, body: string(body)})
		return sent, err
	}
	for _, text := range refusals {
		sent, err := answered(text)
		require.Error(t, err, text)
		assert.Equal(t, 1, sent, text)
		assert.NotErrorIs(t, err, souk.ErrUnavailable, text)
		assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, text)
	}
	for _, texts := range failures {
		_, err := answered(texts...)
		require.ErrorIs(t, err, souk.ErrUnavailable, "%v", texts)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown, "%v", texts)
	}
}

func TestARepeatedDeleteEndsWithNotFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	lost := map[string]scripted{
		"a 502":            {status: 502, body: `<html>`},
		"a 503":            {status: 503, header: http.Header{"Retry-After": {"1"}}},
		"an own 500":       {status: 500, body: `{"errors":["EOF"]}`},
		"a page":           {status: 200, body: `<html>`},
		"{message}":        {status: 200, body: `{"message":"maintenance"}`},
		"a proxy's 404":    {status: 404, body: `<html>404</html>`},
		"no content":       {status: 204},
		"another's answer": {status: 200, body: `{"status":200,"success":true}`},
	}
	proofs := []struct {
		status int
		body   string
		since  string
		gone   bool
	}{
		{404, `{"errors":["record not found"]}`, "", true},
		{404, `{"errors":"Record not found"}`, "", true},
		{404, `{"errors":["Not Found"]}`, "", true},
		{404, `{"errors":["the address with id 7 was not found!"]}`, "", true},
		{404, `{"errors":{"base":["record not found"]}}`, "", true},
		{404, `{"errors":{"address":["not found"]}}`, "", true},
		{400, `{"errors":["record not found"]}`, "", true},
		{500, `{"errors":["record not found"]}`, shoplazza.Version202506, true},
		{500, `{"errors":["webhook not found"]}`, shoplazza.Version202506, true},
		{404, `{"error":"page not found"}`, "", false},
		{404, `{"error":"record not found"}`, "", false},
		{404, `{"errors":["page not found"]}`, "", false},
		{404, `{"errors":["store not found: demo"]}`, "", false},
		{404, `{"errors":["no route matches"]}`, "", false},
		{404, `{"errors":{"host":["not found"]}}`, "", false},
		{422, `{"errors":["record not found"]}`, "", false},
		{500, `{"errors":["host not found"]}`, "", false},
		{404, `<html>404</html>`, "", false},
		{404, `{}`, "", false},
		{404, `{"status":404,"error":"Not Found"}`, "", false},
		{404, `{"errors":["record not found"],"status":404}`, "", false},
		{404, `{"message":"record not found"}`, "", false},
		{404, `{"code":"NotFound","message":"record not found"}`, "", false},
		{410, `{"errors":["record has gone"]}`, "", false},
	}
	all := operations()
	for _, name := range []string{"Addresses.Delete", "Webhooks.Delete"} {
		for what, first := range lost {
			t.Run(name+" after "+what, func(t *testing.T) {
				t.Parallel()
				for _, version := range bothGenerations {
					for _, p := range proofs {
						_, sent, err := against(t, version, all[name], first, scripted{status: p.status, body: p.body})
						if p.gone && version >= p.since {
							require.NoError(t, err, p.body)
							assert.Equal(t, 2, sent)
							continue
						}
						requireError(t, err, souk.ErrOutcomeUnknown)
						assert.GreaterOrEqual(t, sent, 2, p.body)
					}
				}
			})
		}
	}
	for _, version := range bothGenerations { // the first answer is the vendor's word
		_, sent, err := against(t, version, all["Addresses.Delete"], scripted{status: 404, body: `{"errors":["record not found"]}`})
		requireError(t, err, souk.ErrNotFound)
		assert.Equal(t, 1, sent)
		_, _, err = against(t, version, all["Addresses.SetDefault"], scripted{status: 502}, scripted{status: 404, body: `{"errors":["record not found"]}`})
		requireError(t, err, souk.ErrNotFound)
		require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "it is no delete")
	}
}

func TestATakenAddressOrNumberIsKnownByFieldAndWholeWords(t *testing.T) {
	t.Parallel()
	taken := []string{
		`["Email or Phone is already taken"]`, `"Email or Phone is already taken"`, `["Email has been taken"]`, `["Email has already been taken"]`,
		`["Phone already registered"]`, `["phone number is already registered."]`, `["E-mail already exists"]`, `["Customer already exists"]`,
		`["Customer with email a@example.com already exists"]`, `["The email \"a@example.com\" has already been registered by another customer"]`,
		`["Email is already in use"]`, `["Email must be unique"]`, `{"email":["has already been taken"]}`, `{"phone":"already registered"}`,
		`{"customer.email":["is already taken"]}`, `{"base":["Email is taken"]}`, `["Phone is invalid","Email has been taken"]`,
	}
	other := []string{
		`["mistaken"]`, `["Email is mistaken"]`, `["Customer has already been deleted"]`, `["maximum already reached"]`, `["Email already verified"]`,
		`["Password is already taken"]`, `["already taken"]`, `["Email is not already taken"]`, `["Email domain already exists in the block list"]`,
		`["Duplicate request"]`, `{"password":["has already been taken"]}`, `{"tags":["has already been taken"]}`, `["A tag of the customer's is already taken"]`,
		`["Email is invalid"]`, `["Phone is unregistered"]`,
	}
	create := operations()["Customers.Create"]
	for _, version := range versions {
		for _, errs := range taken {
			_, sent, err := against(t, version, create, scripted{status: 422, body: `{"errors":` + errs + `}`})
			require.ErrorIs(t, err, souk.ErrAlreadyExists, errs)
			assert.Equal(t, 1, sent)
		}
		for _, errs := range other {
			_, _, err := against(t, version, create, scripted{status: 422, body: `{"errors":` + errs + `}`})
			require.ErrorIs(t, err, souk.ErrInvalid, errs)
			require.NotErrorIs(t, err, souk.ErrAlreadyExists, errs)
		}
	}
	hooks := scripted{status: 422, body: `{"errors":{"address":["for this topic has already been taken"]}}`}
	for name, o := range operations() {
		_, _, err := against(t, "", o, scripted{status: 422, body: `{"errors":["Email or Phone is already taken"]}`})
		assert.Equal(t, name == "Customers.Create", errors.Is(err, souk.ErrAlreadyExists), name)
		_, _, err = against(t, "", o, hooks)
		assert.Equal(t, name == "Webhooks.Create" || name == "Webhooks.Update", errors.Is(err, souk.ErrAlreadyExists), name)
	}
}

func TestDoTakesAnyAnswerButAFailureOfShoplazza(t *testing.T) {
	t.Parallel()
	do := func(out any) operation {
		return operation{write, "", func(ctx context.Context, c *shoplazza.Client) (any, error) {
			return nil, c.Do(ctx, http.MethodPost, "/orders", nil, nil, out)
		}}
	}
	for _, body := range []string{``, `{}`, `{"order":{"id":"7"},"errors":["a warning"]}`, `{"code":"X"}`, `{"id":"7","error":"card declined"}`, `{"errors":[]}`} {
		for _, out := range []any{nil, new(map[string]any)} {
			_, _, err := against(t, "", do(out), scripted{status: 200, body: body})
			require.NoError(t, err, body)
		}
	}
	for body, class := range map[string]error{
		`{"errors":["x"]}`:                souk.ErrInvalid,
		`{"error":"store is not active"}`: souk.ErrForbidden,
		`<html>`:                          souk.ErrOutcomeUnknown,
	} {
		for _, out := range []any{nil, new(map[string]any)} {
			_, sent, err := against(t, "", do(out), scripted{status: 200, body: body})
			requireError(t, err, class)
			assert.Equal(t, 1, sent)
		}
	}
}

func TestAPasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	const password = "correct horse"
	create := operation{write, "customer", func(ctx context.Context, c *shoplazza.Client) (any, error) {
		return orNil(c.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "a@example.com", Password: password}))
	}}
	for _, body := range []string{`{"errors":["Password correct horse is too weak"]}`, `{"errors":{"password":["correct horse is too weak"]}}`} {
		_, _, err := against(t, "", create, scripted{status: 422, body: body})
		e := requireError(t, err, souk.ErrInvalid)
		assert.NotContains(t, err.Error(), password)
		assert.Empty(t, e.Body)
	}
}
