//go:build staging

package salla_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// TestContractWithStaging runs the contract against a demo store. It leaves
// nothing behind. Set SALLA_TOKEN to an access token of the store with the scopes
// customers.read_write and webhooks.read_write, and, where the store has them,
// SALLA_LOYALTY=1 and SALLA_WALLETS=1. SALLA_EVERYTHING=1 says that the store is for
// this only, and that the token has the scope exports.read_write, too: then exports and
// a customer stay behind. SALLA_BASE_URL replaces Salla's host.
func TestContractWithStaging(t *testing.T) {
	token := os.Getenv("SALLA_TOKEN")
	optional := []string{"SALLA_LOYALTY", "SALLA_WALLETS", "SALLA_EVERYTHING", "SALLA_BASE_URL"}
	if token == "" {
		for _, name := range optional {
			require.Empty(t, os.Getenv(name), "%s is set, but SALLA_TOKEN is not", name)
		}
		t.Skip("set SALLA_TOKEN to run the contract against a demo store")
	}
	client, err := salla.NewClient(salla.Config{
		Token: token, BaseURL: os.Getenv("SALLA_BASE_URL"), Language: "en",
		Options: souk.Options{Observer: testkit.NewFields(t, "salla").Observer()},
	})
	require.NoError(t, err)

	runContract(t, client, contract{
		wallets: os.Getenv("SALLA_WALLETS") != "", loyalty: os.Getenv("SALLA_LOYALTY") != "", everything: os.Getenv("SALLA_EVERYTHING") != "",
	})
}
