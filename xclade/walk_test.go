package xclade_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// come reads customers until there are n, all for 0, or until an error comes.
func come(rows iter.Seq2[*xclade.Customer, error], n int) (ids []string, err error) {
	for customer, err := range rows {
		if err != nil {
			return ids, err
		}
		ids = append(ids, customer.ID)
		if len(ids) == n {
			break
		}
	}
	return ids, nil
}

func seeded(t *testing.T, n int) (*xcladetest.Server, *xclade.Client) {
	t.Helper()
	server, client := newServer(t)
	server.Seed(n)
	return server, client
}

// A walk that is left in any row goes on with that row, also in another process.
func TestAWalkGoesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 7)
	for _, order := range []string{"", "id", "-id", "created_at", "-email"} {
		all, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{Order: order}), 0)
		require.NoError(t, err)
		require.Len(t, all, 7)
		for n := 1; n <= len(all); n++ {
			walk := client.Customers.Walk(xclade.ListCustomersRequest{Order: order, Limit: 3}, "")
			_, err := come(walk.All(t.Context()), n)
			require.NoError(t, err)
			assert.LessOrEqual(t, len(walk.Position()), 1<<10)

			for _, limit := range []int{3, 2, 100} {
				after, err := come(client.Customers.Walk(xclade.ListCustomersRequest{Order: order, Limit: limit}, walk.Position()).All(t.Context()), 0)

				if order == "-email" && limit != 3 && n > 1 { // a page's number means nothing there
					assert.ErrorIs(t, err, souk.ErrInvalid)
					continue
				}
				require.NoError(t, err)
				assert.Subset(t, after, all[n-1:])
				if limit == 3 || order == "" || order == "id" {
					assert.Equal(t, all[n-1:], after, "left in row %d of order %q", n, order)
				}
			}
		}
	}
}

// groupIDs reads ids of groups, as come does.
func groupIDs(rows iter.Seq2[*xclade.CustomerGroup, error], n int) (ids []string, err error) {
	for group, err := range rows {
		if err != nil {
			return ids, err
		}
		ids = append(ids, group.ID)
		if len(ids) == n {
			break
		}
	}
	return ids, nil
}

func TestWalksOfGroupsAndAddressesGoOnWhereTheyWereLeft(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 1)
	owners, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{}), 0)
	require.NoError(t, err)
	for i := range 5 {
		_, err := client.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: fmt.Sprint(i)})
		require.NoError(t, err)
		_, err = client.Addresses.Create(t.Context(), owners[0], xclade.CreateAddressRequest{City: fmt.Sprint(i)})
		require.NoError(t, err)
	}
	cities := func(position string, n int) (got []string, left string) {
		walk := client.Addresses.Walk(owners[0], xclade.ListAddressesRequest{Limit: 2}, position)
		for address, err := range walk.All(t.Context()) {
			require.NoError(t, err)
			if got = append(got, address.City); len(got) == n {
				break
			}
		}
		return got, walk.Position()
	}
	groups, err := groupIDs(client.CustomerGroups.All(t.Context(), xclade.ListCustomerGroupsRequest{}), 0)
	require.NoError(t, err)
	require.Len(t, groups, 5)
	for n := 1; n <= 5; n++ {
		walk := client.CustomerGroups.Walk(xclade.ListCustomerGroupsRequest{Limit: 2}, "")
		_, err := groupIDs(walk.All(t.Context()), n)
		require.NoError(t, err)
		after, err := groupIDs(client.CustomerGroups.Walk(xclade.ListCustomerGroupsRequest{Limit: 2}, walk.Position()).All(t.Context()), 0)
		require.NoError(t, err)
		assert.Equal(t, groups[n-1:], after)

		_, left := cities("", n)
		rest, _ := cities(left, 0)
		assert.Equal(t, []string{"0", "1", "2", "3", "4"}[n-1:], rest)
	}
}

// flipped is a position with another character in its middle.
func flipped(position string) string {
	i := len(position) / 2
	other := "A"
	if position[i] == 'A' {
		other = "B"
	}
	return position[:i] + other + position[i+1:]
}

