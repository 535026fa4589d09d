package shopline_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// cursor is base64 as SHOPLINE sends it, with the characters that a URL escapes.
const cursor = "eyJxdWVyeVBhcmFtU3RyaW5nIjoie30iLCJwYWdlIjoyfQ+/=="

// next is a Link header as SHOPLINE sends it.
func next(path string) string {
	return "<" + base + path + "?limit=1&page_info=" + url.QueryEscape(cursor) + `>; rel="next"`
}

func TestListSendsItsFilters(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	day := time.Date(2026, 9, 2, 21, 58, 35, 0, time.FixedZone("", 8*60*60))
	g.Expect(testkit.Request{URL: base + "/v2/customers.json", Header: headers(t), Query: url.Values{
		"ids": {"1,2"}, "since_id": {"0"}, "fields": {"id,email"}, "limit": {"250"},
		"created_at_min": {"2026-09-02T21:58:35+08:00"}, "created_at_max": {"2026-09-03T21:58:35+08:00"},
		"updated_at_min": {"2026-09-04T21:58:35+08:00"}, "updated_at_max": {"2026-09-05T21:58:35+08:00"},
	}}).Fixture(http.StatusOK, "customers_fields.json")

	list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{
		IDs: []string{"1", "2"}, SinceID: "0", Fields: []string{"id", "email"}, Limit: 250,
		CreatedAtMin: day, CreatedAtMax: day.AddDate(0, 0, 1), UpdatedAtMin: day.AddDate(0, 0, 2), UpdatedAtMax: day.AddDate(0, 0, 3),
	})

	require.NoError(t, err)
	assert.Equal(t, []shopline.Customer{{ID: "2791641345", Email: "jerry@example.com"}, {ID: "2791641346"}}, list.Customers)
	_, more := list.Next()
	assert.False(t, more)
}

func TestListDecodesAPage(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json"}).Fixture(http.StatusOK, "customers_list.json")

	list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})

	require.NoError(t, err)
	require.Len(t, list.Customers, 2)
	assert.Equal(t, *jerryFrank(), list.Customers[0])
	second := *nanTest()
	second.ID, second.Email, second.FirstName, second.LastName = "2791641346", "nobody@example.com", "", ""
	second.TotalSpent, second.LastOrderID, second.LastOrderName = "0.00", "N/A", "N/A"
	address := jerryFrank().Addresses[0]
	address.ID, address.CustomerID, address.City = "SL201UA7683107423792406420", "2791641346", "Sydney"
	address.ProvinceCodeV2, address.Default = "", false
	second.Addresses = []shopline.CustomerAddress{address}
	assert.Equal(t, second, list.Customers[1], "nothing of the first customer is in the second")
}

func TestNextPageRepeatsLimitAndFieldsAndNoFilter(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	second := url.Values{"limit": {"1"}, "fields": {"id"}, "page_info": {cursor}}

	g.Expect(testkit.Request{URL: base + "/v2/customers.json?since_id=7&limit=1&fields=id"}).
		JSON(200, `{"customers":[{"id":"8"}]}`).Header("link", next("/v2/customers.json"))
	g.Expect(testkit.Request{URL: base + "/v2/customers.json", Query: second}).JSON(200, `{"customers":[{"id":"9"}]}`)
	assertIDs(t, []string{"8", "9"}, client.Customers.All(t.Context(), shopline.ListCustomersRequest{SinceID: "7", Limit: 1, Fields: []string{"id"}}))

	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?query=orders_count%3A%3E1&query_param=Bob&order=2&limit=1&fields=id"}).
		JSON(200, `{"customers":[{"id":"8"}]}`).Header("link", next("/customers/v2/search.json"))
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json", Query: second}).JSON(200, `{"customers":[{"id":"9"}]}`)
	assertIDs(t, []string{"8", "9"}, client.Customers.SearchAll(t.Context(), shopline.SearchCustomersRequest{
		Query: "orders_count:>1", Text: "Bob", Order: shopline.SearchOrderOrdersCount, Limit: 1, Fields: []string{"id"},
	}))

	g.Expect(testkit.Request{URL: base + "/customer_saved_searches/GROUP1/customers.json?order=2&limit=1&fields=id"}).
		JSON(200, `{"customers":[{"id":"8"}]}`).Header("link", next("/customer_saved_searches/GROUP1/customers.json"))
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches/GROUP1/customers.json", Query: second}).JSON(200, `{"customers":[{"id":"9"}]}`)
	assertIDs(t, []string{"8", "9"}, client.CustomerGroups.AllMembers(t.Context(), "GROUP1", shopline.ListMembersRequest{
		Order: shopline.MemberOrderOrdersCount, Limit: 1, Fields: []string{"id"},
	}))
}

