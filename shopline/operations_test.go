package shopline_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// operation is a call, the whole request it makes, and the whole result of an
// answer.
type operation struct {
	name    string
	call    func(context.Context, *shopline.Client) (any, error)
	request testkit.Request
	fixture string // empty: an answer without a body
	want    any
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for _, operations := range [][]operation{customerOperations(), accountOperations(), addressOperations(), groupOperations(), otherOperations()} {
		for _, op := range operations {
			t.Run(op.name, func(t *testing.T) {
				t.Parallel()
				g := testkit.NewGock(t)
				client := newClient(t, g)
				request := op.request
				request.URL = base + request.Path
				request.Path = ""
				request.Header = headers(t)
				reply := g.Expect(request)
				if op.fixture != "" {
					reply.Fixture(http.StatusOK, op.fixture)
				}

				got, err := op.call(t.Context(), client)

				require.NoError(t, err)
				assert.Equal(t, op.want, got)
			})
		}
	}
}

func TestEveryOperationTellsARefusal(t *testing.T) {
	t.Parallel()
	for _, operations := range [][]operation{customerOperations(), accountOperations(), addressOperations(), groupOperations(), otherOperations()} {
		for _, op := range operations {
			t.Run(op.name, func(t *testing.T) {
				t.Parallel()
				g := testkit.NewGock(t)
				client := newClient(t, g)
				request := op.request
				request.URL = base + request.Path
				request.Path = ""
				g.Expect(request).JSON(http.StatusForbidden, `{"errors":"no scope"}`)

				got, err := op.call(t.Context(), client)

				require.ErrorIs(t, err, souk.ErrForbidden)
				assert.Empty(t, got)
				e, ok := errors.AsType[*souk.Error](err)
				require.True(t, ok)
				assert.Equal(t, "no scope", e.Message)
				assert.True(t, strings.HasPrefix(e.Route, "/"))
				assert.NotContains(t, e.Route, "2791641345", "the route is a template")
			})
		}
	}
}

// writes are the operations that are not repeated when an answer is lost.
var writes = []string{
	"create a customer", "create a customer with everything", "send an invitation", "create an activation URL",
	"create an address", "do something else with addresses", "create a group", "subscribe to an event in the client's version", "subscribe to an event in another version",
}

func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, operations := range [][]operation{customerOperations(), accountOperations(), addressOperations(), groupOperations(), otherOperations()} {
		for _, op := range operations {
			t.Run(op.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					g := testkit.NewGock(t)
					client := newClient(t, g)
					request := op.request
					request.URL = base + request.Path
					request.Path = ""
					g.Expect(request).Drop()
					repeated := !slices.Contains(writes, op.name)
					if repeated {
						reply := g.Expect(request)
						if op.fixture != "" {
							reply.Fixture(http.StatusOK, op.fixture)
						}
					}

					got, err := op.call(t.Context(), client)

					if repeated {
						require.NoError(t, err)
						assert.Equal(t, op.want, got)
						return
					}
					require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
					assert.Empty(t, got)
				})
			})
		}
	}
}

func TestWebhookHasTheVersionOfItsClient(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Version: "v20260301", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{
		Method: "POST", URL: "https://open001.myshopline.com/admin/openapi/v20260301/webhooks.json",
		Body: `{"webhook":{"address":"https://app.example","topic":"x/y","api_version":"v20260301"}}`,
	}).Fixture(http.StatusOK, "webhook.json")

	_, err = client.Webhooks.Create(t.Context(), shopline.CreateWebhookRequest{Address: "https://app.example", Topic: "x/y"})

	assert.NoError(t, err)
}

// done is the result of a method that returns an error only.
func done(err error) (any, error) { return nil, err }

