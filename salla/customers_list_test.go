package salla_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func TestCustomersList(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Header: sentBare, Query: url.Values{
		"page": {"1"}, "per_page": {"15"}, "keyword": {"966511804534"}, "date_from": {"2026-01-01"}, "date_to": {"2026-01-31"},
		"fields[]": {"is_blocked", "block_reason"},
	}}).Fixture(200, "customer_list_200.json")

	list, err := newClient(t, gock).Customers.List(t.Context(), salla.ListCustomersRequest{
		Page: 1, Limit: 15, Keyword: "966511804534", DateFrom: "2026-01-01", DateTo: "2026-01-31",
		Fields: []salla.CustomerField{salla.FieldIsBlocked, salla.FieldBlockReason},
	})

	require.NoError(t, err)
	first := ahmed(t)
	first.Location = "Alaziziiah Street, building number 5"
	second := ahmed(t)
	second.ID, second.FirstName, second.LastName, second.Mobile = 2075683581, "Ali", "Ahmed", "777777778"
	second.Email, second.Location, second.URLs = "ali.ahmed@example.test", "null", salla.CustomerURLs{}
	assert.Equal(t, []salla.Customer{*first, *second}, list.Customers)
	assert.Equal(t, salla.Pagination{Count: 2, Total: 2, PerPage: 15, CurrentPage: 1, TotalPages: 1}, list.Pagination)
	_, more := list.Next()
	assert.False(t, more)
}

func TestCustomersListSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers"}).JSON(200, `{"status":200,"success":true,"data":[],"pagination":{"currentPage":0,"totalPages":0}}`)

	list, err := newClient(t, gock).Customers.List(t.Context(), salla.ListCustomersRequest{})

	require.NoError(t, err)
	assert.Empty(t, list.Customers)
}

func TestCustomersListRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.ListCustomersRequest
		want    string
	}{
		{"negative page", salla.ListCustomersRequest{Page: -1}, "Page: must not be negative; pages are numbered from 1"},
		{"blanks", salla.ListCustomersRequest{Keyword: " \n"}, "Keyword: must not be blank: the server might leave the filter out; an empty text means no filter"},
		{"page of 61", salla.ListCustomersRequest{Limit: 61}, "Limit: must be 1 to 60; 0 means Salla's default"},
		{"date", salla.ListCustomersRequest{DateFrom: "01-02-2026"}, "DateFrom: must be a date of the form YYYY-MM-DD"},
		{"time", salla.ListCustomersRequest{DateTo: "2026-01-01 10:00"}, "DateTo: must be a date of the form YYYY-MM-DD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := silent(t)

			_, err := client.Customers.List(t.Context(), tt.request)
			assert.EqualError(t, err, "salla: GET /customers: invalid; "+tt.want)

			for customer, err := range client.Customers.All(t.Context(), tt.request) {
				assert.Nil(t, customer)
				assert.EqualError(t, err, "salla: GET /customers: invalid; "+tt.want)
			}
		})
	}
}

func TestPaginationForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want salla.Pagination
	}{
		{"pagination_links_object.json", salla.Pagination{Count: 40, Total: 120, PerPage: 40, CurrentPage: 2, TotalPages: 3}},
		{"pagination_links_next.json", salla.Pagination{
			Count: 30, Total: 39, PerPage: 30, CurrentPage: 1, TotalPages: 2,
			Links: salla.PageLinks{Next: "http://api.salla.dev/admin/v2/customers?page=2"},
		}},
		{"pagination_links_both.json", salla.Pagination{
			Count: 15, Total: 45, PerPage: 15, CurrentPage: 2, TotalPages: 3,
			Links: salla.PageLinks{Previous: "http://api.salla.dev/admin/v2/customers?page=1", Next: "http://api.salla.dev/admin/v2/customers?page=3"},
		}},
		{"pagination_links_strings.json", salla.Pagination{PerPage: 65}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			rows, query := `[]`, url.Values{}
			if tt.want.CurrentPage > 0 {
				rows, query = `[{"id":1}]`, url.Values{"page": {strconv.Itoa(tt.want.CurrentPage)}}
			}
			gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: query}).
				JSON(200, `{"status":200,"success":true,"data":`+rows+`,"pagination":`+string(fixture(t, tt.name))+`}`)

			got, err := newClient(t, gock).Customers.List(t.Context(), salla.ListCustomersRequest{Page: tt.want.CurrentPage})

			require.NoError(t, err)
			assert.Equal(t, tt.want, got.Pagination)
		})
	}
}

