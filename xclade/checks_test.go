package xclade_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// refusedHere calls without a server and returns what is wrong with which field.
func refusedHere(t *testing.T, call func(context.Context, *xclade.Client) error) map[string][]string {
	t.Helper()
	err := call(t.Context(), newClient(t, testkit.NewGock(t)))
	assert.ErrorIs(t, err, souk.ErrInvalid)
	e := requireError(t, err)
	assert.Zero(t, e.Attempts)
	return e.Fields
}

// The server cannot store a NUL, wherever it stands, and answers as if it had failed.
func TestNULIsRefused(t *testing.T) {
	t.Parallel()
	const nul = "a\x00b"
	one := func(v any) map[string]any { return map[string]any{"k": v} }
	create := func(r xclade.CreateCustomerRequest) func(context.Context, *xclade.Client) error {
		return func(ctx context.Context, c *xclade.Client) error {
			if r.Email == "" {
				r.Email = "ada@example.test"
			}
			_, err := c.Customers.Create(ctx, r)
			return err
		}
	}
	list := func(r xclade.ListCustomersRequest) func(context.Context, *xclade.Client) error {
		return func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Customers.List(ctx, r)
			return err
		}
	}
	tests := []struct {
		name  string
		field string
		call  func(context.Context, *xclade.Client) error
	}{
		{"email", "Email", create(xclade.CreateCustomerRequest{Email: nul})},
		{"first name", "FirstName", create(xclade.CreateCustomerRequest{FirstName: "\x00"})},
		{"metadata", "Metadata", create(xclade.CreateCustomerRequest{Metadata: one(nul)})},
		{"key of metadata", "Metadata", create(xclade.CreateCustomerRequest{Metadata: map[string]any{nul: 1}})},
		{"deep in metadata", "Metadata", create(xclade.CreateCustomerRequest{Metadata: one([]any{1, one(one(nul))})})},
		{"raw metadata", "Metadata", create(xclade.CreateCustomerRequest{Metadata: one(json.RawMessage(`"\u0000"`))})},
		{"additional data", "AdditionalData", create(xclade.CreateCustomerRequest{AdditionalData: one(nul)})},
		{"ensure", "Phone", func(ctx context.Context, c *xclade.Client) error {
			_, _, err := c.Customers.Ensure(ctx, xclade.CreateCustomerRequest{Email: "ada@example.test", Phone: nul})
			return err
		}},
		{"update", "LastName", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{LastName: new(nul)})
			return err
		}},
		{"address", "Address1", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Addresses.Create(ctx, "cus_1", xclade.CreateAddressRequest{Address1: nul})
			return err
		}},
		{"address update", "City", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Addresses.Update(ctx, "cus_1", "cuaddr_1", xclade.UpdateAddressRequest{City: new(nul)})
			return err
		}},
		{"group", "Name", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.CustomerGroups.Create(ctx, xclade.CreateCustomerGroupRequest{Name: nul})
			return err
		}},
		{"group update", "Name", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.CustomerGroups.Update(ctx, "cusgroup_1", xclade.UpdateCustomerGroupRequest{Name: new(nul)})
			return err
		}},
		{"log-in", "Password", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Auth.Login(ctx, xclade.LoginRequest{Email: "admin@example.test", Password: nul})
			return err
		}},
		{"search", "Filter", list(xclade.ListCustomersRequest{Q: nul})},
		{"filter", "Filter", list(xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Email: []string{"a", nul}}})},
		{"branch", "Filter", list(xclade.ListCustomersRequest{Or: []xclade.CustomerFilter{{LastName: []string{nul}}}})},
		{"ids", "Filter", list(xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{Greater: nul}}})},
		{"addresses", "Filter", func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Addresses.List(ctx, "cus_1", xclade.ListAddressesRequest{City: []string{nul}})
			return err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fields := refusedHere(t, tt.call)
			assert.Equal(t, map[string][]string{tt.field: {"must not contain the character NUL, which the server cannot store"}}, fields)
		})
	}
}

// A backslash and a u0000 after it are two texts like any other.
func TestWhatIsNoNULIsSent(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: host + "/admin/customers", Header: map[string]string{"Content-Type": "application/json"},
		Body: json.RawMessage(`{"email":"ada@example.test","first_name":"\\u0000","metadata":{"%00":"\\\\u0000"}}`),
	}).JSON(200, `{"customer":{"id":"cus_1"}}`)

	_, err := newClient(t, gock).Customers.Create(t.Context(), xclade.CreateCustomerRequest{
		Email: "ada@example.test", FirstName: `\u0000`, Metadata: map[string]any{"%00": `\\u0000`},
	})

	assert.NoError(t, err)
}

