package walks

import (
	"context"
	"fmt"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

var xcladeLists = []list{
	{
		vendor: "xclade", method: "Customers.Walk",
		start: xcladeStore(func(_ testing.TB, c *xclade.Client) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					customer, err := c.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: fmt.Sprintf("a%d@example.com", n)})
					return idOf(customer, err, xcladeCustomer)
				},
				remove: func(ctx context.Context, id string) error { return c.Customers.Delete(ctx, id) },
			}
		}),
		walk: xcladeWalk(func(c *xclade.Client, _ string, r request, position string) walk {
			m := methods[xclade.ListCustomersRequest, xclade.Customer]{c.Customers.Walk, c.Customers.All}
			return walkOf(m, xclade.ListCustomersRequest{Limit: r.limit, Q: r.filter}, position, xcladeCustomer)
		}),
	},
	{
		vendor: "xclade", method: "CustomerGroups.Walk",
		start: xcladeStore(func(_ testing.TB, c *xclade.Client) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					group, err := c.CustomerGroups.Create(ctx, xclade.CreateCustomerGroupRequest{Name: fmt.Sprint(n)})
					return idOf(group, err, xcladeGroup)
				},
				remove: func(ctx context.Context, id string) error { return c.CustomerGroups.Delete(ctx, id) },
			}
		}),
		walk: xcladeWalk(func(c *xclade.Client, _ string, r request, position string) walk {
			m := methods[xclade.ListCustomerGroupsRequest, xclade.CustomerGroup]{c.CustomerGroups.Walk, c.CustomerGroups.All}
			return walkOf(m, xclade.ListCustomerGroupsRequest{Limit: r.limit, Q: r.filter}, position, xcladeGroup)
		}),
	},
	{
		vendor: "xclade", method: "Addresses.Walk",
		start: xcladeStore(func(t testing.TB, c *xclade.Client) rows {
			owner, err := c.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "a@example.com"})
			must(t, err)
			return rows{
				of: owner.ID,
				add: func(ctx context.Context, n int) (string, error) {
					address, err := c.Addresses.Create(ctx, owner.ID, xclade.CreateAddressRequest{Address1: fmt.Sprint(n)})
					return idOf(address, err, xcladeAddress)
				},
				remove: func(ctx context.Context, id string) error { return c.Addresses.Delete(ctx, owner.ID, id) },
			}
		}),
		walk: xcladeWalk(func(c *xclade.Client, of string, r request, position string) walk {
			m := methods[xclade.ListAddressesRequest, xclade.Address]{bound(c.Addresses.Walk, of), boundAll(c.Addresses.All, of)}
			return walkOf(m, xclade.ListAddressesRequest{Limit: r.limit, Q: r.filter}, position, xcladeAddress)
		}),
	},
}

func xcladeCustomer(c *xclade.Customer) string { return c.ID }

func xcladeGroup(g *xclade.CustomerGroup) string { return g.ID }

func xcladeAddress(a *xclade.Address) string { return a.ID }

func xcladeStore(rowsOf func(testing.TB, *xclade.Client) rows) func(testing.TB) *store {
	return func(t testing.TB) *store {
		server := xcladetest.NewServer()
		client, err := xclade.NewClient(server.Config())
		must(t, err)
		return newStore(t, server, place{Token: server.NewToken()}, rowsOf(t, client))
	}
}

func xcladeWalk(f func(c *xclade.Client, of string, r request, position string) walk) func(place, souk.Options, request, string) (walk, error) {
	return func(at place, o souk.Options, r request, position string) (walk, error) {
		client, err := xclade.NewClient(xclade.Config{BaseURL: at.URL, Token: at.Token, Options: unpaced(o)})
		if err != nil {
			return walk{}, err
		}
		return f(client, at.Of, r, position), nil
	}
}
