package matrix

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// sendsNothing fails a test that sends.
type sendsNothing struct{ t *testing.T }

func (s sendsNothing) RoundTrip(r *http.Request) (*http.Response, error) {
	assert.Fail(s.t, "a request was sent", "%s %s", r.Method, r.URL.Path)
	return nil, http.ErrNotSupported
}

// clients are of all vendors.
type clients struct {
	salla         *salla.Client
	commercengine *commercengine.Client
	shopline      *shopline.Client
	classic       *shoplazza.Client
	shoplazza     *shoplazza.Client
	xclade        *xclade.Client
}

// silent returns clients that send nothing.
func silent(t *testing.T) clients {
	t.Helper()
	return clientsAt(t, sendsNothing{t})
}

func clientsAt(t *testing.T, network http.RoundTripper) (c clients) {
	t.Helper()
	o := souk.Options{HTTPClient: &http.Client{Transport: network}, MaxAttempts: 1}
	var errs [6]error
	c.salla, errs[0] = salla.NewClient(salla.Config{Token: "t", Options: o})
	c.commercengine, errs[1] = commercengine.NewClient(commercengine.Config{StoreID: "s", Token: "t", Options: o})
	c.shopline, errs[2] = shopline.NewClient(shopline.Config{Handle: "demo", Token: "t", Options: o})
	c.classic, errs[3] = shoplazza.NewClient(shoplazza.Config{Shop: "demo", Token: "t", Version: shoplazza.Version202201, Options: o})
	c.shoplazza, errs[4] = shoplazza.NewClient(shoplazza.Config{Shop: "demo", Token: "t", Version: shoplazza.Version202601, Options: o})
	c.xclade, errs[5] = xclade.NewClient(xclade.Config{Tenant: "demo", Token: "t", Options: o})
	for _, err := range errs {
		require.NoError(t, err)
	}
	return c
}

// refusals are what is wrong with requests, by the name of the field.
type refusals map[string]map[string]func() error

// require checks that each of the calls is refused for what is wrong with its field.
func (all refusals) require(t *testing.T, wrong string) {
	t.Helper()
	for vendor, calls := range all {
		for field, call := range calls {
			err := call()
			e, ok := err.(*souk.Error) //nolint:errorlint // it is not wrapped
			require.True(t, ok, "%s %s: %v", vendor, field, err)
			require.ErrorIs(t, e, souk.ErrInvalid, "%s %s", vendor, field)
			field, _, _ = strings.Cut(field, " of ")
			assert.Contains(t, strings.Join(e.Fields[field], "; "), wrong, "%s: %v", vendor, err)
			assert.Zero(t, e.Attempts, "%s %s", vendor, field)
		}
	}
}

// firstOf returns the error with which a walk begins.
func firstOf[T any](t *testing.T, w *souk.Walk[T]) error {
	t.Helper()
	for _, err := range w.All(t.Context()) {
		return err
	}
	return nil
}

// A filter without values would not be sent, and whoever deletes what it lists would
// empty the store.
func TestFiltersWithoutValuesAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	c, ctx := silent(t), t.Context()
	refusals{
		"shopline": {
			"IDs": func() error {
				return failure(c.shopline.Customers.List(ctx, shopline.ListCustomersRequest{IDs: []string{}}))
			},
			"IDs of all": func() error {
				return firstOf(t, c.shopline.Customers.Walk(shopline.ListCustomersRequest{IDs: []string{}}, ""))
			},
			"AddressTypes": func() error {
				return failure(c.shopline.Addresses.List(ctx, shopline.ListAddressesRequest{CustomerIDs: []string{"1"}, AddressTypes: []shopline.AddressType{}}))
			},
		},
		"shoplazza 2022-01": {
			"IDs": func() error {
				return failure(c.classic.Customers.List(ctx, shoplazza.ListCustomersRequest{IDs: []string{}}))
			},
			"IDs of all": func() error {
				return firstOf(t, c.classic.Customers.Walk(shoplazza.ListCustomersRequest{IDs: []string{}}, ""))
			},
		},
		"shoplazza": {
			"IDs": func() error {
				return failure(c.shoplazza.Customers.List(ctx, shoplazza.ListCustomersRequest{IDs: []string{}}))
			},
		},
		"commercengine": {
			"PaymentMethods": func() error {
				return failure(c.commercengine.Payments.ListPaymentMethods(ctx, "1", commercengine.ListPaymentMethodsRequest{PaymentMethods: []string{}}))
			},
		},
		"xclade": {
			"Email": func() error {
				return failure(c.xclade.Customers.List(ctx, xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Email: []string{}}}))
			},
		},
	}.require(t, "must not be empty: without a value the server would leave the filter out; nil means no filter")
}