// What has no JSON form is told as before.
func TestWhatHasNoJSONForm(t *testing.T) {
	t.Parallel()
	fields := refusedHere(t, func(ctx context.Context, c *xclade.Client) error {
		_, err := c.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.test", Metadata: map[string]any{"f": func() {}}})
		return err
	})
	assert.Contains(t, fields, "body")
}

// The stand-in fails on the orders that a real server fails on.
func TestOrders(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	server.Seed(1)
	customer, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})
	require.NoError(t, err)
	lists := map[string]func(context.Context, *xclade.Client, string) error{
		"customers": func(ctx context.Context, c *xclade.Client, order string) error {
			_, err := c.Customers.List(ctx, xclade.ListCustomersRequest{Order: order})
			return err
		},
		"groups": func(ctx context.Context, c *xclade.Client, order string) error {
			_, err := c.CustomerGroups.List(ctx, xclade.ListCustomerGroupsRequest{Order: order})
			return err
		},
		"addresses": func(ctx context.Context, c *xclade.Client, order string) error {
			_, err := c.Addresses.List(ctx, customer.ID, xclade.ListAddressesRequest{Order: order})
			return err
		},
	}
	tests := []struct {
		list        string
		known       string
		unknown     string
		relatedHint string
	}{
		{
			"customers",
			"id -id company_name first_name last_name email phone has_account -has_account metadata created_by created_at updated_at deleted_at groups groups.name -groups.created_at addresses.city",
			"bogus ID Email groups.nope groups.customer_id addresses.nope name city groups.name.x email.x default_billing_address_id customers.email q",
			"groups.name",
		},
		{"groups", "id name -name metadata created_by created_at updated_at deleted_at customers.email", "email bogus customers.nope groups.name customer_id", "customers.email"},
		{
			"addresses",
			"id customer_id address_name is_default_shipping is_default_billing company first_name last_name address_1 address_2 city country_code province postal_code phone metadata created_at updated_at deleted_at customer.email",
			"bogus email address_3 customer.city groups.name created_by",
			"customer.email",
		},
	}
	for _, tt := range tests {
		t.Run(tt.list, func(t *testing.T) {
			t.Parallel()
			for order := range strings.FieldsSeq(tt.known) {
				assert.NoError(t, lists[tt.list](t.Context(), client, order), order)
			}
			for order := range strings.FieldsSeq(tt.unknown) {
				fields := refusedHere(t, func(ctx context.Context, c *xclade.Client) error { return lists[tt.list](ctx, c, order) })
				assert.Equal(t, map[string][]string{"Order": {"must be a field of what is listed, such as created_at, or one of a relation, such as " + tt.relatedHint}}, fields, order)
			}
		})
	}
}

