package xclade_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// reply is an answer; lost ones never come.
type reply struct {
	status int
	body   string
	lost   bool
}

// script answers with its replies in order, and with the last one from then on.
type script struct {
	answers []reply

	mu   sync.Mutex
	sent []string
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[min(len(s.sent), len(s.answers)-1)]
	s.sent = append(s.sent, r.Method+" "+r.URL.Path)
	if answer.lost {
		return nil, io.EOF
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	if strings.HasPrefix(answer.body, "<") {
		header.Set("Content-Type", "text/html")
	}
	body := strings.ReplaceAll(answer.body, "{request}", r.Method+" "+r.URL.EscapedPath())
	return &http.Response{StatusCode: answer.status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// scripted returns a client of a script, whose gate is its own.
func scripted(t *testing.T, s *script) *xclade.Client {
	t.Helper()
	client, err := xclade.NewClient(xclade.Config{
		Tenant: "acme", Token: testkit.Unique(), Options: souk.Options{HTTPClient: &http.Client{Transport: s}},
	})
	require.NoError(t, err)
	return client
}

// kind says what sending an operation again would do.
type kind int

const (
	read kind = iota
	repeatable
	creation
)

// operation is a method with what the server answers it.
type operation struct {
	name    string
	kind    kind
	success string
	empty   bool // {} with 200 says that there is no such thing
	call    func(context.Context, *xclade.Client) (any, error)
}

func operations() []operation {
	const (
		customer  = `{"customer":{"id":"cus_1"}}`
		group     = `{"customer_group":{"id":"cusgroup_1"}}`
		addresses = `{"customer":{"id":"cus_1","addresses":[{"id":"cuaddr_1","city":"Bonn"}]}}`
		page      = `{"%s":[{"id":"x_1"}],"count":1,"offset":0,"limit":100}`
		token     = `{"token":"jwt-secret"}`
	)
	add, remove := xclade.UpdateMembersRequest{Add: []string{"x_2"}}, xclade.UpdateMembersRequest{Remove: []string{"x_2"}}
	return []operation{
		{"Customers.Create", creation, customer, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.test"})
		}},
		{"Customers.Get", read, customer, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.Get(ctx, "cus_1", xclade.GetCustomerRequest{})
		}},
		{"Customers.Update", repeatable, customer, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{Phone: new("")})
		}},
		{"Customers.Delete", repeatable, `{"id":"cus_1","object":"customer","deleted":true}`, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return nil, c.Customers.Delete(ctx, "cus_1")
		}},
		{"Customers.List", read, fmt.Sprintf(page, "customers"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.List(ctx, xclade.ListCustomersRequest{})
		}},
		{"Customers.List with a limit", read, fmt.Sprintf(page, "customers"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.List(ctx, xclade.ListCustomersRequest{Limit: 100})
		}},
		{"Customers.All", read, fmt.Sprintf(page, "customers"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			for _, err := range c.Customers.All(ctx, xclade.ListCustomersRequest{}) {
				return nil, err
			}
			return nil, nil
		}},
		{"Customers.UpdateGroups, adding", repeatable, customer, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.UpdateGroups(ctx, "cus_1", add)
		}},
		{"Customers.UpdateGroups", repeatable, customer, true, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Customers.UpdateGroups(ctx, "cus_1", remove)
		}},
		{"Addresses.Create", creation, addresses, true, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Addresses.Create(ctx, "cus_1", xclade.CreateAddressRequest{City: "Bonn"})
		}},
		{"Addresses.Get", read, `{"address":{"id":"cuaddr_1"}}`, true, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Addresses.Get(ctx, "cus_1", "cuaddr_1")
		}},
		{"Addresses.Update", repeatable, addresses, true, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Addresses.Update(ctx, "cus_1", "cuaddr_1", xclade.UpdateAddressRequest{City: new("Bonn")})
		}},
		{"Addresses.Delete", repeatable, `{"id":"cuaddr_1","object":"customer_address","deleted":true}`, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return nil, c.Addresses.Delete(ctx, "cus_1", "cuaddr_1")
		}},
		{"Addresses.List", read, fmt.Sprintf(page, "addresses"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Addresses.List(ctx, "cus_1", xclade.ListAddressesRequest{})
		}},
		{"Addresses.All", read, fmt.Sprintf(page, "addresses"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			for _, err := range c.Addresses.All(ctx, "cus_1", xclade.ListAddressesRequest{}) {
				return nil, err
			}
			return nil, nil
		}},
		{"CustomerGroups.Create", creation, group, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.Create(ctx, xclade.CreateCustomerGroupRequest{Name: "VIP"})
		}},
		{"CustomerGroups.Get", read, group, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.Get(ctx, "cusgroup_1", xclade.GetCustomerGroupRequest{})
		}},
		{"CustomerGroups.Update", repeatable, group, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.Update(ctx, "cusgroup_1", xclade.UpdateCustomerGroupRequest{Name: new("VIP")})
		}},
		{"CustomerGroups.Delete", repeatable, `{"id":"cusgroup_1","object":"customer_group","deleted":true}`, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return nil, c.CustomerGroups.Delete(ctx, "cusgroup_1")
		}},
		{"CustomerGroups.List", read, fmt.Sprintf(page, "customer_groups"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.List(ctx, xclade.ListCustomerGroupsRequest{})
		}},
		{"CustomerGroups.All", read, fmt.Sprintf(page, "customer_groups"), false, func(ctx context.Context, c *xclade.Client) (any, error) {
			for _, err := range c.CustomerGroups.All(ctx, xclade.ListCustomerGroupsRequest{}) {
				return nil, err
			}
			return nil, nil
		}},
		{"CustomerGroups.UpdateCustomers, adding", repeatable, group, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.UpdateCustomers(ctx, "cusgroup_1", add)
		}},
		{"CustomerGroups.UpdateCustomers", repeatable, group, true, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.CustomerGroups.UpdateCustomers(ctx, "cusgroup_1", remove)
		}},
		{"Auth.Login", read, token, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Auth.Login(ctx, xclade.LoginRequest{Email: "admin@example.test", Password: "secret"})
		}},
		{"Auth.Refresh", read, token, false, func(ctx context.Context, c *xclade.Client) (any, error) {
			return c.Auth.Refresh(ctx, xclade.RefreshRequest{Token: "jwt-1"})
		}},
	}
}