func customerOperations() []operation {
	return []operation{
		{
			name: "create a customer",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "create-test@example.com", FirstName: "Nan", LastName: "Test"})
			},
			request: testkit.Request{
				Method: "POST", Path: "/customers.json",
				Body: `{"customer":{"email":"create-test@example.com","first_name":"Nan","last_name":"Test"}}`,
			},
			fixture: "customer_create.json",
			want:    nanTest(),
		},
		{
			name: "create a customer with everything",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Create(ctx, shopline.CreateCustomerRequest{
					Email: "create-test@example.com", Phone: "001467326483", FirstName: "Nan", LastName: "Test",
					Gender: shopline.GenderCodeFemale, Birthday: "19930426", Note: "a note", Tags: shopline.Tags{"New", "Old"},
					VerifiedEmail: true, MultipassIdentifier: "mp", Password: "secret1", PasswordConfirmation: "secret1",
					EmailMarketingConsent: &shopline.MarketingConsentRequest{
						State: shopline.ConsentSubscribed, OptInLevel: new(shopline.OptInUnknown),
						CollectedFrom: new("checkout"), UpdatedAt: at("2026-09-01T23:36:38.123456789+08:00"),
					},
					SMSMarketingConsent: &shopline.MarketingConsentRequest{},
					AcceptsMarketing:    new(false),
					Addresses: []shopline.CreateCustomerAddress{{
						FirstName: "Nan", LastName: "Test", Company: "Sunny", Address1: "One", Address2: "Two", City: "Hagerman",
						Province: "Idaho", ProvinceCode: "4200013", Country: "United States", CountryCode: "US", Zip: "83332",
						Phone: "001467326483", Default: true,
					}},
				})
			},
			request: testkit.Request{Method: "POST", Path: "/customers.json", Body: map[string]any{"customer": map[string]any{
				"email": "create-test@example.com", "phone": "001467326483", "first_name": "Nan", "last_name": "Test",
				"gender": 2, "birthday": "19930426", "note": "a note", "tags": "New,Old",
				"verified_email": true, "multipass_identifier": "mp", "password": "secret1", "password_confirmation": "secret1",
				"email_marketing_consent": map[string]any{
					"state": 1, "opt_in_level": 0, "consent_collected_from": "checkout", "consent_updated_at": "2026-09-01T23:36:38+08:00",
				},
				"sms_marketing_consent": map[string]any{"state": 0},
				"accepts_marketing":     false,
				"addresses": []any{map[string]any{
					"first_name": "Nan", "last_name": "Test", "company": "Sunny", "address1": "One", "address2": "Two", "city": "Hagerman",
					"province": "Idaho", "province_code": "4200013", "country": "United States", "country_code": "US", "zip": "83332",
					"phone": "001467326483", "default": true,
				}},
			}}},
			fixture: "customer_create.json",
			want:    nanTest(),
		},
		{
			name: "count customers",
			call: func(ctx context.Context, c *shopline.Client) (any, error) { return c.Customers.Count(ctx) },
			request: testkit.Request{
				Path: "/customers/v2/count.json",
			},
			fixture: "count.json",
			want:    100,
		},
		{
			name: "get a customer",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Get(ctx, "2791641345", shopline.GetCustomerRequest{})
			},
			request: testkit.Request{Path: "/customers/v2/2791641345.json"},
			fixture: "customer_get.json",
			want:    jerryFrank(),
		},
		{
			name: "get some fields of a customer",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.Get(ctx, "2791641345", shopline.GetCustomerRequest{Fields: []string{"id", "email"}})
			},
			request: testkit.Request{Path: "/customers/v2/2791641345.json?fields=id,email"},
			fixture: "customer_get.json",
			want:    jerryFrank(),
		},
		{
			name: "delete a customer",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Customers.Delete(ctx, "2791641345"))
			},
			request: testkit.Request{Method: "DELETE", Path: "/customers/2791641345.json"},
			fixture: "customer_delete.json",
		},
		{
			name: "delete a customer, answered as documented",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Customers.Delete(ctx, "2791641345"))
			},
			request: testkit.Request{Method: "DELETE", Path: "/customers/2791641345.json"},
			fixture: "customer_delete_documented.json",
		},
		{
			name: "get a customer by e-mail address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.GetByEmail(ctx, "jerry@example.com")
			},
			request: testkit.Request{
				Method: "POST", Path: "/customers/query_user_by_email.json",
				Body: map[string]any{"email": "jerry@example.com"},
			},
			fixture: "customer_by_email.json",
			want:    jerryFrank(),
		},
	}
}

