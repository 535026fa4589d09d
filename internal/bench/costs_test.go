package bench

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
)

// creating creates one row.
func creating(tb testing.TB, v vendor, server string) pair {
	tb.Helper()
	base := v.shop(server, 1, 0)
	souk, twin := v.souk(tb, base, nil), v.twin(base, nil)
	return pair{
		souk: func() error { return souk.create(tb.Context()) },
		twin: func() error { return twin.create(tb.Context()) },
	}
}

// paging reads one page.
func paging(tb testing.TB, v vendor, server string) pair {
	tb.Helper()
	base := v.shop(server, v.rows, 0)
	whole := func(c client) func() error {
		return func() error {
			rows, err := c.page(tb.Context(), v.rows)
			if err != nil {
				return err
			}
			return complete(rows, v.rows)
		}
	}
	return pair{souk: whole(v.souk(tb, base, nil)), twin: whole(v.twin(base, nil))}
}

// The limits of docs/performance.md leave a margin here: a collection empties the pools,
// and the twin of a newer Go needs less.

func TestCreateAllocatesLittleMoreThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)
	server := startServer(t)
	for _, v := range vendors {
		souk, twin := creating(t, v, server).costs(t)
		t.Logf("%s: souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", v.name, souk.allocs, souk.bytes, twin.allocs, twin.bytes)
		assert.LessOrEqual(t, souk.allocs, 1.25*twin.allocs, v.name)
	}
}

func TestPageTakesLessMemoryThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)
	server := startServer(t)
	for _, v := range vendors {
		souk, twin := paging(t, v, server).costs(t)
		t.Logf("%s: souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", v.name, souk.allocs, souk.bytes, twin.allocs, twin.bytes)
		assert.LessOrEqual(t, souk.bytes, 0.9*twin.bytes, v.name)
	}
}

func TestCreateWithEveryHookAllocatesAtMostAQuarterMoreThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)
	server := startServer(t)
	client, err := xclade.NewClient(xclade.Config{BaseURL: xcladeShop.shop(server, 1, 0), Token: "token", Options: souk.Options{Observer: everyHook()}})
	require.NoError(t, err)
	var response souk.Response
	work := creating(t, xcladeShop, server)
	work.souk = func() error {
		_, err := client.Customers.Create(souk.WithResponse(t.Context(), &response), xclade.CreateCustomerRequest{Email: "ada@example.test"})
		return err
	}

	observed, twin := work.costs(t)

	t.Logf("souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", observed.allocs, observed.bytes, twin.allocs, twin.bytes)
	assert.LessOrEqual(t, observed.allocs, 1.25*twin.allocs)
	assert.Equal(t, 200, response.StatusCode)
}

func everyHook() *souk.Observer {
	return &souk.Observer{
		CallStart:    func(ctx context.Context, _ souk.Call) context.Context { return ctx },
		Attempt:      func(context.Context, souk.Attempt) {},
		Wait:         func(context.Context, souk.Wait) {},
		TokenRefresh: func(context.Context, souk.TokenRefresh) {},
		AttemptStart: func(context.Context, souk.Attempt, http.Header) context.Context { return nil },
		CallEnd:      func(context.Context, souk.Call, error) {},
	}
}
