package shopline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// reply is an answer of somebody.
type reply struct {
	status int
	body   string
	header http.Header
}

// ask carries out a call that is answered by replies, the last of them for ever,
// and returns how often it was sent. It takes no time.
func ask(t *testing.T, call func(context.Context, *shopline.Client) (any, error), replies ...reply) (got any, sent int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		client, wrong := shopline.NewClient(shopline.Config{
			Handle: askedStore(), Token: "t", Enterprise: true, Options: souk.Options{HTTPClient: stub(&sent, replies)},
		})
		require.NoError(t, wrong)
		got, err = call(t.Context(), client)
	})
	return got, sent, err
}

// askedStore is a store that nobody has asked yet.
func askedStore() string { return fmt.Sprintf("asked%d", serial.Add(1)) }

// stub answers with replies, the last of them for ever, and counts in sent.
func stub(sent *int, replies []reply) *http.Client {
	var mu sync.Mutex // a walk asks for a page while it reads the one before
	next := func() reply {
		mu.Lock()
		defer mu.Unlock()
		*sent++
		return replies[min(*sent, len(replies))-1]
	}
	return &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		r := next()
		if r.status == 0 {
			return nil, errors.New("the connection broke")
		}
		resp := answer(r.status, r.body)
		maps.Copy(resp.Header, r.header)
		if strings.HasPrefix(r.body, "<") {
			resp.Header.Set("Content-Type", "text/html")
		}
		return resp, nil
	})}
}

// everyOperation are all operations of the package, each with the answer to it.
func everyOperation(t *testing.T) []answered {
	t.Helper()
	var all []answered
	for _, operations := range [][]operation{
		customerOperations(), accountOperations(), addressOperations(), groupOperations(), otherOperations(), listOperations(),
	} {
		for _, op := range operations {
			a := answered{operation: op, success: ""}
			if op.fixture != "" {
				a.success = string(testkit.Fixture(t, op.fixture))
			}
			all = append(all, a)
		}
	}
	return all
}

type answered struct {
	operation
	success string
}

// listOperations are those whose pages paging_test.go shows.
func listOperations() []operation {
	return []operation{
		{
			name: "list customers", fixture: "customers_list.json",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.List(ctx, shopline.ListCustomersRequest{})
			},
		},
		{
			name: "search customers", fixture: "customers_search.json",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Search(ctx, shopline.SearchCustomersRequest{})
			},
		},
		{
			name: "list members", fixture: "group_members.json",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.ListMembers(ctx, "GROUP1", shopline.ListMembersRequest{})
			},
		},
		{
			name: "list orders", fixture: "orders.json",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.ListOrders(ctx, "42", shopline.ListOrdersRequest{})
			},
		},
		{
			name: "list groups", fixture: "groups.json",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.List(ctx, shopline.ListCustomerGroupsRequest{})
			},
		},
		{
			name: "update a customer", fixture: "customer_update.json", request: testkit.Request{Method: "PUT"},
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Update(ctx, "2791641345", shopline.UpdateCustomerRequest{
					Note: new("x"), Addresses: []shopline.UpdateCustomerAddress{{ID: "SL1", City: new("x")}},
				})
			},
		},
		{
			name: addsAnAddress, fixture: "customer_update.json", request: testkit.Request{Method: "PUT"},
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Update(ctx, "2791641345", shopline.UpdateCustomerRequest{
					Addresses: []shopline.UpdateCustomerAddress{{ID: "SL1"}, {City: new("x")}},
				})
			},
		},
	}
}

const addsAnAddress = "update a customer and add an address"

func (a answered) isRead() bool {
	return a.request.Method == "" || a.name == "get a customer by e-mail address" || a.name == "list the addresses of customers"
}

func (a answered) isWrite() bool { return a.name == addsAnAddress || slices.Contains(writes, a.name) }

func (a answered) isDelete() bool {
	return a.request.Method == http.MethodDelete
}

// takesAnything reports an operation whose answer SHOPLINE documents as empty.
func (a answered) takesAnything() bool { return a.fixture == "" }