// expectation is what an answer comes to, whatever the operation.
type expectation struct {
	class      error
	unreadable bool
	again      bool // reads and repeatable operations are sent again
	open       bool // it may have happened
}

// check calls op and compares what it says with what was answered always.
func (want expectation) check(t *testing.T, op operation, answer reply) {
	t.Helper()
	server := &script{answers: []reply{answer}}
	client := scripted(t, server)

	got, err := op.call(t.Context(), client)

	sends := 1
	if want.again && op.kind != creation {
		sends = 4
	}
	e := requireError(t, err)
	assert.True(t, got == nil || reflect.ValueOf(got).IsNil(), "nothing is believed: %v", got)
	assert.Equal(t, sends, e.Attempts)
	if op.name == "Customers.All" && answer.status == 400 && strings.HasPrefix(answer.body, `{"type":"invalid_data"`) {
		sends++ // by offset
	}
	assert.Len(t, server.sent, sends)
	assert.ErrorIs(t, err, want.class)
	assert.Equal(t, want.unreadable, errors.Is(err, souk.ErrUnreadable), "unreadable: %v", err)
	assert.Equal(t, want.open && op.kind != read, errors.Is(err, souk.ErrOutcomeUnknown), "outcome unknown: %v", err)
	for _, other := range []error{
		souk.ErrUnauthorized, souk.ErrForbidden, souk.ErrNotFound, souk.ErrInvalid, souk.ErrAlreadyExists, souk.ErrRateLimited, souk.ErrUnavailable,
	} {
		assert.Equal(t, errors.Is(other, want.class), errors.Is(err, other), "%v: %v", other, err)
	}
	assert.Equal(t, answer.status, e.StatusCode)
	assert.NotEmpty(t, e.Message)
	for _, ugly := range []string{"200 ok", "struct", "xclade.", "json:", "jwt-secret"} {
		assert.NotContains(t, err.Error(), ugly)
	}
}

