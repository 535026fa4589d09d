package commercengine_test

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// list is a list that can be walked.
type list struct {
	path, member, row string // row holds %d
	walk              func(context.Context, *commercengine.Client, int) []string
}

func collect[T any](rows iter.Seq2[*T, error], name func(*T) string) []string {
	var names []string
	for row, err := range rows {
		if err != nil {
			return append(names, err.Error())
		}
		names = append(names, name(row))
	}
	return names
}

// numbered are the lists whose answers say which page follows.
var numbered = []list{
	{addressPath, "addresses", `{"id":"%d"}`, func(ctx context.Context, c *commercengine.Client, limit int) []string {
		return collect(c.Addresses.All(ctx, customerID, commercengine.ListAddressesRequest{Limit: limit}), func(a *commercengine.Address) string { return a.ID })
	}},
	{"/customers/" + customerID + "/authorized-sellers", "authorized_sellers", `{"id":"%d"}`, func(ctx context.Context, c *commercengine.Client, limit int) []string {
		return collect(c.Customers.AllAuthorizedSellers(ctx, customerID, commercengine.ListAuthorizedSellersRequest{Limit: limit}), func(s *commercengine.Seller) string { return s.ID })
	}},
	{"/customers/" + customerID + "/mandate-debit-schedules", "mandate_debit_schedules", `{"id":"%d"}`, func(ctx context.Context, c *commercengine.Client, limit int) []string {
		return collect(c.Payments.AllDebitSchedules(ctx, customerID, commercengine.ListDebitSchedulesRequest{Limit: limit}), func(d *commercengine.DebitSchedule) string { return d.ID })
	}},
}

// plain are the lists whose answers say nothing of pages.
var plain = []list{
	{"/customers/" + customerID + "/loyalty-points-activity", "loyalty_points_activity", `{"title":"%d"}`, func(ctx context.Context, c *commercengine.Client, limit int) []string {
		return collect(c.Loyalty.AllActivities(ctx, customerID, commercengine.ListLoyaltyActivitiesRequest{Limit: limit}), func(a *commercengine.LoyaltyActivity) string { return a.Title })
	}},
	{"/common/countries/IN/pincodes", "pincodes", `{"pincode":"%d"}`, func(ctx context.Context, c *commercengine.Client, limit int) []string {
		return collect(c.Store.AllPincodes(ctx, "IN", commercengine.ListPincodesRequest{Limit: limit}), func(p *commercengine.Pincode) string { return p.Pincode })
	}},
}

// page is an answer with the rows from first to last, and perhaps a pagination.
func (l list) page(first, last int, pagination string) string {
	var rows []string
	for n := first; n <= last; n++ {
		rows = append(rows, fmt.Sprintf(l.row, n))
	}
	if pagination != "" {
		pagination = `,"pagination":` + pagination
	}
	return `{"success":true,"content":{"` + l.member + `":[` + strings.Join(rows, ",") + `]` + pagination + `}}`
}

func (l list) request(page, limit int) testkit.Request {
	return testkit.Request{URL: base + l.path, Query: url.Values{"page": {strconv.Itoa(page)}, "limit": {strconv.Itoa(limit)}}}
}

func TestAllFollowsThePagination(t *testing.T) {
	t.Parallel()
	for _, l := range numbered {
		t.Run(l.member, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(l.request(1, 2)).JSON(200, l.page(1, 2, `{"total_records":5,"total_pages":3,"limit":2,"next_page":2}`))
			gock.Expect(l.request(2, 2)).JSON(200, l.page(3, 4, `{"total_records":5,"total_pages":3,"previous_page":1,"limit":2,"next_page":3}`))
			gock.Expect(l.request(3, 2)).JSON(200, l.page(5, 5, `{"total_records":5,"total_pages":3,"previous_page":2,"limit":2,"next_page":null}`))

			got := l.walk(t.Context(), newClient(t, gock), 2)

			assert.Equal(t, []string{"1", "2", "3", "4", "5"}, got)
		})
	}
}

// A list that says nothing of pages ends with an empty one: one that is short may
// show that the server allows no longer ones.
func TestAllWithoutPagination(t *testing.T) {
	t.Parallel()
	for _, l := range plain {
		t.Run(l.member, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(l.request(1, 100)).JSON(200, l.page(1, 2, ""))
			gock.Expect(l.request(2, 100)).JSON(200, l.page(3, 3, ""))
			gock.Expect(l.request(3, 100)).JSON(200, l.page(1, 0, ""))

			got := l.walk(t.Context(), newClient(t, gock), 0)

			assert.Equal(t, []string{"1", "2", "3"}, got)
		})
	}
}