func TestAWrongPositionIsTheFirstThingThatAWalkYields(t *testing.T) {
	t.Parallel()
	server, client := seeded(t, 5)
	walk := client.Customers.Walk(xclade.ListCustomersRequest{Limit: 2}, "")
	_, err := come(walk.All(t.Context()), 3)
	require.NoError(t, err)
	position := walk.Position()
	other, stranger := seeded(t, 5)
	sent := len(server.Requests())
	walks := map[string]*souk.Walk[xclade.Customer]{
		"cut":               client.Customers.Walk(xclade.ListCustomersRequest{}, position[:len(position)-3]),
		"changed":           client.Customers.Walk(xclade.ListCustomersRequest{}, flipped(position)),
		"of 1 MiB":          client.Customers.Walk(xclade.ListCustomersRequest{}, strings.Repeat("A", 1<<20)),
		"of another filter": client.Customers.Walk(xclade.ListCustomersRequest{Q: "x"}, position),
		"of another order":  client.Customers.Walk(xclade.ListCustomersRequest{Order: "-id"}, position),
		"of another store":  stranger.Customers.Walk(xclade.ListCustomersRequest{}, position),
	}
	wrong := func(name string, err error) {
		require.ErrorIs(t, err, souk.ErrInvalid, name)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok, name)
		assert.NotEmpty(t, e.Fields["position"], name)
	}
	for name, walk := range walks {
		got, err := come(walk.All(t.Context()), 0)
		assert.Empty(t, got, name)
		wrong(name, err)
	}
	_, err = groupIDs(client.CustomerGroups.Walk(xclade.ListCustomerGroupsRequest{}, position).All(t.Context()), 0)
	wrong("of another list", err)
	for _, err = range client.Addresses.Walk("cus_1", xclade.ListAddressesRequest{}, position).All(t.Context()) {
		break
	}
	wrong("of another list", err)
	assert.Len(t, server.Requests(), sent, "nothing was sent")
	assert.Empty(t, other.Requests(), "nothing was sent")
}

// Limits are checked before anything is sent, also where pages overlap and numbers
// are multiplied.
func TestWalksCheckLimits(t *testing.T) {
	t.Parallel()
	server, client := seeded(t, 3)
	ids := make([]string, 250)
	for i := range ids {
		ids[i] = fmt.Sprint("cus_", i)
	}
	for _, limit := range []int{-1, math.MinInt, 10_001, math.MaxInt} {
		for _, order := range []string{"", "id", "-id", "email"} {
			for _, filter := range []xclade.CustomerFilter{{}, {ID: xclade.Match{In: ids}}} {
				_, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{CustomerFilter: filter, Order: order, Limit: limit}), 0)
				require.ErrorIs(t, err, souk.ErrInvalid)
				assert.NotEmpty(t, requireError(t, err).Fields["Limit"])
			}
		}
		_, err := groupIDs(client.CustomerGroups.All(t.Context(), xclade.ListCustomerGroupsRequest{Limit: limit}), 0)
		assert.NotEmpty(t, requireError(t, err).Fields["Limit"])
	}
	for _, order := range []string{"", "-id"} {
		for _, offset := range []int{-1, math.MaxInt} {
			_, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{Order: order, Offset: offset}), 0)
			assert.NotEmpty(t, requireError(t, err).Fields["Offset"])
		}
	}
	assert.Empty(t, server.Requests())
	for _, limit := range []int{0, 1, 10_000} {
		got, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{Limit: limit}), 0)
		require.NoError(t, err)
		assert.Len(t, got, 3)
	}
}