// Salla counts to 10,000 and lists no page behind that, so that the last one says nothing
// of the rows that the number promises.
func TestThePageBeforeTheCapIsTheLast(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"page": {"166"}, "per_page": {"60"}}}).
		JSON(200, `{"status":200,"success":true,"data":[{"id":1}],"pagination":{"count":60,"total":10000,"perPage":60,"currentPage":166,"totalPages":166}}`)

	got, err := newClient(t, gock).Customers.List(t.Context(), salla.ListCustomersRequest{Page: 166, Limit: 60})

	require.NoError(t, err)
	_, more := got.Next()
	assert.False(t, more)
}

// page is an answer with customers of these ids.
func page(total, number, pages int, ids ...int64) string {
	rows := []map[string]int64{}
	for _, id := range ids {
		rows = append(rows, map[string]int64{"id": id})
	}
	data, _ := json.Marshal(map[string]any{
		"status": 200, "success": true, "data": rows,
		"pagination": map[string]any{"count": 99, "total": total, "perPage": 2, "currentPage": number, "totalPages": pages, "links": []string{"http://evil.example"}},
	})
	return string(data)
}

func expectPage(gock *testkit.Gock, number, answer string) {
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"page": {number}, "per_page": {"2"}, "keyword": {"x"}}}).JSON(200, answer)
}

// Next goes on page by page. Neither count nor links matter.
func TestCustomersNext(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"2"}, "keyword": {"x"}}}).JSON(200, page(3, 1, 2, 9, 8))
	expectPage(gock, "2", page(3, 2, 2, 7))
	client := newClient(t, gock)

	list, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{Limit: 2, Keyword: "x"})
	require.NoError(t, err)
	next, more := list.Next()
	assert.True(t, more)
	assert.Equal(t, salla.ListCustomersRequest{Page: 2, Limit: 2, Keyword: "x"}, next)

	list, err = client.Customers.List(t.Context(), next)
	require.NoError(t, err)
	_, more = list.Next()
	assert.False(t, more)
}

// Next counts pages, and misses customers whom others, deleted meanwhile, pull to a
// page that was read. These are the figures of the README.
func TestCustomersNextMissesWhomAWalkDoesNot(t *testing.T) {
	t.Parallel()
	byNext := func(client *salla.Client, page func()) (ids []int64) {
		req := salla.ListCustomersRequest{Limit: 10}
		for more := true; more; page() {
			list, err := client.Customers.List(t.Context(), req)
			require.NoError(t, err)
			for i := range list.Customers {
				ids = append(ids, list.Customers[i].ID)
			}
			req, more = list.Next()
		}
		return ids
	}
	byWalk := func(client *salla.Client, page func()) (ids []int64) {
		for customer, err := range client.Customers.All(t.Context(), salla.ListCustomersRequest{Limit: 10}) {
			require.NoError(t, err)
			if ids = append(ids, customer.ID); len(ids) == 10 {
				page()
			}
		}
		return ids
	}
	for want, read := range map[int]func(*salla.Client, func()) []int64{90: byNext, 100: byWalk} {
		server := sallatest.NewServer()
		t.Cleanup(server.Close)
		server.Seed(110)
		client, err := salla.NewClient(server.Config())
		require.NoError(t, err)
		first, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{Limit: 10})
		require.NoError(t, err)
		gone := map[int64]bool{}
		ids := read(client, func() {
			for _, c := range first.Customers {
				if !gone[c.ID] {
					require.NoError(t, client.Customers.Delete(t.Context(), c.ID))
				}
				gone[c.ID] = true
			}
		})
		others := 0
		for _, id := range ids {
			if !gone[id] {
				others++
			}
		}
		assert.Equal(t, want, others)
	}
}

func ids(t *testing.T, client *salla.Client, req salla.ListCustomersRequest) ([]int64, error) {
	t.Helper()
	var got []int64
	for customer, err := range client.Customers.All(t.Context(), req) {
		if err != nil {
			return got, err
		}
		got = append(got, customer.ID)
	}
	return got, nil
}