// everyOperation runs check in a bubble of its own for every operation.
func everyOperation(t *testing.T, check func(*testing.T, operation)) {
	t.Helper()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { check(t, op) })
		})
	}
}

func TestEverySuccessIsBelieved(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, op operation) {
		for _, status := range []int{200, 201} {
			server := &script{answers: []reply{{status: status, body: op.success}}}

			_, err := op.call(t.Context(), scripted(t, server))

			assert.NoError(t, err)
			assert.Len(t, server.sent, 1)
		}
	})
}

// What has not the form of the operation's success is not believed, whatever its
// status of success.
func TestForeignSuccesses(t *testing.T) {
	t.Parallel()
	bodies := []string{
		``, ` `, `{}`, `null`, `[]`, `""`, `true`, `0`, `"ok"`, `OK`, `<html>Just a moment</html>`, `{"customer":{"id":"cus_1"`,
		`{"message":"maintenance"}`, `{"success":true}`, `{"success":false}`, `{"errors":"x"}`, `{"error":{"message":"no"}}`,
		`{"status":200,"success":true,"data":{"id":1}}`, `{"code":"Success","data":{}}`, `{"success":true,"content":{}}`,
		`{"timestamp":"2026-01-05T10:00:00Z","status":404,"error":"Not Found","path":"/admin","message":"no","type":"not_found"}`,
		`{"type":"unknown_error","message":"An unknown error occurred."}`, `{"type":"done","message":"fine"}`,
		`{"customer":null}`, `{"customer":{}}`, `{"customer":[]}`, `{"customer":"cus_1"}`, `{"customer":{"id":null}}`, `{"customer":{"id":""}}`,
		`{"customer":{"addresses":[{"id":"cuaddr_1"}]}}`, `{"data":{"customer":{"id":"cus_1"}}}`,
		`{"customer_group":null}`, `{"customer_group":{}}`, `{"customer_group":{"id":""}}`, `{"address":null}`, `{"address":{}}`, `{"address":{"id":""}}`,
		`{"id":"cus_1"}`, `{"deleted":true}`, `{"id":"other","deleted":true}`, `{"id":"cus_1","deleted":false}`, `{"id":"cuaddr_1","deleted":"yes"}`,
		`{"id":"cusgroup_1","deleted":null}`, `{"token":""}`, `{"token":null}`, `{"token":7}`,
	}
	pages := []string{
		`{"count":0,"offset":0,"limit":50}`,
		`{"%s":[{"id":"x"}]}`, `{"%s":[]}`, `{"%s":[],"count":0}`, `{"%s":[],"count":0,"limit":50}`, `{"%s":[],"offset":0,"limit":50}`, `{"%s":[],"count":0,"offset":0}`,
		`{"%s":null,"count":0,"offset":0,"limit":50}`, `{"%s":{},"count":0,"offset":0,"limit":50}`,
		`{"%s":[],"count":null,"offset":0,"limit":50}`, `{"%s":[],"count":0,"offset":null,"limit":50}`, `{"%s":[],"count":0,"offset":0,"limit":null}`,
		`{"%s":[],"count":7,"offset":0,"limit":50}`, `{"%s":[],"count":7,"offset":0,"limit":0}`, `{"%s":[],"count":7,"offset":9,"limit":50}`,
		`{"%s":[{"id":"x"}],"count":7,"offset":0,"limit":50}`, `{"%s":[],"count":-1,"offset":0,"limit":50}`, `{"%s":[],"count":0,"offset":-1,"limit":50}`,
		`{"%s":"","count":0,"offset":0,"limit":50}`,
		`{"%s":[{"id":"x"}],"count":0,"offset":0,"limit":50}`, `{"%s":[{"id":"x"},{"id":"y"}],"count":1,"offset":0,"limit":50}`, `{"%s":[{"id":"x"},{"id":"y"}],"count":2,"offset":0,"limit":1}`,
	}
	want := expectation{class: souk.ErrUnavailable, unreadable: true, again: true, open: true}
	everyOperation(t, func(t *testing.T, op operation) {
		for _, status := range []int{201, 202, 204} {
			want.check(t, op, reply{status: status})
			want.check(t, op, reply{status: status, body: `null`})
		}
		for _, body := range append(slices.Clone(bodies), pagesOf(op, pages)...) {
			if body == `{}` && op.empty || op.name == "Addresses.Update" && body == `{"customer":{"id":"cus_1","addresses":[]}}` {
				continue
			}
			t.Log(body)
			want.check(t, op, reply{status: 200, body: body})
		}
	})
}

