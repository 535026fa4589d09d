package commercenginetest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
)

func TestOperationsAreTheMethodsOfTheSDK(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, testkit.OperationNames(t, ".."), start(t).Operations())
}

func TestAFaultMeetsItsOperationOnly(t *testing.T) {
	t.Parallel()
	server := start(t)
	token, path := logIn(t, server)
	server.Inject(souktest.Fault{Operation: "Addresses.Get", Status: http.StatusTeapot})

	status, _ := send(t, server, token, "GET", path+"/addresses", "")
	assert.Equal(t, 200, status, "a list")
	status, _ = send(t, server, token, "DELETE", path+"/addresses/1", "")
	assert.Equal(t, 404, status, "a delete of the same path")
	status, _ = send(t, server, token, "GET", path+"/addresses/1%2F2", "")
	assert.Equal(t, 418, status, "an id with a slash")
	status, _ = send(t, server, token, "GET", path+"/addresses/1%2F2", "")
	assert.Equal(t, 404, status, "once")
}

// A stand-in and a client in a bubble wait in fake time only.
func TestFaultsInFakeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := commercenginetest.NewServer()
		defer server.Close()
		client, err := commercengine.NewClient(server.Config())
		require.NoError(t, err)
		server.Inject(souktest.Fault{Operation: "Store.Config", Status: 429, Header: http.Header{"Retry-After": {"30"}}})
		server.Inject(souktest.Fault{Operation: "Store.Config", Drop: true})
		server.Inject(souktest.Fault{Operation: "Store.Config", Truncate: 3})
		began := time.Now()

		var response souk.Response
		config, err := client.Store.Config(souk.WithResponse(t.Context(), &response))

		require.NoError(t, err)
		assert.Equal(t, "INR", config.Currency.Code)
		assert.Equal(t, 4, response.Attempts)
		assert.Len(t, server.Requests(), 4)
		assert.Equal(t, response.Waited, time.Since(began), "nothing but waits takes time")
		assert.GreaterOrEqual(t, response.Waited, 30*time.Second)
		assert.Less(t, response.Waited, 35*time.Second)
	})
}