// An id in a body or a query is one as in a path.
func TestIDsThatAreNoneAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	c, ctx := silent(t), t.Context()
	for id, wrong := range map[string]string{
		"": "must not be empty", " ": "must be one id", "1\n": "must be one id", "1,2": "must be one id", "a/b": "must be one id",
		"0": "none", "-1": "none", "00": "none", "00000000-0000-0000-0000-000000000000": "none",
	} {
		refusals{
			"shopline": {
				"id":                      func() error { return c.shopline.Customers.Delete(ctx, id) },
				"customerID":              func() error { return c.shopline.Customers.AddToBlacklist(ctx, id) },
				"customerID of a removal": func() error { return c.shopline.Customers.RemoveFromBlacklist(ctx, id) },
				"customerID of tags": func() error {
					return c.shopline.Customers.RemoveTags(ctx, id, shopline.RemoveTagsRequest{TagIDs: []string{"T1"}})
				},
				"TagIDs[1]": func() error {
					return c.shopline.Customers.RemoveTags(ctx, "1", shopline.RemoveTagsRequest{TagIDs: []string{"T1", id}})
				},
				"IDs[0]": func() error {
					return failure(c.shopline.Customers.List(ctx, shopline.ListCustomersRequest{IDs: []string{id}}))
				},
				"AddressIDs[0]": func() error {
					return c.shopline.Addresses.Bulk(ctx, "1", shopline.BulkAddressesRequest{AddressIDs: []string{id}, Operation: shopline.BulkDestroy})
				},
				"CustomerIDs[0]": func() error {
					return failure(c.shopline.Customers.ListSubscriptions(ctx, shopline.ListSubscriptionsRequest{CustomerIDs: []string{id}}))
				},
			},
			"shoplazza": {
				"id": func() error { return failure(c.shoplazza.Customers.Get(ctx, id, shoplazza.GetCustomerRequest{})) },
				"IDs[1]": func() error {
					return failure(c.shoplazza.Customers.List(ctx, shoplazza.ListCustomersRequest{IDs: []string{"1", id}}))
				},
			},
			"xclade": {
				"id": func() error { return c.xclade.Customers.Delete(ctx, id) },
				"Add[0]": func() error {
					return failure(c.xclade.Customers.UpdateGroups(ctx, "cus_1", xclade.UpdateMembersRequest{Add: []string{id}}))
				},
				"Remove[0]": func() error {
					return failure(c.xclade.CustomerGroups.UpdateCustomers(ctx, "cusgroup_1", xclade.UpdateMembersRequest{Remove: []string{id}}))
				},
			},
			"commercengine": {
				"id": func() error { return failure(c.commercengine.Auth.GetUser(ctx, id)) },
			},
		}.require(t, wrong)
		if id == "" || id == "0" { // the beginning of the list
			continue
		}
		refusals{
			"shopline": {
				"SinceID": func() error {
					return failure(c.shopline.Customers.List(ctx, shopline.ListCustomersRequest{SinceID: id}))
				},
				"SinceID of orders": func() error {
					return failure(c.shopline.Customers.ListOrders(ctx, "1", shopline.ListOrdersRequest{SinceID: id}))
				},
				"SinceID of groups": func() error {
					return failure(c.shopline.CustomerGroups.Count(ctx, shopline.CountCustomerGroupsRequest{SinceID: id}))
				},
				"Addresses[0].ID": func() error {
					return failure(c.shopline.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{Addresses: []shopline.UpdateCustomerAddress{{ID: id}}}))
				},
			},
		}.require(t, wrong)
	}
}