// Ids beyond what one request takes are split in the order of ids, and only there.
func TestWalksOfManyIDs(t *testing.T) {
	t.Parallel()
	server, client := seeded(t, 450)
	all, err := come(client.Customers.All(t.Context(), xclade.ListCustomersRequest{}), 0)
	require.NoError(t, err)
	require.Len(t, all, 450)
	asked := append(slices.Clone(all), all[:10]...)
	slices.Reverse(asked)
	request := xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{In: asked}}, Limit: 150}
	sent := count(server, "GET", "/admin/customers")
	got, err := come(client.Customers.All(t.Context(), request), 0)
	require.NoError(t, err)
	assert.Equal(t, all, got)
	assert.Equal(t, sent+3, count(server, "GET", "/admin/customers"))

	for _, n := range []int{1, 150, 151, 300, 301, 450, 0} {
		walk := client.Customers.Walk(request, "")
		_, err := come(walk.All(t.Context()), n)
		require.NoError(t, err)
		assert.Equal(t, -1, walk.Total(), "each answer counts its own ids")
		again := client.Customers.Walk(request, walk.Position())
		rest, err := come(again.All(t.Context()), 0)
		require.NoError(t, err)
		assert.Equal(t, -1, again.Total())
		if n == 0 { // it has ended
			assert.Empty(t, rest)
			continue
		}
		assert.Equal(t, all[n-1:], rest)
	}

	most := client.Customers.Walk(xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{In: all[:200]}}}, "")
	got, err = come(most.All(t.Context()), 0)
	require.NoError(t, err)
	assert.Equal(t, all[:200], got)
	assert.Equal(t, 200, most.Total(), "one answer counts them all")

	sent = len(server.Requests())
	for _, change := range []func(*xclade.ListCustomersRequest){
		func(r *xclade.ListCustomersRequest) { r.Order = "email" },
		func(r *xclade.ListCustomersRequest) { r.Offset = 5 },
		func(r *xclade.ListCustomersRequest) { r.ID.Less = "cus_2" },
	} {
		r := request
		change(&r)
		_, err := come(client.Customers.All(t.Context(), r), 0)
		require.ErrorIs(t, err, souk.ErrInvalid)
		assert.NotEmpty(t, requireError(t, err).Fields["ID.In"])
	}
	assert.Len(t, server.Requests(), sent, "nothing was sent")

	request.ID.In = all[:180]
	request.Order, request.Offset, request.Limit = "-id", 170, 7
	got, err = come(client.Customers.All(t.Context(), request), 0)
	require.NoError(t, err)
	want := slices.Clone(all[:10])
	slices.Reverse(want)
	assert.Equal(t, want, got)
}

// firstPage is the query of the first page of a walk.
func firstPage(order, limit string) url.Values {
	if order == "" {
		return url.Values{"limit": {limit}, "order": {"id"}, "id[$gt]": {"0"}}
	}
	return url.Values{"limit": {limit}, "order": {order}}
}

// A row that cannot be read comes as an error in its place, and the walk goes on.
func TestAWalkGoesOnBehindARowThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"", "id", "-email"} {
		gock := testkit.NewGock(t)
		query := firstPage(order, "1000")
		gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: query}).
			JSON(200, `{"customers":[{"id":"cus_1"},{"id":"cus_2","email":{"secret":"x"}},{"id":"cus_3"}],"count":3,"offset":0,"limit":1000}`)
		var got []string

		for customer, err := range newClient(t, gock).Customers.All(t.Context(), xclade.ListCustomersRequest{Order: order}) {
			if row, ok := errors.AsType[*souk.RowError](err); ok {
				got = append(got, fmt.Sprintf("%s unreadable at %d", row.ID, row.Index))
				continue
			}
			require.NoError(t, err)
			got = append(got, customer.ID)
		}

		assert.Equal(t, []string{"cus_1", "cus_2 unreadable at 1", "cus_3"}, got, order)
	}
}

// Next counts the rows that could not be read.
func TestNextBehindARowThatCannotBeRead(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"2"}}}).
		JSON(200, `{"customers":[{"id":"cus_1"},{"id":"cus_2","email":{"secret":"x"}}],"count":3,"offset":0,"limit":2}`)

	list, err := newClient(t, gock).Customers.List(t.Context(), xclade.ListCustomersRequest{Limit: 2})

	require.ErrorIs(t, err, souk.ErrUnreadable)
	require.NotNil(t, list)
	next, ok := list.Next()
	assert.True(t, ok)
	assert.Equal(t, 2, next.Offset)
}