// A list ends at the vendor's mark only. What has none, or contradicts itself, is
// read again, and then an error.
func TestAllNeedsTheMark(t *testing.T) {
	t.Parallel()
	pages := map[string]func(l list) string{
		"no pagination":      func(l list) string { return l.page(1, 2, "") },
		"null":               func(l list) string { return l.page(1, 2, "null") },
		"a list":             func(l list) string { return l.page(1, 2, "[]") },
		"empty":              func(l list) string { return l.page(1, 2, "{}") },
		"empty with no rows": func(l list) string { return l.page(1, 0, "{}") },
		"no total":           func(l list) string { return l.page(1, 2, `{"limit":2,"next_page":null}`) },
		"the end before it": func(l list) string {
			return l.page(1, 2, `{"total_records":5,"total_pages":3,"limit":2,"next_page":null}`)
		},
		"no rows, and more": func(l list) string {
			return l.page(1, 0, `{"total_records":5,"total_pages":3,"limit":2,"next_page":2}`)
		},
		"no rows of some": func(l list) string {
			return l.page(1, 0, `{"total_records":2,"total_pages":1,"limit":2,"next_page":null}`)
		},
		"a page that is passed": func(l list) string {
			return l.page(1, 2, `{"total_records":6,"total_pages":3,"limit":2,"next_page":3}`)
		},
		"the same page": func(l list) string {
			return l.page(1, 2, `{"total_records":2,"total_pages":1,"limit":2,"next_page":1}`)
		},
		"more than there are pages": func(l list) string {
			return l.page(1, 2, `{"total_records":2,"total_pages":1,"limit":2,"next_page":2}`)
		},
		"another page": func(l list) string {
			return l.page(1, 2, `{"total_records":2,"total_pages":1,"previous_page":1,"limit":2,"next_page":null}`)
		},
		"the last of more than it holds": func(l list) string {
			return l.page(1, 2, `{"total_records":3,"total_pages":1,"limit":2,"next_page":null}`)
		},
		"more rows than there are": func(l list) string {
			return l.page(1, 2, `{"total_records":1,"total_pages":1,"limit":2,"next_page":null}`)
		},
		"rows of none": func(l list) string {
			return l.page(1, 2, `{"total_records":0,"total_pages":1,"limit":2,"next_page":null}`)
		},
		"more rows than a page has": func(l list) string {
			return l.page(1, 2, `{"total_records":2,"total_pages":2,"limit":1,"next_page":2}`)
		},
		"a row of none that cannot be read": func(l list) string {
			return strings.Replace(l.page(1, 1, `{"total_records":0,"total_pages":1,"limit":2,"next_page":null}`), `"1"`, `{"a":1}`, 1)
		},
		"no list": func(l list) string {
			return `{"success":true,"content":{"pagination":{"total_records":0,"total_pages":0,"limit":2,"next_page":null}}}`
		},
		"null for a list": func(l list) string {
			return strings.Replace(l.page(1, 0, `{"total_records":0,"total_pages":0,"limit":2,"next_page":null}`), "[]", "null", 1)
		},
		"the first era's name": func(l list) string {
			return strings.Replace(l.page(1, 2, `{"total_pages":1,"limit":2}`), l.member, "address", 1)
		},
	}
	for name, page := range pages {
		for _, l := range numbered {
			t.Run(name+"/"+l.member, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					gock := testkit.NewGock(t)
					gock.Expect(l.request(1, 2)).JSON(200, page(l)).Times(4)

					got := l.walk(t.Context(), patient(t, gock), 2)

					require.Len(t, got, 1)
					assert.Contains(t, got[0], "200 unavailable, unreadable: JSON without ")
				})
			})
		}
	}
}

// A list that says nothing of pages does not end with a page that is somebody
// else's, the first or a later one.
func TestAllWithoutPaginationNeedsTheList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "null", "[]", "<html>", `{"message":"maintenance"}`, `{"success":true}`, `{"success":true,"content":{}}`, `{"success":false,"content":{"%s":[]}}`, `{"success":true,"content":{"%s":null}}`, `{"success":true,"content":{"%s":{}}}`} {
		for _, l := range plain {
			t.Run(l.member+" "+body, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					foreign := []byte(strings.ReplaceAll(body, "%s", l.member))
					gock := testkit.NewGock(t)
					gock.Expect(l.request(1, 2)).Body(200, "text/html", foreign).Times(4)

					got := l.walk(t.Context(), patient(t, gock), 2)

					require.Len(t, got, 1)
					assert.Contains(t, got[0], "unavailable, unreadable")

					gock = testkit.NewGock(t)
					gock.Expect(l.request(1, 2)).JSON(200, l.page(1, 2, ""))
					gock.Expect(l.request(2, 2)).Body(200, "text/html", foreign).Times(4)

					got = l.walk(t.Context(), patient(t, gock), 2)

					require.Len(t, got, 3)
					assert.Contains(t, got[2], "unavailable, unreadable")
				})
			})
		}
	}
}

