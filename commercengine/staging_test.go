//go:build staging

package commercengine_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// TestContractWithStaging runs the contract against the vendor's staging. Set
// COMMERCENGINE_STORE_ID and COMMERCENGINE_API_KEY; the run reads only and is
// anonymous then. Set COMMERCENGINE_EMAIL and COMMERCENGINE_PASSWORD to those of
// a user made for this to try customers, addresses, accounts and documents too:
// the run deletes what it creates. COMMERCENGINE_LOYALTY=1 says that the user
// takes part in a loyalty programme. COMMERCENGINE_USERS=1 lets the run register users
// and delete them again, which needs a store that returns one-time passwords, and
// COMMERCENGINE_PHONE is a number, of 10 digits, to which it may have some sent.
// COMMERCENGINE_BASE_URL replaces the host.
func TestContractWithStaging(t *testing.T) {
	store, key := os.Getenv("COMMERCENGINE_STORE_ID"), os.Getenv("COMMERCENGINE_API_KEY")
	may := contract{
		email: os.Getenv("COMMERCENGINE_EMAIL"), password: os.Getenv("COMMERCENGINE_PASSWORD"),
		loyalty: os.Getenv("COMMERCENGINE_LOYALTY") != "",
		users:   os.Getenv("COMMERCENGINE_USERS") != "",
		phone:   os.Getenv("COMMERCENGINE_PHONE"),
	}
	if store == "" && key == "" && may == (contract{}) {
		t.Skip("set COMMERCENGINE_STORE_ID and COMMERCENGINE_API_KEY to run the contract against staging")
	}
	require.NotEmpty(t, store, "COMMERCENGINE_STORE_ID is not set")
	require.NotEmpty(t, key, "COMMERCENGINE_API_KEY is not set")
	require.Equal(t, may.email == "", may.password == "", "COMMERCENGINE_EMAIL and COMMERCENGINE_PASSWORD go together")

	runContract(t, commercengine.Config{
		StoreID: store, APIKey: key, Environment: commercengine.Staging, BaseURL: os.Getenv("COMMERCENGINE_BASE_URL"),
		Options: souk.Options{Observer: testkit.NewFields(t, "commercengine").Observer()},
	}, may)
}