// mark is the member of the success without which it is none, and what it must not
// be: a list null, an object null or without its id.
func (a answered) almost() []string {
	var bodies []string
	switch {
	case a.takesAnything() || strings.HasPrefix(a.name, "delete a customer"):
		return nil
	case a.fixture == "empty_object.json":
		return []string{`{"customer_address":null}`, `{"customer":null}`, `{"traceId":"6a98"}`}
	case a.fixture == "social_logins.json":
		return []string{`{"data":{"third_party_login_configurations":null}}`, `{"data":null}`, `{"data":[]}`}
	case a.fixture == "activation_url.json":
		return []string{`{"data":{"account_activation_url":null}}`, `{"data":{"account_activation_url":""}}`, `{"data":{}}`}
	case a.fixture == "addresses_list.json":
		bodies = []string{`{"user_address":{"uid":"1"}}`}
	}
	key, _, _ := strings.Cut(strings.TrimLeft(a.success, "{ \n\""), `"`)
	for _, value := range []string{`null`, `{}`, `""`, `"x"`, `true`, `{"id":null}`, `{"id":""}`, `{"message":"maintenance"}`} {
		bodies = append(bodies, `{"`+key+`":`+value+`}`)
	}
	if a.fixture != "count.json" && !strings.Contains(a.success[:min(len(a.success), 60)], "[") {
		bodies = append(bodies, `{"`+key+`":[]}`, `{"`+key+`":7}`)
	}
	if a.fixture == "count.json" {
		bodies = append(bodies, `{"count":"many"}`, `{"count":-1}`, `{"count":1.5}`, `{"total":1}`)
	}
	return bodies
}

const webPage = "<!doctype html><title>Just a moment</title>"

// foreignSuccesses are bodies that gateways and other vendors send with a status of
// success.
var foreignSuccesses = []string{
	"", " ", "OK", webPage, `null`, `[]`, `""`, `"ok"`, `true`, `0`, `{}`, `{"id":"1"}`, `{"message":"maintenance"}`, `{"success":true}`,
	`{"success":false,"message":"no"}`, `{"status":200,"success":true,"data":{"id":1},"pagination":{}}`, `{"success":true,"content":{"address":{"id":"1"}}}`,
	`{"code":"Success","data":{}}`, `{"code":200,"message":"ok"}`, `{"data":[]}`, `{"data":{}}`, `{"deleted":true,"id":"1"}`, `{"error":"no"}`,
	`{"errors":null}`, `{"errors":[]}`, `{"timestamp":"2026-01-01","status":500,"error":"x","path":"/"}`, `{"cus`, `[{"id":"1"}]`,
}

// isItsOwn reports whether a body is the success of the operation after all.
func (a answered) isItsOwn(body string) bool {
	text := strings.TrimSpace(body)
	switch {
	case a.takesAnything():
		return text != "OK" && text != webPage && text != `{"cus`
	case a.fixture == "empty_object.json":
		return text == "{}"
	}
	return false
}

func TestOnlyTheirOwnSuccessesAreBelieved(t *testing.T) {
	t.Parallel()
	for _, op := range everyOperation(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			for status, bodies := range map[int][]string{
				200: slices.Concat(foreignSuccesses, op.almost()), 202: {webPage, `null`, `{"message":"maintenance"}`}, 204: {""},
			} {
				for _, body := range bodies {
					got, sent, err := ask(t, op.call, reply{status: status, body: body})

					if op.isItsOwn(body) {
						require.NoError(t, err, "%d %s", status, body)
						assert.Equal(t, 1, sent)
						continue
					}
					op.assertForeign(t, got, sent, err, fmt.Sprint(status, body))
				}
				if op.success != "" {
					_, sent, err := ask(t, op.call, reply{status: status, body: op.success})
					require.NoError(t, err)
					assert.Equal(t, 1, sent)
				}
			}
		})
	}
}

