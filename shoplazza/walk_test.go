package shoplazza_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// readRows reads rows until there are n, all for 0, or until an error comes.
func readRows(rows iter.Seq2[*shoplazza.Customer, error], n int) (ids []string, err error) {
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

func seeded(t *testing.T, n int) (*shoplazzatest.Server, *shoplazza.Client) {
	t.Helper()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	server.Seed(n)
	client, err := shoplazza.NewClient(server.Config())
	require.NoError(t, err)
	return server, client
}

// A walk that is left in any row goes on with that row, also in another process.
func TestAWalkGoesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 7)
	all, err := readRows(client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{}), 0)
	require.NoError(t, err)
	require.Len(t, all, 7)
	for n := 1; n <= len(all); n++ {
		walk := client.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 2}, "")
		before, err := readRows(walk.All(t.Context()), n)
		require.NoError(t, err)
		position := walk.Position()
		assert.LessOrEqual(t, len(position), 4<<10)

		after, err := readRows(client.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 3}, position).All(t.Context()), 0)

		require.NoError(t, err)
		assert.Equal(t, all, append(before[:n-1:n-1], after...), "left in row %d", n)
	}
}

// A resume of version 2022-01 asks for the customers up to a time. The server may count
// in fractions of the seconds that it shows, and the pages that the caller left out are
// not to be left out again.
func TestAWalkGoesOnByTime(t *testing.T) {
	t.Parallel()
	server := shoplazzatest.NewServer()
	defer server.Close()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	for range 200 {
		now = now.Add(time.Minute)
		server.Seed(1)
	}
	client, err := shoplazza.NewClient(server.Config())
	require.NoError(t, err)
	request := shoplazza.ListCustomersRequest{Limit: 20, Page: 3}
	all, err := readRows(client.Customers.All(t.Context(), request), 0)
	require.NoError(t, err)
	require.Len(t, all, 160)
	for _, n := range []int{20, 21, 50, 160} {
		walk := client.Customers.Walk(request, "")
		before, err := readRows(walk.All(t.Context()), n)
		require.NoError(t, err)
		sent := len(server.Requests())

		after, err := readRows(client.Customers.Walk(request, walk.Position()).All(t.Context()), 0)

		require.NoError(t, err)
		assert.Equal(t, all, append(before[:n-1:n-1], after...), "left in row %d", n)
		query := server.Requests()[sent].Query
		assert.Equal(t, "1", query.Get("page"))
		assert.Regexp(t, `^2026-03-01T\d\d:\d\d:01Z$`, query.Get("created_at_max"))
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
	walk := client.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 2}, "")
	_, err := readRows(walk.All(t.Context()), 3)
	require.NoError(t, err)
	position := walk.Position()
	sent := len(server.Requests())
	for name, rows := range map[string]iter.Seq2[*shoplazza.Customer, error]{
		"cut":               client.Customers.Walk(shoplazza.ListCustomersRequest{}, position[:len(position)-3]).All(t.Context()),
		"changed":           client.Customers.Walk(shoplazza.ListCustomersRequest{}, flipped(position)).All(t.Context()),
		"of 1 MiB":          client.Customers.Walk(shoplazza.ListCustomersRequest{}, strings.Repeat("A", 1<<20)).All(t.Context()),
		"of another filter": client.Customers.Walk(shoplazza.ListCustomersRequest{Email: "a@b.example"}, position).All(t.Context()),
	} {
		got, err := readRows(rows, 0)
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
	for _, version := range bothGenerations {
		s := newStore(t, version)
		const row2 = `{"id":"1"},{"id":"2","email":{"secret":"x"}},{"id":"3","email":5}`
		if version == shoplazza.Version202201 {
			s.expect(http.MethodGet, "/customers?limit=250", nil).JSON(http.StatusOK, `{"customers":[`+row2+`]}`)
			s.expect(http.MethodGet, "/customers?limit=250&page=2", nil).JSON(http.StatusOK, `{"customers":[]}`)
		} else {
			s.expect(http.MethodGet, "/customers?page_size=250", nil).JSON(http.StatusOK, `{"customers":[`+row2+`],"has_more":false}`)
		}
		var got []string
		for customer, err := range s.client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{}) {
			if row, ok := errors.AsType[*souk.RowError](err); ok {
				got = append(got, fmt.Sprintf("%s unreadable at %d", row.ID, row.Index))
				continue
			}
			require.NoError(t, err)
			got = append(got, customer.ID+customer.Email)
		}
		assert.Equal(t, []string{"1", "2 unreadable at 1", "35"}, got, version)
	}
}

func TestAPositionIsOfOneStore(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, 3)
	walk := client.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 1}, "")
	_, err := readRows(walk.All(t.Context()), 2)
	require.NoError(t, err)
	other, stranger := seeded(t, 3)

	_, err = readRows(stranger.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 1}, walk.Position()).All(t.Context()), 0)

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Empty(t, other.Requests())
}

func ExampleCustomersService_Walk() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	server.Seed(5)
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		panic(err)
	}
	export := func(saved string, stopAt int) string {
		walk := client.Customers.Walk(shoplazza.ListCustomersRequest{Limit: 2}, saved)
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
