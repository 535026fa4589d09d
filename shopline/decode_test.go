package shopline_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

func TestFixturesDecodeWithoutLosingAKey(t *testing.T) {
	t.Parallel()
	for name, into := range map[string]any{
		"customer_create.json":   &struct{ Customer shopline.Customer }{},
		"customer_update.json":   &struct{ Customer shopline.Customer }{},
		"customer_get.json":      &struct{ Customer shopline.Customer }{},
		"customer_by_email.json": &struct{ Customer shopline.Customer }{},
		"customers_list.json":    &shopline.ListCustomersResponse{},
		"customers_search.json":  &shopline.SearchCustomersResponse{},
		"customers_fields.json":  &shopline.ListCustomersResponse{},
		"group_members.json":     &shopline.ListMembersResponse{},
		"subscriptions.json":     &shopline.ListSubscriptionsResponse{},
		"addresses_list.json":    &shopline.ListAddressesResponse{},
		"groups.json":            &shopline.ListCustomerGroupsResponse{},
		"webhooks.json":          &shopline.ListWebhooksResponse{},
		"event_customer.json":    &shopline.Customer{},
		"event_consent.json":     &shopline.MarketingConsentEvent{},
		"event_deleted.json":     &shopline.CustomerDeletedEvent{},
		"event_group.json":       &shopline.CustomerGroup{},
		"event_redact.json":      &shopline.CustomersRedactEvent{},
		"invite.json": &struct {
			Invite shopline.Invite `json:"customer_invite"`
		}{},
		"address_create.json": &struct {
			Address shopline.Address `json:"customer_address"`
		}{},
		"address_get.json": &struct {
			Address shopline.Address `json:"customer_address"`
		}{},
		"address_update.json": &struct {
			Address shopline.Address `json:"customer_address"`
		}{},
		"group.json": &struct {
			Group shopline.CustomerGroup `json:"customer_saved_search"`
		}{},
		"webhook.json": &struct {
			Webhook shopline.Webhook `json:"webhook"`
		}{},
		"social_logins.json": &struct {
			Data struct {
				Logins []shopline.SocialLoginWire `json:"third_party_login_configurations"`
			} `json:"data"`
		}{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := testkit.Fixture(t, name)
			if wrapped, ok := into.(*struct{ Customer shopline.Customer }); ok {
				var raw struct{ Customer json.RawMessage }
				require.NoError(t, json.Unmarshal(data, &raw))
				testkit.DecodeStrict(t, raw.Customer, &wrapped.Customer)
				return
			}
			testkit.DecodeStrict(t, data, into)
		})
	}
}

func TestOrderKeepsWhatItDoesNotName(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{URL: base + "/customers/1/orders.json?status=any"}).Fixture(200, "orders.json")

	list, err := newClient(t, g).Customers.ListOrders(t.Context(), "1", shopline.ListOrdersRequest{})

	require.NoError(t, err)
	require.Len(t, list.Orders, 1)
	order := list.Orders[0]
	var whole struct {
		Total string                   `json:"current_total_price"`
		Items []struct{ Quantity int } `json:"line_items"`
	}
	require.NoError(t, json.Unmarshal(order.Raw, &whole))
	assert.Equal(t, "60.0", whole.Total)
	assert.Equal(t, 3, whole.Items[0].Quantity)
	order.Raw = nil
	assert.Equal(t, shopline.Order{
		ID: "21050224312121887324667162", Name: "1037", Status: "open",
		FinancialStatus: "paid", FulfillmentStatus: "unshipped", Currency: "CNY",
	}, order)
}

func TestCustomerOddities(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, json string
		want       shopline.Customer
	}{
		{"nothing", `{"id":"1"}`, shopline.Customer{ID: "1"}},
		{"state as text", `{"id":"1","state":"2"}`, shopline.Customer{ID: "1", State: shopline.CustomerStateInvited}},
		{"an unknown state", `{"id":"1","state":9}`, shopline.Customer{ID: "1", State: 9}},
		{"the blacklist", `{"id":"1","state":0}`, shopline.Customer{ID: "1", State: shopline.CustomerStateBlacklisted}},
		{"flags as text", `{"id":"1","mobile_subscribe_flag":"4","email_subscribe_flag":1}`, shopline.Customer{
			ID:                  "1",
			MobileSubscribeFlag: shopline.SubscribeFlagInvalid, EmailSubscribeFlag: shopline.SubscribeFlagSubscribed,
		}},
		{"gender as a digit", `{"id":"1","gender":"1"}`, shopline.Customer{ID: "1", Gender: "1"}},
		{"gender as a number", `{"id":"1","gender":2}`, shopline.Customer{ID: "1", Gender: "2"}},
		{"a gender nobody knows", `{"id":"1","gender":"robot"}`, shopline.Customer{ID: "1", Gender: "robot"}},
		{"gender null", `{"id":"1","gender":null}`, shopline.Customer{ID: "1"}},
		{"orders_count null", `{"id":"1","orders_count":null}`, shopline.Customer{ID: "1"}},
		{"orders that are not available", `{"id":"1","last_order_id":"N/A"}`, shopline.Customer{ID: "1", LastOrderID: "N/A"}},
		{"tags as a list", `{"id":"1","tags":["a","b"]}`, shopline.Customer{ID: "1", Tags: shopline.Tags{"a", "b"}}},
		{"tags empty", `{"id":"1","tags":""}`, shopline.Customer{ID: "1"}},
		{"social_customer as text", `{"id":"1","social_customer":"62"}`, shopline.Customer{ID: "1", SocialCustomer: []byte(`"62"`)}},
		{"consent state 0", `{"id":"1","email_marketing_consent":{"state":0}}`, shopline.Customer{ID: "1", EmailMarketingConsent: &shopline.MarketingConsent{}}},
		{"a new field", `{"id":"1","loyalty":{"points":1}}`, shopline.Customer{ID: "1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			g.Expect(testkit.Request{URL: base + "/customers/v2/1.json"}).JSON(200, `{"customer":`+test.json+`}`)

			got, err := newClient(t, g).Customers.Get(t.Context(), "1", shopline.GetCustomerRequest{})

			require.NoError(t, err)
			assert.Equal(t, &test.want, got)
		})
	}
}

func TestGenderCode(t *testing.T) {
	t.Parallel()
	for gender, want := range map[shopline.Gender]shopline.GenderCode{
		"male": 1, "female": 2, "secret": 3, "others": 0, "unknown": 0, "0": 0, "1": 1, "2": 2, "3": 3,
	} {
		code, ok := gender.Code()
		assert.True(t, ok, gender)
		assert.Equal(t, want, code, gender)
	}
	_, ok := shopline.Gender("robot").Code()
	assert.False(t, ok)
}

func TestTagsSurviveTheirText(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(shopline.Tags{"a", "b c"})
	require.NoError(t, err)
	assert.JSONEq(t, `"a,b c"`, string(text))
}