func TestAllOfNothing(t *testing.T) {
	t.Parallel()
	for _, pagination := range []string{
		`{"total_records":0,"total_pages":0,"limit":100,"next_page":null}`,
		`{"total_records":0,"total_pages":1,"previous_page":null,"limit":100,"next_page":null}`,
		`{"total_records":0,"total_pages":0,"limit":100}`,
		`{"total_records":0,"total_pages":0,"limit":100,"next_page":0}`,
		`{"total_records":0,"total_pages":0,"limit":1,"next_page":null}`,
	} {
		for _, l := range numbered {
			gock := testkit.NewGock(t)
			gock.Expect(l.request(1, 100)).JSON(200, l.page(1, 0, pagination))

			assert.Empty(t, l.walk(t.Context(), newClient(t, gock), 0), pagination)
		}
	}
}

// A list that shrinks while it is walked may have no page any more where one was
// promised.
func TestAllBeyondTheEnd(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + addressPath, Query: url.Values{"page": {"4"}}}).
		JSON(200, numbered[0].page(1, 0, `{"total_records":4,"total_pages":2,"previous_page":2,"limit":2,"next_page":null}`))

	page, err := newClient(t, gock).Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{Page: 4})

	require.NoError(t, err)
	_, more := page.Next()
	assert.False(t, more)
}

// A server that does not look at the number of the page does not make the walk
// endless, nor does it end it without an error.
func TestAllOfAServerWithoutPages(t *testing.T) {
	t.Parallel()
	for _, l := range plain {
		t.Run(l.member, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			for page := range 3 {
				gock.Expect(l.request(page+1, 100)).JSON(200, l.page(1, 2, ""))
			}

			got := l.walk(t.Context(), newClient(t, gock), 0)

			require.Len(t, got, 5)
			assert.Equal(t, []string{"1", "2", "1", "2"}, got[:4])
			assert.Regexp(t, "^commercengine: GET /.*: unavailable, unreadable: the list does not end: the server promises more rows and sends the same ones$", got[4])
		})
	}
	for _, l := range numbered {
		t.Run(l.member, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			for page := range 3 {
				gock.Expect(l.request(page+1, 100)).JSON(200, l.page(1, 2, fmt.Sprintf(`{"next_page":%d}`, page+2)))
			}

			got := l.walk(t.Context(), newClient(t, gock), 0)

			require.Len(t, got, 3)
			assert.Equal(t, []string{"1", "2"}, got[:2])
			assert.Contains(t, got[2], "the list does not end")
		})
	}
}

func TestAllReportsAnErrorOnce(t *testing.T) {
	t.Parallel()
	for _, l := range slices.Concat(plain, numbered) {
		t.Run(l.member, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(l.request(1, 100)).JSON(200, l.page(1, 2, `{"next_page":2}`))
			gock.Expect(l.request(2, 100)).Fixture(400, "error_400.json")

			got := l.walk(t.Context(), newClient(t, gock), 0)

			require.Len(t, got, 3)
			assert.Contains(t, got[2], "400 invalid (validation_error)")
		})
	}
}

// Each range over a walk reads the list anew.
func TestAllTwice(t *testing.T) {
	t.Parallel()
	l := plain[0]
	gock := testkit.NewGock(t)
	gock.Expect(l.request(1, 1)).JSON(200, l.page(1, 1, "")).Times(2)
	gock.Expect(l.request(2, 1)).JSON(200, l.page(1, 0, "")).Times(2)
	all := newClient(t, gock).Loyalty.AllActivities(t.Context(), customerID, commercengine.ListLoyaltyActivitiesRequest{Limit: 1})
	title := func(a *commercengine.LoyaltyActivity) string { return a.Title }

	assert.Equal(t, []string{"1"}, collect(all, title))
	assert.Equal(t, []string{"1"}, collect(all, title))
}

// A walk that begins behind the first page counts what it leaves out.
func TestTotalOfAWalkFromALaterPage(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	l := numbered[0]
	gock.Expect(l.request(2, 2)).JSON(200, l.page(3, 4, `{"total_records":5,"total_pages":3,"previous_page":1,"limit":2,"next_page":3}`))
	gock.Expect(l.request(3, 2)).JSON(200, l.page(5, 5, `{"total_records":5,"total_pages":3,"previous_page":2,"limit":2,"next_page":null}`))
	walk := newClient(t, gock).Addresses.Walk(customerID, commercengine.ListAddressesRequest{Page: 2, Limit: 2}, "")

	got := collect(walk.All(t.Context()), func(a *commercengine.Address) string { return a.ID })

	assert.Equal(t, []string{"3", "4", "5"}, got)
	assert.Equal(t, 3, walk.Total())
}