// A time that has no form which servers read would be left to each of them.
func TestTimesBeyondAllCalendarsAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	c, ctx := silent(t), t.Context()
	for _, at := range []time.Time{
		time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -2*60*60)),
		time.Date(10_000, 1, 1, 1, 0, 0, 0, time.FixedZone("", 2*60*60)),
	} {
		hooks := shoplazza.ListWebhooksRequest{CreatedAtMin: at, CreatedAtMax: at, UpdatedAtMin: at, UpdatedAtMax: at}
		bounds := shoplazza.ListCustomersRequest{CreatedAtMin: at, CreatedAtMax: at, UpdatedAtMin: at, UpdatedAtMax: at}
		shop := shopline.ListCustomersRequest{CreatedAtMin: at, CreatedAtMax: at, UpdatedAtMin: at, UpdatedAtMax: at}
		all := refusals{
			"shopline": {
				"EmailMarketingConsent.UpdatedAt": func() error {
					return failure(c.shopline.Customers.Create(ctx, shopline.CreateCustomerRequest{
						Email: "ada@example.com", EmailMarketingConsent: &shopline.MarketingConsentRequest{UpdatedAt: at},
					}))
				},
			},
			"shoplazza": {
				"RegisteredAt": func() error {
					return failure(c.shoplazza.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "ada@example.com", RegisteredAt: at}))
				},
			},
			"xclade": {
				"UpdatedAt.Before": func() error {
					return failure(c.xclade.Customers.List(ctx, xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{UpdatedAt: xclade.TimeRange{Before: at}}}))
				},
			},
			"commercengine": {
				"EndAt": func() error {
					return failure(c.commercengine.Payments.UpdateMandate(ctx, "1", "2", commercengine.UpdateMandateRequest{EndAt: at}))
				},
			},
		}
		for _, field := range []string{"CreatedAtMin", "CreatedAtMax", "UpdatedAtMin", "UpdatedAtMax"} {
			all["shopline"][field] = func() error { return failure(c.shopline.Customers.List(ctx, shop)) }
			all["shoplazza"][field] = func() error { return failure(c.classic.Customers.List(ctx, bounds)) }
			all["shoplazza"][field+" of webhooks"] = func() error { return failure(c.shoplazza.Webhooks.List(ctx, hooks)) }
		}
		all.require(t, "must lie in the years 1 to 9999")
	}
}

// An update of which nothing would be sent is none, though its request is not the zero
// value.
func TestUpdatesOfNothingAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	c, ctx := silent(t), t.Context()
	refusals{
		"xclade": {
			"UpdateCustomerRequest": func() error {
				return failure(c.xclade.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{Fields: xclade.Fields{Only: []string{"id"}}}))
			},
			"UpdateCustomerRequest of nothing beside": func() error {
				return failure(c.xclade.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{AdditionalData: map[string]any{}}))
			},
			"UpdateAddressRequest": func() error {
				return failure(c.xclade.Addresses.Update(ctx, "cus_1", "cuaddr_1", xclade.UpdateAddressRequest{AdditionalData: map[string]any{}}))
			},
			"UpdateCustomerGroupRequest": func() error {
				return failure(c.xclade.CustomerGroups.Update(ctx, "cusgroup_1", xclade.UpdateCustomerGroupRequest{Fields: xclade.Fields{Only: []string{"id"}}}))
			},
		},
		"salla": {
			"UpdateCustomerGroupRequest": func() error {
				return failure(c.salla.CustomerGroups.Update(ctx, 1, salla.UpdateCustomerGroupRequest{Features: &salla.GroupFeatures{}}))
			},
		},
		"commercengine": {
			"UpdateUserRequest": func() error {
				return failure(c.commercengine.Auth.UpdateUser(ctx, "1", commercengine.UpdateUserRequest{}))
			},
		},
	}.require(t, "must change at least one field")
	refusals{
		"salla": {
			"Features": func() error { return c.salla.CustomerGroups.UpdateDefault(ctx, salla.UpdateDefaultGroupRequest{}) },
		},
	}.require(t, "must set PaymentMethod or Shipping")
}