func TestCustomersAll(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		pages []string
		want  []int64
	}{
		{"one page", []string{page(2, 1, 1, 9, 8)}, []int64{9, 8}},
		{"empty", []string{page(0, 0, 0)}, nil},
		{"three pages", []string{page(5, 1, 3, 9, 8), page(5, 2, 3, 7, 6), page(5, 3, 3, 5)}, []int64{9, 8, 7, 6, 5}},
		{"new customer meanwhile", []string{page(4, 1, 2, 9, 8), page(5, 2, 3, 8, 7), page(5, 3, 3, 6)}, []int64{9, 8, 7, 6}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			for i, answer := range tt.pages {
				query := url.Values{"per_page": {"60"}}
				if i > 0 {
					query.Set("page", strconv.Itoa(i+1))
				}
				gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: query}).JSON(200, answer)
			}

			got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{})

			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// A customer deleted meanwhile moves others to a page that was read already.
func TestCustomersAllReadsAgainWhenRowsMoveUp(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"2"}, "keyword": {"x"}}}).JSON(200, page(5, 1, 3, 9, 8))
	expectPage(gock, "2", page(4, 2, 2, 6, 5)) // 9 is gone, 7 is on page 1 now
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"2"}, "keyword": {"x"}}}).JSON(200, page(4, 1, 2, 8, 7))
	expectPage(gock, "2", page(4, 2, 2, 6, 5))

	got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{Limit: 2, Keyword: "x"})

	require.NoError(t, err)
	assert.Equal(t, []int64{9, 8, 7, 6, 5}, got)
}

// What one customer lacks is not taken from another.
func TestCustomersAllMixesNothingUp(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"60"}}}).
		JSON(200, `{"status":200,"success":true,"data":[{"id":2,"email":"sara@example.test","groups":[1],"urls":{"customer":"a"},"stats":{"orders_count":1}}],"pagination":{"total":2,"currentPage":1,"totalPages":2}}`)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"60"}, "page": {"2"}}}).
		JSON(200, `{"status":200,"success":true,"data":[{"id":1,"email":null}],"pagination":{"total":2,"currentPage":2,"totalPages":2}}`)

	var got []*salla.Customer
	for customer, err := range newClient(t, gock).Customers.All(t.Context(), salla.ListCustomersRequest{}) {
		require.NoError(t, err)
		got = append(got, customer)
	}

	assert.Equal(t, []*salla.Customer{
		{ID: 2, Email: "sara@example.test", Groups: []int64{1}, URLs: salla.CustomerURLs{Customer: "a"}, Stats: &salla.CustomerStats{OrdersCount: 1}},
		{ID: 1},
	}, got)
}

func TestCustomersAllYieldsTheErrorLast(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"60"}}}).JSON(200, page(5, 1, 3, 9, 8))
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"60"}, "page": {"2"}}}).Fixture(401, "error_401_scope.json")

	got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{})

	assert.Equal(t, []int64{9, 8}, got)
	assert.ErrorIs(t, err, salla.ErrScopeMissing)
}

// A list at the cap of 10,000 is asked for by days.
func TestCustomersAllHalvesDaysAtTheCap(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expect := func(from, to, answer string) {
		query := url.Values{"per_page": {"60"}, "keyword": {"x"}, "date_from": {from}, "date_to": {to}}
		gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: query}).JSON(200, answer)
	}
	expect("2026-01-01", "2026-01-04", page(10_000, 1, 167, 9, 8))
	expect("2026-01-03", "2026-01-04", page(10_000, 1, 167, 9, 8))
	expect("2026-01-04", "2026-01-04", page(2, 1, 1, 9, 8))
	expect("2026-01-03", "2026-01-03", page(1, 1, 1, 7))
	expect("2026-01-01", "2026-01-02", page(1, 1, 1, 6))

	got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{Keyword: "x", DateFrom: "2026-01-01", DateTo: "2026-01-04"})

	require.NoError(t, err)
	assert.Equal(t, []int64{9, 8, 7, 6}, got)
}

func TestCustomersAllSaysWhichDayIsTooLarge(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	query := url.Values{"per_page": {"60"}, "date_from": {"2026-01-03"}, "date_to": {"2026-01-03"}}
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: query}).JSON(200, page(10_000, 1, 167, 9))

	got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{DateFrom: "2026-01-03", DateTo: "2026-01-03"})

	assert.Empty(t, got)
	requireError(t, err)
	assert.ErrorContains(t, err, "salla: GET /customers: failed: the list cannot be read whole")
	assert.ErrorContains(t, err, "which is all the server lists")
}