func TestPaginationIsReturned(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + addressPath + "?page=2&limit=10000"}).Fixture(200, "addresses_last_page.json")

	page, err := newClient(t, gock).Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{Page: 2, Limit: 10_000})

	require.NoError(t, err)
	assert.Equal(t, &commercengine.Pagination{TotalRecords: 11, TotalPages: 2, PreviousPage: new(1), Limit: 10}, page.Pagination)
}

func TestNext(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tests := []struct {
		name string
		list list
		next func(*commercengine.Client) (any, bool, error)
		want any // of the page after the second
	}{
		{"addresses", numbered[0], func(c *commercengine.Client) (any, bool, error) {
			page, err := c.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{Page: 2, Limit: 7})
			next, ok := page.Next()
			return next, ok, err
		}, commercengine.ListAddressesRequest{Page: 3, Limit: 7}},
		{"sellers", numbered[1], func(c *commercengine.Client) (any, bool, error) {
			page, err := c.Customers.ListAuthorizedSellers(ctx, customerID, commercengine.ListAuthorizedSellersRequest{Page: 2, Limit: 7})
			next, ok := page.Next()
			return next, ok, err
		}, commercengine.ListAuthorizedSellersRequest{Page: 3, Limit: 7}},
		{"debits", numbered[2], func(c *commercengine.Client) (any, bool, error) {
			page, err := c.Payments.ListDebitSchedules(ctx, customerID, commercengine.ListDebitSchedulesRequest{Page: 2, Limit: 7})
			next, ok := page.Next()
			return next, ok, err
		}, commercengine.ListDebitSchedulesRequest{Page: 3, Limit: 7}},
		{"activities", plain[0], func(c *commercengine.Client) (any, bool, error) {
			page, err := c.Loyalty.ListActivities(ctx, customerID, commercengine.ListLoyaltyActivitiesRequest{Page: 2, Limit: 7})
			next, ok := page.Next()
			return next, ok, err
		}, commercengine.ListLoyaltyActivitiesRequest{Page: 3, Limit: 7}},
		{"pincodes", plain[1], func(c *commercengine.Client) (any, bool, error) {
			page, err := c.Store.ListPincodes(ctx, "IN", commercengine.ListPincodesRequest{Page: 2, Limit: 7})
			next, ok := page.Next()
			return next, ok, err
		}, commercengine.ListPincodesRequest{Page: 3, Limit: 7}},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			more := map[string]bool{tt.list.page(1, 1, ""): true, tt.list.page(1, 0, ""): false}
			if i < len(numbered) {
				more = map[string]bool{
					tt.list.page(1, 1, `{"next_page":3}`):                                                true,
					tt.list.page(1, 1, `{"total_pages":2,"previous_page":0,"next_page":null}`):           false,
					tt.list.page(1, 1, `{"total_records":8,"total_pages":2,"next_page":null}`):           false,
					tt.list.page(1, 1, `{"total_records":8,"total_pages":2,"limit":7,"next_page":null}`): false,
				}
			}
			for answer, want := range more {
				gock := testkit.NewGock(t)
				gock.Expect(tt.list.request(2, 7)).JSON(200, answer)

				next, ok, err := tt.next(newClient(t, gock))

				require.NoError(t, err)
				assert.Equal(t, want, ok, answer)
				if want {
					assert.Equal(t, tt.want, next)
				}
			}
		})
	}
}

// A page of rows that cannot be read is no empty one, which would be the end.
func TestUnreadableRowsEndNoList(t *testing.T) {
	t.Parallel()
	for path, next := range map[string]func(c *commercengine.Client) (bool, error){
		"/customers/" + customerID + "/loyalty-points-activity": func(c *commercengine.Client) (bool, error) {
			page, err := c.Loyalty.ListActivities(t.Context(), customerID, commercengine.ListLoyaltyActivitiesRequest{})
			_, more := page.Next()
			return more, err
		},
		"/common/countries/IN/pincodes": func(c *commercengine.Client) (bool, error) {
			page, err := c.Store.ListPincodes(t.Context(), "IN", commercengine.ListPincodesRequest{})
			_, more := page.Next()
			return more, err
		},
	} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: base + path}).
			JSON(200, `{"success":true,"content":{"loyalty_points_activity":[true],"pincodes":[true]}}`)

		more, err := next(newClient(t, gock))

		require.ErrorIs(t, err, souk.ErrUnreadable)
		assert.True(t, more)
	}
}
