package xclade_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// newServer returns a stand-in and a client of it.
func newServer(t *testing.T) (*xcladetest.Server, *xclade.Client) {
	t.Helper()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	client, err := xclade.NewClient(server.Config())
	require.NoError(t, err)
	return server, client
}

// count returns how many requests of this kind the server got.
func count(server *xcladetest.Server, method, path string) int {
	n := 0
	for _, r := range server.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

// A create whose answer is lost is not sent again, and says so.
func TestLostAnswerOfCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]souktest.Fault{
		"dropped before":  {Drop: true},
		"dropped after":   {Drop: true, Processed: true},
		"truncated":       {Truncate: 30},
		"gateway timeout": {Status: 504, Processed: true, Body: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newServer(t)
			fault.Operation = "Customers.Create"
			server.Inject(fault)

			_, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.com"})

			assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Equal(t, 1, count(server, "POST", "/admin/customers"))
		})
	}
}

// However the first answer is lost, the customer is there exactly once.
func TestEnsureUnderFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]souktest.Fault{
		"dropped before": {Drop: true},
		"dropped after":  {Drop: true, Processed: true},
		"truncated":      {Truncate: 30},
		"bad gateway":    {Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newServer(t)
			fault.Operation = "Customers.Create"
			server.Inject(fault)

			customer, _, err := client.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.com"})

			require.NoError(t, err)
			list, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
			require.NoError(t, err)
			assert.Equal(t, []string{customer.ID}, ids(list.Customers))
		})
	}
}

// Reads, updates and deletes are repeated until they get through.
func TestRepeatableCallsGetThrough(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	customer, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.com"})
	require.NoError(t, err)

	server.Inject(souktest.Fault{Drop: true, Processed: true})
	updated, err := client.Customers.Update(t.Context(), customer.ID, xclade.UpdateCustomerRequest{Phone: new("1")})
	require.NoError(t, err)
	assert.Equal(t, "1", updated.Phone)

	server.Inject(souktest.Fault{Truncate: 10})
	got, err := client.Customers.Get(t.Context(), customer.ID, xclade.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, updated, got)

	server.Inject(souktest.Fault{Drop: true, Processed: true})
	assert.NoError(t, client.Customers.Delete(t.Context(), customer.ID))
}

// A deadline that comes before the server wants to be asked again is not waited for.
func TestDeadlineShorterThanRetryAfter(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 429, Header: http.Header{"Retry-After": {"3600"}}, Body: `{"message":"slow down"}`})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()

	_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})

	e := requireError(t, err)
	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.NoError(t, ctx.Err())
	assert.InDelta(t, time.Hour, e.RetryAfter, float64(30*time.Minute))
	assert.Equal(t, 429, e.StatusCode)
}

// Within testing/synctest no wait takes real time.
func TestAReadOutlastsARefusalAndTwoLostAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := newServer(t)
		server.Seed(1)
		for _, fault := range []souktest.Fault{
			{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}},
			{Drop: true},
			{Truncate: 3},
		} {
			fault.Operation = "Customers.List"
			server.Inject(fault)
		}
		begin := time.Now()

		list, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

		require.NoError(t, err)
		assert.Equal(t, 1, list.Count)
		elapsed := time.Since(begin)
		assert.GreaterOrEqual(t, elapsed, 30*time.Second)
		assert.Less(t, elapsed, 33*time.Second, "the pauses before the third and the fourth attempt are at most 1 and 2 seconds")
		assert.Equal(t, 4, count(server, "GET", "/admin/customers"))
		assert.Len(t, server.Requests(), 5, "with the log-in")
	})
}

// Tokens that the server takes no more are replaced by a log-in.
func TestExpiredTokensAreReplaced(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
	require.NoError(t, err)

	server.ExpireTokens()
	_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

	require.NoError(t, err)
	var paths []string
	for _, r := range server.Requests() {
		paths = append(paths, r.Method+" "+r.Path)
	}
	assert.Equal(t, []string{
		"POST /auth/user/emailpass", "GET /admin/customers",
		"GET /admin/customers", "POST /auth/token/refresh", "POST /auth/user/emailpass", "GET /admin/customers",
	}, paths)
}

func TestAnswersThatAreTooMuch(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 200, Body: `{"customers":["` + strings.Repeat("x", 40<<20) + `"]}`})
	_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
	assert.ErrorContains(t, err, "the answer is larger than 32 MiB")

	once := souk.WithMaxAttempts(t.Context(), 1)
	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html>hello</html>"})
	_, err = client.Customers.List(once, xclade.ListCustomersRequest{})
	assert.ErrorContains(t, err, "a web page came instead of the API's answer (text/html): check BaseURL and proxies")

	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 302, Header: http.Header{"Location": {"https://elsewhere.example/?t=1"}}})
	_, err = client.Customers.List(once, xclade.ListCustomersRequest{})
	assert.ErrorContains(t, err, "a redirect that is not followed came instead of the API's answer")
	assert.NotContains(t, err.Error(), "elsewhere")
}

// All callers of a new client share one log-in.
func TestOneLoginForAll(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{Limit: 1})
			assert.NoError(t, err)
		})
	}
	callers.Wait()

	assert.Equal(t, 1, count(server, "POST", "/auth/user/emailpass"))
	assert.Equal(t, 64, count(server, "GET", "/admin/customers"))
}