// pagesOf returns pages of what op lists, none if it is no list.
func pagesOf(op operation, pages []string) []string {
	if !strings.Contains(op.success, `"count"`) {
		return nil
	}
	list := strings.Split(op.success, `"`)[1]
	named := make([]string, len(pages))
	for i, page := range pages {
		named[i] = strings.ReplaceAll(page, "%s", list)
	}
	return named
}

// {} says that there is no such thing to the operations that the server answers so.
func TestEmptyObjectThatMeansNotFound(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, op operation) {
		want := expectation{class: souk.ErrUnavailable, unreadable: true, again: true, open: true}
		if op.empty {
			want = expectation{class: souk.ErrNotFound}
		}
		for _, body := range []string{`{}`, " { }\n"} {
			want.check(t, op, reply{status: 200, body: body})
		}
	})
}

// An address that was written is among the customer's.
func TestAddressesThatWereNotWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		byName := func(name string) operation {
			i := slices.IndexFunc(operations(), func(op operation) bool { return op.name == name })
			return operations()[i]
		}
		foreign := expectation{class: souk.ErrUnavailable, unreadable: true, again: true, open: true}
		for body, update := range map[string]expectation{
			`{"customer":{"id":"cus_1"}}`:                                                       foreign,
			`{"customer":{"id":"cus_1","addresses":null}}`:                                      foreign,
			`{"customer":{"id":"cus_1","addresses":{}}}`:                                        foreign,
			`{"customer":{"id":"cus_1","addresses":[{"id":7,"city":"Bonn"}]}}`:                  foreign,
			`{"customer":{"addresses":[]}}`:                                                     foreign,
			`{"customer":{"id":"cus_1","addresses":[]}}`:                                        {class: souk.ErrNotFound},
			`{"customer":{"id":"cus_1","addresses":[{"id":"cuaddr_2","city":"Berlin"}]}}`:       {class: souk.ErrNotFound},
			`{"customer":{"id":"cus_1","addresses":[{"city":"Bonn"},{"id":"","city":"Bonn"}]}}`: {class: souk.ErrNotFound},
		} {
			t.Log(body)
			update.check(t, byName("Addresses.Update"), reply{status: 200, body: body})
			foreign.check(t, byName("Addresses.Create"), reply{status: 200, body: body})
		}
	})
}

