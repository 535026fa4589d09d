package salla_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
)

// lossy loses every answer and counts the requests.
type lossy struct{ requests atomic.Int64 }

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	l.requests.Add(1)
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return nil, io.EOF
}

// What could happen twice is sent once, and its outcome is unknown; all else is
// sent again.
func TestRepeatsAfterLostAnswers(t *testing.T) {
	t.Parallel()
	type call func(context.Context, *salla.Client) error
	writes := map[string]call{
		"Customers.Create": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara"})
			return err
		},
		"Customers.Import": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Customers.Import(ctx, salla.ImportCustomersRequest{Name: "a", File: strings.NewReader("a")})
			return err
		},
		"CustomerGroups.Create": func(ctx context.Context, c *salla.Client) error {
			_, err := c.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: "a"})
			return err
		},
		"LoyaltyPoints.Update": func(ctx context.Context, c *salla.Client) error { return c.LoyaltyPoints.Update(ctx, change()) },
		"Wallets.Deposit": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Wallets.Deposit(ctx, salla.WalletRequest{CustomerID: 1, Amount: "1"})
			return err
		},
		"Wallets.Withdraw": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Wallets.Withdraw(ctx, salla.WalletRequest{CustomerID: 1, Amount: "1"})
			return err
		},
		"Exports.Customers": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Exports.Customers(ctx, salla.ExportCustomersRequest{})
			return err
		},
		"Webhooks.Create": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Webhooks.Create(ctx, salla.CreateWebhookRequest{Topic: "a", Address: "https://a.example"})
			return err
		},
		"Do POST": func(ctx context.Context, c *salla.Client) error { return c.Do(ctx, "POST", "/a", nil, nil, nil) },
	}
	idempotent := map[string]call{
		"Customers.Update": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Customers.Update(ctx, 1, salla.UpdateCustomerRequest{LastName: new("Ali")})
			return err
		},
		"Customers.Delete": func(ctx context.Context, c *salla.Client) error { return c.Customers.Delete(ctx, 1) },
		"Customers.Ban": func(ctx context.Context, c *salla.Client) error {
			return c.Customers.Ban(ctx, 1, salla.BanCustomerRequest{Reason: "a"})
		},
		"Customers.Unban": func(ctx context.Context, c *salla.Client) error { return c.Customers.Unban(ctx, 1) },
		"CustomerGroups.AddCustomers": func(ctx context.Context, c *salla.Client) error {
			return c.CustomerGroups.AddCustomers(ctx, salla.AddCustomersRequest{GroupID: 1, Customers: []int64{1}})
		},
		"CustomerGroups.UpdateDefault": func(ctx context.Context, c *salla.Client) error {
			return c.CustomerGroups.UpdateDefault(ctx, salla.UpdateDefaultGroupRequest{Features: salla.GroupFeatures{Shipping: []string{"all"}}})
		},
		"CustomerGroups.Update": func(ctx context.Context, c *salla.Client) error {
			_, err := c.CustomerGroups.Update(ctx, 1, salla.UpdateCustomerGroupRequest{Name: new("VIP")})
			return err
		},
		"CustomerGroups.Delete": func(ctx context.Context, c *salla.Client) error { return c.CustomerGroups.Delete(ctx, 1) },
		"Webhooks.Update": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Webhooks.Update(ctx, 1, salla.UpdateWebhookRequest{Name: new("n")})
			return err
		},
		"Webhooks.Delete": func(ctx context.Context, c *salla.Client) error {
			return c.Webhooks.Delete(ctx, 1)
		},
	}
	safe := map[string]call{
		"Customers.Get": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Customers.Get(ctx, 1, salla.GetCustomerRequest{})
			return err
		},
		"Customers.List": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Customers.List(ctx, salla.ListCustomersRequest{})
			return err
		},
		"CustomerGroups.List": func(ctx context.Context, c *salla.Client) error {
			_, err := c.CustomerGroups.List(ctx, salla.ListCustomerGroupsRequest{})
			return err
		},
		"LoyaltyPoints.List": func(ctx context.Context, c *salla.Client) error {
			_, err := c.LoyaltyPoints.List(ctx, salla.ListLoyaltyPointsRequest{CustomerID: 1})
			return err
		},
		"Exports.Logs": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Exports.Logs(ctx, salla.ListExportLogsRequest{})
			return err
		},
		"Webhooks.List": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Webhooks.List(ctx, salla.ListWebhooksRequest{})
			return err
		},
		"Webhooks.Events": events,
		"Users.Info": func(ctx context.Context, c *salla.Client) error {
			_, err := c.Users.Info(ctx)
			return err
		},
	}
	for _, group := range []struct {
		calls    map[string]call
		requests int64
		unknown  bool
	}{{writes, 1, true}, {idempotent, 3, true}, {safe, 3, false}} {
		for name, call := range group.calls {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				transport := &lossy{}
				client, err := salla.NewClient(salla.Config{
					Token: "token-1", BaseURL: baseURL(t),
					Options: souk.Options{HTTPClient: &http.Client{Transport: transport}, MaxAttempts: 3, MaxRetryWait: 1},
				})
				require.NoError(t, err)

				err = call(t.Context(), client)

				assert.ErrorIs(t, err, souk.ErrUnavailable)
				assert.Equal(t, group.requests, transport.requests.Load())
				assert.Equal(t, group.unknown, errors.Is(err, souk.ErrOutcomeUnknown))
			})
		}
	}
}
