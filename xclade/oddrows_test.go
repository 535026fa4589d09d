package xclade_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// reading returns what reads rows as a client of a store of its own.
func reading[T any](t *testing.T, read func(context.Context, *xclade.Client) ([]T, error)) func(*http.Client, *souk.Observer) func(context.Context) ([]T, error) {
	return func(h *http.Client, o *souk.Observer) func(context.Context) ([]T, error) {
		client, err := xclade.NewClient(xclade.Config{
			BaseURL: "https://" + testkit.Unique() + ".example", Token: "token", Options: souk.Options{HTTPClient: h, Observer: o},
		})
		require.NoError(t, err)
		return func(ctx context.Context) ([]T, error) { return read(ctx, client) }
	}
}

func TestOddCustomers(t *testing.T) {
	testkit.OddRows[xclade.Customer]{
		Answer: `{"customers":[%s],"count":3,"offset":0,"limit":50}`, Path: "customers", ID: "id",
		Client: reading(t, func(ctx context.Context, c *xclade.Client) ([]xclade.Customer, error) {
			list, err := c.Customers.List(ctx, xclade.ListCustomersRequest{})
			if list == nil {
				return nil, err
			}
			return list.Customers, err
		}),
	}.Test(t)
}

func TestOddCustomer(t *testing.T) {
	testkit.OddRows[xclade.Customer]{
		Answer: `{"customer":%s}`, Path: "customer", ID: "id", Asked: map[string]string{"id": "7"}, Single: true,
		Client: reading(t, func(ctx context.Context, c *xclade.Client) ([]xclade.Customer, error) {
			return testkit.One(c.Customers.Get(ctx, "7", xclade.GetCustomerRequest{}))
		}),
	}.Test(t)
}

func TestOddGroups(t *testing.T) {
	testkit.OddRows[xclade.CustomerGroup]{
		Answer: `{"customer_groups":[%s],"count":3,"offset":0,"limit":50}`, Path: "customer_groups", ID: "id",
		Client: reading(t, func(ctx context.Context, c *xclade.Client) ([]xclade.CustomerGroup, error) {
			list, err := c.CustomerGroups.List(ctx, xclade.ListCustomerGroupsRequest{})
			if list == nil {
				return nil, err
			}
			return list.CustomerGroups, err
		}),
	}.Test(t)
}

func TestOddAddresses(t *testing.T) {
	testkit.OddRows[xclade.Address]{
		Answer: `{"addresses":[%s],"count":3,"offset":0,"limit":50}`, Path: "addresses", ID: "id", Asked: map[string]string{"customer_id": "7"},
		Client: reading(t, func(ctx context.Context, c *xclade.Client) ([]xclade.Address, error) {
			list, err := c.Addresses.List(ctx, "7", xclade.ListAddressesRequest{})
			if list == nil {
				return nil, err
			}
			return list.Addresses, err
		}),
	}.Test(t)
}

// A type of one's own keeps its fields when it embeds a customer.
func TestAnEmbeddedCustomerHidesNoField(t *testing.T) {
	t.Parallel()
	type mine struct {
		xclade.Customer
		Note string `json:"my_note"`
	}
	var got mine

	require.NoError(t, json.Unmarshal([]byte(`{"id":"1","first_name":"Ada","my_note":"x"}`), &got))

	assert.Equal(t, mine{xclade.Customer{ID: "1", FirstName: "Ada"}, "x"}, got)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"my_note":"x"`)
}