// The table of what an answer proves, for all operations.
func TestFailures(t *testing.T) {
	t.Parallel()
	const (
		page   = "<html>Just a moment</html>"
		spring = `{"timestamp":"2026-01-05T10:00:00Z","status":404,"error":"Not Found","path":"/admin","message":"no","type":"not_found"}`
		nest   = `{"statusCode":404,"message":"Not Found","type":"not_found"}`
		rfc    = `{"type":"about:blank","title":"Not Found","message":"no"}`
		lb     = `{"message":"maintenance"}`
		unsaid = `{"type":"not_found"}`
	)
	foreign := []string{"", page, "OK", `{}`, `null`, `[]`, `""`, spring, nest, rfc, lb, unsaid, `{"error":"x"}`, `{"success":false,"code":"not_found","message":"no"}`}
	own := func(kind string) []string { return []string{`{"type":"` + kind + `","message":"no"}`} }
	always := expectation{class: souk.ErrUnavailable, unreadable: true, again: true, open: true}
	tests := []struct {
		name   string
		status []int
		bodies []string
		want   expectation
	}{
		{"invalid", []int{400}, own("invalid_data"), expectation{class: souk.ErrInvalid}},
		{"not allowed", []int{400, 200}, own("not_allowed"), expectation{class: souk.ErrInvalid}},
		{"unauthorized", []int{401}, []string{`{"message":"Unauthorized"}`, `Unauthorized`, `"Unauthorized"`, " Unauthorized\n", own("unauthorized")[0]}, expectation{class: souk.ErrUnauthorized}},
		{"key as bearer", []int{401}, []string{`{"message":"A secret API key was passed as a Bearer token. Secret API keys must be sent using HTTP Basic authentication instead"}`}, expectation{class: souk.ErrUnauthorized}},
		{"forbidden", []int{403, 200}, own("forbidden"), expectation{class: souk.ErrForbidden}},
		{"not found", []int{404, 400, 200}, own("not_found"), expectation{class: souk.ErrNotFound}},
		{"no route", []int{404}, []string{"<pre>Cannot {request}</pre>", "<!DOCTYPE html>\n<html><body>\n<pre>Cannot {request}</pre>\n</body></html>\n"}, expectation{class: souk.ErrNotFound}},
		{"no route, of another request", []int{404}, []string{
			"<pre>Cannot GET /</pre>", "<pre>Cannot {request}/more</pre>", "<pre>Cannot {request}", "<pre>Cannot HEAD /admin/customers</pre>", "Cannot {request}", `{"message":"Cannot {request}"}`,
		}, always},
		{"no route, another status", []int{400, 405}, []string{"<pre>Cannot {request}</pre>"}, expectation{class: souk.ErrInvalid, unreadable: true}},
		{"conflict", []int{409, 200}, own("conflict"), expectation{class: souk.ErrUnavailable}},
		{"too large", []int{413}, []string{`{"message":"request entity too large","type":"unknown_error"}`}, expectation{class: souk.ErrInvalid}},
		{"charset", []int{415}, []string{`{"message":"unsupported charset \"LATIN1\"","type":"unknown_error"}`}, expectation{class: souk.ErrInvalid}},
		{"head too large", []int{431}, []string{``}, expectation{class: souk.ErrInvalid}},
		{"trouble", []int{500, 502, 504}, []string{`{"code":"unknown_error","type":"unknown_error","message":"An unknown error occurred."}`}, expectation{class: souk.ErrUnavailable, again: true, open: true}},
		{"gateway's type", []int{502, 504}, own("unexpected_state"), expectation{class: souk.ErrUnavailable, again: true, open: true}},
		{"mistakes of the caller", []int{500}, []string{
			`{"type":"invalid_argument","message":"Key accessor more than 2 levels deep: a.b.c"}`, `{"code":"api_error","type":"database_error","message":"no"}`, own("unexpected_state")[0], own("a_new_one")[0],
		}, expectation{class: souk.ErrInvalid}},
		{"not implemented", []int{501}, append(own("unknown_error"), own("not_allowed")...), expectation{class: souk.ErrInvalid}},
		{"timeout and overload, of anybody", []int{408, 503}, append(own("unknown_error"), "", page, lb, spring), expectation{class: souk.ErrUnavailable, again: true, open: true}},
		{"foreign, may hide anything", []int{404, 500}, foreign, always},
		{"foreign, may hide anything, other statuses", []int{410, 409, 501, 502, 504, 599, 300, 301, 302, 303}, []string{"", page, lb}, always},
		{"foreign redirect that keeps the method", []int{304, 307, 308}, foreign, expectation{class: souk.ErrUnavailable, unreadable: true}},
		{"foreign invalid", []int{400, 413}, foreign, expectation{class: souk.ErrInvalid, unreadable: true}},
		{"foreign invalid, other statuses", []int{405, 407, 415, 422}, []string{"", page, lb}, expectation{class: souk.ErrInvalid, unreadable: true}},
		{"foreign head too large", []int{431}, foreign[1:], expectation{class: souk.ErrInvalid, unreadable: true}},
		{"foreign unauthorized", []int{401}, append([]string{`{"message":"Unauthorized","statusCode":401}`, `{"message":"No"}`, `"No"`, `unauthorized`}, foreign...), expectation{class: souk.ErrUnauthorized, unreadable: true}},
		{"foreign forbidden", []int{403}, foreign, expectation{class: souk.ErrForbidden, unreadable: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			everyOperation(t, func(t *testing.T, op operation) {
				for _, status := range tt.status {
					for _, body := range tt.bodies {
						t.Log(status, body)
						tt.want.check(t, op, reply{status: status, body: body})
					}
				}
			})
		})
	}
}