func TestCursorIsSentWithoutFilters(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?page_info=c&fields=id&limit=2"}).JSON(200, `{"customers":[]}`)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?page_info=c&fields=id&limit=2"}).JSON(200, `{"customers":[]}`)
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches/GROUP1/customers.json?page_info=c&fields=id&limit=2"}).JSON(200, `{"customers":[]}`)
	g.Expect(testkit.Request{URL: base + "/customers/1/orders.json?page_info=c&limit=2&status=open"}).JSON(200, `{"list":[]}`)
	fields := []string{"id"}

	_, errList := client.Customers.List(t.Context(), shopline.ListCustomersRequest{PageInfo: "c", Limit: 2, Fields: fields, SinceID: "1", CreatedAtMin: time.Now()})
	_, errSearch := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{PageInfo: "c", Limit: 2, Fields: fields, Query: "state:1", Text: "x", Order: 1})
	_, errMembers := client.CustomerGroups.ListMembers(t.Context(), "GROUP1", shopline.ListMembersRequest{PageInfo: "c", Limit: 2, Fields: fields, Order: 2})
	_, errOrders := client.Customers.ListOrders(t.Context(), "1", shopline.ListOrdersRequest{PageInfo: "c", Limit: 2, Status: shopline.OrderStatusOpen, SinceID: "1"})

	for _, err := range []error{errList, errSearch, errMembers, errOrders} {
		assert.NoError(t, err)
	}
}

func assertIDs(t *testing.T, want []string, customers iter.Seq2[*shopline.Customer, error]) {
	t.Helper()
	var got []string
	for customer, err := range customers {
		require.NoError(t, err)
		got = append(got, customer.ID)
	}
	assert.Equal(t, want, got)
}

func TestOrdersOfACustomer(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/42/orders.json?status=any&since_id=1&limit=1", Header: headers(t)}).
		Fixture(200, "orders.json").Header("link", next("/customers/42/orders.json"))
	g.Expect(testkit.Request{URL: base + "/customers/42/orders.json", Query: url.Values{
		"status": {"any"}, "limit": {"1"}, "page_info": {cursor},
	}}).JSON(200, `{"list":[{"id":"2"}]}`)
	var got []string

	for order, err := range client.Customers.AllOrders(t.Context(), "42", shopline.ListOrdersRequest{SinceID: "1", Limit: 1}) {
		require.NoError(t, err)
		got = append(got, order.ID)
	}

	assert.Equal(t, []string{"21050224312121887324667162", "2"}, got)
}

func TestMembersDecode(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches/GROUP1/customers.json", Header: headers(t)}).Fixture(200, "group_members.json")

	list, err := client.CustomerGroups.ListMembers(t.Context(), "GROUP1", shopline.ListMembersRequest{})

	require.NoError(t, err)
	want := *jerryFrank()
	want.MobileSubscribeFlag, want.LastOrderTime = shopline.SubscribeFlagConfirming, "2026-09-01T23:36:38+08:00"
	assert.Equal(t, []shopline.Customer{want}, list.Customers)
}

func TestSearchDecodes(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?limit=1", Header: headers(t)}).
		Fixture(200, "customers_search.json").Header("link", next("/customers/v2/search.json"))

	list, err := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Limit: 1})

	require.NoError(t, err)
	want := *jerryFrank()
	want.Gender = "1"
	assert.Equal(t, []shopline.Customer{want}, list.Customers)
	following, more := list.Next()
	assert.True(t, more)
	assert.Equal(t, shopline.SearchCustomersRequest{Limit: 1, PageInfo: cursor}, following)
}

