package walks

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// Version 2022-01 has numbered pages, and the later ones cursors.
var shoplazzaLists = slices.Concat(shoplazzaListsOf(shoplazza.Version202201), shoplazzaListsOf(shoplazza.Version202506))

func shoplazzaListsOf(version string) []list {
	return []list{
		{
			vendor: "shoplazza " + version, method: "Customers.Walk",
			start: shoplazzaStore(version, func(_ testing.TB, c *shoplazza.Client) rows {
				return rows{add: func(ctx context.Context, n int) (string, error) {
					customer, err := c.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: fmt.Sprintf("a%d@example.com", n)})
					return idOf(customer, err, shoplazzaCustomer)
				}}
			}),
			walk: shoplazzaWalk(func(c *shoplazza.Client, _ string, r request, position string) walk {
				m := methods[shoplazza.ListCustomersRequest, shoplazza.Customer]{c.Customers.Walk, c.Customers.All}
				return walkOf(m, shoplazza.ListCustomersRequest{Limit: r.limit, Email: r.filter}, position, shoplazzaCustomer)
			}),
		},
		{
			vendor: "shoplazza " + version, method: "Addresses.Walk", unfiltered: true,
			start: shoplazzaStore(version, func(t testing.TB, c *shoplazza.Client) rows {
				owner, err := c.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
				must(t, err)
				return rows{
					of: owner.ID,
					add: func(ctx context.Context, n int) (string, error) {
						address, err := c.Addresses.Create(ctx, owner.ID, shoplazza.CreateAddressRequest{FirstName: "A", Country: "Germany", CountryCode: "DE", Address1: fmt.Sprint(n)})
						return idOf(address, err, shoplazzaAddress)
					},
					remove: func(ctx context.Context, id string) error { return c.Addresses.Delete(ctx, owner.ID, id) },
				}
			}),
			walk: shoplazzaWalk(func(c *shoplazza.Client, of string, r request, position string) walk {
				m := methods[shoplazza.ListAddressesRequest, shoplazza.Address]{bound(c.Addresses.Walk, of), boundAll(c.Addresses.All, of)}
				return walkOf(m, shoplazza.ListAddressesRequest{Limit: r.limit}, position, shoplazzaAddress)
			}),
		},
		{
			vendor: "shoplazza " + version, method: "Webhooks.Walk",
			start: shoplazzaStore(version, func(_ testing.TB, c *shoplazza.Client) rows {
				return rows{
					add: func(ctx context.Context, n int) (string, error) {
						hook, err := c.Webhooks.Create(ctx, shoplazza.CreateWebhookRequest{Topic: "customers/create", Address: fmt.Sprintf("https://hooks.example.com/%d", n)})
						return idOf(hook, err, shoplazzaWebhook)
					},
					remove: func(ctx context.Context, id string) error { return c.Webhooks.Delete(ctx, id) },
				}
			}),
			walk: shoplazzaWalk(func(c *shoplazza.Client, _ string, r request, position string) walk {
				m := methods[shoplazza.ListWebhooksRequest, shoplazza.Webhook]{c.Webhooks.Walk, c.Webhooks.All}
				return walkOf(m, shoplazza.ListWebhooksRequest{Limit: r.limit, Address: r.filter}, position, shoplazzaWebhook)
			}),
		},
	}
}

func shoplazzaCustomer(c *shoplazza.Customer) string { return c.ID }

func shoplazzaAddress(a *shoplazza.Address) string { return a.ID }

func shoplazzaWebhook(w *shoplazza.Webhook) string { return w.ID }

func shoplazzaStore(version string, rowsOf func(testing.TB, *shoplazza.Client) rows) func(testing.TB) *store {
	return func(t testing.TB) *store {
		server := shoplazzatest.NewServer()
		cfg := server.Config()
		cfg.Version = version
		client, err := shoplazza.NewClient(cfg)
		must(t, err)
		return newStore(t, server, place{Token: server.Token, Version: version}, rowsOf(t, client))
	}
}

func shoplazzaWalk(f func(c *shoplazza.Client, of string, r request, position string) walk) func(place, souk.Options, request, string) (walk, error) {
	return func(at place, o souk.Options, r request, position string) (walk, error) {
		client, err := shoplazza.NewClient(shoplazza.Config{BaseURL: at.URL, Token: at.Token, Version: at.Version, Options: unpaced(o)})
		if err != nil {
			return walk{}, err
		}
		return f(client, at.Of, r, position), nil
	}
}