// Lost answers and failures before the repeat that brings the success.
func TestOneFailureThenSuccess(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, op operation) {
		for _, first := range []reply{
			{lost: true},
			{status: 200, body: `{"message":"maintenance"}`},
			{status: 200, body: `{"customers":[{"id":"x_9","email":"of@the.first"}],"customer_groups":[{"id":"x_9","name":"first"}],"addresses":[{"id":"x_9","city":"first"}]}`},
			{status: 200, body: `{"customer":{"id":"","addresses":[{"id":"cuaddr_9","city":"first"}]},"id":"other","deleted":true,"token":7}`},
			{status: 404, body: "<html>"},
			{status: 502, body: "<html>"},
			{status: 503, body: `{"message":"busy"}`},
		} {
			server := &script{answers: []reply{first, {status: 200, body: op.success}}}
			whole := &script{answers: []reply{{status: 200, body: op.success}}}

			got, err := op.call(t.Context(), scripted(t, server))

			if op.kind == creation {
				assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.Len(t, server.sent, 1)
				continue
			}
			require.NoError(t, err)
			assert.Len(t, server.sent, 2)
			want, err := op.call(t.Context(), scripted(t, whole))
			require.NoError(t, err)
			assert.Equal(t, want, got, "nothing of the first answer is left")
		}
	})
}

// A repeated delete whose first answer was lost is done when the server finds nothing,
// and only then.
func TestRepeatedDeletes(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, op operation) {
		if !strings.HasSuffix(op.name, ".Delete") {
			return
		}
		for _, first := range []reply{{lost: true}, {status: 502, body: "<html>"}, {status: 200, body: `{}`}, {status: 503, body: ""}} {
			for _, tt := range []struct {
				then  reply
				class error
			}{
				{reply{status: 404, body: `{"type":"not_found","message":"no"}`}, nil},
				{reply{status: 404, body: `<pre>Cannot {request}</pre>`}, souk.ErrNotFound},
				{reply{status: 404, body: `<html>`}, souk.ErrUnavailable},
				{reply{status: 404, body: `{"message":"Not Found"}`}, souk.ErrUnavailable},
				{reply{status: 403, body: `{"type":"forbidden","message":"no"}`}, souk.ErrForbidden},
			} {
				_, err := op.call(t.Context(), scripted(t, &script{answers: []reply{first, tt.then}}))
				if tt.class == nil {
					assert.NoError(t, err)
					continue
				}
				assert.ErrorIs(t, err, tt.class)
				assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			}
		}
	})
}