// assertForeign asserts what an answer comes to that may hide that of SHOPLINE.
func (a answered) assertForeign(t *testing.T, got any, sent int, err error, text string) {
	t.Helper()
	assert.Empty(t, got, text)
	require.ErrorIs(t, err, souk.ErrUnavailable, text)
	require.ErrorIs(t, err, souk.ErrUnreadable, text)
	assert.ErrorContains(t, err, "came instead of the API's answer", text)
	assert.NotErrorIs(t, err, souk.ErrNotFound, text)
	assert.Equal(t, !a.isRead(), errors.Is(err, souk.ErrOutcomeUnknown), text)
	assert.Equal(t, a.times(), sent, text)
	for _, word := range []string{"shopline.", "json.", "struct"} {
		assert.NotContains(t, strings.TrimPrefix(err.Error(), "shopline: "), word)
	}
	assert.NotContains(t, err.Error(), "200 ok")
}

func (a answered) times() int {
	if a.isWrite() {
		return 1
	}
	return 4
}

func TestRefusalsWithAnyStatus(t *testing.T) {
	t.Parallel()
	bodies := []string{`{"errors":"no"}`, `{"errors":["no"]}`, `{"errors":{"note":["no"]}}`, `{"errors":{"note":"no"}}`, `{"code":"X1","message":"no"}`, `{"code":1001,"message":"no"}`}
	for _, op := range everyOperation(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			for status, class := range map[int]error{
				200: souk.ErrInvalid, 202: souk.ErrInvalid, 400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden,
				404: souk.ErrNotFound, 405: souk.ErrInvalid, 406: souk.ErrInvalid, 409: souk.ErrInvalid, 412: souk.ErrInvalid,
				422: souk.ErrInvalid, 501: souk.ErrForbidden,
			} {
				op.assertRefused(t, class, reply{status: status, body: bodies[0]})
			}
			for _, body := range bodies {
				op.assertRefused(t, souk.ErrInvalid, reply{status: 200, body: body})
				op.assertRefused(t, souk.ErrInvalid, reply{status: 422, body: body})
			}
			for _, status := range []int{402, 423, 433, 434, 435, 436} {
				for _, body := range []string{"", webPage, `{"message":"maintenance"}`} {
					op.assertRefused(t, souk.ErrForbidden, reply{status: status, body: body})
				}
			}
			op.assertRefused(t, souk.ErrInvalid, reply{status: 200, body: withErrors(op.success)})
		})
	}
}

// withErrors adds errors to a success, which is none with them.
func withErrors(success string) string {
	success = strings.TrimSpace(success)
	if success == "" || success == "{}" {
		return `{"errors":"no"}`
	}
	return `{"errors":{"base":["no"]},` + strings.TrimPrefix(success, "{")
}

func (a answered) assertRefused(t *testing.T, class error, r reply) {
	t.Helper()
	got, sent, err := ask(t, a.call, r)
	assert.Empty(t, got, r)
	require.ErrorIs(t, err, class, r)
	assert.NotErrorIs(t, err, souk.ErrUnreadable, r)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, r)
	assert.Equal(t, 1, sent, r)
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok)
	assert.NotEmpty(t, e.Message+fmt.Sprint(e.Fields), "%v", r)
}

// gateways are failures of others: none of them is SHOPLINE's.
var gateways = []string{
	"", webPage, `null`, `{}`, `[]`, `"no"`, `{"message":"no Route matched with those values"}`, `{"error":"Not Found"}`,
	`{"timestamp":"2026-01-01T00:00:00Z","status":404,"error":"Not Found","path":"/admin"}`, `{"success":false,"error":{"code":"not_found"}}`,
	`{"type":"not_found","message":"no"}`, `{"Code":"NotFound","Message":"no"}`, `{"errors":null}`, `{"errors":[]}`, `{"errors":""}`, `{"code":null,"message":"no"}`,
}

// turnedAway are statuses by which somebody says that the request went no further.
var turnedAway = map[int]error{
	400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden, 405: souk.ErrInvalid, 413: souk.ErrInvalid,
	422: souk.ErrInvalid, 431: souk.ErrInvalid, 307: souk.ErrUnavailable, 308: souk.ErrUnavailable,
}

