//go:build staging

package xclade_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade"
)

// TestStagingContract runs the suite against the server that the environment
// names: XCLADE_BASE_URL or XCLADE_TENANT, and XCLADE_EMAIL with
// XCLADE_PASSWORD, XCLADE_TOKEN or XCLADE_API_KEY. It leaves nothing behind.
func TestStagingContract(t *testing.T) {
	config := xclade.Config{
		Tenant:   os.Getenv("XCLADE_TENANT"),
		BaseURL:  os.Getenv("XCLADE_BASE_URL"),
		Email:    os.Getenv("XCLADE_EMAIL"),
		Password: os.Getenv("XCLADE_PASSWORD"),
		Token:    os.Getenv("XCLADE_TOKEN"),
		APIKey:   os.Getenv("XCLADE_API_KEY"),
	}
	if config.Tenant == "" && config.BaseURL == "" {
		t.Skip("XCLADE_BASE_URL and XCLADE_TENANT are not set: there is no server to test against")
	}
	_, err := xclade.NewClient(config)
	require.NoError(t, err, "the XCLADE_ variables must name a server and one credential")
	runContract(t, config)
}
