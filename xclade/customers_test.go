package xclade_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

const customerID = "cus_01M80X79XCG37PPF8BCSS42TDV"

// ada is the customer of testdata/customer.json.
func ada() *xclade.Customer {
	return &xclade.Customer{
		ID:          customerID,
		Email:       "ada@example.test",
		CompanyName: "Acme GmbH",
		FirstName:   "Ada",
		LastName:    "Lovelace",
		Phone:       "+49 30 123456",
		Metadata:    map[string]any{"n": 1.0, "t": true, "z": nil, "tier": "gold", "nested": map[string]any{"a": []any{1.0, 2.0, nil}}},
		CreatedBy:   "user_01M80X74HS4460S0YD4K125HT5",
		CreatedAt:   time.Date(2026, 11, 22, 5, 56, 17, 965e6, time.UTC),
		UpdatedAt:   time.Date(2026, 11, 22, 5, 56, 17, 965e6, time.UTC),
	}
}

func TestCustomersCreate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST",
		URL:    host + "/admin/customers",
		Query:  url.Values{"fields": {"+addresses.id,-metadata,*groups"}},
		Header: map[string]string{"Authorization": "Bearer jwt-1", "Content-Type": "application/json"},
		Body: json.RawMessage(`{"email":"ada@example.test","company_name":"Acme GmbH","first_name":"Ada","last_name":"Lovelace",
			"phone":"+49 30 123456","metadata":{"tier":"gold"},"additional_data":{"from":"crm"}}`),
	}).Fixture(200, "customer.json")

	customer, err := newClient(t, gock).Customers.Create(t.Context(), xclade.CreateCustomerRequest{
		Email: "ada@example.test", CompanyName: "Acme GmbH", FirstName: "Ada", LastName: "Lovelace", Phone: "+49 30 123456",
		Metadata: map[string]any{"tier": "gold"}, AdditionalData: map[string]any{"from": "crm"},
		Fields: xclade.Fields{Add: []string{"addresses.id"}, Remove: []string{"metadata"}, Relations: []string{"groups"}},
	})

	require.NoError(t, err)
	assert.Equal(t, ada(), customer)
}

func TestCustomersCreateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers", Body: json.RawMessage(`{"email":"ada@example.test"}`)}).Fixture(200, "customer.json")

	_, err := newClient(t, gock).Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})

	assert.NoError(t, err)
}

func TestCustomersGet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customers/" + customerID, Query: url.Values{"fields": {"email,first_name"}}}).
		Fixture(200, "customer_fields.json")

	customer, err := newClient(t, gock).Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{
		Fields: xclade.Fields{Only: []string{"email", "first_name"}},
	})

	require.NoError(t, err)
	assert.Equal(t, &xclade.Customer{ID: customerID, Email: "ada@example.test", FirstName: "Ada"}, customer)
}

