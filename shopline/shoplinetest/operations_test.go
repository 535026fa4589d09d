package shoplinetest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

func TestEveryOperationHasARoute(t *testing.T) {
	t.Parallel()
	server, _ := start(t)
	var oauth, others []string
	for _, name := range server.Operations() {
		if strings.HasPrefix(name, "OAuth.") {
			oauth = append(oauth, name)
			continue
		}
		others = append(others, name)
	}

	assert.ElementsMatch(t, testkit.OperationNames(t, ".."), others)
	assert.ElementsMatch(t, []string{"OAuth.Exchange", "OAuth.Refresh"}, oauth)
}

func TestAFaultMeetsTheOperationThatItNames(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	server.Inject(souktest.Fault{Operation: "Customers.Get", Status: http.StatusNotImplemented, Body: `{"errors":"Not open."}`})
	server.Inject(souktest.Fault{Operation: "OAuth.Refresh", Status: http.StatusForbidden, Body: `{"code":403,"message":"Forbidden"}`})

	customer := create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example"})
	_, other := client.Customers.GetByEmail(t.Context(), "a@b.example")
	_, met := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	_, again := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	_, exchange := server.OAuth().Exchange(t.Context(), server.Handle, server.Authorize("").Get("code"))
	_, refresh := server.OAuth().Refresh(t.Context(), server.Handle)

	require.NoError(t, other)
	require.ErrorIs(t, met, souk.ErrForbidden)
	require.NoError(t, again)
	require.NoError(t, exchange)
	assert.ErrorIs(t, refresh, souk.ErrForbidden)
}

func TestFaultsPassInFakeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := shoplinetest.NewServer()
		defer server.Close()
		server.Inject(souktest.Fault{
			Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}, Body: `{"errors":"Too many request"}`,
		})
		server.Inject(souktest.Fault{Drop: true})
		server.Inject(souktest.Fault{Truncate: 5})
		client, err := shopline.NewClient(server.Config())
		require.NoError(t, err)
		var response souk.Response
		began := time.Now()

		count, err := client.Customers.Count(souk.WithResponse(t.Context(), &response))

		require.NoError(t, err)
		assert.Zero(t, count)
		assert.Len(t, server.Requests(), 4)
		elapsed := time.Since(began)
		assert.Equal(t, response.Waited, elapsed)
		assert.GreaterOrEqual(t, elapsed, 30*time.Second)
		assert.Less(t, elapsed, 33*time.Second, "30 s by the server, up to 1 s and 2 s by the client")
	})
}
