package shoplinetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

func start(t *testing.T) (*shoplinetest.Server, *shopline.Client) {
	t.Helper()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	client, err := shopline.NewClient(server.Config())
	require.NoError(t, err)
	return server, client
}

func create(t *testing.T, client *shopline.Client, req shopline.CreateCustomerRequest) *shopline.Customer {
	t.Helper()
	customer, err := client.Customers.Create(t.Context(), req)
	require.NoError(t, err)
	return customer
}

// ask sends a request as it is and returns the status, the headers and the body.
func ask(t *testing.T, server *shoplinetest.Server, method, path, body string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+server.Token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(answer)
}

const admin = "/admin/openapi/v20260601/"

// keys are the paths of all members of a JSON value, of lists those of the first
// element.
func keys(value any, path string) []string {
	switch value := value.(type) {
	case map[string]any:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			all = append(all, path+name)
			all = append(all, keys(value[name], path+name+".")...)
		}
		return all
	case []any:
		if len(value) > 0 {
			return keys(value[0], path)
		}
	}
	return nil
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value))
	return value
}

// The fixtures are recorded answers, and the documented ones where nothing was
// recorded. What the stand-in answers has the same members, to the last one.
func TestAnswersHaveTheMembersOfRecordedOnes(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	address := shopline.CreateCustomerAddress{FirstName: "Jerry", Address1: "Australia", CountryCode: "AU", Default: true}
	consent := &shopline.MarketingConsentRequest{State: shopline.ConsentSubscribed}
	customer := create(t, client, shopline.CreateCustomerRequest{
		Email: "jerry@example.com", Phone: "0085253657436", Addresses: []shopline.CreateCustomerAddress{address},
		EmailMarketingConsent: consent, SMSMarketingConsent: consent,
	})
	require.True(t, server.AddOrder(customer.ID, nil))
	group, err := client.CustomerGroups.Create(t.Context(), shopline.CreateCustomerGroupRequest{Name: "all", Query: "state:1"})
	require.NoError(t, err)
	webhook, err := client.Webhooks.Create(t.Context(), shopline.CreateWebhookRequest{Address: "https://app.example", Topic: "x/y"})
	require.NoError(t, err)
	require.NoError(t, client.SocialLogins.Set(t.Context(), shopline.SetSocialLoginRequest{Channel: shopline.LoginChannelGoogle}))
	one := "customers/" + customer.ID
	oneAddress := one + "/addresses/" + customer.Addresses[0].ID
	for _, test := range []struct{ fixture, method, path, body string }{
		{"customer_create.json", "POST", "customers.json", `{"customer":{"email":"new@example.com"}}`},
		{"customer_get.json", "GET", "customers/v2/" + customer.ID + ".json", ""},
		{"customers_list.json", "GET", "v2/customers.json?ids=" + customer.ID, ""},
		{"customers_search.json", "GET", "customers/v2/search.json?query=customer_id:" + customer.ID, ""},
		{"customers_fields.json", "GET", "v2/customers.json?fields=id,email", ""},
		{"count.json", "GET", "customers/v2/count.json", ""},
		{"customer_by_email.json", "POST", "customers/query_user_by_email.json", `{"email":"JERRY@example.com"}`},
		{"subscriptions.json", "GET", "customers/subscribe.json?customer_ids=7," + customer.ID, ""},
		{"invite.json", "POST", one + "/send_invite.json", ""},
		{"activation_url.json", "POST", one + "/account_activation_url.json", ""},
		{"address_create.json", "POST", one + "/addresses.json", `{"customer_address":{"address1":"x"}}`},
		{"address_get.json", "GET", oneAddress + ".json", ""},
		{"address_update.json", "PUT", oneAddress + ".json", `{"customer_address":{"zip":"1"}}`},
		{"empty_object.json", "PUT", oneAddress + "/default.json", ""},
		{"addresses_list.json", "POST", "customers/addresses/list.json", `{"uids":["7","` + customer.ID + `"],"address_types":[0]}`},
		{"group.json", "GET", "customer_saved_searches/" + group.ID + ".json", ""},
		{"groups.json", "GET", "customer_saved_searches.json", ""},
		{"count.json", "GET", "customer_saved_searches/count.json", ""},
		{"social_logins.json", "GET", "customers_social_login.json", ""},
		{"webhook.json", "GET", strconv.FormatInt(webhook.ID, 10) + "/webhooks.json", ""},
		{"webhooks.json", "GET", "webhooks.json", ""},
		{"count.json", "GET", "webhooks/count.json", ""},
		{"error_text.json", "GET", "customers/v2/7.json", ""},
		{"empty_object.json", "DELETE", oneAddress + ".json", ""},
		{"customer_delete.json", "DELETE", one + ".json", ""},
	} {
		recorded, err := os.ReadFile(filepath.Join("..", "testdata", test.fixture))
		require.NoError(t, err)

		_, header, got := ask(t, server, test.method, admin+test.path, test.body)

		assert.Equal(t, keys(decode(t, string(recorded)), ""), keys(decode(t, got), ""), test.path)
		assert.Len(t, header.Get("traceId"), 32, test.path)
		assert.Equal(t, "application/json; charset=utf-8", header.Get("Content-Type"), test.path)
	}
}

