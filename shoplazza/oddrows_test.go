package shoplazza_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

// reading returns what reads rows as a client of a store of its own.
func reading[T any](t *testing.T, version string, read func(context.Context, *shoplazza.Client) ([]T, error)) func(*http.Client, *souk.Observer) func(context.Context) ([]T, error) {
	return func(h *http.Client, o *souk.Observer) func(context.Context) ([]T, error) {
		client, err := shoplazza.NewClient(shoplazza.Config{
			Shop: uniqueShop(), Version: version, Token: token, Options: souk.Options{HTTPClient: h, Observer: o},
		})
		require.NoError(t, err)
		return func(ctx context.Context) ([]T, error) { return read(ctx, client) }
	}
}

// own are the fields that Shoplazza spells in its own way: tags are one text in version
// 2022-01, and times of orders are empty texts where there are none.
var own = map[string]map[string]string{
	"tags": {
		`"text"`: `["text"]`, `"7"`: `["7"]`, `7`: `["7"]`, `1`: `["1"]`, `7.5`: `["7.5"]`, `7.00`: `["7.00"]`, `""`: `null`,
		`"2026-01-05 10:00:00"`: `["2026-01-05 10:00:00"]`,
	},
	"tags[0]":        {},
	"first_order_at": {},
	"last_order_at":  {},
}

// finish does what the default address of a customer is without one of its own, and
// leaves blank tags out.
func finish(c *shoplazza.Customer) {
	c.Tags = slices.DeleteFunc(c.Tags, func(tag string) bool { return tag == "" })
	if c.DefaultAddress == nil && len(c.Addresses) > 0 && c.Addresses[0].Default {
		c.DefaultAddress = new(c.Addresses[0])
	}
}

func listCustomers(ctx context.Context, c *shoplazza.Client) ([]shoplazza.Customer, error) {
	list, err := c.Customers.List(ctx, shoplazza.ListCustomersRequest{})
	if list == nil {
		return nil, err
	}
	return list.Customers, err
}

func TestOddCustomers(t *testing.T) {
	testkit.OddRows[shoplazza.Customer]{
		Answer: `{"customers":[%s]}`, Path: "customers", ID: "id", Own: own, Finish: finish,
		Client: reading(t, shoplazza.Version202201, listCustomers),
	}.Test(t)
}

func TestOddCustomersInAnEnvelope(t *testing.T) {
	testkit.OddRows[shoplazza.Customer]{
		Answer: `{"code":"Success","data":{"customers":[%s],"has_more":false}}`, Path: "data.customers", ID: "id", Own: own, Finish: finish,
		Client: reading(t, shoplazza.Version202607, listCustomers),
	}.Test(t)
}

func TestOddCustomer(t *testing.T) {
	testkit.OddRows[shoplazza.Customer]{
		Answer: `{"customer":%s}`, Path: "customer", ID: "id", Asked: map[string]string{"id": "7"}, Own: own, Finish: finish, Single: true,
		Client: reading(t, shoplazza.Version202201, func(ctx context.Context, c *shoplazza.Client) ([]shoplazza.Customer, error) {
			return testkit.One(c.Customers.Get(ctx, "7", shoplazza.GetCustomerRequest{}))
		}),
	}.Test(t)
}

func TestOddAddresses(t *testing.T) {
	testkit.OddRows[shoplazza.Address]{
		Answer: `{"addresses":[%s]}`, Path: "addresses", ID: "id", Asked: map[string]string{"customer_id": "7"},
		Client: reading(t, shoplazza.Version202201, func(ctx context.Context, c *shoplazza.Client) ([]shoplazza.Address, error) {
			list, err := c.Addresses.List(ctx, "7", shoplazza.ListAddressesRequest{})
			if list == nil {
				return nil, err
			}
			return list.Addresses, err
		}),
	}.Test(t)
}

func TestOddWebhooks(t *testing.T) {
	testkit.OddRows[shoplazza.Webhook]{
		Answer: `{"code":"Success","data":{"webhooks":[%s],"has_more":false}}`, Path: "data.webhooks", ID: "id",
		Client: reading(t, shoplazza.Version202601, func(ctx context.Context, c *shoplazza.Client) ([]shoplazza.Webhook, error) {
			list, err := c.Webhooks.List(ctx, shoplazza.ListWebhooksRequest{})
			if list == nil {
				return nil, err
			}
			return list.Webhooks, err
		}),
	}.Test(t)
}

// A type of one's own keeps its fields when it embeds a customer.
func TestAnEmbeddedCustomerHidesNoField(t *testing.T) {
	t.Parallel()
	type mine struct {
		shoplazza.Customer
		Note string `json:"my_note"`
	}
	var got mine

	require.NoError(t, json.Unmarshal([]byte(`{"id":"1","first_name":"Ada","my_note":"x"}`), &got))

	assert.Equal(t, mine{shoplazza.Customer{ID: "1", FirstName: "Ada"}, "x"}, got)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"my_note":"x"`)
}
