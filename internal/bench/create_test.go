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

// BenchmarkCreate creates one customer.
func BenchmarkCreate(b *testing.B) {
	p := creating(b)
	p.compare(b, 50)
	p.reportCosts(b)
}

func TestCreateAllocatesAtMostAFifthMoreThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)

	ours, twin := creating(t).costs(t)

	t.Logf("souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", ours.allocs, ours.bytes, twin.allocs, twin.bytes)
	assert.LessOrEqual(t, ours.allocs, 1.2*twin.allocs)
}

func creating(tb testing.TB) pair {
	tb.Helper()
	server := startServer(tb)
	return pair{souk: creatingWith(tb, server), twin: creatingWithTwin(tb, server)}
}

var metadata = map[string]any{"tier": "gold", "newsletter": true}

var ada = xclade.CreateCustomerRequest{
	Email: "ada@example.test", FirstName: "Ada", LastName: "Lovelace",
	CompanyName: "Acme GmbH", Phone: "+49 30 123456", Metadata: metadata,
}

func creatingWith(tb testing.TB, server string) func() error {
	tb.Helper()
	client := newClient(tb, shop(server, 1, 0))
	return func() error {
		_, err := client.Customers.Create(tb.Context(), ada)
		return err
	}
}

func creatingWithTwin(tb testing.TB, server string) func() error {
	tb.Helper()
	client := newTwin(shop(server, 1, 0))
	return func() error {
		_, err := client.create(tb.Context(), twinCreate{
			Email: "ada@example.test", FirstName: "Ada", LastName: "Lovelace",
			CompanyName: "Acme GmbH", Phone: "+49 30 123456", Metadata: metadata,
		})
		return err
	}
}

func TestCreateWithEveryHookAllocatesAtMostAQuarterMoreThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)
	server := startServer(t)
	client, err := xclade.NewClient(xclade.Config{BaseURL: shop(server, 1, 0), Token: "token", Options: souk.Options{Observer: everyHook()}})
	require.NoError(t, err)
	var response souk.Response
	hooked := func() error {
		_, err := client.Customers.Create(souk.WithResponse(t.Context(), &response), ada)
		return err
	}

	observed, twin := pair{souk: hooked, twin: creatingWithTwin(t, server)}.costs(t)

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
