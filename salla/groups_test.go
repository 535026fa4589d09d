package salla_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

func TestCustomerGroupsCreate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/customers/groups", Header: sentAsJSON, Body: fixture(t, "group_create_request.json"),
	}).Fixture(200, "group_200.json")

	group, err := newClient(t, gock).CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{
		Name:       "VIPCustomers",
		Conditions: []salla.GroupCondition{{Type: salla.ConditionTotalSales, Symbol: salla.SymbolAbove, Value: "100"}},
		Features: &salla.GroupFeatures{
			PaymentMethod: []string{"credit_card", "mada", "bank", "cod", "apple_pay", "stc_pay"}, Shipping: []string{"all"},
		},
	})

	require.NoError(t, err)
	assert.Equal(t, &salla.CustomerGroup{ID: 1394760126, Name: "VIPCustomers"}, group)
}

func TestCustomerGroupForms(t *testing.T) {
	t.Parallel()
	condition := salla.GroupCondition{Type: salla.ConditionTotalOrders, Symbol: salla.SymbolBelow, Value: "3"}
	tests := []struct {
		name, body string
		want       salla.CustomerGroup
	}{
		{"one condition", `{"id":1,"conditions":{"type":"total_orders","symbol":"<","value":3}}`, salla.CustomerGroup{ID: 1, Conditions: []salla.GroupCondition{condition}}},
		{"a list", `{"id":1,"conditions":[{"type":"total_orders","symbol":"<","value":"3"}]}`, salla.CustomerGroup{ID: 1, Conditions: []salla.GroupCondition{condition}}},
		{"empty features", `{"id":"1","features":[]}`, salla.CustomerGroup{ID: 1}},
		{"features", `{"id":1,"features":{"shipping":["all"]}}`, salla.CustomerGroup{ID: 1, Features: &salla.GroupFeatures{Shipping: []string{"all"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers/groups", Body: raw(`{"name":"VIP"}`)}).
				JSON(200, `{"status":200,"success":true,"data":`+tt.body+`}`)

			group, err := newClient(t, gock).CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{Name: "VIP"})

			require.NoError(t, err)
			assert.Equal(t, &tt.want, group)
		})
	}
}

func TestCustomerGroupsList(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Path: "/admin/v2/customers/groups", Header: sentBare, Query: url.Values{"page": {"1"}, "per_page": {"20"}},
	}).Fixture(200, "group_list_200.json")

	list, err := newClient(t, gock).CustomerGroups.List(t.Context(), salla.ListCustomerGroupsRequest{Page: 1, Limit: 20})

	require.NoError(t, err)
	assert.Equal(t, []salla.CustomerGroup{{ID: 2075683582, Name: "VIP Customers"}, {ID: 2075683583, Name: "Golden Customers"}}, list.CustomerGroups)
	assert.Equal(t, salla.Pagination{Count: 2, Total: 2, PerPage: 15, CurrentPage: 1, TotalPages: 1}, list.Pagination)
}

// A schema of Salla's has status and success as text here.
func TestCustomerGroupsListWithTextInTheEnvelope(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/groups"}).JSON(200, `{"status":"200","success":"true","data":[{"id":1,"name":"a"}],"pagination":{"currentPage":"1","totalPages":"1"}}`)

	list, err := newClient(t, gock).CustomerGroups.List(t.Context(), salla.ListCustomerGroupsRequest{})

	require.NoError(t, err)
	assert.Equal(t, []salla.CustomerGroup{{ID: 1, Name: "a"}}, list.CustomerGroups)
}

func TestCustomerGroupsAll(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/groups", Query: url.Values{"per_page": {"60"}}}).JSON(200, page(3, 1, 2, 1, 2))
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/groups", Query: url.Values{"per_page": {"60"}, "page": {"2"}}}).JSON(200, page(3, 2, 2, 2, 3))

	var got []int64
	for group, err := range newClient(t, gock).CustomerGroups.All(t.Context(), salla.ListCustomerGroupsRequest{}) {
		require.NoError(t, err)
		got = append(got, group.ID)
	}

	assert.Equal(t, []int64{1, 2, 3}, got)
}

func TestCustomerGroupsAddCustomers(t *testing.T) {
	t.Parallel()
	request := testkit.Request{
		Method: "POST", Path: "/admin/v2/customers/groups/add_customers", Header: sentAsJSON, Body: fixture(t, "group_add_request.json"),
	}
	gock := testkit.NewGock(t)
	gock.Expect(request).Fixture(200, "group_add_200.json")
	gock.Expect(request).Fixture(422, "group_add_422.json")
	client := newClient(t, gock)
	add := salla.AddCustomersRequest{GroupID: 667738032, Customers: []int64{447121768, 1761729493}}

	assert.NoError(t, client.CustomerGroups.AddCustomers(t.Context(), add))
	err := client.CustomerGroups.AddCustomers(t.Context(), add)

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, map[string][]string{
		"group_id":    {"يجب أن يكون حقل group id عددًا صحيحًا"},
		"customers.0": {"حقل customers.0 غير صالح"},
	}, requireError(t, err).Fields)
}

func TestCustomerGroupsUpdateDefault(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/customers/groups/default", Header: sentAsJSON, Body: fixture(t, "group_default_request.json"),
	}).Fixture(201, "group_default_201.json")

	err := newClient(t, gock).CustomerGroups.UpdateDefault(t.Context(), salla.UpdateDefaultGroupRequest{
		Features: salla.GroupFeatures{PaymentMethod: []string{"credit_card", "mada"}, Shipping: []string{"all"}},
	})

	assert.NoError(t, err)
}