func TestGroupsAndWebhooksFollowALinkToo(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches.json?fields=id", Header: headers(t)}).
		Fixture(200, "groups.json").Header("link", next("/customer_saved_searches.json"))
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches.json", Query: url.Values{"fields": {"id"}, "page_info": {cursor}}}).
		JSON(200, `{"customer_saved_searches":[{"id":"GROUP3"}]}`)
	g.Expect(testkit.Request{URL: base + "/webhooks.json"}).Fixture(200, "webhooks.json").Header("link", next("/webhooks.json"))
	g.Expect(testkit.Request{URL: base + "/webhooks.json", Query: url.Values{"page_info": {cursor}}}).JSON(200, `{"webhooks":[{"id":2}]}`)
	var groups []string
	var webhooks []int64

	for group, err := range client.CustomerGroups.All(t.Context(), shopline.ListCustomerGroupsRequest{Fields: []string{"id"}}) {
		require.NoError(t, err)
		groups = append(groups, group.ID)
	}
	for webhook, err := range client.Webhooks.All(t.Context(), shopline.ListWebhooksRequest{}) {
		require.NoError(t, err)
		webhooks = append(webhooks, webhook.ID)
	}

	assert.Equal(t, []string{"GROUP5483719394486658833", "GROUP5429808178858062838", "GROUP3"}, groups)
	assert.Equal(t, []int64{13814, 2}, webhooks)
}

func TestLinkHeaders(t *testing.T) {
	t.Parallel()
	const page = "https://open001.myshopline.com/admin/openapi/v20260601/v2/customers.json"
	for _, test := range []struct {
		name           string
		links          []string
		next, previous string
	}{
		{"none", nil, "", ""},
		{"an empty one", []string{""}, "", ""},
		{"next", []string{"<" + page + `?limit=1&page_info=abc>; rel="next"`}, "abc", ""},
		{"both", []string{"<" + page + `?page_info=p>; rel="previous", <` + page + `?page_info=n>; rel="next"`}, "n", "p"},
		{"two headers", []string{"<" + page + `?page_info=p>; rel="prev"`, "<" + page + `?page_info=n>; rel="next"`}, "n", "p"},
		{"commas and semicolons in the address", []string{"<" + page + `?fields=id,email&query=a:1;b:2&page_info=n>; rel="next",<` + page + `?fields=id,email&page_info=p>; rel=previous`}, "n", "p"},
		{"escaped", []string{"<" + page + `?page_info=a%2Bb%2F%3D%3D>; rel="next"`}, "a+b/==", ""},
		{"not escaped", []string{"<" + page + `?page_info=a+b/==>; rel="next"`}, "a+b/==", ""},
		{"escaped wrongly", []string{"<" + page + `?page_info=a%zz>; rel="next"`}, "a%zz", ""},
		{"other parameters around", []string{"<" + page + `?page_info=n> ; title="a, <b>; rel=prev" ; REL = Next ; x`}, "n", ""},
		{"several relations", []string{"<" + page + `?page_info=n>; rel="last next"`}, "n", ""},
		{"a relative address", []string{`</v2/customers.json?page_info=n#top>; rel="next"`}, "n", ""},
		{"other relations", []string{"<" + page + `?page_info=n>; rel="first", <https://docs.example>; rel="help"`}, "", ""},
		{"no page", []string{`<https://cdn.example>; rel=preconnect, <https://cdn.example/a.css>`}, "", ""},
		{"half a parameter", []string{"<" + page + `?page_info=n>; rel="next`}, "n", ""},
		{"no parameters in front", []string{"<" + page + `>, <` + page + `?page_info=n>; rel="next"`}, "n", ""},
		{"an empty parameter in front", []string{"<" + page + `?page_info=n>; title=; rel=next`}, "n", ""},
		{"nonsense", []string{`;;,,<>;=,"`}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, err := shopline.NewClient(shopline.Config{
				Handle: "open001",
				Token:  tokenOf(t),
				Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					resp := answer(http.StatusOK, `{"customers":[{"id":"1"}]}`)
					resp.Header["Link"] = test.links
					return resp, nil
				})}},
			})
			require.NoError(t, err)

			list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})

			require.NoError(t, err)
			assert.Equal(t, test.next, list.NextPageInfo)
			assert.Equal(t, test.previous, list.PreviousPageInfo)
		})
	}
}

