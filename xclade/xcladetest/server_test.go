package xcladetest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequestsAreRecordedWithoutCredentials(t *testing.T) {
	t.Parallel()
	server := start(t)
	header := http.Header{
		"Authorization": {"Bearer " + server.NewToken()},
		"Cookie":        {"connect.sid=1"},
		"X-Api-Key":     {server.NewAPIKey()},
		"User-Agent":    {"tester"},
	}

	_, err := try(t, server, http.MethodPost, "/admin/customers/a%2Fb?fields=id&id[]=1&id[]=2", `{"phone":"1"}`, header)
	require.NoError(t, err)

	requests := server.Requests()
	require.Len(t, requests, 1)
	got := requests[0]
	assert.Equal(t, http.MethodPost, got.Method)
	assert.Equal(t, "/admin/customers/a%2Fb", got.Path)
	assert.Equal(t, url.Values{"fields": {"id"}, "id[]": {"1", "2"}}, got.Query)
	assert.JSONEq(t, `{"phone":"1"}`, string(got.Body))
	assert.Equal(t, "tester", got.Header.Get("User-Agent"))
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
		assert.NotContains(t, got.Header, name)
	}
}

func TestTheBodyOfALoginIsNotRecorded(t *testing.T) {
	t.Parallel()
	server := start(t)

	for _, path := range []string{"/auth/user/emailpass", "/AUTH/user/emailpass"} {
		_, err := try(t, server, http.MethodPost, path, `{"email":"a","password":"b"}`, nil)
		require.NoError(t, err)
	}

	require.Len(t, server.Requests(), 2)
	for _, request := range server.Requests() {
		assert.Empty(t, request.Body)
	}
}

func TestRequestsReturnsACopy(t *testing.T) {
	t.Parallel()
	server := start(t)
	admin(t, server, http.MethodGet, "/admin/customers", "")

	server.Requests()[0].Path = "changed"

	assert.Equal(t, "/admin/customers", server.Requests()[0].Path)
}

func TestServerIsAHandler(t *testing.T) {
	t.Parallel()
	server := start(t)
	request := httptest.NewRequest(http.MethodGet, "/admin/customers", nil)
	request.Header.Set("Authorization", "Bearer "+server.NewToken())
	recorder := httptest.NewRecorder()

	server.ServeHTTP(recorder, request)

	assert.Equal(t, http.StatusOK, recorder.Code)
	assert.JSONEq(t, `{"customers":[],"count":0,"offset":0,"limit":50}`, recorder.Body.String())
}

func TestOneOfManyEqualCreatesWins(t *testing.T) {
	t.Parallel()
	server := start(t)
	var created, refused atomic.Int32
	var group sync.WaitGroup

	for range 12 {
		group.Go(func() {
			switch admin(t, server, http.MethodPost, "/admin/customers", `{"email":"race@example.test"}`).status {
			case http.StatusOK:
				created.Add(1)
			case http.StatusBadRequest:
				refused.Add(1)
			}
		})
	}
	group.Wait()

	assert.EqualValues(t, 1, created.Load())
	assert.EqualValues(t, 11, refused.Load())
	assert.Equal(t, 1, count(t, server))
}

func TestCustomersComeInOrderOfCreation(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Date(2026, 1, 2, 3, 4, 5, 6_789_000, time.UTC)
	server.SetClock(func() time.Time { // one that goes back
		now = now.Add(-time.Second)
		return now
	})
	var ids []any
	for range 3 {
		ids = append(ids, admin(t, server, http.MethodPost, "/admin/customers", `{}`).id(t, "customer"))
	}

	listed := admin(t, server, http.MethodGet, "/admin/customers", "").json(t, "customers")

	rows, _ := listed.([]any)
	require.Len(t, rows, 3)
	for i, row := range rows {
		members, _ := row.(map[string]any)
		assert.Equal(t, ids[i], members["id"])
	}
}

func TestTimesAreOfTheClockInUTCToTheMillisecond(t *testing.T) {
	t.Parallel()
	server := start(t)
	zone := time.FixedZone("", 3600)
	server.SetClock(func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6_789_000, zone) })

	created := admin(t, server, http.MethodPost, "/admin/customers", `{}`)

	assert.Equal(t, "2026-01-02T02:04:05.006Z", created.json(t, "customer", "created_at"))
}

func TestAnAccountAndAGuestMayShareAnEmail(t *testing.T) {
	t.Parallel()
	server := start(t)

	id, err := server.AddAccount("a@example.test")
	require.NoError(t, err)
	_, again := server.AddAccount("a@example.test")
	guest := admin(t, server, http.MethodPost, "/admin/customers", `{"email":"a@example.test"}`)

	assert.Error(t, again)
	assert.Equal(t, http.StatusOK, guest.status)
	account := admin(t, server, http.MethodGet, "/admin/customers/"+id, "")
	assert.Equal(t, true, account.json(t, "customer", "has_account"))
	assert.Nil(t, account.json(t, "customer", "created_by"))
}

