package shopline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// read reads rows until there are n, all for 0, or until an error comes.
func read(rows iter.Seq2[*shopline.Customer, error], n int) (ids []string, err error) {
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

func seeded(t *testing.T, n int) (*shoplinetest.Server, *shopline.Client) {
	t.Helper()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	server.Seed(n)
	client, err := shopline.NewClient(server.Config())
	require.NoError(t, err)
	return server, client
}

// A walk that is left in any row goes on with that row, also in another process.
func TestAWalkGoesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 7)
	all, err := read(client.Customers.All(t.Context(), shopline.ListCustomersRequest{}), 0)
	require.NoError(t, err)
	require.Len(t, all, 7)
	for n := 1; n <= len(all); n++ {
		walk := client.Customers.Walk(shopline.ListCustomersRequest{Limit: 2}, "")
		before, err := read(walk.All(t.Context()), n)
		require.NoError(t, err)
		position := walk.Position()
		assert.LessOrEqual(t, len(position), 4<<10)

		after, err := read(client.Customers.Walk(shopline.ListCustomersRequest{Limit: 3}, position).All(t.Context()), 0)

		require.NoError(t, err)
		assert.Equal(t, all, append(before[:n-1:n-1], after...), "left in row %d", n)
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
	walk := client.Customers.Walk(shopline.ListCustomersRequest{Limit: 2}, "")
	_, err := read(walk.All(t.Context()), 3)
	require.NoError(t, err)
	position := walk.Position()
	sent := len(server.Requests())
	for name, rows := range map[string]iter.Seq2[*shopline.Customer, error]{
		"cut":               client.Customers.Walk(shopline.ListCustomersRequest{}, position[:len(position)-3]).All(t.Context()),
		"changed":           client.Customers.Walk(shopline.ListCustomersRequest{}, flipped(position)).All(t.Context()),
		"of 1 MiB":          client.Customers.Walk(shopline.ListCustomersRequest{}, strings.Repeat("A", 1<<20)).All(t.Context()),
		"of another filter": client.Customers.Walk(shopline.ListCustomersRequest{SinceID: "1"}, position).All(t.Context()),
		"of another list":   client.Customers.SearchWalk(shopline.SearchCustomersRequest{}, position).All(t.Context()),
	} {
		got, err := read(rows, 0)
		assert.Empty(t, got, name)
		require.ErrorIs(t, err, souk.ErrInvalid, name)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok, name)
		assert.NotEmpty(t, e.Fields["position"], name)
	}
	assert.Len(t, server.Requests(), sent, "nothing was sent")
}

// A row that cannot be read comes as an error in its place, and the walk goes on.
func TestAWalkGoesOnBehindARowThatCannotBeRead(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).
		JSON(200, `{"customers":[{"id":"1"},{"id":"2","email":{"secret":"x"}},{"id":"3","email":5}]}`)
	var got []string

	for customer, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
		if row, ok := errors.AsType[*souk.RowError](err); ok {
			got = append(got, fmt.Sprintf("%s unreadable at %d", row.ID, row.Index))
			continue
		}
		require.NoError(t, err)
		got = append(got, customer.ID+customer.Email)
	}

	assert.Equal(t, []string{"1", "2 unreadable at 1", "35"}, got)
}

func TestListReturnsThePageBesideItsUnreadableRows(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json"}).JSON(200, `{"customers":[{"id":"1"},{"email":"a@b.example"}]}`).
		Header("link", "<"+base+`/v2/customers.json?page_info=n>; rel="next"`)

	list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})

	require.ErrorIs(t, err, souk.ErrUnreadable)
	require.NotNil(t, list)
	assert.Equal(t, []shopline.Customer{{ID: "1"}}, list.Customers)
	assert.Equal(t, "n", list.NextPageInfo)
}

func TestAPositionIsOfOneStore(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 3)
	walk := client.Customers.Walk(shopline.ListCustomersRequest{Limit: 1}, "")
	_, err := read(walk.All(t.Context()), 2)
	require.NoError(t, err)
	other, stranger := seeded(t, 3)

	_, err = read(stranger.Customers.Walk(shopline.ListCustomersRequest{Limit: 1}, walk.Position()).All(t.Context()), 0)

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Empty(t, other.Requests())
}

func ExampleCustomersService_Walk() {
	server := shoplinetest.NewServer()
	defer server.Close()
	server.Seed(5)
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		panic(err)
	}
	export := func(saved string, stopAt int) string {
		walk := client.Customers.Walk(shopline.ListCustomersRequest{Limit: 2}, saved)
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
	// Customer 5
	// Customer 4
	// again
	// Customer 3
	// Customer 2
	// Customer 1
}