// Pages that contradict their count end a walk in an error, never in silence.
func TestWalksOfPagesThatContradictThemselves(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":          `{"customers":[],"count":5,"offset":0,"limit":2}`,
		"short":          `{"customers":[{"id":"cus_1"}],"count":5,"offset":0,"limit":2}`,
		"without count":  `{"customers":[{"id":"cus_1"}],"offset":0,"limit":2}`,
		"without list":   `{"count":0,"offset":0,"limit":2}`,
		"of null":        `{"customers":null,"count":0,"offset":0,"limit":2}`,
		"without offset": `{"customers":[{"id":"cus_1"}],"count":1,"limit":2}`,
		"elsewhere":      `{"customers":[{"id":"cus_1"}],"count":1,"offset":7,"limit":2}`,
		"nothing":        `{}`,
	} {
		for _, order := range []string{"", "id", "email"} {
			gock := testkit.NewGock(t)
			query := firstPage(order, "2")
			gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: query}).JSON(200, body)

			_, err := come(newClient(t, gock).Customers.All(t.Context(), xclade.ListCustomersRequest{Order: order, Limit: 2}), 0)

			assert.ErrorIs(t, err, souk.ErrUnreadable, "%s %s", name, order)
		}
	}
}

// A server that sends the same page for ever is noticed.
func TestAWalkOfTheSamePageEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"by id", "by offset"} {
		gock := testkit.NewGock(t)
		request := xclade.ListCustomersRequest{Limit: 2}
		first := url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"0"}}
		if kind == "by offset" {
			request.Order = "-id"
			first = url.Values{"limit": {"2"}, "order": {"-id"}}
		}
		expectPage(gock, first, 9, "cus_1", "cus_2")
		for i := range 2 {
			next := url.Values{"limit": {"2"}, "order": {"id"}, "id[$gt]": {"cus_2"}}
			if kind == "by offset" {
				next = url.Values{"limit": {"2"}, "order": {"-id"}, "offset": {fmt.Sprint(2 + 2*i)}}
			}
			expectPage(gock, next, 9, "cus_1", "cus_2")
		}

		ids, err := come(newClient(t, gock).Customers.All(t.Context(), request), 0)

		assert.Equal(t, []string{"cus_1", "cus_2"}, ids, kind)
		assert.ErrorIs(t, err, souk.ErrUnreadable, kind)
	}
}

// churn adds and deletes customers and groups while others stay.
type churn struct {
	t       *testing.T
	client  *xclade.Client
	random  *rand.Rand
	staying [2][]string // ids of customers, and of groups
	passing [2][]string
}

func (c *churn) add(to *[2][]string) {
	name := fmt.Sprint(c.random.Uint64())
	customer, err := c.client.Customers.Create(c.t.Context(), xclade.CreateCustomerRequest{Email: name + "@example.com"})
	require.NoError(c.t, err)
	group, err := c.client.CustomerGroups.Create(c.t.Context(), xclade.CreateCustomerGroupRequest{Name: name})
	require.NoError(c.t, err)
	to[0], to[1] = append(to[0], customer.ID), append(to[1], group.ID)
}

func (c *churn) change() {
	for range c.random.IntN(3) {
		c.add(&c.passing)
	}
	for range min(c.random.IntN(4), len(c.passing[0])) {
		i := c.random.IntN(len(c.passing[0]))
		require.NoError(c.t, c.client.Customers.Delete(c.t.Context(), c.passing[0][i]))
		require.NoError(c.t, c.client.CustomerGroups.Delete(c.t.Context(), c.passing[1][i]))
		for k := range c.passing {
			c.passing[k] = slices.Delete(c.passing[k], i, i+1)
		}
	}
}

