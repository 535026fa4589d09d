package xclade_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

const (
	groupID  = "cusgroup_01M80X7BXYT9E39S66MB8BQ3EA"
	groupURL = host + "/admin/customer-groups/" + groupID
)

// vip is the group of testdata/customer_group.json.
func vip(t *testing.T) *xclade.CustomerGroup {
	var fixture struct {
		CustomerGroup *xclade.CustomerGroup `json:"customer_group"`
	}
	testkit.DecodeStrict(t, testkit.Fixture(t, "customer_group.json"), &fixture)
	require.Equal(t, groupID, fixture.CustomerGroup.ID)
	return fixture.CustomerGroup
}

func TestCustomerGroupsCreate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customer-groups", Body: json.RawMessage(`{"name":"VIP","metadata":{"k":"v"}}`)}).
		Fixture(200, "customer_group.json")

	group, err := newClient(t, gock).CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: "VIP", Metadata: map[string]any{"k": "v"}})

	require.NoError(t, err)
	assert.Equal(t, vip(t), group)
}

func TestCustomerGroupsGet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: groupURL, Query: url.Values{"fields": {"*customers"}}}).Fixture(200, "customer_group_members.json")

	group, err := newClient(t, gock).CustomerGroups.Get(t.Context(), groupID, xclade.GetCustomerGroupRequest{Fields: xclade.Fields{Relations: []string{"customers"}}})

	require.NoError(t, err)
	assert.Equal(t, groupID, group.ID)
}

func TestCustomerGroupsUpdate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		request xclade.UpdateCustomerGroupRequest
		body    string
	}{
		"name":     {xclade.UpdateCustomerGroupRequest{Name: new("Gold")}, `{"name":"Gold"}`},
		"metadata": {xclade.UpdateCustomerGroupRequest{Metadata: xclade.Null[map[string]any]()}, `{"metadata":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", URL: groupURL, Body: json.RawMessage(tt.body)}).Fixture(200, "customer_group.json")

			group, err := newClient(t, gock).CustomerGroups.Update(t.Context(), groupID, tt.request)

			require.NoError(t, err)
			assert.Equal(t, vip(t), group)
		})
	}
}

func TestCustomerGroupsDelete(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	const id = "cusgroup_01M80X7BYKFY5EH53DHNFQSXKK"
	gock.Expect(testkit.Request{Method: "DELETE", URL: host + "/admin/customer-groups/" + id}).Fixture(200, "customer_group_deleted.json")

	assert.NoError(t, newClient(t, gock).CustomerGroups.Delete(t.Context(), id))
}

func TestCustomerGroupsUpdateCustomers(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: groupURL + "/customers", Body: json.RawMessage(`{"add":["cus_1","cus_2"]}`)}).Fixture(200, "customer_group.json")

	group, err := newClient(t, gock).CustomerGroups.UpdateCustomers(t.Context(), groupID, xclade.UpdateMembersRequest{Add: []string{"cus_1", "cus_2"}})

	require.NoError(t, err)
	assert.Equal(t, vip(t), group)
}

func TestCustomerGroupsList(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	at := xclade.TimeRange{NotBefore: day}
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customer-groups", Query: url.Values{
		"q": {"vip"}, "id": {"g1"}, "name[]": {"A", "B"}, "created_by": {"user_1"},
		"customers[id]": {"cus_1"}, "customers[email][$like]": {"%@x.y"}, "customers[company_name]": {"C"},
		"customers[first_name]": {"F"}, "customers[last_name]": {"L"}, "customers[created_by]": {"U"},
		"customers[created_at][$gte]": {"2026-11-22T08:00:00Z"}, "customers[updated_at][$gte]": {"2026-11-22T08:00:00Z"},
		"created_at[$gte]": {"2026-11-22T08:00:00Z"}, "updated_at[$gte]": {"2026-11-22T08:00:00Z"}, "deleted_at[$gte]": {"2026-11-22T08:00:00Z"},
		"$or[0][name]": {"C"}, "$and[0][name]": {"D"}, "order": {"name"}, "limit": {"1"}, "offset": {"1"}, "with_deleted": {"true"}, "fields": {"name"},
	}}).JSON(200, `{"customer_groups":[{"id":"g1","name":"VIP"}],"count":3,"offset":1,"limit":1}`)

	list, err := newClient(t, gock).CustomerGroups.List(t.Context(), xclade.ListCustomerGroupsRequest{
		CustomerGroupFilter: xclade.CustomerGroupFilter{
			ID: []string{"g1"}, Name: []string{"A", "B"}, CreatedBy: []string{"user_1"},
			Customers: xclade.CustomerMatch{
				ID: []string{"cus_1"}, Email: xclade.Match{Like: "%@x.y"}, CompanyName: []string{"C"},
				FirstName: []string{"F"}, LastName: []string{"L"}, CreatedBy: []string{"U"}, CreatedAt: at, UpdatedAt: at,
			},
			CreatedAt: at, UpdatedAt: at, DeletedAt: at,
		},
		Q: "vip", Or: []xclade.CustomerGroupFilter{{Name: []string{"C"}}}, And: []xclade.CustomerGroupFilter{{Name: []string{"D"}}},
		Order: "name", Limit: 1, Offset: 1, WithDeleted: true, Fields: xclade.Fields{Only: []string{"name"}},
	})

	require.NoError(t, err)
	assert.Equal(t, []xclade.CustomerGroup{{ID: "g1", Name: "VIP"}}, list.CustomerGroups)
	next, more := list.Next()
	assert.True(t, more)
	assert.Equal(t, 2, next.Offset)
}

func TestCustomerGroupsRefuse(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t) // nothing is expected
	groups := newClient(t, gock).CustomerGroups

	_, err := groups.Create(t.Context(), xclade.CreateCustomerGroupRequest{})
	assert.EqualError(t, err, "xclade: POST /admin/customer-groups: invalid; Name: must not be empty")
	_, err = groups.Update(t.Context(), groupID, xclade.UpdateCustomerGroupRequest{Name: new("")})
	assert.EqualError(t, err, "xclade: POST /admin/customer-groups/{id}: invalid; Name: must not be empty")
}

// The server answers {} with status 200 where there is no such group.
func TestCustomerGroupsEmptyAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: groupURL + "/customers", Body: json.RawMessage(`{"remove":["cus_1"]}`)}).JSON(200, `{}`)

	_, err := newClient(t, gock).CustomerGroups.UpdateCustomers(t.Context(), groupID, xclade.UpdateMembersRequest{Remove: []string{"cus_1"}})

	assert.ErrorIs(t, err, souk.ErrNotFound)
	assert.EqualError(t, err, "xclade: POST /admin/customer-groups/{id}/customers: 200 not found: there is no customer group with this id")
}