func TestSeedMakesGuestsByTheirNumber(t *testing.T) {
	t.Parallel()
	server := start(t)
	admin(t, server, http.MethodPost, "/admin/customers", `{"email":"customer2@example.test"}`)

	server.Seed(2)
	server.Seed(1)

	listed := admin(t, server, http.MethodGet, "/admin/customers?fields=email,first_name,last_name,phone,has_account&offset=1&order=id", "")
	rows, _ := listed.json(t, "customers").([]any)
	require.Len(t, rows, 3)
	for i, number := range []string{"1", "3", "4"} {
		row, _ := rows[i].(map[string]any)
		delete(row, "id")
		assert.Equal(t, map[string]any{
			"email": "customer" + number + "@example.test", "first_name": "Customer", "last_name": number,
			"phone": "+49300000000" + number, "has_account": false,
		}, row)
	}
	again := admin(t, server, http.MethodPost, "/admin/customers", `{"email":"customer4@example.test"}`)
	assert.Equal(t, http.StatusBadRequest, again.status, "the e-mail is taken")
	assert.Equal(t, 4, count(t, server))
}

func TestAHeadOver16KiBIsRefused(t *testing.T) {
	t.Parallel()
	server := start(t)

	recorder := httptest.NewRecorder()

	server.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/admin/customers?q="+strings.Repeat("a", 17<<10), nil))

	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, recorder.Code)
	assert.Equal(t, http.Header{"Connection": {"close"}, "Content-Length": {"0"}}, recorder.Header())
	assert.Empty(t, recorder.Body.String())
}

func TestTheBodyIsReadBeforeTheCredentials(t *testing.T) {
	t.Parallel()
	server := start(t)

	r, err := try(t, server, http.MethodPost, "/admin/nosuch", `{"a`, nil)

	require.NoError(t, err)
	assert.Equal(t, http.StatusBadRequest, r.status)
	assert.JSONEq(t, `{"message":"Unterminated string in JSON at position 3","type":"invalid_data"}`, r.body)
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	server := start(t)
	var group sync.WaitGroup

	for i := range 16 {
		group.Go(func() {
			path := "/admin/customers/" + admin(t, server, http.MethodPost, "/admin/customers",
				fmt.Sprintf(`{"email":"c%d@example.test"}`, i)).id(t, "customer")
			admin(t, server, http.MethodPost, path+"/addresses", `{"is_default_billing":true}`)
			admin(t, server, http.MethodPost, path, `{"metadata":{"a":1}}`)
			admin(t, server, http.MethodGet, "/admin/customers?fields=*addresses,*groups&order=-email", "")
			if i%2 == 0 {
				admin(t, server, http.MethodDelete, path, "")
			}
		})
	}
	group.Wait()

	assert.Equal(t, 8, count(t, server))
}

func TestARowIsFoundByTheTimeItShows(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.SetClock(func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6_789_000, time.UTC) })
	admin(t, server, http.MethodPost, "/admin/customers", `{}`)

	found := admin(t, server, http.MethodGet, "/admin/customers?created_at=2026-01-02T03:04:05.006Z", "")

	assert.EqualValues(t, 1, found.json(t, "count"))
}

func TestARenamedGroupFreesItsName(t *testing.T) {
	t.Parallel()
	server := start(t)
	id := admin(t, server, http.MethodPost, "/admin/customer-groups", `{"name":"old"}`).id(t, "customer_group")

	admin(t, server, http.MethodPost, "/admin/customer-groups/"+id, `{"name":"new"}`)

	assert.Equal(t, http.StatusOK, admin(t, server, http.MethodPost, "/admin/customer-groups", `{"name":"old"}`).status)
	assert.Equal(t, http.StatusBadRequest, admin(t, server, http.MethodPost, "/admin/customer-groups", `{"name":"new"}`).status)
}

// Whoever is deleted stays a member: the id alone still finds it, everything else does
// not.
func TestADeletedRowKeepsItsMemberships(t *testing.T) {
	t.Parallel()
	server := start(t)
	customer := admin(t, server, http.MethodPost, "/admin/customers", `{"first_name":"Ada"}`).id(t, "customer")
	group := admin(t, server, http.MethodPost, "/admin/customer-groups", `{"name":"a"}`).id(t, "customer_group")
	other := admin(t, server, http.MethodPost, "/admin/customer-groups", `{"name":"b"}`).id(t, "customer_group")
	for _, id := range []string{group, other} {
		admin(t, server, http.MethodPost, "/admin/customer-groups/"+id+"/customers", `{"add":["`+customer+`"]}`)
	}
	requireCounts := func(want map[string]int) {
		t.Helper()
		for path, n := range want {
			require.EqualValues(t, n, admin(t, server, http.MethodGet, path, "").json(t, "count"), path)
		}
	}

	admin(t, server, http.MethodDelete, "/admin/customer-groups/"+other, "")
	requireCounts(map[string]int{
		"/admin/customers?groups=" + other:     1,
		"/admin/customers?groups[id]=" + other: 1,
		"/admin/customers?groups[name]=b":      0,
		"/admin/customers?groups[name]=a":      1,
	})
	shown := admin(t, server, http.MethodGet, "/admin/customers/"+customer+"?fields=groups.id", "")
	require.Contains(t, shown.body, group)
	require.NotContains(t, shown.body, other)

	admin(t, server, http.MethodDelete, "/admin/customers/"+customer, "")
	requireCounts(map[string]int{
		"/admin/customer-groups?customers=" + customer:     1, // the other one is deleted itself
		"/admin/customer-groups?customers[id]=" + customer: 1,
		"/admin/customer-groups?customers[first_name]=Ada": 0,
	})
	require.NotContains(t, admin(t, server, http.MethodGet, "/admin/customer-groups/"+group+"?fields=customers.id", "").body, customer)
}
