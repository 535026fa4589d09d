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
		"event_customer.json":    &shopline.CustomerEvent{},
		"event_consent.json":     &shopline.MarketingConsentEvent{},
		"event_deleted.json":     &shopline.CustomerDeletedEvent{},
		"event_group.json":       &shopline.CustomerGroupEvent{},
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
				Logins []shopline.SocialLogin `json:"third_party_login_configurations"`
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
	var list shopline.ListOrdersResponse

	require.NoError(t, json.Unmarshal(testkit.Fixture(t, "orders.json"), &list))

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

func TestOrderOutlivesTheBytesItCameFrom(t *testing.T) {
	t.Parallel()
	data := []byte(`{"id":"1"}`)
	var order shopline.Order
	require.NoError(t, order.UnmarshalJSON(data))

	clear(data)

	assert.Equal(t, `{"id":"1"}`, string(order.Raw))
}

func TestCustomerOddities(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, json string
		want       shopline.Customer
	}{
		{"nothing", `{}`, shopline.Customer{}},
		{"state as text", `{"state":"2"}`, shopline.Customer{State: shopline.CustomerStateInvited}},
		{"an unknown state", `{"state":9}`, shopline.Customer{State: 9}},
		{"the blacklist", `{"state":0}`, shopline.Customer{State: shopline.CustomerStateBlacklisted}},
		{"flags as text", `{"mobile_subscribe_flag":"4","email_subscribe_flag":1}`, shopline.Customer{
			MobileSubscribeFlag: shopline.SubscribeFlagInvalid, EmailSubscribeFlag: shopline.SubscribeFlagSubscribed,
		}},
		{"gender as a digit", `{"gender":"1"}`, shopline.Customer{Gender: "1"}},
		{"gender as a number", `{"gender":2}`, shopline.Customer{Gender: "2"}},
		{"a gender nobody knows", `{"gender":"robot"}`, shopline.Customer{Gender: "robot"}},
		{"gender null", `{"gender":null}`, shopline.Customer{}},
		{"orders_count null", `{"orders_count":null}`, shopline.Customer{}},
		{"orders that are not available", `{"last_order_id":"N/A"}`, shopline.Customer{LastOrderID: "N/A"}},
		{"tags as a list", `{"tags":["a","b"]}`, shopline.Customer{Tags: shopline.Tags{"a", "b"}}},
		{"tags empty", `{"tags":""}`, shopline.Customer{}},
		{"social_customer as text", `{"social_customer":"62"}`, shopline.Customer{SocialCustomer: []byte(`"62"`)}},
		{"consent state 0", `{"email_marketing_consent":{"state":0}}`, shopline.Customer{EmailMarketingConsent: &shopline.MarketingConsent{}}},
		{"a new field", `{"loyalty":{"points":1}}`, shopline.Customer{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got shopline.Customer

			require.NoError(t, json.Unmarshal([]byte(test.json), &got))

			assert.Equal(t, test.want, got)
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
