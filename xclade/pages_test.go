package xclade_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// expectPage answers a request with customers of these ids, as the server does: with
// the limit and the offset that it was asked for.
func expectPage(gock *testkit.Gock, query url.Values, count int, ids ...string) *testkit.Reply {
	rows := make([]string, len(ids))
	for i, id := range ids {
		rows[i] = fmt.Sprintf(`{"id":%q}`, id)
	}
	return gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: query}).
		JSON(200, fmt.Sprintf(`{"customers":[%s],"count":%d,"offset":%s,"limit":%s}`,
			strings.Join(rows, ","), count, cmp.Or(query.Get("offset"), "0"), cmp.Or(query.Get("limit"), "50")))
}

func collect(t *testing.T, client *xclade.Client, req xclade.ListCustomersRequest) ([]string, error) {
	t.Helper()
	var ids []string
	for customer, err := range client.Customers.All(t.Context(), req) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, customer.ID)
	}
	return ids, nil
}

// The walk goes by id. The count of a page is what is left of the list.
func TestAllWalksByID(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"q": {"x"}, "limit": {"2"}, "order": {"id"}}, 5, "cus_1", "cus_2")
	expectPage(gock, url.Values{"q": {"x"}, "limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}, 3, "cus_3", "cus_4")
	expectPage(gock, url.Values{"q": {"x"}, "limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_4"}}, 1, "cus_5")

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Q: "x", Limit: 2})

	require.NoError(t, err)
	assert.Equal(t, []string{"cus_1", "cus_2", "cus_3", "cus_4", "cus_5"}, ids)
}

func TestAllOfNothing(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"100"}, "order": {"id"}}, 0)

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{})

	require.NoError(t, err)
	assert.Empty(t, ids)
}

// A server that does not know conditions on ids is walked by offset.
func TestAllFallsBackToOffsets(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}}, 3, "cus_1", "cus_2")
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}}).
		JSON(400, `{"type":"invalid_data","message":"Invalid request"}`)
	expectPage(gock, url.Values{"limit": {"2"}, "offset": {"2"}}, 3, "cus_3")

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Limit: 2})

	require.NoError(t, err)
	assert.Equal(t, []string{"cus_1", "cus_2", "cus_3"}, ids)
}

// A proxy's refusal says nothing of what the server knows.
func TestAllDoesNotFallBackForAProxy(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}}, 3, "cus_1", "cus_2")
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}}).
		Body(400, "text/html", []byte("<html>Bad Request"))

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Limit: 2})

	assert.Equal(t, []string{"cus_1", "cus_2"}, ids)
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.ErrorIs(t, err, souk.ErrUnreadable)
}

// What the caller left out stays out when the walk falls back.
func TestAllFallsBackBehindTheFirstOffset(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}, "offset": {"4"}}, 7, "cus_5", "cus_6")
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_6"}}}).
		JSON(400, `{"type":"invalid_data","message":"Invalid request"}`)
	expectPage(gock, url.Values{"limit": {"2"}, "offset": {"6"}}, 7, "cus_7")

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Limit: 2, Offset: 4})

	require.NoError(t, err)
	assert.Equal(t, []string{"cus_5", "cus_6", "cus_7"}, ids)
}

// Rows without ids cannot be told apart, so a walk does not pass them in silence.
func TestAllTellsOfRowsWithoutIDs(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}}, 3, "", "")

	_, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Limit: 2})

	row, ok := errors.AsType[*souk.RowError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, 0, row.Index)
	assert.ErrorIs(t, err, souk.ErrUnreadable)
}

// Where the caller wants another order, rows that move are not repeated, and
// rows that move over the edge of a page are not lost.
func TestAllInAnotherOrder(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	page := func(offset string) url.Values {
		q := url.Values{"limit": {"2"}, "order": {"-created_at"}}
		if offset != "" {
			q.Set("offset", offset)
		}
		return q
	}
	expectPage(gock, page(""), 5, "e", "d")
	expectPage(gock, page("2"), 4, "b", "a") // "d" has been deleted, and "c" has moved up
	expectPage(gock, page(""), 4, "e", "c")
	expectPage(gock, page("2"), 4, "b", "a")

	ids, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{Order: "-created_at", Limit: 2})

	require.NoError(t, err)
	assert.Equal(t, []string{"e", "d", "c", "b", "a"}, ids)
}

