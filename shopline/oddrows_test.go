package shopline_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// reading returns what reads rows as a client of a store of its own.
func reading[T any](t *testing.T, read func(context.Context, *shopline.Client) ([]T, error)) func(*http.Client, *souk.Observer) func(context.Context) ([]T, error) {
	return func(h *http.Client, o *souk.Observer) func(context.Context) ([]T, error) {
		client, err := shopline.NewClient(shopline.Config{
			Handle: handleOf(t), Token: tokenOf(t), Options: souk.Options{HTTPClient: h, Observer: o},
		})
		require.NoError(t, err)
		return func(ctx context.Context) ([]T, error) { return read(ctx, client) }
	}
}

// own are the fields that SHOPLINE spells in its own way: tags are one text.
var own = map[string]map[string]string{
	"tags": {
		`"text"`: `"text"`, `"7"`: `"7"`, `7`: `"7"`, `1`: `"1"`, `7.5`: `"7.5"`, `7.00`: `"7.00"`, `""`: `null`,
		`"2026-01-05 10:00:00"`: `"2026-01-05 10:00:00"`,
	},
	"tags[0]":               {},
	"email_subscribe_flag":  {},
	"mobile_subscribe_flag": {},
}

func TestOddCustomers(t *testing.T) {
	testkit.OddRows[shopline.Customer]{
		Answer: `{"customers":[%s]}`, Path: "customers", ID: "id", Own: own,
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Customer, error) {
			list, err := c.Customers.List(ctx, shopline.ListCustomersRequest{})
			if list == nil {
				return nil, err
			}
			return list.Customers, err
		}),
	}.Test(t)
}

func TestOddCustomer(t *testing.T) {
	testkit.OddRows[shopline.Customer]{
		Answer: `{"customer":%s}`, Path: "customer", ID: "id", Asked: map[string]string{"id": "7"}, Own: own, Single: true,
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Customer, error) {
			return testkit.One(c.Customers.Get(ctx, "7", shopline.GetCustomerRequest{}))
		}),
	}.Test(t)
}

func TestOddOrders(t *testing.T) {
	testkit.OddRows[shopline.Order]{
		Answer: `{"list":[%s]}`, Path: "list", ID: "id",
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Order, error) {
			list, err := c.Customers.ListOrders(ctx, "1", shopline.ListOrdersRequest{})
			if list == nil {
				return nil, err
			}
			for i := range list.Orders {
				require.NotEmpty(t, list.Orders[i].Raw)
				list.Orders[i].Raw = nil
			}
			return list.Orders, err
		}),
	}.Test(t)
}

func TestOddGroups(t *testing.T) {
	testkit.OddRows[shopline.CustomerGroup]{
		Answer: `{"customer_saved_searches":[%s]}`, Path: "customer_saved_searches", ID: "id",
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.CustomerGroup, error) {
			list, err := c.CustomerGroups.List(ctx, shopline.ListCustomerGroupsRequest{})
			if list == nil {
				return nil, err
			}
			return list.CustomerGroups, err
		}),
	}.Test(t)
}

func TestOddWebhooks(t *testing.T) {
	testkit.OddRows[shopline.Webhook]{
		Answer: `{"webhooks":[%s]}`, Path: "webhooks", ID: "id",
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Webhook, error) {
			list, err := c.Webhooks.List(ctx, shopline.ListWebhooksRequest{})
			if list == nil {
				return nil, err
			}
			return list.Webhooks, err
		}),
	}.Test(t)
}

func TestOddSubscriptions(t *testing.T) {
	testkit.OddRows[shopline.Subscription]{
		Answer: `{"user_subscribe_info_list":[%s]}`, Path: "user_subscribe_info_list", ID: "customer_id",
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Subscription, error) {
			list, err := c.Customers.ListSubscriptions(ctx, shopline.ListSubscriptionsRequest{CustomerIDs: []string{"1"}})
			if list == nil {
				return nil, err
			}
			return list.Subscriptions, err
		}),
	}.Test(t)
}

func TestOddSocialLogins(t *testing.T) {
	testkit.OddRows[shopline.SocialLogin]{
		Answer: `{"data":{"third_party_login_configurations":[%s]}}`, Path: "data.third_party_login_configurations", ID: "login_channel",
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.SocialLogin, error) {
			list, err := c.SocialLogins.List(ctx, shopline.ListSocialLoginsRequest{})
			if list == nil {
				return nil, err
			}
			return list.SocialLogins, err
		}),
	}.Test(t)
}

func TestOddAddressesOfCustomers(t *testing.T) {
	testkit.OddRows[shopline.AddressesOfCustomer]{
		Answer: `{"user_address":[%s]}`, Path: "user_address", ID: "uid",
		Own: map[string]map[string]string{"addresses": {`null`: "", `""`: ""}},
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.AddressesOfCustomer, error) {
			list, err := c.Addresses.List(ctx, shopline.ListAddressesRequest{CustomerIDs: []string{"1"}})
			if list == nil {
				return nil, err
			}
			return list.Customers, err
		}),
	}.Test(t)
}

func TestOddAddress(t *testing.T) {
	testkit.OddRows[shopline.Address]{
		Answer: `{"customer_address":%s}`, Path: "customer_address", ID: "id", Asked: map[string]string{"customer_id": "7", "id": "7"}, Single: true,
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Address, error) {
			return testkit.One(c.Addresses.Get(ctx, "7", "7"))
		}),
	}.Test(t)
}

func TestOddInvite(t *testing.T) {
	testkit.OddRows[shopline.Invite]{
		Answer: `{"customer_invite":%s}`, Path: "customer_invite", ID: "to", Single: true,
		Client: reading(t, func(ctx context.Context, c *shopline.Client) ([]shopline.Invite, error) {
			return testkit.One(c.Customers.SendInvite(ctx, "1"))
		}),
	}.Test(t)
}

// A type of one's own keeps its fields when it embeds a customer.
func TestAnEmbeddedCustomerHidesNoField(t *testing.T) {
	t.Parallel()
	type mine struct {
		shopline.Customer
		Note string `json:"my_note"`
	}
	var got mine

	require.NoError(t, json.Unmarshal([]byte(`{"id":"1","first_name":"Ada","my_note":"x"}`), &got))

	assert.Equal(t, mine{shopline.Customer{ID: "1", FirstName: "Ada"}, "x"}, got)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"my_note":"x"`)
}