func TestUpdateAnswersWithOtherMembers(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	customer := create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example"})

	_, _, got := ask(t, server, "PUT", admin+"customers/"+customer.ID+".json", `{"customer":{"note":"x"}}`)

	value := decode(t, got).(map[string]any)["customer"].(map[string]any)
	assert.Contains(t, value, "accepts_phone_marketing")
	for _, name := range []string{"accepts_mobile_marketing", "birthday", "language", "nick_name", "social_customer"} {
		assert.NotContains(t, value, name)
	}
}

func TestOddities(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	customer := create(t, client, shopline.CreateCustomerRequest{
		Email: "a@b.example", Phone: "+852 5365 7436", FirstName: "Nan", Gender: shopline.GenderCodeFemale,
		Tags:      shopline.Tags{"a", "b"},
		Addresses: []shopline.CreateCustomerAddress{{Phone: "(+852)53657436"}},
	})
	assert.Equal(t, "0085253657436", customer.Phone, "the vendor's spelling")
	assert.Empty(t, customer.Addresses[0].Phone, "null where the address is part of a customer")
	address, err := client.Addresses.Get(t.Context(), customer.ID, customer.Addresses[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "(+852)53657436", address.Phone, "as entered at the address end points")
	assert.Equal(t, shopline.GenderFemale, customer.Gender)

	_, _, created := ask(t, server, "POST", admin+"customers.json", `{"customer":{"email":"new@example.com"}}`)
	assert.Contains(t, created, `"orders_count":null`)
	assert.Contains(t, created, `"gender":"others"`)
	_, _, list := ask(t, server, "GET", admin+"v2/customers.json", "")
	assert.Contains(t, list, `"last_order_id":"N/A"`)
	assert.Contains(t, list, `+08:00"`)

	group, err := client.CustomerGroups.Create(t.Context(), shopline.CreateCustomerGroupRequest{Name: "n", Query: "customer_first_name:Nan;"})
	require.NoError(t, err)
	_, _, members := ask(t, server, "GET", admin+"customer_saved_searches/"+group.ID+"/customers.json", "")
	assert.Contains(t, members, `"mobile_subscribe_flag":"2"`)
	assert.Contains(t, members, `"last_order_time":null`)

	require.NoError(t, client.Customers.RemoveTags(t.Context(), customer.ID, shopline.RemoveTagsRequest{TagIDs: []string{shoplinetest.TagID("a")}}))
	got, err := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, shopline.Tags{"b"}, got.Tags)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	customer := create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example", Phone: "001", Password: "secret1"})
	phoneOnly := create(t, client, shopline.CreateCustomerRequest{Phone: "002"})
	one := "customers/" + customer.ID
	long := strings.Repeat("x", 300)
	for _, test := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "customers.json", `{"customer":{}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"A@B.example"}}`, 422},
		{"POST", "customers.json", `{"customer":{"phone":"+1","email":"c@d.example"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","gender":"male"}}`, 400},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","gender":4}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","birthday":"1993-04-26"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","password":"short"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","password":"secret1","password_confirmation":"x"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","password":"密码密码密"}}`, 422}, // 5 characters, 15 bytes
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","email_marketing_consent":{"opt_in_level":3}}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","sms_marketing_consent":{"consent_collected_from":"` + long[:51] + `"}}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","tags":["a"]}}`, 400},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","tags":"` + long[:129] + `"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","first_name":"` + long[:129] + `"}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","email_marketing_consent":{"state":4}}}`, 422},
		{"POST", "customers.json", `{"customer":{"email":"c@d.example","addresses":[` + strings.Repeat("{},", 50) + `{}]}}`, 422},
		{"POST", "customers.json", `{"email":"c@d.example"}`, 400},
		{"POST", "customers.json", `{`, 400},
		{"PUT", one + ".json", `{"customer":{"phone":"002"}}`, 422},
		{"PUT", "customers/7.json", `{"customer":{}}`, 404},
		{"DELETE", "customers/7.json", "", 404},
		{"GET", "v2/customers.json?limit=251", "", 422},
		{"GET", "v2/customers.json?limit=x", "", 422},
		{"GET", "v2/customers.json?page_info=x", "", 422},
		{"GET", "v2/customers.json?created_at_min=yesterday", "", 400},
		{"GET", "customers/v2/search.json?query_param=" + long[:51], "", 422},
		{"GET", "customers/v2/search.json?query=shoe_size:1", "", 422},
		{"GET", "customers/v2/search.json?order=7", "", 422},
		{"GET", "customers/v2/search.json?order=12", "", 422},
		{"GET", "customers/v2/search.json?order=", "", 422},
		{"GET", one + "/orders.json", "", 422},
		{"GET", one + "/orders.json?status=any&limit=101", "", 422},
		{"GET", "customers/7/orders.json?status=any", "", 404},
		{"POST", "customers/query_user_by_email.json", `{"email":"x"}`, 404},
		{"POST", "customers/add_blacklist.json", `{"customer_id":"7"}`, 404},
		{"POST", "customers/" + phoneOnly.ID + "/send_invite.json", "", 422},
		{"POST", one + "/account_activation_url.json", "", 422},
		{"POST", "customer_tags_remove.json", `{"user_id":"7"}`, 404},
		{"POST", one + "/addresses.json", `{"customer_address":{"address1":"` + long + `"}}`, 422},
		{"POST", one + "/addresses.json", `{"customer_address":{"def":"yes"}}`, 400},
		{"GET", one + "/addresses/7.json", "", 404},
		{"PUT", one + "/addresses/set.json?address_ids=7&operation=paint", "", 400},
		{"POST", "customer_saved_searches.json", `{"customer_saved_search":{"name":"n","query":"shoe_size:1"}}`, 422},
		{"POST", "customer_saved_searches.json", `{"customer_saved_search":{"query":"state:1"}}`, 422},
		{"GET", "customer_saved_searches/GROUP7.json", "", 404},
		{"GET", "customer_saved_searches/GROUP7/customers.json", "", 404},
		{"POST", "customers_social_login.json", `{"login_channel":"myspace"}`, 422},
		{"DELETE", "customers_social_login.json", `{"login_channel":"google","login_platform_type":"web"}`, 404},
		{"POST", "webhooks.json", `{"webhook":{"address":"https://a.example","topic":"x/y","api_version":"v20230901"}}`, 422},
		{"POST", "webhooks.json", `{"webhook":{"address":"` + long + `","topic":"x/y","api_version":"v20260601"}}`, 422},
		{"GET", "7/webhooks.json", "", 404},
		{"GET", "shoes.json", "", 404},
		{"PATCH", "customers.json", "", 404},
	} {
		status, _, body := ask(t, server, test.method, admin+test.path, test.body)

		assert.Equal(t, test.status, status, "%s %s %s: %s", test.method, test.path, test.body, body)
		assert.Contains(t, decode(t, body), "errors", test.path)
	}
	count, err := client.Customers.Count(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, count, "nothing that was refused has happened")
}

func TestOtherPathsAndTokens(t *testing.T) {
	t.Parallel()
	server, _ := start(t)
	status, _, _ := ask(t, server, "GET", "/admin/openapi/2026-06/customers/v2/count.json", "")
	assert.Equal(t, 404, status)
	status, _, _ = ask(t, server, "GET", "/", "")
	assert.Equal(t, 404, status)
	status, _, _ = ask(t, server, "GET", "/admin/openapi/v20250301/customers/v2/count.json", "")
	assert.Equal(t, 200, status)

	cfg := server.Config()
	cfg.Token = "stolen"
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.Customers.Count(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

func TestPagesGoForthAndBack(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	var ids []string
	for i := range 5 {
		ids = append(ids, create(t, client, shopline.CreateCustomerRequest{Email: strconv.Itoa(i) + "@b.example"}).ID)
	}
	slices.Reverse(ids)
	list := func(req shopline.ListCustomersRequest) (*shopline.ListCustomersResponse, []string) {
		t.Helper()
		page, err := client.Customers.List(t.Context(), req)
		require.NoError(t, err)
		var got []string
		for _, customer := range page.Customers {
			got = append(got, customer.ID)
		}
		return page, got
	}

	first, got := list(shopline.ListCustomersRequest{Limit: 2, Fields: []string{"id", "email"}})
	assert.Equal(t, ids[:2], got)
	assert.Empty(t, first.PreviousPageInfo)
	next, _ := first.Next()
	second, got := list(next)
	assert.Equal(t, ids[2:4], got)
	next, _ = second.Next()
	third, got := list(next)
	assert.Equal(t, ids[4:], got)
	assert.Empty(t, third.NextPageInfo)
	_, got = list(shopline.ListCustomersRequest{Limit: 2, PageInfo: third.PreviousPageInfo})
	assert.Equal(t, ids[2:4], got)
	back, got := list(shopline.ListCustomersRequest{Limit: 2, PageInfo: second.PreviousPageInfo})
	assert.Equal(t, ids[:2], got)
	assert.Empty(t, back.PreviousPageInfo)
	_, got = list(shopline.ListCustomersRequest{SinceID: ids[2]})
	assert.Equal(t, ids[3:], got)
}

func TestPageBeforeTheFirstIsEmpty(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	create(t, client, shopline.CreateCustomerRequest{Email: "1@b.example"})
	newest := create(t, client, shopline.CreateCustomerRequest{Email: "2@b.example"})
	first, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{Limit: 1})
	require.NoError(t, err)
	second, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{Limit: 1, PageInfo: first.NextPageInfo})
	require.NoError(t, err)
	require.NoError(t, client.Customers.Delete(t.Context(), newest.ID))

	before, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{Limit: 1, PageInfo: second.PreviousPageInfo})

	require.NoError(t, err)
	assert.Empty(t, before.Customers)
	assert.Empty(t, before.NextPageInfo)
}

func TestSearchConditions(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	sara := create(t, client, shopline.CreateCustomerRequest{
		Email: "sara@b.example", FirstName: "Sara", Tags: shopline.Tags{"vip"}, VerifiedEmail: true, AcceptsMarketing: new(true),
		Addresses: []shopline.CreateCustomerAddress{{Address1: "7720 Cherokee Road"}},
	})
	omar := create(t, client, shopline.CreateCustomerRequest{Email: "omar@b.example", FirstName: "Omar"})
	require.True(t, server.AddOrder(sara.ID, nil))
	require.False(t, server.AddOrder("7", nil))
	for query, want := range map[string][]string{
		"":                                 {omar.ID, sara.ID},
		"customer_id:" + sara.ID:           {sara.ID},
		"customer_first_name:Omar;state:1": {omar.ID},
		"tags:vip":                         {sara.ID},
		"orders_count:>0":                  {sara.ID},
		"orders_count:<1;":                 {omar.ID},
		"orders_count:>=1":                 {sara.ID},
		"orders_count:<=0":                 {omar.ID},
		"verified_email:true":              {sara.ID},
		"accepts_marketing:true":           {sara.ID},
		"email_subscribe_flag:2":           {omar.ID},
		"total_spent:0.00;updated_at:>2000-01-01;customer_date:>2000-01-01": {omar.ID, sara.ID},
		"order_date:2020-01-01": nil,
	} {
		list, err := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Query: query})
		require.NoError(t, err, query)
		var got []string
		for _, customer := range list.Customers {
			got = append(got, customer.ID)
		}
		assert.Equal(t, want, got, query)
	}
	list, err := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Text: "cherokee"})
	require.NoError(t, err)
	require.Len(t, list.Customers, 1)
	assert.Equal(t, sara.ID, list.Customers[0].ID)
}

func TestOrders(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	customer := create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example"})
	for _, status := range []string{"open", "cancelled", "open"} {
		require.True(t, server.AddOrder(customer.ID, map[string]any{"status": status, "total": "1.00"}))
	}
	list := func(req shopline.ListOrdersRequest) []string {
		t.Helper()
		var names []string
		for order, err := range client.Customers.AllOrders(t.Context(), customer.ID, req) {
			require.NoError(t, err)
			assert.Contains(t, string(order.Raw), `"total":"1.00"`)
			names = append(names, order.Name)
		}
		return names
	}

	assert.Equal(t, []string{"1003", "1002", "1001"}, list(shopline.ListOrdersRequest{Limit: 1}))
	assert.Equal(t, []string{"1003", "1001"}, list(shopline.ListOrdersRequest{Status: shopline.OrderStatusOpen, Limit: 1}))
	got, err := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, 3, got.OrdersCount)
	assert.Equal(t, "1003", got.LastOrderName)
	assert.Equal(t, []string{"1002", "1001"}, list(shopline.ListOrdersRequest{SinceID: got.LastOrderID}))
}

func TestAddressesOfACustomer(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	customer := create(t, client, shopline.CreateCustomerRequest{
		Email: "a@b.example", Addresses: []shopline.CreateCustomerAddress{{City: "One", Default: true}, {City: "Two"}},
	})
	first, second := customer.Addresses[0], customer.Addresses[1]
	assert.Equal(t, first.ID, customer.DefaultAddress.ID)

	updated, err := client.Customers.Update(t.Context(), customer.ID, shopline.UpdateCustomerRequest{
		Addresses: []shopline.UpdateCustomerAddress{{ID: second.ID, Zip: new("1"), Default: new(true)}, {City: new("Three")}},
	})

	require.NoError(t, err)
	require.Len(t, updated.Addresses, 2)
	assert.Equal(t, "Two", updated.Addresses[0].City, "what the request leaves out stays")
	assert.Equal(t, "1", updated.Addresses[0].Zip)
	assert.Equal(t, "Three", updated.Addresses[1].City)
	assert.Equal(t, second.ID, updated.DefaultAddress.ID)

	third := updated.Addresses[1]
	updated, err = client.Customers.Update(t.Context(), customer.ID, shopline.UpdateCustomerRequest{
		Addresses: []shopline.UpdateCustomerAddress{{ID: third.ID, Default: new(true)}, {ID: second.ID}},
	})

	require.NoError(t, err)
	assert.True(t, updated.Addresses[0].Default)
	assert.False(t, updated.Addresses[1].Default, "one address is the default")
}

func TestSocialLogins(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	login := shopline.SetSocialLoginRequest{Channel: shopline.LoginChannelGoogle, Platform: shopline.LoginPlatformWeb, AppID: "1", Key: "k"}
	require.NoError(t, client.SocialLogins.Set(t.Context(), login))
	login.AppID = "2"
	require.NoError(t, client.SocialLogins.Set(t.Context(), login))
	require.NoError(t, client.SocialLogins.Set(t.Context(), shopline.SetSocialLoginRequest{Channel: shopline.LoginChannelLine}))

	list, err := client.SocialLogins.List(t.Context(), shopline.ListSocialLoginsRequest{Channel: shopline.LoginChannelGoogle})
	require.NoError(t, err)
	assert.Equal(t, []shopline.SocialLogin{shopline.SocialLogin(login)}, list.SocialLogins)

	gone := shopline.DeleteSocialLoginRequest{Channel: shopline.LoginChannelGoogle, Platform: shopline.LoginPlatformWeb}
	require.NoError(t, client.SocialLogins.Delete(t.Context(), gone))
	list, err = client.SocialLogins.List(t.Context(), shopline.ListSocialLoginsRequest{})
	require.NoError(t, err)
	assert.Len(t, list.SocialLogins, 1)
}

func TestAccountsChangeTheirState(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	state := func(id string) shopline.CustomerState {
		t.Helper()
		got, err := client.Customers.Get(t.Context(), id, shopline.GetCustomerRequest{})
		require.NoError(t, err)
		return got.State
	}
	customer := create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example"})
	assert.Equal(t, shopline.CustomerStateNotInvited, state(customer.ID))
	invite, err := client.Customers.SendInvite(t.Context(), customer.ID)
	require.NoError(t, err)
	assert.Equal(t, "a@b.example", invite.To)
	assert.Equal(t, shopline.CustomerStateInvited, state(customer.ID))
	_, err = client.Customers.Update(t.Context(), customer.ID, shopline.UpdateCustomerRequest{Password: new("secret1")})
	require.NoError(t, err)
	assert.Equal(t, shopline.CustomerStateRegistered, state(customer.ID))
}

func TestLimits(t *testing.T) {
	t.Parallel()
	server, _ := start(t)
	now := time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	server.EnforceLimits()
	assert.False(t, server.Config().Enterprise, "a client of this server is paced")
	statuses := func(n int) (ok, limited int) {
		for range n {
			status, _, body := ask(t, server, "GET", admin+"customers/v2/count.json", "")
			switch status {
			case 200:
				ok++
			case 429:
				assert.JSONEq(t, `{"errors":"Too many request"}`, body)
				limited++
			}
		}
		return ok, limited
	}

	ok, limited := statuses(45)
	assert.Equal(t, []int{40, 5}, []int{ok, limited})
	now = now.Add(time.Second)
	ok, limited = statuses(6)
	assert.Equal(t, []int{4, 2}, []int{ok, limited})
}

func TestTokensRunOut(t *testing.T) {
	t.Parallel()
	server, _ := start(t)
	oauth := server.OAuth()
	_, err := oauth.Refresh(t.Context(), server.Handle)
	e, _ := errors.AsType[*souk.Error](err)
	require.NotNil(t, e)
	assert.Equal(t, "STORE_NOT_INSTALL_APP", e.Code)

	code := server.Authorize("").Get("code")
	first, err := oauth.Exchange(t.Context(), server.Handle, code)
	require.NoError(t, err)
	count := func(token string) error {
		cfg := server.Config()
		cfg.Token = token
		client, err := shopline.NewClient(cfg)
		require.NoError(t, err)
		_, err = client.Customers.Count(t.Context())
		return err
	}
	require.NoError(t, count(first.AccessToken))

	// The signature is made by the true clock, so the server's runs a little ahead.
	server.SetClock(func() time.Time { return time.Now().Add(2 * time.Minute) })
	second, err := oauth.Refresh(t.Context(), server.Handle)
	require.NoError(t, err)
	require.NoError(t, count(first.AccessToken), "the old token works on for five minutes")
	server.SetClock(func() time.Time { return time.Now().Add(8 * time.Minute) })
	require.ErrorIs(t, count(first.AccessToken), souk.ErrUnauthorized)
	require.NoError(t, count(second.AccessToken))
	server.SetClock(func() time.Time { return time.Now().Add(11 * time.Hour) })
	require.ErrorIs(t, count(second.AccessToken), souk.ErrUnauthorized)

	_, err = oauth.Refresh(t.Context(), server.Handle)
	e, _ = errors.AsType[*souk.Error](err)
	require.NotNil(t, e)
	assert.Equal(t, "SIGN_INVALID", e.Code, "a signature of eleven hours ago")
	oauth.ClientSecret = "wrong"
	server.SetClock(time.Now)
	_, err = oauth.Refresh(t.Context(), server.Handle)
	e, _ = errors.AsType[*souk.Error](err)
	require.NotNil(t, e)
	assert.Equal(t, "SIGN_INVALID", e.Code)
}

func TestRequestsHoldNoCredential(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	create(t, client, shopline.CreateCustomerRequest{Email: "a@b.example"})
	_, err := server.OAuth().Exchange(t.Context(), server.Handle, "a-code")
	require.Error(t, err)

	requests := server.Requests()

	require.Len(t, requests, 2)
	assert.Equal(t, "POST", requests[0].Method)
	assert.Equal(t, admin+"customers.json", requests[0].Path)
	assert.JSONEq(t, `{"customer":{"email":"a@b.example"}}`, string(requests[0].Body))
	assert.Equal(t, "application/json; charset=utf-8", requests[0].Header.Get("Content-Type"))
	assert.NotContains(t, requests[0].Header, "Authorization")
	assert.NotContains(t, requests[1].Header, "Sign")
	assert.Empty(t, requests[1].Body)
}

func TestFaultsReachTheClient(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	server.Fail(1, 423, `{"errors":"The store is locked."}`)
	server.Inject(souktest.Fault{Method: "DELETE", Status: 501, Body: `{"errors":"The end point is not open to this app."}`})

	_, locked := client.Customers.Count(t.Context())
	_, fine := client.Customers.Count(t.Context())
	refused := client.Customers.Delete(t.Context(), "1")
	other, _ := errors.AsType[*souk.Error](refused)

	require.ErrorIs(t, locked, souk.ErrForbidden)
	e, _ := errors.AsType[*souk.Error](locked)
	assert.Len(t, e.RequestID, 32)
	assert.Len(t, other.RequestID, 32)
	assert.NotEqual(t, e.RequestID, other.RequestID, "each answer has its own")
	require.NoError(t, fine)
	assert.ErrorIs(t, refused, souk.ErrForbidden)
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	errs := make(chan error)
	for i := range 20 {
		go func() {
			ctx := context.WithoutCancel(t.Context())
			customer, _, err := client.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: strconv.Itoa(i%5) + "@b.example"})
			if err == nil {
				_, err = client.Customers.Update(ctx, customer.ID, shopline.UpdateCustomerRequest{Note: new("x")})
			}
			errs <- err
		}()
	}
	for range 20 {
		assert.NoError(t, <-errs)
	}

	count, err := client.Customers.Count(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 5, count)
}

// The vendor counts characters, not bytes.
func TestPasswordsOfAnyScript(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	for i, password := range []string{"пароль", strings.Repeat("密", 18)} {
		customer := create(t, client, shopline.CreateCustomerRequest{Email: strconv.Itoa(i) + "@b.example", Password: password})
		assert.Equal(t, shopline.CustomerStateRegistered, customer.State)
	}
}

func TestMembersComeInOneOfTwoOrders(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	group, err := client.CustomerGroups.Create(t.Context(), shopline.CreateCustomerGroupRequest{Name: "n", Query: "state:1"})
	require.NoError(t, err)
	for order, want := range map[string]int{"1": 200, "2": 200, "12": 422, "0": 422} {
		status, _, _ := ask(t, server, http.MethodGet, admin+"customer_saved_searches/"+group.ID+"/customers.json?order="+order, "")
		assert.Equal(t, want, status, order)
	}
}

// What is wrong with a filter is said whoever is there, and is never the server's own
// failure.
func TestFiltersAreCheckedInAnEmptyStore(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	for _, filled := range []bool{false, true} {
		if filled {
			create(t, client, shopline.CreateCustomerRequest{Email: "ada@example.com"})
		}
		for query, want := range map[string]int{
			"v2/customers.json?since_id=N/A":                                   400,
			"v2/customers.json?ids=9&since_id=99999999999999999999":            400,
			"v2/customers.json?created_at_min=yesterday":                       400,
			"v2/customers.json?ids=9&updated_at_max=2026-02-30T00:00:00Z":      400,
			"customers/v2/search.json?query=nonsense":                          422,
			"customers/v2/search.json?query=state:9%3Bnonsense:1":              422,
			"customers/v2/search.json?query=state:9%3Borders_count:%3E1":       200,
			"v2/customers.json?since_id=0&created_at_min=2026-01-01T00:00:00Z": 200,
		} {
			status, _, _ := ask(t, server, http.MethodGet, admin+query, "")
			assert.Equal(t, want, status, "%s %v", query, filled)
		}
	}
	status, _, _ := ask(t, server, http.MethodPost, admin+"customer_saved_searches.json", `{"customer_saved_search":{"name":"a","query":"state:9;nonsense:1"}}`)
	assert.Equal(t, 422, status)
}
