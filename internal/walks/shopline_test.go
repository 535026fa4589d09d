package walks

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

var shoplineLists = []list{
	{
		vendor: "shopline", method: "Customers.Walk",
		start: shoplineStore(shoplineCustomers),
		walk: shoplineWalk(func(c *shopline.Client, _ string, r request, position string) walk {
			req := shopline.ListCustomersRequest{Limit: r.limit, SinceID: r.filter}
			return walkOf(methods[shopline.ListCustomersRequest, shopline.Customer]{c.Customers.Walk, c.Customers.All}, req, position, shoplineCustomer)
		}),
	},
	{
		vendor: "shopline", method: "Customers.SearchWalk",
		start: shoplineStore(shoplineCustomers),
		walk: shoplineWalk(func(c *shopline.Client, _ string, r request, position string) walk {
			req := shopline.SearchCustomersRequest{Limit: r.limit, Text: r.filter}
			return walkOf(methods[shopline.SearchCustomersRequest, shopline.Customer]{c.Customers.SearchWalk, c.Customers.SearchAll}, req, position, shoplineCustomer)
		}),
	},
	{
		vendor: "shopline", method: "Customers.WalkOrders",
		start: shoplineStore(func(t testing.TB, c *shopline.Client, server *shoplinetest.Server) rows {
			owner, err := c.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@example.com"})
			must(t, err)
			return rows{of: owner.ID, add: func(_ context.Context, n int) (string, error) {
				server.AddOrder(owner.ID, map[string]any{"id": strconv.Itoa(n)})
				return strconv.Itoa(n), nil
			}}
		}),
		walk: shoplineWalk(func(c *shopline.Client, of string, r request, position string) walk {
			m := methods[shopline.ListOrdersRequest, shopline.Order]{bound(c.Customers.WalkOrders, of), boundAll(c.Customers.AllOrders, of)}
			return walkOf(m, shopline.ListOrdersRequest{Limit: r.limit, SinceID: r.filter}, position, func(o *shopline.Order) string { return o.ID })
		}),
	},
	{
		vendor: "shopline", method: "CustomerGroups.Walk", unsized: true,
		start: shoplineStore(func(_ testing.TB, c *shopline.Client, _ *shoplinetest.Server) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					group, err := c.CustomerGroups.Create(ctx, shopline.CreateCustomerGroupRequest{Name: strconv.Itoa(n), Query: "state:1"})
					return idOf(group, err, func(g *shopline.CustomerGroup) string { return g.ID })
				},
				remove: func(ctx context.Context, id string) error { return c.CustomerGroups.Delete(ctx, id) },
			}
		}),
		walk: shoplineWalk(func(c *shopline.Client, _ string, r request, position string) walk {
			var req shopline.ListCustomerGroupsRequest
			if r.filter != "" {
				req.Fields = []string{"name"}
			}
			m := methods[shopline.ListCustomerGroupsRequest, shopline.CustomerGroup]{c.CustomerGroups.Walk, c.CustomerGroups.All}
			return walkOf(m, req, position, func(g *shopline.CustomerGroup) string { return g.ID })
		}),
	},
	{
		vendor: "shopline", method: "CustomerGroups.WalkMembers",
		start: shoplineStore(func(t testing.TB, c *shopline.Client, server *shoplinetest.Server) rows {
			group, err := c.CustomerGroups.Create(t.Context(), shopline.CreateCustomerGroupRequest{Name: "all", Query: "orders_count:<1"})
			must(t, err)
			r := shoplineCustomers(t, c, server)
			r.of = group.ID
			return r
		}),
		walk: shoplineWalk(func(c *shopline.Client, of string, r request, position string) walk {
			req := shopline.ListMembersRequest{Limit: r.limit}
			if r.filter != "" {
				req.Order = shopline.MemberOrderOrdersCount
			}
			m := methods[shopline.ListMembersRequest, shopline.Customer]{bound(c.CustomerGroups.WalkMembers, of), boundAll(c.CustomerGroups.AllMembers, of)}
			return walkOf(m, req, position, shoplineCustomer)
		}),
	},
	{
		vendor: "shopline", method: "Webhooks.Walk", unfiltered: true, unsized: true,
		start: shoplineStore(func(_ testing.TB, c *shopline.Client, _ *shoplinetest.Server) rows {
			return rows{add: func(ctx context.Context, n int) (string, error) {
				hook, err := c.Webhooks.Create(ctx, shopline.CreateWebhookRequest{Topic: "customers/create", Address: fmt.Sprintf("https://hooks.example.com/%d", n)})
				return idOf(hook, err, shoplineWebhook)
			}}
		}),
		walk: shoplineWalk(func(c *shopline.Client, _ string, _ request, position string) walk {
			m := methods[shopline.ListWebhooksRequest, shopline.Webhook]{c.Webhooks.Walk, c.Webhooks.All}
			return walkOf(m, shopline.ListWebhooksRequest{}, position, shoplineWebhook)
		}),
	},
}

func shoplineCustomer(c *shopline.Customer) string { return c.ID }

func shoplineWebhook(w *shopline.Webhook) string { return strconv.FormatInt(w.ID, 10) }

func shoplineCustomers(_ testing.TB, c *shopline.Client, _ *shoplinetest.Server) rows {
	return rows{
		add: func(ctx context.Context, n int) (string, error) {
			customer, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: fmt.Sprintf("a%d@example.com", n)})
			return idOf(customer, err, shoplineCustomer)
		},
		remove: func(ctx context.Context, id string) error { return c.Customers.Delete(ctx, id) },
	}
}

func shoplineStore(rowsOf func(testing.TB, *shopline.Client, *shoplinetest.Server) rows) func(testing.TB) *store {
	return func(t testing.TB) *store {
		server := shoplinetest.NewServer()
		client, err := shopline.NewClient(server.Config())
		must(t, err)
		return newStore(t, server, place{Token: server.Token, Version: shopline.DefaultVersion}, rowsOf(t, client, server))
	}
}

func shoplineWalk(f func(c *shopline.Client, of string, r request, position string) walk) func(place, souk.Options, request, string) (walk, error) {
	return func(at place, o souk.Options, r request, position string) (walk, error) {
		client, err := shopline.NewClient(shopline.Config{BaseURL: at.URL, Token: at.Token, Version: at.Version, Options: unpaced(o)})
		if err != nil {
			return walk{}, err
		}
		return f(client, at.Of, r, position), nil
	}
}