// What PostgreSQL 15 says to each of these was tried.
func TestRegularExpressions(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, c *xclade.Client, pattern string) error {
		_, err := c.Customers.List(ctx, xclade.ListCustomersRequest{Or: []xclade.CustomerFilter{{ID: xclade.Match{Regexp: pattern}}}})
		return err
	}
	for _, pattern := range []string{
		`^cus_[0-9A-Z]+$`, `a`, `.`, `|`, `()`, `(|a)`, `a||b`, `]`, `}`, `{`, `a{`, `a{x`, `a{,5}`, `a{255}`, `a{01}`, `a{2}`, `a{2,}`, `a{2,2}`, `a{2,3}?`, `a??`, `a*?`, `[]a]`, `[^]a]`,
		`[a-]`, `[-a]`, `[a-z]`, `[[.-.]]`, `[[=a=]]`, `[[:alpha:]_]`, `[^[:alpha:]a-c]`, `[\]a]`, `[cba]`, `[a-a]`, `[a:b]`, `[\t-A]`, `[[:<:]]a[[:>:]]`, `(a)\1`, `\10`, `\d+\s*\w`, `\ma\M`, `\ya\y`, `\Aa\Z`, `\_\-\/`, `\.`, `\e`, `\ca`,
		`(?:a)*`, `(?=a)`, `(?!a)`, `(?<=a)b`, `(?<!a)b`, `(?#c)a`, `(?i)a`, `(?q)((`, `(?e)a)`, `***=((`, "ä+", `a+b?c*`,
	} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: host + "/admin/customers", Query: map[string][]string{"$or[0][id][$re]": {pattern}}}).
			JSON(200, `{"customers":[],"count":0,"offset":0,"limit":50}`)
		assert.NoError(t, list(t.Context(), newClient(t, gock), pattern), pattern)
	}
	for _, pattern := range []string{
		`(`, `)`, `a)`, `(a`, `((a)`, `(?:a`, `(?=a`, `(?#a`, `[`, `[[`, `[a-`, `[]`, `[^]`, `[a`, `[a\]`, `[\`, `[[:alpha:]`, `[[.a`, `a**`, `a*+`, `*a`, `^*`, `+`, `?`, `a|*`, `(*a)`, `$?`, `\y+`, `x{2}{3}`, `a{2}*`, `{1`, `{1}`, `^{2}`,
		`a{1001}`, `a{256}`, `a{0,256}`, `a{5,2}`, `a{1,1000}`, `a{1`, `a{1,`, `a{1,x}`, `a{99999999999}`, `\`, `a\`, `[b-a]`, `[[:foo:]]`, `[a-[:foo:]]`, `[z--]`, `\pN`, `\p{L}`, `\Qa`, `\1`, `\8`, `\9`, `(a)\2`, `\z`, `\C`, `\G`,
		`(?<name>a)`, `(?P<n>a)`, `(?a)`, `(?i)(`, `a(?i)b`,
	} {
		fields := refusedHere(t, func(ctx context.Context, c *xclade.Client) error { return list(ctx, c, pattern) })
		assert.Contains(t, fields, "Or[0].ID.Regexp", pattern)
	}
}

func TestPatternsAndBounds(t *testing.T) {
	t.Parallel()
	if strconv.IntSize < 64 {
		t.Skip("no int is too large for the server here")
	}
	most := int64(1<<53 - 1)
	list := func(r xclade.ListCustomersRequest) func(context.Context, *xclade.Client) error {
		return func(ctx context.Context, c *xclade.Client) error {
			_, err := c.Customers.List(ctx, r)
			return err
		}
	}
	id := func(m xclade.Match) xclade.ListCustomersRequest {
		return xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: m}}
	}
	created := func(r xclade.TimeRange) xclade.ListCustomersRequest {
		return xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{CreatedAt: r}}
	}
	year := func(n int) time.Time { return time.Date(n, 6, 1, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		request     xclade.ListCustomersRequest
		field, want string
	}{
		{id(xclade.Match{Like: `a\`}), "ID.Like", "must not end with a single backslash"},
		{id(xclade.Match{ILike: `%\\\`}), "ID.ILike", "must not end with a single backslash"},
		{created(xclade.TimeRange{After: year(10000)}), "CreatedAt.After", "must lie in the years 1 to 9999"},
		{created(xclade.TimeRange{NotBefore: year(0)}), "CreatedAt.NotBefore", "must lie in the years 1 to 9999"},
		{xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Groups: xclade.GroupMatch{UpdatedAt: xclade.TimeRange{NotAfter: year(-5)}}}}, "Groups.UpdatedAt.NotAfter", "must lie in the years 1 to 9999"},
		{xclade.ListCustomersRequest{And: []xclade.CustomerFilter{{DeletedAt: xclade.TimeRange{Before: year(12345)}}}}, "And[0].DeletedAt.Before", "must lie in the years 1 to 9999"},
		{xclade.ListCustomersRequest{Limit: 10_001}, "Limit", "must be at most 10000"},
		{xclade.ListCustomersRequest{Offset: int(most + 1)}, "Offset", "must be at most 9007199254740991"},
	} {
		assert.Equal(t, map[string][]string{tt.field: {tt.want}}, refusedHere(t, list(tt.request)))
	}

	_, client := newServer(t)
	for _, request := range []xclade.ListCustomersRequest{
		id(xclade.Match{Like: `a\\`}), id(xclade.Match{ILike: `\%`}), created(xclade.TimeRange{After: year(1), Before: year(9999)}), {Limit: 10_000, Offset: int(most)},
	} {
		assert.NoError(t, list(request)(t.Context(), client))
	}
}