func accountOperations() []operation {
	return []operation{
		{
			name: "list subscriptions",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.ListSubscriptions(ctx, shopline.ListSubscriptionsRequest{CustomerIDs: []string{"4201799145", "4201799146"}})
			},
			request: testkit.Request{Path: "/customers/subscribe.json?customer_ids=4201799145,4201799146"},
			fixture: "subscriptions.json",
			want: &shopline.ListSubscriptionsResponse{Subscriptions: []shopline.Subscription{
				{
					CustomerID: "4201799145", Status: shopline.SubscriptionActive, Account: "jerry@example.com",
					AccountType: shopline.SubscriptionAccountMail, Channel: shopline.SubscriptionChannelOpenAPI,
					Time: at("2022-11-28T14:15:45+08:00"),
				},
				{CustomerID: "4201799145", Account: "0085253657436"},
			}},
		},
		{
			name: "add to the blacklist",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Customers.AddToBlacklist(ctx, "42"))
			},
			request: testkit.Request{Method: "POST", Path: "/customers/add_blacklist.json", Body: map[string]any{"customer_id": "42"}},
		},
		{
			name: "remove from the blacklist",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Customers.RemoveFromBlacklist(ctx, "42"))
			},
			request: testkit.Request{Method: "POST", Path: "/customers/remove_blacklist.json", Body: map[string]any{"customer_id": "42"}},
		},
		{
			name:    "send an invitation",
			call:    func(ctx context.Context, c *shopline.Client) (any, error) { return c.Customers.SendInvite(ctx, "42") },
			request: testkit.Request{Method: "POST", Path: "/customers/42/send_invite.json"},
			fixture: "invite.json",
			want:    &shopline.Invite{From: "shop@example.com", To: "jerry@example.com"},
		},
		{
			name: "create an activation URL",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Customers.CreateActivationURL(ctx, "42")
			},
			request: testkit.Request{Method: "POST", Path: "/customers/42/account_activation_url.json"},
			fixture: "activation_url.json",
			want:    "https://open001.myshopline.com/user/activate?token=abc",
		},
		{
			name: "remove tags",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Customers.RemoveTags(ctx, "42", shopline.RemoveTagsRequest{TagIDs: []string{"SL201UT1", "SL201UT2"}}))
			},
			request: testkit.Request{
				Method: "POST", Path: "/customer_tags_remove.json",
				Body: map[string]any{"user_id": "42", "tag_ids": []string{"SL201UT1", "SL201UT2"}},
			},
		},
	}
}