func TestForeignFailures(t *testing.T) {
	t.Parallel()
	for _, op := range everyOperation(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			for i, body := range gateways {
				statuses := []int{404, 500}
				if i < 3 { // the others differ in nothing
					statuses = append(statuses, 409, 410, 502, 504, 520, 302, 303, 999)
				}
				for _, status := range statuses {
					got, sent, err := ask(t, op.call, reply{status: status, body: body})

					op.assertForeign(t, got, sent, err, fmt.Sprint(status, body))
					assert.NotErrorIs(t, err, souk.ErrAlreadyExists)
				}
				classes := map[int]error{403: souk.ErrForbidden}
				if i < 3 {
					classes = turnedAway
				}
				for status, class := range classes {
					got, sent, err := ask(t, op.call, reply{status: status, body: body})

					assert.Empty(t, got)
					require.ErrorIs(t, err, class, "%d %s", status, body)
					require.ErrorIs(t, err, souk.ErrUnreadable)
					assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
					assert.Equal(t, 1, sent)
				}
			}
			for _, r := range []reply{
				{status: 404, body: `{"code":404,"message":"Not Found"}`}, {status: 404, body: `{"code":"NO_ROUTE","message":"no"}`}, // a gateway's
				{status: 303, body: `{"errors":"no"}`},
			} {
				got, sent, err := ask(t, op.call, r)
				op.assertForeign(t, got, sent, err, fmt.Sprint(r))
			}
		})
	}
}

func TestTheirOwnTrouble(t *testing.T) {
	t.Parallel()
	for _, op := range everyOperation(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			replies := []reply{
				{status: 500, body: `{"errors":"Internal Server Error"}`},
				{status: 502, body: `{"errors":"no"}`},
				{status: 504, body: `{"code":"TIMEOUT","message":"split the request"}`},
				{status: 503, body: webPage},
				{status: 408},
				{status: 503, body: `{"errors":"no"}`},
				{status: 503, header: http.Header{"Retry-After": {"1"}}},
			}
			for _, r := range replies {
				got, sent, err := ask(t, op.call, r)

				assert.Empty(t, got)
				require.ErrorIs(t, err, souk.ErrUnavailable, r)
				assert.NotErrorIs(t, err, souk.ErrUnreadable, r)
				assert.Equal(t, !op.isRead(), errors.Is(err, souk.ErrOutcomeUnknown), r)
				assert.Equal(t, op.times(), sent, r)
			}
			for _, r := range append(replies, reply{status: 200, body: webPage}, reply{status: 404, body: webPage}, reply{}) {
				if op.isWrite() {
					break
				}
				_, sent, err := ask(t, op.call, r, reply{status: 200, body: op.success})

				require.NoError(t, err, r)
				assert.Equal(t, 2, sent)
			}
			_, sent, err := ask(t, op.call, reply{status: 429, body: webPage}, reply{status: 429, body: `{"errors":"Too many request"}`}, reply{status: 200, body: op.success})
			require.NoError(t, err)
			assert.Equal(t, 3, sent)
		})
	}
}

func TestDeleteIsBelievedOnlyWhatSHOPLINESays(t *testing.T) {
	t.Parallel()
	notFound := reply{status: 404, body: `{"errors":"The customer does not exist."}`}
	for _, op := range everyOperation(t) {
		if !op.isDelete() {
			continue
		}
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := ask(t, op.call, notFound)
			require.ErrorIs(t, err, souk.ErrNotFound)

			for _, lost := range []reply{{}, {status: 502, body: webPage}, {status: 200, body: webPage}, {status: 404, body: webPage}, {status: 500, body: `{"errors":"x"}`}} {
				_, sent, err := ask(t, op.call, lost, notFound)
				require.NoError(t, err, "%v, then it is gone", lost)
				assert.Equal(t, 2, sent)

				for _, body := range gateways[:8] {
					_, sent, err = ask(t, op.call, lost, reply{status: 404, body: body})
					require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "%v, then a proxy's 404 %s", lost, body)
					assert.Equal(t, 4, sent)
				}
			}

			_, sent, err := ask(t, op.call, reply{status: 429, body: `{"errors":"Too many request"}`}, notFound)
			require.ErrorIs(t, err, souk.ErrNotFound, "the first was not carried out")
			assert.Equal(t, 2, sent)
		})
	}
	t.Run("what is no delete", func(t *testing.T) {
		t.Parallel()
		for _, op := range everyOperation(t) {
			if op.isDelete() || op.isRead() || op.isWrite() {
				continue
			}
			_, _, err := ask(t, op.call, reply{}, notFound)
			require.ErrorIs(t, err, souk.ErrNotFound, op.name)
		}
	})
}