// Salla's page describes the dates the wrong way round. Should they mean what it
// says, or nothing, no customer is lost in silence.
func TestCustomersAllDoubtsTheDates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		created string
		refused bool
	}{
		{"2026-01-10 12:00:00", false},
		{"2026-01-09 23:00:00", false}, // another zone
		{"2026-01-11 23:00:00", false},
		{"2026-01-08 12:00:00", true},
		{"2026-01-12 12:00:00", true},
	}
	for _, tt := range tests {
		t.Run(tt.created, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"60"}, "date_from": {"2026-01-10"}, "date_to": {"2026-01-10"}}}).
				JSON(200, fmt.Sprintf(`{"status":200,"success":true,"data":[{"id":1,"created_at":%q}],"pagination":{"total":1,"currentPage":1,"totalPages":1}}`, tt.created))

			got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{DateFrom: "2026-01-10", DateTo: "2026-01-10"})

			if !tt.refused {
				require.NoError(t, err)
				assert.Equal(t, []int64{1}, got)
				return
			}
			assert.EqualError(t, err, "salla: GET /customers: unavailable, unreadable: the list cannot be read whole: the server sent rows of other days than it was asked for")
		})
	}
}

// Nothing depends on the clock here, also where the list is cut off.
func TestCustomersAllWithAClockBehindTheServer(t *testing.T) {
	t.Parallel()
	for _, days := range []int{1, 60} {
		synctest.Test(t, func(t *testing.T) { // in the year 2000
			store := &bigStore{last: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), days: days, perDay: 400}

			got, err := ids(t, store.client(t), salla.ListCustomersRequest{})

			require.NoError(t, err)
			assert.Len(t, got, 400*days)
		})
	}
}

// A store with several times as many customers as Salla lists comes whole.
func TestCustomersAllListsALargeStoreWhole(t *testing.T) {
	t.Parallel()
	const days, perDay = 60, 500
	store := &bigStore{last: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), days: days, perDay: perDay}
	client := store.client(t)

	next := int64(days * perDay)
	for customer, err := range client.Customers.All(t.Context(), salla.ListCustomersRequest{DateTo: "2026-06-30"}) {
		require.NoError(t, err)
		require.Equal(t, next, customer.ID)
		next--
	}

	assert.Zero(t, next)
	requests := store.requests.Load()
	t.Logf("%d customers in %d requests, at least %d are needed", days*perDay, requests, days*perDay/60)
	assert.Less(t, requests, int64(days*perDay/60*11/10))
}

// A million customers. Beside the time it says how many requests that takes.
func BenchmarkCustomersAllMillion(b *testing.B) {
	const days, perDay = 2000, 500
	store := &bigStore{last: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), days: days, perDay: perDay}
	client := store.client(b)
	for b.Loop() {
		count := 0
		for _, err := range client.Customers.All(b.Context(), salla.ListCustomersRequest{DateTo: "2026-06-30"}) {
			if err != nil {
				b.Fatal(err)
			}
			count++
		}
		if count != days*perDay {
			b.Fatalf("%d customers of %d", count, days*perDay)
		}
	}
	b.ReportMetric(float64(store.requests.Load())/float64(b.N), "requests/op")
}

func TestCustomersCount(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 9_999, 10_000, 25_000} {
		s := newShop(n, 10*time.Minute)
		count, err := s.client(t).Customers.Count(t.Context())
		require.NoError(t, err)
		assert.Equal(t, n, count)
		if n < 10_000 {
			assert.Equal(t, 1, s.requests)
		} else {
			assert.LessOrEqual(t, s.requests, 40)
		}
	}

	crowd := newShop(10_000, time.Second)
	_, err := crowd.client(t).Customers.Count(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, err, "salla: GET /customers: unavailable: Salla counts no more than 10,000 customers of one day, and has as many of 2026-03-01")

	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"per_page": {"1"}}}).
		JSON(200, `{"status":200,"success":true,"data":[],"pagination":{"currentPage":1,"totalPages":0}}`)
	_, err = newClient(t, gock).Customers.Count(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnreadable)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
}