// The id is asked for in any case: it tells a customer from any other JSON.
func TestFieldsNameTheID(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	fields := make([]string, 1, 2)
	fields[0] = "email"
	for path, body := range map[string]string{
		"/customers/v2/1.json?fields=email,id":                           `{"customer":{"id":"1"}}`,
		"/v2/customers.json?limit=1&fields=email,id":                     `{"customers":[{"id":"1"}]}`,
		"/v2/customers.json?limit=1&fields=email,id&page_info=c":         `{"customers":[{"id":"2"}]}`,
		"/customers/v2/search.json?fields=email,id":                      `{"customers":[{"id":"1"}]}`,
		"/customer_saved_searches/GROUP1/customers.json?fields=email,id": `{"customers":[{"id":"1"}]}`,
		"/customer_saved_searches/GROUP1.json?fields=email,id":           `{"customer_saved_search":{"id":"GROUP1"}}`,
		"/customer_saved_searches.json?fields=email,id":                  `{"customer_saved_searches":[{"id":"GROUP1"}]}`,
	} {
		reply := g.Expect(testkit.Request{URL: base + path}).JSON(200, body)
		if path == "/v2/customers.json?limit=1&fields=email,id" {
			reply.Header("link", `<https://x/?page_info=c>; rel="next"`)
		}
	}

	_, errGet := client.Customers.Get(t.Context(), "1", shopline.GetCustomerRequest{Fields: fields})
	_, errSearch := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Fields: fields})
	_, errMembers := client.CustomerGroups.ListMembers(t.Context(), "GROUP1", shopline.ListMembersRequest{Fields: fields})
	_, errGroup := client.CustomerGroups.Get(t.Context(), "GROUP1", shopline.GetCustomerGroupRequest{Fields: fields})
	_, errGroups := client.CustomerGroups.List(t.Context(), shopline.ListCustomerGroupsRequest{Fields: fields})

	for _, err := range []error{errGet, errSearch, errMembers, errGroup, errGroups} {
		require.NoError(t, err)
	}
	assertIDs(t, []string{"1", "2"}, client.Customers.All(t.Context(), shopline.ListCustomersRequest{Limit: 1, Fields: fields}))
	assert.Equal(t, []string{"email", ""}, fields[:2], "the caller's list is left alone")
}

func TestLinkToAnotherHostIsNotFollowed(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).
		JSON(200, `{"customers":[{"id":"1"}]}`).Header("link", `<https://evil.example/steal?page_info=abc>; rel="next"`)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250&page_info=abc", Header: headers(t)}).JSON(200, `{"customers":[{"id":"2"}]}`)

	assertIDs(t, []string{"1", "2"}, client.Customers.All(t.Context(), shopline.ListCustomersRequest{}))

	for _, request := range g.Requests() {
		assert.Equal(t, "open001.myshopline.com", request.URL.Host)
	}
}

