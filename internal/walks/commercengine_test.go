package walks

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

var commercengineLists = []list{
	{
		vendor: "commercengine", method: "Addresses.Walk", unfiltered: true,
		start: commercengineStore(func(c *commercengine.Client, _ *commercenginetest.Server, of string) rows {
			return rows{
				add: func(ctx context.Context, n int) (string, error) {
					address, err := c.Addresses.Create(ctx, of, commercengine.CreateAddressRequest{
						FirstName: "A", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com", Nickname: strconv.Itoa(n),
						AddressLine1: "1", Pincode: "560001", City: "B", State: "K", Country: "India",
					})
					return idOf(address, err, commercengineAddress)
				},
				remove: func(ctx context.Context, id string) error { return c.Addresses.Delete(ctx, of, id) },
			}
		}),
		walk: commercengineWalk(func(c *commercengine.Client, of string, r request, position string) walk {
			m := methods[commercengine.ListAddressesRequest, commercengine.Address]{bound(c.Addresses.Walk, of), boundAll(c.Addresses.All, of)}
			return walkOf(m, commercengine.ListAddressesRequest{Limit: r.limit}, position, commercengineAddress)
		}),
	},
	{
		vendor: "commercengine", method: "Payments.WalkDebitSchedules", unfiltered: true,
		start: commercengineStore(func(_ *commercengine.Client, server *commercenginetest.Server, of string) rows {
			return rows{add: func(_ context.Context, n int) (string, error) {
				server.AddDebitSchedules(of, commercengine.DebitSchedule{ID: fmt.Sprint("d", n)})
				return fmt.Sprint("d", n), nil
			}}
		}),
		walk: commercengineWalk(func(c *commercengine.Client, of string, r request, position string) walk {
			m := methods[commercengine.ListDebitSchedulesRequest, commercengine.DebitSchedule]{bound(c.Payments.WalkDebitSchedules, of), boundAll(c.Payments.AllDebitSchedules, of)}
			return walkOf(m, commercengine.ListDebitSchedulesRequest{Limit: r.limit}, position, func(d *commercengine.DebitSchedule) string { return d.ID })
		}),
	},
	{
		vendor: "commercengine", method: "Customers.WalkAuthorizedSellers", unfiltered: true,
		start: commercengineStore(func(_ *commercengine.Client, server *commercenginetest.Server, of string) rows {
			return rows{add: func(_ context.Context, n int) (string, error) {
				server.AddAuthorizedSellers(of, commercengine.Seller{ID: fmt.Sprint("s", n)})
				return fmt.Sprint("s", n), nil
			}}
		}),
		walk: commercengineWalk(func(c *commercengine.Client, of string, r request, position string) walk {
			m := methods[commercengine.ListAuthorizedSellersRequest, commercengine.Seller]{bound(c.Customers.WalkAuthorizedSellers, of), boundAll(c.Customers.AllAuthorizedSellers, of)}
			return walkOf(m, commercengine.ListAuthorizedSellersRequest{Limit: r.limit}, position, func(s *commercengine.Seller) string { return s.ID })
		}),
	},
	{
		vendor: "commercengine", method: "Loyalty.WalkActivities", nameless: true,
		start: commercengineStore(func(_ *commercengine.Client, server *commercenginetest.Server, of string) rows {
			return rows{add: func(_ context.Context, n int) (string, error) {
				server.AddLoyaltyActivities(of, commercengine.LoyaltyActivity{ReferenceNumber: strconv.Itoa(n)})
				return strconv.Itoa(n), nil
			}}
		}),
		walk: commercengineWalk(func(c *commercengine.Client, of string, r request, position string) walk {
			req := commercengine.ListLoyaltyActivitiesRequest{Limit: r.limit}
			if r.filter != "" {
				req.SortBy = `{"created_at":"desc"}`
			}
			m := methods[commercengine.ListLoyaltyActivitiesRequest, commercengine.LoyaltyActivity]{bound(c.Loyalty.WalkActivities, of), boundAll(c.Loyalty.AllActivities, of)}
			return walkOf(m, req, position, func(a *commercengine.LoyaltyActivity) string { return a.ReferenceNumber })
		}),
	},
	{
		vendor: "commercengine", method: "Store.WalkPincodes", nameless: true,
		start: commercengineStore(func(*commercengine.Client, *commercenginetest.Server, string) rows { return rows{} }),
		walk: commercengineWalk(func(c *commercengine.Client, _ string, r request, position string) walk {
			req := commercengine.ListPincodesRequest{Limit: r.limit, Pincode: r.filter}
			m := methods[commercengine.ListPincodesRequest, commercengine.Pincode]{bound(c.Store.WalkPincodes, "IN"), boundAll(c.Store.AllPincodes, "IN")}
			return walkOf(m, req, position, func(p *commercengine.Pincode) string { return p.Pincode })
		}),
	},
}

func commercengineAddress(a *commercengine.Address) string { return a.ID }

func commercengineStore(rowsOf func(c *commercengine.Client, server *commercenginetest.Server, of string) rows) func(testing.TB) *store {
	return func(t testing.TB) *store {
		server := commercenginetest.NewServer()
		server.SetTokenLife(30 * 24 * time.Hour)
		_, of := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: "s3cret"})
		cfg := server.Config()
		client, err := commercengine.NewClient(cfg)
		must(t, err)
		tokens, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
		must(t, err)
		r := rowsOf(client, server, of)
		r.of = of
		return newStore(t, server, place{Token: tokens.AccessToken, Store: cfg.StoreID, Key: cfg.APIKey}, r)
	}
}

func commercengineWalk(f func(c *commercengine.Client, of string, r request, position string) walk) func(place, souk.Options, request, string) (walk, error) {
	return func(at place, o souk.Options, r request, position string) (walk, error) {
		client, err := commercengine.NewClient(commercengine.Config{BaseURL: at.URL, StoreID: at.Store, APIKey: at.Key, Token: at.Token, Options: unpaced(o)})
		if err != nil {
			return walk{}, err
		}
		return f(client, at.Of, r, position), nil
	}
}