func addressOperations() []operation {
	saved := shopline.Address{
		ID: "SL201UA7684456797273372526", CustomerID: "2791747437", FirstName: "Save", LastName: "Test",
		Address1: "456 Save Ave", City: "Save City", Province: "California", ProvinceCode: "4200006", ProvinceCodeV2: "CA",
		Country: "United States", CountryCode: "US", Zip: "90210",
	}
	full := saved
	full.Default, full.Phone, full.ProvinceCodeV2 = true, "(+852)53657436", ""
	full.Town, full.District, full.DistrictCode, full.CityCode = "Old Town", "dashi", "44", "NM"
	full.Company, full.Address2 = "Joy", "22 Street"
	updated := full
	updated.Zip = "90211"
	listed := full
	listed.CustomerID = ""
	const one = "/customers/2791747437/addresses/SL201UA7684456797273372526.json"
	return []operation{
		{
			name: "create an address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Addresses.Create(ctx, "2791747437", shopline.CreateAddressRequest{
					FirstName: "Save", LastName: "Test", Company: "Joy", Address1: "456 Save Ave", Address2: "22 Street", City: "Save City", CityCode: "NM",
					District: "dashi", DistrictCode: "44", Town: "Old Town", Province: "California", ProvinceCode: "4200006",
					Country: "United States", CountryCode: "US", Zip: "90210", Phone: "(+852)53657436", AddressType: 1, Default: true,
				})
			},
			request: testkit.Request{
				Method: "POST", Path: "/customers/2791747437/addresses.json",
				Body: map[string]any{"customer_address": map[string]any{
					"first_name": "Save", "last_name": "Test", "company": "Joy", "address1": "456 Save Ave", "address2": "22 Street",
					"city": "Save City", "city_code": "NM", "district": "dashi", "district_code": "44", "town": "Old Town",
					"province": "California", "province_code": "4200006", "country": "United States", "country_code": "US",
					"zip": "90210", "phone": "(+852)53657436", "address_type": 1, "def": true,
				}},
			},
			fixture: "address_create.json",
			want:    &saved,
		},
		{
			name: "get an address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Addresses.Get(ctx, "2791747437", "SL201UA7684456797273372526")
			},
			request: testkit.Request{Path: one},
			fixture: "address_get.json",
			want:    &full,
		},
		{
			name: "update an address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Addresses.Update(ctx, "2791747437", "SL201UA7684456797273372526", shopline.UpdateAddressRequest{
					Zip: new("90211"), Company: new(""), Default: new(false), AddressType: new(shopline.AddressTypeNormal),
				})
			},
			request: testkit.Request{
				Method: "PUT", Path: one,
				Body: map[string]any{"customer_address": map[string]any{"zip": "90211", "company": "", "def": false, "address_type": 0}},
			},
			fixture: "address_update.json",
			want:    &updated,
		},
		{
			name: "delete an address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Addresses.Delete(ctx, "2791747437", "SL201UA7684456797273372526"))
			},
			request: testkit.Request{Method: "DELETE", Path: one},
			fixture: "empty_object.json",
		},
		{
			name: "set the default address",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Addresses.SetDefault(ctx, "2791747437", "SL201UA7684456797273372526"))
			},
			request: testkit.Request{Method: "PUT", Path: "/customers/2791747437/addresses/SL201UA7684456797273372526/default.json"},
			fixture: "empty_object.json",
		},
		{
			name: "delete several addresses",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Addresses.Bulk(ctx, "2791747437", shopline.BulkAddressesRequest{AddressIDs: []string{"SL1", "SL2"}, Operation: shopline.BulkDestroy}))
			},
			request: testkit.Request{Method: "PUT", Path: "/customers/2791747437/addresses/set.json?address_ids=SL1,SL2&operation=destroy"},
		},
		{
			name: "do something else with addresses",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.Addresses.Bulk(ctx, "2791747437", shopline.BulkAddressesRequest{AddressIDs: []string{"SL1"}, Operation: "archive"}))
			},
			request: testkit.Request{Method: "PUT", Path: "/customers/2791747437/addresses/set.json?address_ids=SL1&operation=archive"},
		},
		{
			name: "list the addresses of customers",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Addresses.List(ctx, shopline.ListAddressesRequest{
					CustomerIDs: []string{"2791641345", "2791641346"}, AddressTypes: []shopline.AddressType{shopline.AddressTypeNormal},
				})
			},
			request: testkit.Request{
				Method: "POST", Path: "/customers/addresses/list.json",
				Body: map[string]any{"uids": []string{"2791641345", "2791641346"}, "address_types": []int{0}},
			},
			fixture: "addresses_list.json",
			want: &shopline.ListAddressesResponse{Customers: []shopline.AddressesOfCustomer{
				{CustomerID: "2791641345", Addresses: []shopline.Address{listed}},
				{CustomerID: "2791641346", Addresses: []shopline.Address{}},
			}},
		},
	}
}

func groupOperations() []operation {
	group := shopline.CustomerGroup{
		ID: "GROUP5483719394486658833", Name: "orders count greater than one", Query: "orders_count:>1",
		CreatedAt: at("2022-07-07T08:40:55+00:00"), UpdatedAt: at("2022-07-07T08:40:55+00:00"),
	}
	const one = "/customer_saved_searches/GROUP5483719394486658833.json"
	return []operation{
		{
			name: "create a group",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.Create(ctx, shopline.CreateCustomerGroupRequest{Name: "orders count greater than one", Query: "orders_count:>1"})
			},
			request: testkit.Request{
				Method: "POST", Path: "/customer_saved_searches.json",
				Body: map[string]any{"customer_saved_search": map[string]any{"name": "orders count greater than one", "query": "orders_count:>1"}},
			},
			fixture: "group.json",
			want:    &group,
		},
		{
			name: "count groups",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.Count(ctx, shopline.CountCustomerGroupsRequest{})
			},
			request: testkit.Request{Path: "/customer_saved_searches/count.json"},
			fixture: "count.json",
			want:    100,
		},
		{
			name: "count groups behind one",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.Count(ctx, shopline.CountCustomerGroupsRequest{SinceID: "GROUP1"})
			},
			request: testkit.Request{Path: "/customer_saved_searches/count.json?since_id=GROUP1"},
			fixture: "count.json",
			want:    100,
		},
		{
			name: "get a group",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.Get(ctx, "GROUP5483719394486658833", shopline.GetCustomerGroupRequest{Fields: []string{"id", "name"}})
			},
			request: testkit.Request{Path: one + "?fields=id,name"},
			fixture: "group.json",
			want:    &group,
		},
		{
			name: "rename a group",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.CustomerGroups.Update(ctx, "GROUP5483719394486658833", shopline.UpdateCustomerGroupRequest{Name: new("Returning")})
			},
			request: testkit.Request{Method: "PUT", Path: one, Body: map[string]any{"customer_saved_search": map[string]any{"name": "Returning"}}},
			fixture: "group.json",
			want:    &group,
		},
		{
			name: "delete a group",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.CustomerGroups.Delete(ctx, "GROUP5483719394486658833"))
			},
			request: testkit.Request{Method: "DELETE", Path: one},
		},
	}
}

