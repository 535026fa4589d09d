package walks

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

var sallaLists = []list{
	{
		vendor: "salla", method: "Customers.Walk",
		start: sallaStore(func(_ testing.TB, c *salla.Client) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					customer, err := c.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "A", Email: fmt.Sprintf("a%d@example.com", n)})
					return idOf(customer, err, sallaCustomer)
				},
				remove: func(ctx context.Context, id string) error { return c.Customers.Delete(ctx, number(id)) },
			}
		}),
		walk: sallaWalk(func(c *salla.Client, _ place, r request, position string) walk {
			req := salla.ListCustomersRequest{Limit: r.limit, Keyword: r.filter}
			return walkOf(methods[salla.ListCustomersRequest, salla.Customer]{c.Customers.Walk, c.Customers.All}, req, position, sallaCustomer)
		}),
	},
	{
		vendor: "salla", method: "CustomerGroups.Walk", unfiltered: true,
		start: sallaStore(func(_ testing.TB, c *salla.Client) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					group, err := c.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: strconv.Itoa(n)})
					return idOf(group, err, sallaGroup)
				},
				remove: func(ctx context.Context, id string) error { return c.CustomerGroups.Delete(ctx, number(id)) },
			}
		}),
		walk: sallaWalk(func(c *salla.Client, _ place, r request, position string) walk {
			req := salla.ListCustomerGroupsRequest{Limit: r.limit}
			return walkOf(methods[salla.ListCustomerGroupsRequest, salla.CustomerGroup]{c.CustomerGroups.Walk, c.CustomerGroups.All}, req, position, sallaGroup)
		}),
	},
	{
		vendor: "salla", method: "Webhooks.Walk", unfiltered: true,
		start: sallaStore(func(_ testing.TB, c *salla.Client) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					hook, err := c.Webhooks.Create(ctx, salla.CreateWebhookRequest{Topic: "customer.created", Address: fmt.Sprintf("https://hooks.example.com/%d", n)})
					return idOf(hook, err, sallaWebhook)
				},
			}
		}),
		walk: sallaWalk(func(c *salla.Client, _ place, r request, position string) walk {
			req := salla.ListWebhooksRequest{Limit: r.limit}
			return walkOf(methods[salla.ListWebhooksRequest, salla.Webhook]{c.Webhooks.Walk, c.Webhooks.All}, req, position, sallaWebhook)
		}),
	},
	{
		vendor: "salla", method: "LoyaltyPoints.Walk", nameless: true,
		start: sallaStore(func(t testing.TB, c *salla.Client) rows {
			owner, err := c.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "A", Email: "a@example.com"})
			must(t, err)
			return rows{of: sallaCustomer(owner), add: func(ctx context.Context, n int) (string, error) {
				return strconv.Itoa(n), c.LoyaltyPoints.Update(ctx, salla.UpdateLoyaltyPointsRequest{
					Points: n, Type: salla.PointsPlus, Reason: "r", ChannelSend: []salla.LoyaltyChannel{salla.ChannelEmail}, Customers: []int64{owner.ID},
				})
			}}
		}),
		walk: sallaWalk(func(c *salla.Client, at place, r request, position string) walk {
			req := salla.ListLoyaltyPointsRequest{Limit: r.limit, CustomerID: number(at.Of)}
			if r.filter != "" {
				req.CustomerID = 1
			}
			points := func(p *salla.LoyaltyPoint) string { return strconv.FormatInt(p.Points, 10) }
			return walkOf(methods[salla.ListLoyaltyPointsRequest, salla.LoyaltyPoint]{c.LoyaltyPoints.Walk, c.LoyaltyPoints.All}, req, position, points)
		}),
	},
}

func sallaCustomer(c *salla.Customer) string { return strconv.FormatInt(c.ID, 10) }

func sallaGroup(g *salla.CustomerGroup) string { return strconv.FormatInt(g.ID, 10) }

func sallaWebhook(w *salla.Webhook) string { return strconv.FormatInt(w.ID, 10) }

func sallaStore(rowsOf func(testing.TB, *salla.Client) rows) func(testing.TB) *store {
	return func(t testing.TB) *store {
		server := sallatest.NewServer()
		client, err := salla.NewClient(server.Config())
		must(t, err)
		return newStore(t, server, place{Token: server.Token}, rowsOf(t, client))
	}
}

func sallaWalk(f func(c *salla.Client, at place, r request, position string) walk) func(place, souk.Options, request, string) (walk, error) {
	return func(at place, o souk.Options, r request, position string) (walk, error) {
		client, err := salla.NewClient(salla.Config{BaseURL: at.URL, Token: at.Token, Options: unpaced(o)})
		if err != nil {
			return walk{}, err
		}
		return f(client, at, r, position), nil
	}
}