// A walk refuses the page that a list refuses.
func TestWalksRefusePagesBeforeTheFirst(t *testing.T) {
	t.Parallel()
	c := silent(t)
	refusals{
		"salla": {
			"Page": func() error { return firstOf(t, c.salla.Customers.Walk(salla.ListCustomersRequest{Page: -1}, "")) },
			"Page of groups": func() error {
				return firstOf(t, c.salla.CustomerGroups.Walk(salla.ListCustomerGroupsRequest{Page: -1}, ""))
			},
			"Page of points": func() error {
				return firstOf(t, c.salla.LoyaltyPoints.Walk(salla.ListLoyaltyPointsRequest{CustomerID: 1, Page: -1}, ""))
			},
			"Page of webhooks": func() error { return firstOf(t, c.salla.Webhooks.Walk(salla.ListWebhooksRequest{Page: -1}, "")) },
		},
		"shoplazza": {
			"Page": func() error {
				return firstOf(t, c.classic.Customers.Walk(shoplazza.ListCustomersRequest{Page: -1}, ""))
			},
			"Page of addresses": func() error {
				return firstOf(t, c.classic.Addresses.Walk("1", shoplazza.ListAddressesRequest{Page: -1}, ""))
			},
			"Page of webhooks": func() error { return firstOf(t, c.classic.Webhooks.Walk(shoplazza.ListWebhooksRequest{Page: -1}, "")) },
		},
		"commercengine": {
			"Page": func() error {
				return firstOf(t, c.commercengine.Addresses.Walk("1", commercengine.ListAddressesRequest{Page: -1}, ""))
			},
			"Page of activities": func() error {
				return firstOf(t, c.commercengine.Loyalty.WalkActivities("1", commercengine.ListLoyaltyActivitiesRequest{Page: -1}, ""))
			},
			"Page of sellers": func() error {
				return firstOf(t, c.commercengine.Customers.WalkAuthorizedSellers("1", commercengine.ListAuthorizedSellersRequest{Page: -1}, ""))
			},
			"Page of schedules": func() error {
				return firstOf(t, c.commercengine.Payments.WalkDebitSchedules("1", commercengine.ListDebitSchedulesRequest{Page: -1}, ""))
			},
			"Page of pincodes": func() error {
				return firstOf(t, c.commercengine.Store.WalkPincodes("IN", commercengine.ListPincodesRequest{Page: -1}, ""))
			},
		},
	}.require(t, "must not be negative")
}

// The media type of a file stands in the body as it is.
func TestMediaTypesAreUTF8(t *testing.T) {
	t.Parallel()
	c, ctx := silent(t), t.Context()
	refusals{
		"salla": {
			"ContentType": func() error {
				return failure(c.salla.Customers.Import(ctx, salla.ImportCustomersRequest{File: strings.NewReader("a"), Name: "a.xlsx", ContentType: "text/\xff"}))
			},
		},
		"commercengine": {
			"Image.ContentType": func() error {
				return failure(c.commercengine.Auth.AddProfileImage(ctx, "1", commercengine.ProfileImageRequest{
					Image: commercengine.File{Reader: strings.NewReader("a"), Name: "a.png", ContentType: "image/\xff"},
				}))
			},
		},
	}.require(t, "must be a media type in UTF-8")
}