// The page of a server without the route is known behind proxies too.
func TestNoRouteBehindAPrefix(t *testing.T) {
	t.Parallel()
	for page, own := range map[string]bool{
		"<pre>Cannot GET /medusa/admin/customers/a&amp;b</pre>":  true,
		"<pre>Cannot GET /admin/customers/a&amp;b</pre>":         true, // the proxy has taken the prefix off
		"<pre>Cannot GET /customers/a&amp;b</pre>":               false,
		"<pre>Cannot GET /a&amp;b</pre>":                         false,
		"<pre>Cannot GET </pre>":                                 false,
		"<pre>Cannot GET /admin/customers/</pre>":                false,
		"<pre>Cannot GET /x/admin/customers/a&amp;b</pre>":       false,
		"<pre>Cannot POST /medusa/admin/customers/a&amp;b</pre>": false,
	} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			server := &script{answers: []reply{{status: 404, body: strings.ReplaceAll(page, "a&amp;b", "cus_1")}, {status: 404, body: page}}}
			client, err := xclade.NewClient(xclade.Config{
				BaseURL: "https://shop.example/medusa", Token: "jwt", Options: souk.Options{HTTPClient: &http.Client{Transport: server}, MaxAttempts: 1},
			})
			require.NoError(t, err)

			_, got := client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})
			byHand := client.Do(t.Context(), "GET", "/admin/customers/a&b", nil, nil, nil)

			for _, err := range []error{got, byHand} {
				assert.Equal(t, own, errors.Is(err, souk.ErrNotFound), "%v", err)
				assert.Equal(t, !own, errors.Is(err, souk.ErrUnreadable), "%v", err)
				if own {
					assert.Contains(t, requireError(t, err).Message, "there is no such route: check BaseURL")
				}
			}
		})
	}
}

// An address that is taken is told by the operation and by what is taken, not by any
// text with such words.
func TestAlreadyExists(t *testing.T) {
	t.Parallel()
	const (
		email   = `Customer with email: ada@example.test, has_account: false, already exists.`
		name    = `Customer group with name: VIP, already exists.`
		address = `Customer address with customer_id: cus_1, already exists.`
	)
	writesEmail := []string{"Customers.Create", "Customers.Update"}
	writesName := []string{"CustomerGroups.Create", "CustomerGroups.Update"}
	tests := []struct {
		status  int
		kind    string
		message string
		taken   []string
	}{
		{400, "invalid_data", email, writesEmail},
		{400, "invalid_data", name, writesName},
		{400, "invalid_data", address, nil},
		{400, "invalid_data", "Invalid request: Unrecognized fields: 'already exists.'", nil},
		{400, "invalid_data", "Customer with email: ada@example.test has already been deleted", nil},
		{400, "not_allowed", email, nil},
		{422, "duplicate_error", "Customer with this email already has an account", append(writesEmail, writesName...)},
	}
	everyOperation(t, func(t *testing.T, op operation) {
		for _, tt := range tests {
			want := expectation{class: souk.ErrInvalid}
			if slices.Contains(tt.taken, op.name) {
				want.class = souk.ErrAlreadyExists
			}
			want.check(t, op, reply{status: tt.status, body: fmt.Sprintf(`{"type":%q,"message":%q}`, tt.kind, tt.message)})
		}
	})
}

// Do takes any JSON, and nothing but JSON; of errors it knows the server's own.
func TestDoTellsTheServersOwnAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer reply
		class  error
	}{
		"any JSON":      {reply{status: 200, body: `{"regions":[]}`}, nil},
		"with a type":   {reply{status: 200, body: `{"type":"region","message":"hello"}`}, nil},
		"nothing":       {reply{status: 200}, nil},
		"refusal":       {reply{status: 200, body: `{"type":"not_found","message":"no"}`}, souk.ErrNotFound},
		"web page":      {reply{status: 200, body: `<html>`}, souk.ErrUnreadable},
		"not found":     {reply{status: 404, body: `{"type":"not_found","message":"no"}`}, souk.ErrNotFound},
		"a proxy's 404": {reply{status: 404, body: `{"message":"no"}`}, souk.ErrUnreadable},
		"taken":         {reply{status: 422, body: `{"code":"invalid_request_error","type":"duplicate_error","message":"no"}`}, souk.ErrAlreadyExists},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := scripted(t, &script{answers: []reply{tt.answer}}).Do(t.Context(), "GET", "/admin/regions", nil, nil, nil)

				if tt.class == nil {
					assert.NoError(t, err)
					return
				}
				assert.ErrorIs(t, err, tt.class)
			})
		})
	}
}