func otherOperations() []operation {
	webhook := shopline.Webhook{
		ID: 13814, Address: "https://app.example/webhook", APIVersion: "v20260601", Topic: shopline.TopicCustomersCreate,
		CreatedAt: at("2024-01-31T18:21:06+08:00"), UpdatedAt: at("2024-01-31T18:21:06+08:00"),
	}
	return []operation{
		{
			name: "list social logins",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.SocialLogins.List(ctx, shopline.ListSocialLoginsRequest{
					Channel: shopline.LoginChannelGoogle, Platform: shopline.LoginPlatformWeb,
				})
			},
			request: testkit.Request{Path: "/customers_social_login.json?login_channel=google&login_platform_type=web"},
			fixture: "social_logins.json",
			want: &shopline.ListSocialLoginsResponse{SocialLogins: []shopline.SocialLogin{{
				Channel: shopline.LoginChannelGoogle, Platform: shopline.LoginPlatformWeb, AppID: "demo third app id", Key: "demo third key",
			}}},
		},
		{
			name: "set a social login",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.SocialLogins.Set(ctx, shopline.SetSocialLoginRequest{
					Channel: shopline.LoginChannelLine, Platform: shopline.LoginPlatformApp, AppID: "id", Key: "key", RSAKey: "rsa",
				}))
			},
			request: testkit.Request{Method: "POST", Path: "/customers_social_login.json", Body: map[string]any{
				"login_channel": "line", "login_platform_type": "app", "third_app_id": "id", "third_key": "key", "third_rsa_key": "rsa",
			}},
		},
		{
			name: "delete a social login",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return done(c.SocialLogins.Delete(ctx, shopline.DeleteSocialLoginRequest{
					Channel: shopline.LoginChannelTikTok, Platform: shopline.LoginPlatformWeb,
				}))
			},
			request: testkit.Request{
				Method: "DELETE", Path: "/customers_social_login.json",
				Body: map[string]any{"login_channel": "tiktok", "login_platform_type": "web"},
			},
		},
		{
			name: "subscribe to an event in the client's version",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Webhooks.Create(ctx, shopline.CreateWebhookRequest{Address: "https://app.example/webhook", Topic: shopline.TopicCustomersCreate})
			},
			request: testkit.Request{Method: "POST", Path: "/webhooks.json", Body: map[string]any{"webhook": map[string]any{
				"address": "https://app.example/webhook", "topic": "customers/create", "api_version": "v20260601",
			}}},
			fixture: "webhook.json",
			want:    &webhook,
		},
		{
			name: "subscribe to an event in another version",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Webhooks.Create(ctx, shopline.CreateWebhookRequest{
					Address: "https://app.example/webhook", Topic: "orders/create", APIVersion: "v20260301",
				})
			},
			request: testkit.Request{Method: "POST", Path: "/webhooks.json", Body: map[string]any{"webhook": map[string]any{
				"address": "https://app.example/webhook", "topic": "orders/create", "api_version": "v20260301",
			}}},
			fixture: "webhook.json",
			want:    &webhook,
		},
		{
			name: "list webhooks",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Webhooks.List(ctx, shopline.ListWebhooksRequest{})
			},
			request: testkit.Request{Path: "/webhooks.json"},
			fixture: "webhooks.json",
			want:    &shopline.ListWebhooksResponse{Webhooks: []shopline.Webhook{webhook}},
		},
		{
			name: "count webhooks",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Webhooks.Count(ctx, shopline.CountWebhooksRequest{})
			},
			request: testkit.Request{Path: "/webhooks/count.json"},
			fixture: "count.json",
			want:    100,
		},
		{
			name:    "get a webhook",
			call:    func(ctx context.Context, c *shopline.Client) (any, error) { return c.Webhooks.Get(ctx, 13814) },
			request: testkit.Request{Path: "/13814/webhooks.json"},
			fixture: "webhook.json",
			want:    &webhook,
		},
		{
			name: "update a webhook",
			call: func(ctx context.Context, c *shopline.Client) (any, error) {
				return c.Webhooks.Update(ctx, 13814, shopline.UpdateWebhookRequest{Address: new("https://app.example/other")})
			},
			request: testkit.Request{
				Method: "PUT", Path: "/13814/webhooks.json",
				Body: map[string]any{"webhook": map[string]any{"address": "https://app.example/other"}},
			},
			fixture: "webhook.json",
			want:    &webhook,
		},
		{
			name:    "delete a webhook",
			call:    func(ctx context.Context, c *shopline.Client) (any, error) { return done(c.Webhooks.Delete(ctx, 13814)) },
			request: testkit.Request{Method: "DELETE", Path: "/13814/webhooks.json"},
		},
	}
}

func TestUpdateSetsZeroValuesAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		req  shopline.UpdateCustomerRequest
		body string
	}{
		{"a note", shopline.UpdateCustomerRequest{Note: new("Test note")}, `{"customer":{"note":"Test note"}}`},
		{
			"unsubscribe",
			shopline.UpdateCustomerRequest{EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentUnsubscribed}},
			`{"customer":{"email_marketing_consent":{"state":0}}}`,
		},
		{
			"everything to its zero value",
			shopline.UpdateCustomerRequest{
				Email: new(""), Phone: new(""), FirstName: new(""), LastName: new(""), Gender: new(shopline.GenderCodeUnknown),
				Birthday: new(""), Note: new(""), Tags: shopline.Tags{}, VerifiedEmail: new(false), MultipassIdentifier: new(""),
				EmailMarketingConsent: &shopline.MarketingConsentRequest{OptInLevel: new(shopline.OptInUnknown), CollectedFrom: new("")},
				SMSMarketingConsent:   &shopline.MarketingConsentRequest{},
				AcceptsMarketing:      new(false),
				Addresses:             []shopline.UpdateCustomerAddress{},
			},
			`{"customer":{"email":"","phone":"","first_name":"","last_name":"","gender":0,"birthday":"","note":"","tags":"",` +
				`"verified_email":false,"multipass_identifier":"",` +
				`"email_marketing_consent":{"state":0,"opt_in_level":0,"consent_collected_from":""},` +
				`"sms_marketing_consent":{"state":0},"accepts_marketing":false,"addresses":[]}}`,
		},
		{
			"an address",
			shopline.UpdateCustomerRequest{Addresses: []shopline.UpdateCustomerAddress{{ID: "SL1", CustomerID: "42", Company: new(""), Default: new(false)}}},
			`{"customer":{"addresses":[{"id":"SL1","customer_id":"42","company":"","default":false}]}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			client := newClient(t, g)
			g.Expect(testkit.Request{Method: "PUT", URL: base + "/customers/2791641345.json", Header: headers(t), Body: test.body}).
				Fixture(http.StatusOK, "customer_update.json")

			customer, err := client.Customers.Update(t.Context(), "2791641345", test.req)

			require.NoError(t, err)
			assert.Equal(t, "Test note", customer.Note)
			assert.Equal(t, new(true), customer.AcceptsPhoneMarketing)
			assert.Nil(t, customer.AcceptsMobileMarketing)
		})
	}
}

func TestDoReachesOtherEndPoints(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/orders.json?limit=1", Header: headers(t)}).JSON(http.StatusOK, `{"orders":[{"id":"1"}]}`)
	var out struct {
		Orders []struct{ ID string }
	}

	err := client.Do(t.Context(), http.MethodGet, "/orders.json", url.Values{"limit": {"1"}}, nil, &out)

	require.NoError(t, err)
	require.Len(t, out.Orders, 1)
	assert.Equal(t, "1", out.Orders[0].ID)
}