// An update tells what is left alone from what is cleared and what is set.
func TestCustomersUpdate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request xclade.UpdateCustomerRequest
		body    string
	}{
		{"metadata that is nil", xclade.UpdateCustomerRequest{Metadata: xclade.Value[map[string]any](nil)}, `{"metadata":{}}`},
		{"values", xclade.UpdateCustomerRequest{FirstName: new("Ada"), LastName: new("L")}, `{"first_name":"Ada","last_name":"L"}`},
		{"cleared", xclade.UpdateCustomerRequest{
			Email: new(""), CompanyName: new(""), FirstName: new(""),
			LastName: new(""), Phone: new(""), Metadata: xclade.Null[map[string]any](),
			AdditionalData: map[string]any{"from": "crm"},
		}, `{"email":null,"company_name":null,"first_name":null,"last_name":null,"phone":null,"metadata":null,"additional_data":{"from":"crm"}}`},
		{"metadata", xclade.UpdateCustomerRequest{Metadata: xclade.Value(map[string]any{"set": 1, "remove": "", "null": nil})}, `{"metadata":{"set":1,"remove":"","null":null}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers/" + customerID, Body: json.RawMessage(tt.body)}).Fixture(200, "customer.json")

			customer, err := newClient(t, gock).Customers.Update(t.Context(), customerID, tt.request)

			require.NoError(t, err)
			assert.Equal(t, ada(), customer)
		})
	}
}

func TestCustomersDelete(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "DELETE", URL: host + "/admin/customers/" + customerID}).Fixture(200, "customer_deleted.json")

	err := newClient(t, gock).Customers.Delete(t.Context(), customerID)

	assert.NoError(t, err)
}

func TestCustomersUpdateGroups(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: host + "/admin/customers/" + customerID + "/customer-groups",
		Query: url.Values{"fields": {"*groups"}}, Body: json.RawMessage(`{"add":["cusgroup_1"],"remove":["cusgroup_2"]}`),
	}).Fixture(200, "customer_relations.json")

	customer, err := newClient(t, gock).Customers.UpdateGroups(t.Context(), customerID, xclade.UpdateMembersRequest{
		Add: []string{"cusgroup_1"}, Remove: []string{"cusgroup_2"}, Fields: xclade.Fields{Relations: []string{"groups"}},
	})

	require.NoError(t, err)
	assert.Equal(t, customerID, customer.ID)
	assert.NotEmpty(t, customer.Addresses)
}

func TestCustomersList(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", 2*3600))
	tests := []struct {
		name    string
		request xclade.ListCustomersRequest
		query   url.Values
	}{
		{"nothing", xclade.ListCustomersRequest{}, nil},
		{"page", xclade.ListCustomersRequest{Q: "ada", Order: "-created_at", Limit: 20, Offset: 40, WithDeleted: true}, url.Values{
			"q": {"ada"}, "order": {"-created_at"}, "limit": {"20"}, "offset": {"40"}, "with_deleted": {"true"},
		}},
		// One value goes as a scalar: in a list of one, the server splits it at its commas.
		{"one value", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{
			Email: []string{"a+b@c.d"}, CompanyName: []string{"Acme, Inc"}, ID: xclade.Match{In: []string{"cus_1"}},
		}}, url.Values{"email": {"a+b@c.d"}, "company_name": {"Acme, Inc"}, "id": {"cus_1"}}},
		{"several values", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{
			FirstName: []string{"Ada", "Bob"}, LastName: []string{"L", "M"}, CreatedBy: []string{"u", "v"}, ID: xclade.Match{In: []string{"cus_1", "cus_2"}},
		}}, url.Values{"first_name[]": {"Ada", "Bob"}, "last_name[]": {"L", "M"}, "created_by[]": {"u", "v"}, "id[]": {"cus_1", "cus_2"}}},
		{"operators", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{
			ID:         xclade.Match{In: []string{"a"}, NotIn: []string{"b"}, Greater: "c", GreaterOrEqual: "d", Less: "e", LessOrEqual: "f", Like: "g%", ILike: "h%", Regexp: "i"},
			CreatedAt:  xclade.TimeRange{NotBefore: day, Before: day.Add(time.Hour)},
			UpdatedAt:  xclade.TimeRange{After: day, NotAfter: day.Add(1500 * time.Millisecond)},
			DeletedAt:  xclade.TimeRange{After: day},
			HasAccount: new(false),
		}}, url.Values{
			"id[$in][]": {"a"}, "id[$nin][]": {"b"}, "id[$gt]": {"c"}, "id[$gte]": {"d"}, "id[$lt]": {"e"}, "id[$lte]": {"f"},
			"id[$like]": {"g%"}, "id[$ilike]": {"h%"}, "id[$re]": {"i"},
			"created_at[$gte]": {"2026-11-22T08:00:00Z"}, "created_at[$lt]": {"2026-11-22T09:00:00Z"},
			"updated_at[$gt]": {"2026-11-22T08:00:00Z"}, "updated_at[$lte]": {"2026-11-22T08:00:01.5Z"},
			"deleted_at[$gt]": {"2026-11-22T08:00:00Z"}, "has_account": {"false"},
		}},
		{"groups", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{
			Groups: xclade.GroupMatch{ID: []string{"g1", "g2"}, Name: []string{"VIP"}, CreatedAt: xclade.TimeRange{After: day}, UpdatedAt: xclade.TimeRange{Before: day}},
		}}, url.Values{
			"groups[id][]": {"g1", "g2"}, "groups[name]": {"VIP"},
			"groups[created_at][$gt]": {"2026-11-22T08:00:00Z"}, "groups[updated_at][$lt]": {"2026-11-22T08:00:00Z"},
		}},
		// The branches are numbered: without numbers the server makes one of them all.
		{"logic", xclade.ListCustomersRequest{
			Or:  []xclade.CustomerFilter{{Email: []string{"a@b.c", "d@e.f"}}, {CreatedAt: xclade.TimeRange{NotBefore: day}}},
			And: []xclade.CustomerFilter{{FirstName: []string{"Ada"}}, {HasAccount: new(true)}},
		}, url.Values{
			"$or[0][email][]": {"a@b.c", "d@e.f"}, "$or[1][created_at][$gte]": {"2026-11-22T08:00:00Z"},
			"$and[0][first_name]": {"Ada"}, "$and[1][has_account]": {"true"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: tt.query}).
				JSON(200, fmt.Sprintf(`{"customers":[{"id":"cus_1"},{"id":"cus_2","email":null}],"count":60,"offset":%d,"limit":2}`, tt.request.Offset))

			list, err := newClient(t, gock).Customers.List(t.Context(), tt.request)

			require.NoError(t, err)
			assert.Equal(t, []xclade.Customer{{ID: "cus_1"}, {ID: "cus_2"}}, list.Customers)
			assert.Equal(t, 60, list.Count)
			assert.Equal(t, tt.request.Offset, list.Offset)
			assert.Equal(t, 2, list.Limit)
		})
	}
}

func TestCustomersListNext(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"q": {"x"}, "limit": {"2"}}}).
		JSON(200, `{"customers":[{"id":"cus_1"},{"id":"cus_2"}],"count":3,"offset":0,"limit":2}`)
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"q": {"x"}, "limit": {"2"}, "offset": {"2"}}}).
		JSON(200, `{"customers":[{"id":"cus_3"}],"count":3,"offset":2,"limit":2}`)
	client := newClient(t, gock)

	first, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{Q: "x", Limit: 2})
	require.NoError(t, err)
	next, more := first.Next()
	require.True(t, more)
	second, err := client.Customers.List(t.Context(), next)
	require.NoError(t, err)
	_, more = second.Next()

	assert.Equal(t, []xclade.Customer{{ID: "cus_3"}}, second.Customers)
	assert.False(t, more)
}

func TestCustomersRefuse(t *testing.T) {
	t.Parallel()
	tooMany := make([]string, 301)
	for i := range tooMany {
		tooMany[i] = "cus_1"
	}
	list := func(r xclade.ListCustomersRequest) func(context.Context, *xclade.CustomersService) error {
		return func(ctx context.Context, s *xclade.CustomersService) error {
			_, err := s.List(ctx, r)
			return err
		}
	}
	get := func(id string, f xclade.Fields) func(context.Context, *xclade.CustomersService) error {
		return func(ctx context.Context, s *xclade.CustomersService) error {
			_, err := s.Get(ctx, id, xclade.GetCustomerRequest{Fields: f})
			return err
		}
	}
	const oneID = `id: must be one id: letters, digits, "-", "_", "." and "~"`
	tests := []struct {
		name string
		call func(context.Context, *xclade.CustomersService) error
		want string
	}{
		{"no e-mail", func(ctx context.Context, s *xclade.CustomersService) error {
			_, err := s.Create(ctx, xclade.CreateCustomerRequest{})
			return err
		}, "Email: must not be empty"},
		{"negative limit", list(xclade.ListCustomersRequest{Limit: -1}), "Limit: must not be negative; 0 means the server's default"},
		{"negative offset", list(xclade.ListCustomersRequest{Offset: -1}), "Offset: must not be negative"},
		{"two orders", list(xclade.ListCustomersRequest{Order: "a,-b"}), `Order: must be one field, with "-" before it for descending order`},
		{"301 ids", list(xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{In: tooMany}}}), "ID.In: holds 301 values; the server reads at most 300"},
		{"301 ids in a branch", list(xclade.ListCustomersRequest{Or: []xclade.CustomerFilter{{HasAccount: new(true)}, {Email: tooMany}}}), "Or[1].Email: holds 301 values; the server reads at most 300"},
		{"long query", list(xclade.ListCustomersRequest{Q: strings.Repeat("a", 13<<10)}), "Filter: is too long: the server reads 12288 bytes of query; use fewer values"},
		{"empty id", get("", xclade.Fields{}), "id: must not be empty"},
		{"dots", get("..", xclade.Fields{}), "id: must be an id, which holds a digit, and not a word of a path"},
		{"slash", get("a/b", xclade.Fields{}), oneID},
		{"escaped slash", get("a%2Fb", xclade.Fields{}), oneID},
		{"Only with Add", get("cus_1", xclade.Fields{Only: []string{"email"}, Add: []string{"phone"}}), "Fields: Only excludes Add and Remove"},
		{"field with comma", get("cus_1", xclade.Fields{Add: []string{"a,b"}}), "Fields: names consist of letters, digits and underscores, joined by dots"},
		{"no members", func(ctx context.Context, s *xclade.CustomersService) error {
			_, err := s.UpdateGroups(ctx, "cus_1", xclade.UpdateMembersRequest{})
			return err
		}, "Add: Add or Remove must name an id"},
		{"in and out", func(ctx context.Context, s *xclade.CustomersService) error {
			_, err := s.UpdateGroups(ctx, "cus_1", xclade.UpdateMembersRequest{Add: []string{"g"}, Remove: []string{"g"}})
			return err
		}, "Add: must not name an id that Remove names too"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected

			err := tt.call(t.Context(), newClient(t, gock).Customers)

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestCustomersCount(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: url.Values{"limit": {"1"}, "fields": {"id"}}}).
		JSON(200, `{"customers":[{"id":"cus_1"}],"count":250,"offset":0,"limit":1}`)

	count, err := newClient(t, gock).Customers.Count(t.Context())

	require.NoError(t, err)
	assert.Equal(t, 250, count)
}
