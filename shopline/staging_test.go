//go:build staging

package shopline_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// TestContractWithAStore runs the contract against a real store: that of
// SHOPLINE_HANDLE, with a private app's token in SHOPLINE_TOKEN that has the
// scopes read_customers, write_customers and read_orders. SHOPLINE_EVERYTHING=1 says that
// the store is for this only: an invitation is sent, and its log-ins by way of other
// platforms change for a moment.
func TestContractWithAStore(t *testing.T) {
	t.Parallel()
	handle, token := os.Getenv("SHOPLINE_HANDLE"), os.Getenv("SHOPLINE_TOKEN")
	if handle == "" && token == "" {
		t.Skip("set SHOPLINE_HANDLE and SHOPLINE_TOKEN to run the contract against a store")
	}
	require.NotEmpty(t, handle, "SHOPLINE_TOKEN is set and SHOPLINE_HANDLE is not")
	require.NotEmpty(t, token, "SHOPLINE_HANDLE is set and SHOPLINE_TOKEN is not")
	client, err := shopline.NewClient(shopline.Config{
		Handle: handle, Token: token,
		Options: souk.Options{Observer: testkit.NewFields(t, "shopline").Observer()},
	})
	require.NoError(t, err)

	runContract(t, client, os.Getenv("SHOPLINE_EVERYTHING") != "")
}
