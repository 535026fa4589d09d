package salla_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// reading returns what reads rows as a client of a store of its own.
func reading[T any](t *testing.T, read func(context.Context, *salla.Client) ([]T, error)) func(*http.Client, *souk.Observer) func(context.Context) ([]T, error) {
	return func(h *http.Client, o *souk.Observer) func(context.Context) ([]T, error) {
		host := "https://" + testkit.Unique() + ".example"
		client, err := salla.NewClient(salla.Config{
			BaseURL: host, AccountsURL: host, Token: "token-1", Options: souk.Options{HTTPClient: h, Observer: o},
		})
		require.NoError(t, err)
		return func(ctx context.Context) ([]T, error) { return read(ctx, client) }
	}
}

// inRiyadh is what a time without a zone means.
const inRiyadh = `"2026-01-05T10:00:00+03:00"`

// own are the fields that Salla spells in its own way.
func own(dates []string, others ...string) map[string]map[string]string {
	fields := make(map[string]map[string]string)
	for _, field := range dates {
		fields[field] = map[string]string{`"2026-01-05 10:00:00"`: inRiyadh}
	}
	for _, field := range others {
		fields[field] = map[string]string{}
	}
	return fields
}

func listOf(row string) string {
	return `{"status":200,"success":true,"data":[` + row + `],"pagination":{"count":3,"total":3,"perPage":15,"currentPage":1,"totalPages":1,"links":{}}}`
}

func objectOf(row string) string { return `{"status":200,"success":true,"data":` + row + `}` }

var customerDates = []string{
	"birthday", "created_at", "updated_at", "latest_purchase",
	"current_store_customer.created_at", "current_store_customer.updated_at", "current_store_customer.last_login_date",
}

func TestOddCustomers(t *testing.T) {
	testkit.OddRows[salla.Customer]{
		Answer: listOf("%s"), Path: "data", ID: "id", Own: own(customerDates, "mobile"),
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.Customer, error) {
			list, err := c.Customers.List(ctx, salla.ListCustomersRequest{})
			if list == nil {
				return nil, err
			}
			return list.Customers, err
		}),
	}.Test(t)
}

func TestOddCustomer(t *testing.T) {
	testkit.OddRows[salla.Customer]{
		Answer: objectOf("%s"), Path: "data", ID: "id", Asked: map[string]string{"id": "7"}, Own: own(customerDates, "mobile"), Single: true,
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.Customer, error) {
			return testkit.One(c.Customers.Get(ctx, 7, salla.GetCustomerRequest{}))
		}),
	}.Test(t)
}

func TestOddGroups(t *testing.T) {
	fields := own(nil, "conditions[0]")
	fields["conditions"] = map[string]string{`{"id":7}`: `[{}]`, `{"id":"a"}`: `[{}]`}
	testkit.OddRows[salla.CustomerGroup]{
		Answer: listOf("%s"), Path: "data", ID: "id", Own: fields,
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.CustomerGroup, error) {
			list, err := c.CustomerGroups.List(ctx, salla.ListCustomerGroupsRequest{})
			if list == nil {
				return nil, err
			}
			return list.CustomerGroups, err
		}),
	}.Test(t)
}

func TestOddLoyaltyPoints(t *testing.T) {
	testkit.OddRows[salla.LoyaltyPoint]{
		Answer: listOf("%s"), Path: "data", Own: own([]string{"created_at", "expiry_date", "used_at"}, "order_id", "reference_id"),
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.LoyaltyPoint, error) {
			list, err := c.LoyaltyPoints.List(ctx, salla.ListLoyaltyPointsRequest{CustomerID: 1})
			if list == nil {
				return nil, err
			}
			return list.LoyaltyPoints, err
		}),
	}.Test(t)
}

func TestOddWebhooks(t *testing.T) {
	testkit.OddRows[salla.Webhook]{
		Answer: listOf("%s"), Path: "data", ID: "id", Own: own(nil, "headers", "headers.*"),
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.Webhook, error) {
			list, err := c.Webhooks.List(ctx, salla.ListWebhooksRequest{})
			if list == nil {
				return nil, err
			}
			return list.Webhooks, err
		}),
	}.Test(t)
}

func TestOddExportLogs(t *testing.T) {
	testkit.OddRows[salla.ExportLog]{
		Answer: listOf("%s"), Path: "data", Own: own([]string{"created_at"}),
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.ExportLog, error) {
			return c.Exports.Logs(ctx, salla.ListExportLogsRequest{})
		}),
	}.Test(t)
}

func TestOddAvailableEvents(t *testing.T) {
	testkit.OddRows[salla.AvailableEvent]{
		Answer: listOf("%s"), Path: "data", ID: "id",
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.AvailableEvent, error) {
			return c.Webhooks.Events(ctx)
		}),
	}.Test(t)
}

func TestOddWalletTransaction(t *testing.T) {
	testkit.OddRows[salla.WalletTransaction]{
		Answer: objectOf("%s"), Path: "data", ID: "amount", Own: own([]string{"date", "wallet.created_at"}), Single: true,
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.WalletTransaction, error) {
			return testkit.One(c.Wallets.Deposit(ctx, salla.WalletRequest{CustomerID: 1, Amount: "1"}))
		}),
	}.Test(t)
}

func TestOddMerchant(t *testing.T) {
	testkit.OddRows[salla.Merchant]{
		Answer: `{"status":200,"success":true,"data":{"id":1,"merchant":%s}}`, Path: "data.merchant", Own: own([]string{"created_at"}), Single: true,
		Client: reading(t, func(ctx context.Context, c *salla.Client) ([]salla.Merchant, error) {
			user, err := c.Users.Info(ctx)
			if err != nil {
				return nil, err
			}
			return []salla.Merchant{user.Merchant}, nil
		}),
	}.Test(t)
}

// A type of one's own keeps its fields when it embeds a customer.
func TestAnEmbeddedCustomerHidesNoField(t *testing.T) {
	t.Parallel()
	type mine struct {
		salla.Customer
		Note string `json:"my_note"`
	}
	var got mine

	require.NoError(t, json.Unmarshal([]byte(`{"id":1,"first_name":"Ada","my_note":"x"}`), &got))

	assert.Equal(t, mine{salla.Customer{ID: 1, FirstName: "Ada"}, "x"}, got)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"my_note":"x"`)
}
