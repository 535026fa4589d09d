package bench

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

const stores = 10_000

func TestIdleClientIsSmall(t *testing.T) { //nolint:paralleltest // measures the heap and the goroutines of the process
	configs := storeConfigs("")
	clients := make([]*xclade.Client, stores)
	goroutines, before := runtime.NumGoroutine(), live()

	connect(t, clients, configs)

	size := (live() - before) / stores
	t.Logf("%d bytes", size)
	assert.LessOrEqual(t, size, 512+ownStrings(configs[0]))
	assert.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
	runtime.KeepAlive(clients)
}

func TestClientsThatHaveMadeACallAreSmall(t *testing.T) { //nolint:paralleltest // as above
	server := startServer(t)
	base := xcladeShop.shop(server, 1, 0)
	warm, err := xclade.NewClient(xclade.Config{BaseURL: base, Token: "token"})
	require.NoError(t, err)
	clients := make([]*xclade.Client, stores)
	configs := storeConfigs(base)
	list := func(client *xclade.Client) {
		_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
		require.NoError(t, err)
	}
	list(warm)
	goroutines, before := runtime.NumGoroutine(), live()

	connect(t, clients, configs)
	for _, client := range clients {
		list(client)
	}
	time.Sleep(2 * time.Second) // until the pace of the last ones, which nobody published, is forgotten
	for range 2 * stores {
		warm.Quota() // each look-up drops some that are
	}

	size := (live() - before) / stores
	t.Logf("%d bytes", size)
	assert.LessOrEqual(t, size, 512+ownStrings(configs[0]))
	assert.LessOrEqual(t, runtime.NumGoroutine(), goroutines+stores/100)
	assert.LessOrEqual(t, connections(t, server), stores/100, "one, the one that asks, and those in place of some that broke, or idled too long")
	runtime.KeepAlive(clients)
}

func connect(tb testing.TB, clients []*xclade.Client, configs []xclade.Config) {
	tb.Helper()
	for i := range clients {
		client, err := xclade.NewClient(configs[i])
		if err != nil {
			tb.Fatal(err)
		}
		clients[i] = client
	}
}

// storeConfigs are of as many stores, at base or else where xclade has them.
func storeConfigs(base string) []xclade.Config {
	configs := make([]xclade.Config, stores)
	for i := range configs {
		configs[i] = xclade.Config{Tenant: fmt.Sprintf("store%08d", i), Token: fmt.Sprintf("token-%08d", i), BaseURL: base}
	}
	return configs
}

// ownStrings is the length of the strings that a client makes: base URL and
// credential's header.
func ownStrings(cfg xclade.Config) int {
	return len("https://.api.myxclade.com") + len(cfg.Tenant) + len("Bearer ") + len(cfg.Token)
}

// live is the memory that is in use after a collection.
func live() int {
	runtime.GC()
	runtime.GC() // what was in a pool
	return int(heap())
}

// Clients of the other vendors are at most 32 bytes larger than xclade's may be.
func TestIdleClientsOfAllVendorsAreSmall(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	for vendor, connect := range map[string]func(i int) (client any, own int){
		"salla": func(i int) (any, int) {
			token := fmt.Sprintf("token-%08d", i)
			client, err := salla.NewClient(salla.Config{Token: token})
			require.NoError(t, err)
			return client, len("Bearer ") + len(token)
		},
		"commercengine": func(i int) (any, int) {
			store := fmt.Sprintf("store%08d", i)
			client, err := commercengine.NewClient(commercengine.Config{StoreID: store, Token: "token"})
			require.NoError(t, err)
			return client, 4*len(store) + len("Bearer token")
		},
		"shopline": func(i int) (any, int) {
			handle, token := fmt.Sprintf("store%08d", i), fmt.Sprintf("token-%08d", i)
			client, err := shopline.NewClient(shopline.Config{Handle: handle, Token: token})
			require.NoError(t, err)
			return client, len("https://.myshopline.com") + len(handle) + len("Bearer ") + len(token)
		},
		"shoplazza": func(i int) (any, int) {
			shop, token := fmt.Sprintf("store%08d", i), fmt.Sprintf("token-%08d", i)
			client, err := shoplazza.NewClient(shoplazza.Config{Shop: shop, Token: token})
			require.NoError(t, err)
			return client, len("https://.myshoplaza.com") + len(shop) + len(token)
		},
	} {
		clients := make([]any, stores)
		own := 0
		before := live()
		for i := range clients {
			clients[i], own = connect(i)
		}
		size := (live() - before) / stores
		t.Logf("%s: %d bytes, %d of them its own strings", vendor, size, own)
		assert.LessOrEqual(t, size, 572+32, vendor)
		runtime.KeepAlive(clients)
	}
}