// A walk ends where SHOPLINE says that the list ends, and nowhere else.
func TestWalksDoNotEndEarly(t *testing.T) {
	t.Parallel()
	for name, walk := range map[string]struct {
		key string
		all func(context.Context, *shopline.Client) iter.Seq2[string, error]
	}{
		"customers": {"customers", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.Customers.All(ctx, shopline.ListCustomersRequest{}), func(c *shopline.Customer) string { return c.ID })
		}},
		"a search": {"customers", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.Customers.SearchAll(ctx, shopline.SearchCustomersRequest{}), func(c *shopline.Customer) string { return c.ID })
		}},
		"members": {"customers", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.CustomerGroups.AllMembers(ctx, "GROUP1", shopline.ListMembersRequest{}), func(c *shopline.Customer) string { return c.ID })
		}},
		"orders": {"list", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.Customers.AllOrders(ctx, "1", shopline.ListOrdersRequest{}), func(o *shopline.Order) string { return o.ID })
		}},
		"groups": {"customer_saved_searches", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.CustomerGroups.All(ctx, shopline.ListCustomerGroupsRequest{}), func(g *shopline.CustomerGroup) string { return g.ID })
		}},
		"webhooks": {"webhooks", func(ctx context.Context, c *shopline.Client) iter.Seq2[string, error] {
			return ids(c.Webhooks.All(ctx, shopline.ListWebhooksRequest{}), func(w *shopline.Webhook) string { return fmt.Sprint(w.ID) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := func(id string) string {
				if walk.key == "webhooks" {
					return `{"webhooks":[{"id":` + id + `}]}`
				}
				return `{"` + walk.key + `":[{"id":"` + id + `"}]}`
			}
			first := reply{status: 200, body: row("1"), header: http.Header{"Link": {`<https://x/?page_info=2>; rel="next"`}}}
			last := reply{status: 200, body: row("2")}
			collect := func(ctx context.Context, c *shopline.Client) (any, error) {
				var got []string
				for id, err := range walk.all(ctx, c) {
					if err != nil {
						return got, err
					}
					got = append(got, id)
				}
				return got, nil
			}
			bodies := append(slices.Clone(foreignSuccesses), `{"`+walk.key+`":null}`, `{"`+walk.key+`":{}}`, `{"`+walk.key+`":""}`)
			for _, body := range bodies {
				got, sent, err := ask(t, collect, first, reply{status: 200, body: body})
				require.ErrorIs(t, err, souk.ErrUnreadable, body)
				assert.Equal(t, []string{"1"}, got)
				assert.Equal(t, 5, sent)

				got, _, err = ask(t, collect, first, reply{status: 200, body: body}, last)
				require.NoError(t, err, body)
				assert.Equal(t, []string{"1", "2"}, got)
			}
			for _, contradiction := range []reply{
				{status: 200, body: `{"` + walk.key + `":[]}`, header: http.Header{"Link": {`<https://x/?page_info=3>; rel="next"`}}},
				{status: 200, body: row("2"), header: http.Header{"Link": {`<https://x/?page_info=3>; rel="next", <https://x/?page_info=4>; rel="next"`}}},
			} {
				got, _, err := ask(t, collect, first, contradiction)
				require.ErrorIs(t, err, souk.ErrUnreadable)
				assert.Equal(t, []string{"1"}, got)
			}
			for _, body := range []string{`{"errors":"no"}`, `{"` + walk.key + `":[],"errors":"no"}`} {
				got, sent, err := ask(t, collect, first, reply{status: 200, body: body})
				require.ErrorIs(t, err, souk.ErrInvalid, body)
				assert.Equal(t, []string{"1"}, got)
				assert.Equal(t, 2, sent)
			}
			got, _, err := ask(t, collect, reply{status: 200, body: `{"` + walk.key + `":[]}`})
			require.NoError(t, err)
			assert.Empty(t, got)
		})
	}
}

