package xclade_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
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

			after, err := come(client.Customers.Walk(xclade.ListCustomersRequest{Order: order, Limit: 3}, walk.Position()).All(t.Context()), 0)

			require.NoError(t, err)
			assert.Equal(t, all[n-1:], after, "left in row %d of order %q", n, order)
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

	for _, n := range []int{1, 150, 151, 300, 301, 450} {
		walk := client.Customers.Walk(request, "")
		_, err := come(walk.All(t.Context()), n)
		require.NoError(t, err)
		rest, err := come(client.Customers.Walk(request, walk.Position()).All(t.Context()), 0)
		require.NoError(t, err)
		assert.Equal(t, all[n-1:], rest)
	}

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
		assert.NotEmpty(t, requireError(t, err).Fields["ID"])
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

// A row that cannot be read comes as an error in its place, and the walk goes on.
func TestAWalkGoesOnBehindARowThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"", "id", "-email"} {
		gock := testkit.NewGock(t)
		query := url.Values{"limit": {"1000"}, "order": {"id"}}
		switch order {
		case "":
			query.Set("id[$gt]", "0")
		default:
			query.Set("order", order)
		}
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
			query := url.Values{"limit": {"2"}, "order": {"id"}}
			if order == "" {
				query.Set("id[$gt]", "0")
			} else {
				query.Set("order", order)
			}
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

// What is there all the time comes exactly once, while others come and go between
// the rows, and the walk is left and taken up again.
func TestGroupsAndCustomersThatComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		_, client := newServer(t)
		var staying, passing [2][]string
		add := func(stays bool) {
			name := fmt.Sprintf("%d.%d", seed, random.Uint64())
			c, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: name + "@example.com"})
			require.NoError(t, err)
			g, err := client.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: name})
			require.NoError(t, err)
			to := &passing
			if stays {
				to = &staying
			}
			to[0], to[1] = append(to[0], c.ID), append(to[1], g.ID)
		}
		for range 40 {
			add(random.IntN(2) == 0)
		}
		change := func() {
			for range random.IntN(3) {
				add(false)
			}
			for range random.IntN(4) {
				if n := len(passing[0]); n > 0 {
					i := random.IntN(n)
					require.NoError(t, client.Customers.Delete(t.Context(), passing[0][i]))
					require.NoError(t, client.CustomerGroups.Delete(t.Context(), passing[1][i]))
					passing[0], passing[1] = slices.Delete(passing[0], i, i+1), slices.Delete(passing[1], i, i+1)
				}
			}
		}
		walks := [2]func(position string, n int) ([]string, string){
			func(position string, n int) ([]string, string) {
				walk := client.Customers.Walk(xclade.ListCustomersRequest{Limit: 4}, position)
				return until(t, walk, func(c *xclade.Customer) string { return c.ID }, n, change)
			},
			func(position string, n int) ([]string, string) {
				walk := client.CustomerGroups.Walk(xclade.ListCustomerGroupsRequest{Limit: 4}, position)
				return until(t, walk, func(g *xclade.CustomerGroup) string { return g.ID }, n, change)
			},
		}
		for i, walk := range walks {
			var got []string
			position := ""
			for rounds := 0; ; rounds++ {
				require.Less(t, rounds, 1000)
				n := 2 + random.IntN(9)
				ids, left := walk(position, n)
				position = left
				got = append(got, ids...)
				if len(ids) < n-1 {
					break
				}
			}
			assert.True(t, slices.IsSorted(got), "seed %d", seed)
			assert.Len(t, slices.Compact(slices.Clone(got)), len(got), "seed %d", seed)
			for _, id := range staying[i] {
				assert.Contains(t, got, id, "seed %d", seed)
			}
		}
	}
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
