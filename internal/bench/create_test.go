package bench

import (
	"testing"

	"github.com/stretchr/testify/assert"

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

	souk, twin := creating(t).costs(t)

	t.Logf("souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", souk.allocs, souk.bytes, twin.allocs, twin.bytes)
	assert.LessOrEqual(t, souk.allocs, 1.2*twin.allocs)
}

func creating(tb testing.TB) pair {
	tb.Helper()
	server := startServer(tb)
	return pair{souk: creatingWith(tb, server), twin: creatingWithTwin(tb, server)}
}

var metadata = map[string]any{"tier": "gold", "newsletter": true}

func creatingWith(tb testing.TB, server string) func() error {
	tb.Helper()
	client := newClient(tb, shop(server, 1, 0))
	return func() error {
		_, err := client.Customers.Create(tb.Context(), xclade.CreateCustomerRequest{
			Email: "ada@example.test", FirstName: "Ada", LastName: "Lovelace",
			CompanyName: "Acme GmbH", Phone: "+49 30 123456", Metadata: metadata,
		})
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