func ids[T any](rows iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for row, err := range rows {
			var text string
			if row != nil {
				text = id(row)
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

func TestEnsureBelievesOnlyWhatSHOPLINESays(t *testing.T) {
	t.Parallel()
	const there, nobody = `{"customer":{"id":"1","email":"a@b.example"}}`, `{"errors":"The customer does not exist."}`
	ensure := func(ctx context.Context, c *shopline.Client) (any, error) {
		customer, created, err := c.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: "a@b.example"})
		if customer == nil {
			return nil, err
		}
		return fmt.Sprint(customer.ID, created), err
	}
	made := reply{status: 200, body: there}
	for _, test := range []struct {
		name    string
		replies []reply // after a look-up that finds nobody
		want    any
		classes []error
		never   error
		sent    int
	}{
		{name: "another's success, and then it is there", replies: []reply{{status: 200, body: `{}`}, made}, want: "1false", sent: 2},
		{name: "another's success, and nobody is there", replies: []reply{{status: 200, body: `{"customer":{}}`}, {status: 404, body: nobody}, made}, want: "1true", sent: 3},
		{name: "another's 409", replies: []reply{{status: 409, body: webPage}, made}, want: "1false", sent: 2},
		{name: "a refusal in any words", replies: []reply{{status: 422, body: `{"errors":"1024"}`}, made}, want: "1false", sent: 2},
		{name: "a refusal with status 200", replies: []reply{{status: 200, body: `{"errors":"1024"}`}, made}, want: "1false", sent: 2},
		{
			name: "a refusal for another reason", replies: []reply{{status: 422, body: `{"errors":"1024"}`}, {status: 404, body: nobody}},
			classes: []error{souk.ErrInvalid}, never: souk.ErrOutcomeUnknown, sent: 2,
		},
		{
			name: "a proxy that refuses", replies: []reply{{status: 422, body: webPage}},
			classes: []error{souk.ErrInvalid, souk.ErrUnreadable}, never: souk.ErrOutcomeUnknown, sent: 1,
		},
		{
			name: "a look-up that fails for a while", replies: []reply{{status: 422, body: `{"errors":{"email":["has already been taken"]}}`}, {status: 502, body: webPage}},
			classes: []error{souk.ErrUnavailable}, never: souk.ErrAlreadyExists, sent: 5,
		},
		{
			name: "a look-up that a proxy says 404 to", replies: []reply{{status: 502, body: webPage}, {status: 404, body: webPage}},
			classes: []error{souk.ErrUnavailable, souk.ErrOutcomeUnknown}, never: souk.ErrNotFound, sent: 5,
		},
		{
			name: "a look-up that holds nobody", replies: []reply{{}, {status: 200, body: `{"customer":null}`}},
			classes: []error{souk.ErrUnavailable, souk.ErrOutcomeUnknown}, never: souk.ErrNotFound, sent: 5,
		},
		{
			name: "a look-up that is refused", replies: []reply{{}, {status: 403, body: `{"errors":"no scope"}`}},
			classes: []error{souk.ErrForbidden, souk.ErrOutcomeUnknown}, sent: 2,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			got, sent, err := ask(t, ensure, append([]reply{{status: 404, body: nobody}}, test.replies...)...)

			assert.Equal(t, test.want, got)
			assert.Equal(t, test.sent+1, sent)
			if test.classes == nil {
				require.NoError(t, err)
			}
			for _, class := range test.classes {
				require.ErrorIs(t, err, class)
			}
			if test.never != nil {
				assert.NotErrorIs(t, err, test.never)
			}
		})
	}
}

func TestEnsureTellsThatTheContextHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	lost := false
	client, err := shopline.NewClient(shopline.Config{
		Handle: handleOf(t), Token: "t",
		Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/customers.json"):
				lost = true
				return nil, errors.New("the connection broke")
			case !lost:
				return &http.Response{
					StatusCode: 404, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
					Body: io.NopCloser(strings.NewReader(`{"errors":"The customer does not exist."}`)),
				}, nil
			}
			cancel() // during the look-up
			return nil, r.Context().Err()
		})}},
	})
	require.NoError(t, err)

	customer, created, err := client.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: "a@b.example"})

	assert.Nil(t, customer)
	assert.False(t, created)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
}

func TestTakenByOperationFieldAndWords(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, c *shopline.Client) (any, error) {
		return c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example"})
	}
	update := func(ctx context.Context, c *shopline.Client) (any, error) {
		return c.Customers.Update(ctx, "2791641345", shopline.UpdateCustomerRequest{Email: new("a@b.example")})
	}
	for body, taken := range map[string]bool{
		`{"errors":{"email":["has already been taken"]}}`:                                true,
		`{"errors":{"email":"has been taken"}}`:                                          true,
		`{"errors":{"phone":["is invalid","already exists"]}}`:                           true,
		`{"errors":{"customer.email":["is already in use by another customer"]}}`:        true,
		`{"errors":{"Phone":["already registered"]}}`:                                    true,
		`{"errors":{"email":["duplicate"]}}`:                                             true,
		`{"errors":{"phone_number":["Exists."]}}`:                                        true,
		`{"errors":"The request is not valid. Email has already been taken"}`:            true,
		`{"errors":"Email exists"}`:                                                      true,
		`{"errors":"The e-mail address a@b.example already exists (1001)"}`:              true,
		`{"errors":"Email or Phone is already taken"}`:                                   true,
		`{"errors":["first","phone number 0085253657436 has already been registered."]}`: true,
		`{"errors":"Duplicate email"}`:                                                   true,
		`{"code":"X","message":"email has already been taken, choose another"}`:          true,
		`{"errors":{"email":["has already been deleted"]}}`:                              false,
		`{"errors":{"email":["maximum already reached"]}}`:                               false,
		`{"errors":{"email":["is mistaken"]}}`:                                           false,
		`{"errors":{"email":["does not exist"]}}`:                                        false,
		`{"errors":{"email":["is not taken"]}}`:                                          false,
		`{"errors":{"email":["doesn't exist"]}}`:                                         false,
		`{"errors":{"email":null}}`:                                                      false,
		`{"errors":{"tags":["already exists"]}}`:                                         false,
		`{"errors":{"email_marketing_consent":["already exists"]}}`:                      false,
		`{"errors":{"addresses":["already exists"],"email":["is invalid"]}}`:             false,
		`{"errors":{"note":["the email already exists"]}}`:                               false,
		`{"errors":"The customer has already been deleted"}`:                             false,
		`{"errors":"The maximum of customers is already reached"}`:                       false,
		`{"errors":"You are mistaken about the email"}`:                                  false,
		`{"errors":"Customer does not exist"}`:                                           false,
		`{"errors":"No customer with this email exists"}`:                                false,
		`{"errors":"Check whether the email exists"}`:                                    false,
		`{"errors":"The email is invalid. The tag already exists."}`:                     false,
		`{"errors":"The tag already exists, the email is invalid"}`:                      false,
		`{"errors":"The phone is taken from another record"}`:                            false,
		`{"errors":"An email has already been sent"}`:                                    false,
		`{"errors":"duplicated request"}`:                                                false,
		`{"errors":"1024: parameter check"}`:                                             false,
	} {
		want, other := souk.ErrInvalid, souk.ErrAlreadyExists
		if taken {
			want, other = other, want
		}
		for status, call := range map[int]func(context.Context, *shopline.Client) (any, error){422: create, 400: create, 409: update, 200: update} {
			_, sent, err := ask(t, call, reply{status: status, body: body})

			require.ErrorIs(t, err, want, "%d %s", status, body)
			assert.NotErrorIs(t, err, other, body)
			assert.Equal(t, 1, sent)
		}
	}
	for _, op := range everyOperation(t) {
		if strings.HasPrefix(op.name, "create a customer") || strings.HasPrefix(op.name, "update a customer") {
			continue
		}
		for _, status := range []int{422, 409, 200} {
			_, _, err := ask(t, op.call, reply{status: status, body: `{"errors":{"email":["has already been taken"]}}`})
			require.ErrorIs(t, err, souk.ErrInvalid, op.name)
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists, op.name)
		}
	}
}

