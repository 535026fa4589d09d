//go:build staging

package shoplazza_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

// TestStagingContract runs the suite against the store that the environment
// names: SHOPLAZZA_SHOP and SHOPLAZZA_TOKEN of a private app with the scopes
// read_customer and write_customer, and SHOPLAZZA_VERSION if it is not to be
// 2022-01. Shoplazza has no way to delete customers: the first run leaves one
// behind, without addresses, which later runs use again.
func TestStagingContract(t *testing.T) {
	config := shoplazza.Config{
		Shop:    os.Getenv("SHOPLAZZA_SHOP"),
		Token:   os.Getenv("SHOPLAZZA_TOKEN"),
		Version: os.Getenv("SHOPLAZZA_VERSION"),
	}
	if config.Shop == "" && config.Token == "" {
		t.Skip("set SHOPLAZZA_SHOP and SHOPLAZZA_TOKEN to run the contract against a store")
	}
	config.Options = souk.Options{Observer: testkit.NewFields(t, "shoplazza").Observer()}
	_, err := shoplazza.NewClient(config)
	require.NoError(t, err, "SHOPLAZZA_SHOP and SHOPLAZZA_TOKEN must name a store and its token")
	runContract(t, config)
}