func TestCustomerGroupsUpdate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.UpdateCustomerGroupRequest
		body    json.RawMessage
	}{
		{"features that came empty", salla.UpdateCustomerGroupRequest{Name: new("VIP"), Features: &salla.GroupFeatures{}}, raw(`{"name":"VIP"}`)},
		{"no features", salla.UpdateCustomerGroupRequest{
			Features: &salla.GroupFeatures{PaymentMethod: []string{}, Shipping: []string{}},
		}, raw(`{"features":{"payment_method":[],"shipping":[]}}`)},
		{"no conditions", salla.UpdateCustomerGroupRequest{Conditions: []salla.GroupCondition{}}, raw(`{"conditions":[]}`)},
		{"between", salla.UpdateCustomerGroupRequest{
			Name:       new("VIP"),
			Conditions: []salla.GroupCondition{{Type: salla.ConditionTotalSales, Symbol: salla.SymbolBetween, MinValue: "100", MaxValue: "500"}},
		}, fixture(t, "group_update_request_between.json")},
		{"a value of zero", salla.UpdateCustomerGroupRequest{
			Conditions: []salla.GroupCondition{{Type: salla.ConditionTotalSales, Symbol: salla.SymbolAbove, Value: "0"}},
		}, raw(`{"conditions":[{"type":"total_sales","symbol":">","value":0}]}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/groups/1394760126", Header: sentAsJSON, Body: tt.body}).
				Fixture(200, "group_200.json")

			group, err := newClient(t, gock).CustomerGroups.Update(t.Context(), 1394760126, tt.request)

			require.NoError(t, err)
			assert.Equal(t, &salla.CustomerGroup{ID: 1394760126, Name: "VIPCustomers"}, group)
		})
	}
}

func TestCustomerGroupsDelete(t *testing.T) {
	t.Parallel()
	request := testkit.Request{Method: "DELETE", Path: "/admin/v2/customers/groups/5", Header: sentBare}
	gock := testkit.NewGock(t)
	gock.Expect(request).Fixture(200, "group_delete_200.json")
	gock.Expect(request).Fixture(404, "error_404_integer_code.json")
	client := newClient(t, gock)

	assert.NoError(t, client.CustomerGroups.Delete(t.Context(), 5))
	assert.ErrorIs(t, client.CustomerGroups.Delete(t.Context(), 5), souk.ErrNotFound)
}

func TestCustomerGroupsRefuse(t *testing.T) {
	t.Parallel()
	create := func(conditions ...salla.GroupCondition) func(*testing.T, *salla.Client) error {
		return func(t *testing.T, c *salla.Client) error {
			_, err := c.CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{Name: "a", Conditions: conditions})
			return err
		}
	}
	tests := []struct {
		name string
		call func(*testing.T, *salla.Client) error
		want string
	}{
		{"no name", func(t *testing.T, c *salla.Client) error {
			_, err := c.CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{})
			return err
		}, "salla: POST /customers/groups: invalid; Name: must not be empty"},
		{"condition without type", create(salla.GroupCondition{}), `salla: POST /customers/groups: invalid; Conditions[0].Type: must not be empty; for example "total_sales"`},
		{"between without bounds", create(salla.GroupCondition{Type: "total_sales", Symbol: "between", Value: "1"}), "salla: POST /customers/groups: invalid; Conditions[0].MinValue: between needs MinValue and MaxValue"},
		{"above nothing", create(salla.GroupCondition{Type: "total_sales", Symbol: ">"}), "salla: POST /customers/groups: invalid; Conditions[0].Value: is required by this comparison"},
		{"unknown symbol", create(salla.GroupCondition{Type: "total_sales", Symbol: ">="}), `salla: POST /customers/groups: invalid; Conditions[0].Symbol: must be ">", "<" or "between"`},
		{"no number", create(salla.GroupCondition{Type: "total_sales", Symbol: ">", Value: "many"}), `salla: POST /customers/groups: invalid; Conditions[0].Value: must be a decimal number such as "12.50"`},
		{"add to group 0", func(t *testing.T, c *salla.Client) error {
			return c.CustomerGroups.AddCustomers(t.Context(), salla.AddCustomersRequest{Customers: []int64{0}})
		}, "salla: POST /customers/groups/add_customers: invalid; Customers[0]: must be a positive id; GroupID: must be a positive id"},
		{"add nobody", func(t *testing.T, c *salla.Client) error {
			return c.CustomerGroups.AddCustomers(t.Context(), salla.AddCustomersRequest{GroupID: 1})
		}, "salla: POST /customers/groups/add_customers: invalid; Customers: must not be empty"},
		{"update nothing", func(t *testing.T, c *salla.Client) error {
			_, err := c.CustomerGroups.Update(t.Context(), 1, salla.UpdateCustomerGroupRequest{})
			return err
		}, "salla: PUT /customers/groups/{group}: invalid; UpdateCustomerGroupRequest: must change at least one field"},
		{"update group 0", func(t *testing.T, c *salla.Client) error {
			_, err := c.CustomerGroups.Update(t.Context(), 0, salla.UpdateCustomerGroupRequest{Name: new("VIP")})
			return err
		}, "salla: PUT /customers/groups/{group}: invalid; group: must be a positive id"},
		{"delete group 0", func(t *testing.T, c *salla.Client) error {
			return c.CustomerGroups.Delete(t.Context(), 0)
		}, "salla: DELETE /customers/groups/{group}: invalid; group: must be a positive id"},
		{"list negative page", func(t *testing.T, c *salla.Client) error {
			_, err := c.CustomerGroups.List(t.Context(), salla.ListCustomerGroupsRequest{Page: -1})
			return err
		}, "salla: GET /customers/groups: invalid; Page: must not be negative; pages are numbered from 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			err := tt.call(t, silent(t))

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, tt.want)
		})
	}
}