func TestOnlySHOPLINEsOwn401RenewsAToken(t *testing.T) {
	t.Parallel()
	for body, renewed := range map[string]bool{
		`{"errors":"Unauthorized"}`: true, `{"code":"TOKEN_EXPIRED","message":"no"}`: true,
		webPage: false, "": false, `{"message":"Unauthorized"}`: false, `{}`: false,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			source, sent := &tokens{first: "old", second: "new"}, 0
			client, err := shopline.NewClient(shopline.Config{
				Handle: handleOf(t), TokenSource: source,
				Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					sent++
					return answer(http.StatusUnauthorized, body), nil
				})}},
			})
			require.NoError(t, err)

			_, err = client.Customers.Count(t.Context())

			require.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.Equal(t, renewed, !errors.Is(err, souk.ErrUnreadable))
			assert.Equal(t, renewed, len(source.invalidated) > 0)
			assert.Equal(t, renewed, sent == 2)
		})
	}
}

func TestErrorsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *shopline.Client) (any, error){
		"create": func(ctx context.Context, c *shopline.Client) (any, error) {
			return c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example", Password: "hush-hush", PasswordConfirmation: "hush-hush"})
		},
		"update": func(ctx context.Context, c *shopline.Client) (any, error) {
			return c.Customers.Update(ctx, "2791641345", shopline.UpdateCustomerRequest{Password: new("hush-hush")})
		},
		"social login": func(ctx context.Context, c *shopline.Client) (any, error) {
			return done(c.SocialLogins.Set(ctx, shopline.SetSocialLoginRequest{Channel: "line", Key: "hush-hush", RSAKey: "hush-hush"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []reply{
				{status: 422, body: `{"errors":{"hush-hush":["bad: hush-hush"]},"code":"hush-hush","message":"hush-hush"}`},
				{status: 200, body: `{"customer":"hush-hush`},
			} {
				_, _, err := ask(t, call, r)

				e, ok := errors.AsType[*souk.Error](err)
				require.True(t, ok)
				assert.NotContains(t, fmt.Sprintf("%s %s %s %v %s", err, e.Code, e.Message, e.Fields, e.Body), "hush")
				assert.Empty(t, e.Body)
			}
		})
	}
	for name, call := range map[string]func(context.Context, *shopline.Client) (any, error){
		"activation": func(ctx context.Context, c *shopline.Client) (any, error) {
			return c.Customers.CreateActivationURL(ctx, "42")
		},
		"social logins": func(ctx context.Context, c *shopline.Client) (any, error) {
			return c.SocialLogins.List(ctx, shopline.ListSocialLoginsRequest{})
		},
	} {
		_, _, err := ask(t, call, reply{status: 200, body: `{"data":{"third_key":"hush`})
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok, name)
		assert.Empty(t, e.Body, name)
	}
}

func TestDoTakesAnyJSONThatIsNoFailure(t *testing.T) {
	t.Parallel()
	do := func(ctx context.Context, c *shopline.Client) (any, error) {
		return nil, c.Do(ctx, http.MethodGet, "/orders.json", nil, nil, nil)
	}
	for _, body := range []string{`{}`, `[]`, `null`, "", `{"orders":[]}`, `{"errors":null}`, `{"errors":{}}`, `{"code":200,"message":"ok","data":{}}`, `{"code":"OK","message":"done"}`, `{"code":"Success","message":"done"}`} {
		_, _, err := ask(t, do, reply{status: 200, body: body})
		require.NoError(t, err, body)
	}
	for body, class := range map[string]error{
		webPage: souk.ErrUnreadable, "OK": souk.ErrUnreadable, `{"errors":"no"}`: souk.ErrInvalid, `{"code":"X","message":"no"}`: souk.ErrInvalid,
	} {
		_, _, err := ask(t, do, reply{status: 200, body: body})
		require.ErrorIs(t, err, class, body)
	}
}