// Whatever becomes of the creation, Ensure tells of nobody who is not there.
func TestEnsureBelievesTheServerOnly(t *testing.T) {
	t.Parallel()
	const nobody = `{"customers":[],"count":0,"offset":0,"limit":1}`
	for _, create := range []reply{
		{lost: true},
		{status: 200, body: `{}`},
		{status: 200, body: `{"customer":{}}`},
		{status: 200, body: `<html>`},
		{status: 404, body: `<html>`},
		{status: 409, body: `{}`},
		{status: 502},
		{status: 503},
		{status: 500, body: `{"type":"unknown_error","message":"An unknown error occurred."}`},
	} {
		for _, find := range []reply{
			{lost: true},
			{status: 200, body: `{}`},
			{status: 200, body: `{"customers":[]}`},
			{status: 200, body: `{"customers":[{"id":"cus_1"}]}`},
			{status: 200, body: `<html>`},
			{status: 404, body: `<html>`},
			{status: 200, body: `{"customers":[{}],"count":1,"offset":0,"limit":1}`},
			{status: 200, body: `{"customers":[{"id":"cus_2","email":"bob@example.test"}],"count":1,"offset":0,"limit":1}`},
			{status: 502},
			{status: 200, body: nobody},
		} {
			t.Run(fmt.Sprint(create, find), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					server := &byMethod{post: create, get: find, first: &reply{status: 200, body: nobody}}
					client, err := xclade.NewClient(xclade.Config{Tenant: "acme", Token: "jwt", Options: souk.Options{HTTPClient: &http.Client{Transport: server}}})
					require.NoError(t, err)

					customer, created, err := client.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})

					assert.Nil(t, customer)
					assert.False(t, created)
					assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
					_, row := errors.AsType[*souk.RowError](err) // who may be the customer
					assert.Equal(t, !row, errors.Is(err, souk.ErrUnavailable), "%v", err)
					assert.NotErrorIs(t, err, souk.ErrNotFound)
				})
			})
		}
	}
}

// byMethod answers reads with one reply, the first perhaps with another, and writes
// with a third.
type byMethod struct {
	get, post reply
	first     *reply
}

func (b *byMethod) RoundTrip(r *http.Request) (*http.Response, error) {
	if first := b.first; r.Method == http.MethodGet && first != nil {
		b.first = nil
		return (&script{answers: []reply{*first}}).RoundTrip(r)
	}
	if r.Method == http.MethodGet {
		return (&script{answers: []reply{b.get}}).RoundTrip(r)
	}
	return (&script{answers: []reply{b.post}}).RoundTrip(r)
}

// A walk that loses its server in the middle says so.
func TestWalksThatEndEarly(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]reply{
		"lost":         {lost: true},
		"empty object": {status: 200, body: `{}`},
		"null":         {status: 200, body: `null`},
		"another's":    {status: 200, body: `{"message":"maintenance"}`},
		"no rows":      {status: 200, body: `{"customers":[],"count":2,"offset":0,"limit":100}`},
		"no count":     {status: 200, body: `{"customers":[],"offset":0,"limit":100}`},
		"204":          {status: 204},
		"errors":       {status: 200, body: `{"errors":"x"}`},
		"short":        {status: 200, body: `{"customers":[{"id":"cus_2"}],"count":2,"offset":0,"limit":100}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := scripted(t, &script{answers: []reply{
					{status: 200, body: `{"customers":[{"id":"cus_1"}],"count":3,"offset":0,"limit":1}`}, second,
				}})

				ids, err := collect(t, client, xclade.ListCustomersRequest{Limit: 1})

				assert.Equal(t, []string{"cus_1"}, ids)
				assert.ErrorIs(t, err, souk.ErrUnavailable)
			})
		})
	}
}

// An empty list is one with all its marks, also where room was set aside for rows.
func TestEmptyLists(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 1, 100} {
		server := &script{answers: []reply{{status: 200, body: `{"customers":[],"count":0,"offset":0,"limit":100}`}}}

		list, err := scripted(t, server).Customers.List(t.Context(), xclade.ListCustomersRequest{Limit: limit})

		require.NoError(t, err)
		assert.Empty(t, list.Customers)
		_, more := list.Next()
		assert.False(t, more)
	}
}