// A list whose next page cannot be asked for would seem to end there.
func TestNextPageThatCannotBeNamedIsAnError(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{
		"no cursor":        `<https://evil.example/steal?token=please>; rel="next"`,
		"an empty cursor":  "<" + base + `/v2/customers.json?page_info=>; rel="next"`,
		"half a header":    "<" + base + `/v2/customers.json?page_info=n`,
		"no brackets":      base + `/v2/customers.json?page_info=n; rel="next"`,
		"no relation":      "<" + base + `/v2/customers.json?page_info=n>`,
		"other quotes":     "<" + base + `/v2/customers.json?page_info=n>; rel='next'`,
		"another relation": "<" + base + `/v2/customers.json?page_info=p>; rel="previous", <` + base + `/v2/customers.json?page_info=n>; rel="next-page"`,
		"half of two":      `<` + base + `/v2/customers.json?page_info=p>; rel="previous", <` + base + `/v2/customers.json?pa`,
		"two next pages":   `<` + base + `/v2/customers.json?page_info=a>; rel="next", <` + base + `/v2/customers.json?page_info=b>; rel="next"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, g *testkit.Gock, client *shopline.Client, base string) {
				g.Expect(testkit.Request{URL: base + "/v2/customers.json"}).JSON(200, `{"customers":[{"id":"1"}]}`).Header("link", link).Times(4)

				list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})

				assert.Nil(t, list)
				require.ErrorIs(t, err, souk.ErrUnavailable)
				require.ErrorIs(t, err, souk.ErrUnreadable)
				assert.ErrorContains(t, err, "JSON without a Link header that can be read came instead of the API's answer")

				g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).JSON(200, `{"customers":[{"id":"1"}]}`).Header("link", link).Times(4)
				for _, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
					require.ErrorIs(t, err, souk.ErrUnreadable, "and no other page was asked for")
				}
			})
		})
	}
}

func TestCursorThatLoopsIsAnError(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	link := `<` + base + `/v2/customers.json?page_info=again>; rel="next"`
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).JSON(200, `{"customers":[{"id":"1"}]}`).Header("link", link)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250&page_info=again"}).JSON(200, `{"customers":[{"id":"2"}]}`).Header("link", link)
	var got []string
	var failure error

	for customer, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
		if err != nil {
			failure = err
			continue
		}
		got = append(got, customer.ID)
	}

	assert.Equal(t, []string{"1", "2"}, got)
	require.Error(t, failure)
	_, typed := errors.AsType[*souk.Error](failure)
	assert.True(t, typed)
	assert.NotContains(t, failure.Error(), "again")
}

// Only the end mark ends a list: an empty page that promises more is none.
func TestEmptyPageInTheMiddleIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := shopline.NewClient(shopline.Config{
			Handle: "open001",
			Token:  tokenOf(t),
			Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				resp := answer(http.StatusOK, `{"customers":[]}`)
				resp.Header["Link"] = []string{`<https://x/?page_info=3>; rel="next"`}
				if r.URL.Query().Get("page_info") == "" {
					resp = answer(http.StatusOK, `{"customers":[{"id":"1"}]}`)
					resp.Header["Link"] = []string{`<https://x/?page_info=2>; rel="next"`}
				}
				return resp, nil
			})}},
		})
		require.NoError(t, err)

		got, err := read(client.Customers.All(t.Context(), shopline.ListCustomersRequest{}), 0)

		assert.Equal(t, []string{"1"}, got)
		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.ErrorIs(t, err, souk.ErrUnreadable)
	})
}

func TestErrorOfALaterPageComesAfterTheRowsBeforeIt(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).
		JSON(200, `{"customers":[{"id":"1"}]}`).Header("link", `<https://x/?page_info=2>; rel="next"`)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250&page_info=2"}).JSON(403, `{"errors":"no"}`)
	var got []string
	var errs []error

	for customer, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		got = append(got, customer.ID)
	}

	assert.Equal(t, []string{"1"}, got)
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], souk.ErrForbidden)
}

func TestWalksReadTheLargestPages(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).JSON(200, `{"customers":[{"id":"1"}]}`)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?limit=250"}).JSON(200, `{"customers":[{"id":"1"}]}`)
	g.Expect(testkit.Request{URL: base + "/customer_saved_searches/GROUP1/customers.json?limit=250"}).JSON(200, `{"customers":[{"id":"1"}]}`)
	g.Expect(testkit.Request{URL: base + "/customers/1/orders.json?limit=100&status=any"}).JSON(200, `{"list":[{"id":"1"}]}`)

	assertIDs(t, []string{"1"}, client.Customers.All(t.Context(), shopline.ListCustomersRequest{}))
	assertIDs(t, []string{"1"}, client.Customers.SearchAll(t.Context(), shopline.SearchCustomersRequest{}))
	assertIDs(t, []string{"1"}, client.CustomerGroups.AllMembers(t.Context(), "GROUP1", shopline.ListMembersRequest{}))
	for order, err := range client.Customers.AllOrders(t.Context(), "1", shopline.ListOrdersRequest{}) {
		require.NoError(t, err)
		assert.Equal(t, "1", order.ID)
	}
}

func TestWalkWithADeadContextSendsNothing(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	for customer, err := range client.Customers.All(ctx, shopline.ListCustomersRequest{}) {
		assert.Nil(t, customer)
		assert.ErrorIs(t, err, context.Canceled)
	}
}