// More ids than the server reads are asked for in parts.
func TestAllSplitsIDs(t *testing.T) {
	t.Parallel()
	ids := make([]string, 201)
	for i := range ids {
		ids[i] = fmt.Sprintf("cus_%03d", i)
	}
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"200"}, "order": {"id"}, "id[]": ids[:200]}, 2, "cus_007", "cus_008")
	expectPage(gock, url.Values{"limit": {"200"}, "order": {"id"}, "id": ids[200:]}, 1, "cus_200")

	got, err := collect(t, newClient(t, gock), xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{In: ids}}})

	require.NoError(t, err)
	assert.Equal(t, []string{"cus_007", "cus_008", "cus_200"}, got)
}

// A real group's id is longer than a customer's, and other filters need room too.
func TestAllSplitsLongIDs(t *testing.T) {
	t.Parallel()
	ids := make([]string, 301)
	for i := range ids {
		ids[i] = fmt.Sprintf("cusgroup_01M80W505GCY5SZXZ5Z9B%05d", i)
	}
	gock := testkit.NewGock(t)
	for _, part := range [][]string{ids[:200], ids[200:]} {
		query := url.Values{"limit": {"200"}, "order": {"id"}, "id[]": part, "fields": {"*customers"}}
		gock.Expect(testkit.Request{URL: host + "/admin/customer-groups", Query: query}).
			JSON(200, `{"customer_groups":[],"count":0,"offset":0,"limit":200}`)
	}

	for _, err := range newClient(t, gock).CustomerGroups.All(t.Context(), xclade.ListCustomerGroupsRequest{
		CustomerGroupFilter: xclade.CustomerGroupFilter{ID: xclade.Match{In: ids}},
		Fields:              xclade.Fields{Relations: []string{"customers"}},
	}) {
		require.NoError(t, err)
	}
}

// Rows fetched before an error come first, then the error, then the end.
func TestAllReturnsTheErrorOnce(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}}, 5, "cus_1", "cus_2")
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}}).
		JSON(403, `{"type":"forbidden","message":"Forbidden"}`)
	var errs []error
	var ids []string

	for customer, err := range newClient(t, gock).Customers.All(t.Context(), xclade.ListCustomersRequest{Limit: 2}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ids = append(ids, customer.ID)
	}

	assert.Equal(t, []string{"cus_1", "cus_2"}, ids)
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], souk.ErrForbidden)
}

// A broken loop has asked for one page more than it used, and for no other.
func TestAllStopsOnBreak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}}, 9, "cus_1", "cus_2")
		expectPage(gock, url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}, 7, "cus_3", "cus_4")

		for customer, err := range newClient(t, gock).Customers.All(t.Context(), xclade.ListCustomersRequest{Limit: 2}) {
			require.NoError(t, err)
			assert.Equal(t, "cus_1", customer.ID)
			synctest.Wait() // the next page is fetched meanwhile
			break
		}

		assert.Len(t, gock.Requests(), 2)
	})
}

func TestAllGroupsAndAddresses(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customer-groups", Query: url.Values{"limit": {"100"}, "order": {"id"}, "name": {"VIP"}}}).
		JSON(200, `{"customer_groups":[{"id":"g1"},{"id":"g2"}],"count":2,"offset":0,"limit":100}`)
	gock.Expect(testkit.Request{URL: addressesURL, Query: url.Values{"limit": {"1"}, "city": {"Bonn"}, "fields": complete["fields"]}}).
		JSON(200, `{"addresses":[{"id":"a1"}],"count":2,"offset":0,"limit":1}`)
	gock.Expect(testkit.Request{URL: addressesURL, Query: url.Values{"limit": {"1"}, "offset": {"1"}, "city": {"Bonn"}, "fields": complete["fields"]}}).
		JSON(200, `{"addresses":[{"id":"a2"}],"count":2,"offset":1,"limit":1}`)
	client := newClient(t, gock)
	var got []string

	for group, err := range client.CustomerGroups.All(t.Context(), xclade.ListCustomerGroupsRequest{CustomerGroupFilter: xclade.CustomerGroupFilter{Name: []string{"VIP"}}}) {
		require.NoError(t, err)
		got = append(got, group.ID)
	}
	for address, err := range client.Addresses.All(t.Context(), customerID, xclade.ListAddressesRequest{City: []string{"Bonn"}, Limit: 1}) {
		require.NoError(t, err)
		got = append(got, address.ID)
	}

	assert.Equal(t, []string{"g1", "g2", "a1", "a2"}, got)
}