// What is there all the time comes, while others come and go between the rows, and the
// walk is left and taken up again: in the order of ids exactly once.
func TestWalksWhileRowsComeAndGo(t *testing.T) {
	t.Parallel()
	customers := func(order string) func(*churn, string, int) ([]string, string) {
		return func(c *churn, position string, n int) ([]string, string) {
			walk := c.client.Customers.Walk(xclade.ListCustomersRequest{Order: order, Limit: 4}, position)
			return until(c.t, walk, func(c *xclade.Customer) string { return c.ID }, n, c.change)
		}
	}
	groups := func(c *churn, position string, n int) ([]string, string) {
		walk := c.client.CustomerGroups.Walk(xclade.ListCustomerGroupsRequest{Limit: 4}, position)
		return until(c.t, walk, func(g *xclade.CustomerGroup) string { return g.ID }, n, c.change)
	}
	tests := map[string]struct {
		kind   int // index in churn
		old    bool
		falls  bool
		listed func(c *churn, position string, n int) (ids []string, left string)
	}{
		"customers":                  {listed: customers("")},
		"customers of an old server": {old: true, listed: customers("")},
		"customers by id":            {listed: customers("id")},
		"customers, newest first":    {falls: true, listed: customers("-id")},
		"groups":                     {kind: 1, listed: groups},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(8) {
				server, client := newServer(t)
				c := &churn{t: t, client: client, random: rand.New(rand.NewPCG(seed, 1))}
				if tt.old {
					c.client = oldServer(t, server)
				}
				for range 20 {
					c.add(&c.staying)
					c.add(&c.passing)
				}
				var got []string
				for position, ended := "", false; !ended; {
					var ids []string
					n := 3 + c.random.IntN(9)
					ids, position = tt.listed(c, position, n)
					got = append(got, ids...)
					ended = len(ids) < n-1
					require.Less(t, len(got), 5000)
				}
				for _, id := range c.staying[tt.kind] {
					assert.Contains(t, got, id, "seed %d", seed)
				}
				if !tt.falls {
					assert.True(t, slices.IsSorted(got), "seed %d", seed)
					assert.Len(t, slices.Compact(slices.Clone(got)), len(got), "seed %d", seed)
				}
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// oldServer returns a client for which server knows no conditions on ids.
func oldServer(t *testing.T, server *xcladetest.Server) *xclade.Client {
	t.Helper()
	config := server.Config()
	inner := config.HTTPClient
	config.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if !r.URL.Query().Has("id[$gt]") {
			return inner.Transport.RoundTrip(r)
		}
		return &http.Response{
			StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"type":"invalid_data","message":"Invalid request"}`)),
		}, nil
	})}
	client, err := xclade.NewClient(config)
	require.NoError(t, err)
	return client
}

// until returns the ids of the rows whose turn has ended when the nth is left, and
// the position then.
func until[T any](t *testing.T, walk *souk.Walk[T], id func(*T) string, n int, change func()) (ids []string, position string) {
	t.Helper()
	for row, err := range walk.All(t.Context()) {
		require.NoError(t, err)
		if n--; n == 0 {
			break
		}
		ids = append(ids, id(row))
		if n%3 == 0 {
			change()
		}
	}
	return ids, walk.Position()
}

func ExampleCustomersService_Walk() {
	server := xcladetest.NewServer()
	defer server.Close()
	server.Seed(5)
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		panic(err)
	}
	export := func(saved string, stopAt int) string {
		walk := client.Customers.Walk(xclade.ListCustomersRequest{Limit: 2}, saved)
		n := 0
		for customer, err := range walk.All(context.Background()) {
			if err != nil {
				break // try again later, from the position
			}
			if n++; n == stopAt {
				break // as if the process were killed here
			}
			fmt.Println(customer.FirstName, customer.LastName)
		}
		return walk.Position() // what a program writes into its file now and then
	}
	position := export("", 3)
	fmt.Println("again")
	export(position, 0)
	// Output:
	// Customer 1
	// Customer 2
	// again
	// Customer 3
	// Customer 4
	// Customer 5
}
