package xclade_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"iter"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// TestContract runs the suite against the stand-in in memory. TestStagingContract runs
// the same against a real server: where they differ, the stand-in is wrong.
func TestContract(t *testing.T) {
	t.Parallel()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	var called testkit.Called
	config := server.Config()
	config.Observer = called.Observer()
	called.RequireAll(t, ".", nil)
	runContract(t, config)
}

// TestContractOverTCP runs the suite through a socket, as against a real server.
func TestContractOverTCP(t *testing.T) {
	t.Parallel()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	config := server.Config()
	config.BaseURL, config.HTTPClient = server.URL(), nil
	runContract(t, config)
}

// runContract runs all scenarios. Each makes what it needs and deletes it again.
func runContract(t *testing.T, config xclade.Config) {
	client, err := xclade.NewClient(config)
	require.NoError(t, err)
	for name, scenario := range map[string]func(*testing.T, *store){
		"customer life":       customerLife,
		"null and empty":      nullAndEmpty,
		"metadata":            metadata,
		"unique e-mail":       uniqueEmail,
		"fields":              fields,
		"filters":             filters,
		"pages":               pages,
		"walks under change":  walkWhileRowsComeAndGo,
		"addresses":           addresses,
		"default addresses":   defaultAddresses,
		"not done":            notDone,
		"groups":              groups,
		"group filters":       groupFilters,
		"find":                find,
		"ensure":              ensure,
		"ensure, all at once": ensureAllAtOnce,
		"upsert":              upsert,
		"errors":              serverErrors,
		"own end point":       ownEndPoint,
		"token":               token,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario(t, &store{Client: client, config: config, run: strings.ToLower(rand.Text()[:10])})
		})
	}
}

// store is a client that cleans up behind itself.
type store struct {
	*xclade.Client
	config xclade.Config
	run    string // in all texts of the scenario
}

func (s *store) email(name string) string { return name + "." + s.run + "@contract.example" }

func (s *store) create(t *testing.T, req xclade.CreateCustomerRequest) *xclade.Customer {
	t.Helper()
	customer, err := s.Customers.Create(t.Context(), req)
	require.NoError(t, err)
	s.deleteLater(t, customer.ID)
	return customer
}

func (s *store) deleteLater(t *testing.T, id string) {
	t.Cleanup(func() {
		assert.NoError(t, s.Customers.Delete(context.WithoutCancel(t.Context()), id))
	})
}

func (s *store) createGroup(t *testing.T, name string) *xclade.CustomerGroup {
	t.Helper()
	group, err := s.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: name + " " + s.run})
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, s.CustomerGroups.Delete(context.WithoutCancel(t.Context()), group.ID))
	})
	return group
}

func (s *store) get(t *testing.T, id string, relations ...string) *xclade.Customer {
	t.Helper()
	customer, err := s.Customers.Get(t.Context(), id, xclade.GetCustomerRequest{Fields: xclade.Fields{Relations: relations}})
	require.NoError(t, err)
	return customer
}

func (s *store) list(t *testing.T, req xclade.ListCustomersRequest) []string {
	t.Helper()
	list, err := s.Customers.List(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, len(list.Customers), list.Count)
	return ids(list.Customers)
}

func ids(customers []xclade.Customer) []string {
	ids := []string{}
	for _, c := range customers {
		ids = append(ids, c.ID)
	}
	return ids
}

func customerLife(t *testing.T, s *store) {
	before := time.Now().Add(-time.Minute)
	created := s.create(t, xclade.CreateCustomerRequest{
		Email: s.email("ada"), CompanyName: "Acme", FirstName: "Ada", LastName: "Lovelace", Phone: "+49 30 123456",
		Metadata: map[string]any{"tier": "gold"},
	})
	assert.True(t, strings.HasPrefix(created.ID, "cus_"))
	assert.NotEmpty(t, created.CreatedBy)
	assert.True(t, created.CreatedAt.After(before))
	assert.Equal(t, &xclade.Customer{
		ID: created.ID, Email: s.email("ada"), CompanyName: "Acme", FirstName: "Ada", LastName: "Lovelace", Phone: "+49 30 123456",
		Metadata: map[string]any{"tier": "gold"}, CreatedBy: created.CreatedBy, CreatedAt: created.CreatedAt, UpdatedAt: created.CreatedAt,
	}, created)
	assert.Equal(t, created, s.get(t, created.ID))

	updated, err := s.Customers.Update(t.Context(), created.ID, xclade.UpdateCustomerRequest{FirstName: new("Augusta")})
	require.NoError(t, err)
	assert.Equal(t, "Augusta", updated.FirstName)
	assert.Equal(t, "Lovelace", updated.LastName)
	assert.False(t, updated.UpdatedAt.Before(created.UpdatedAt))

	require.NoError(t, s.Customers.Delete(t.Context(), created.ID))
	_, err = s.Customers.Get(t.Context(), created.ID, xclade.GetCustomerRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = s.Customers.Update(t.Context(), created.ID, xclade.UpdateCustomerRequest{FirstName: new("A")})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	assert.NoError(t, s.Customers.Delete(t.Context(), created.ID), "a second delete says the same")
	s.create(t, xclade.CreateCustomerRequest{Email: s.email("ada")}) // the e-mail is free again
}

func nullAndEmpty(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a"), FirstName: "A", Phone: "1"})
	updated, err := s.Customers.Update(t.Context(), customer.ID, xclade.UpdateCustomerRequest{
		FirstName: new(""), Email: new(""),
	})
	require.NoError(t, err)
	assert.Empty(t, updated.FirstName)
	assert.Empty(t, updated.Email)
	require.NoError(t, s.Do(t.Context(), "POST", "/admin/customers/"+customer.ID, nil, map[string]string{"phone": ""}, nil), "the server keeps it apart from null")

	var raw struct {
		Customer map[string]any `json:"customer"`
	}
	require.NoError(t, s.Do(t.Context(), "GET", "/admin/customers/"+customer.ID, nil, nil, &raw))
	assert.Nil(t, raw.Customer["first_name"])
	assert.Empty(t, raw.Customer["phone"])
	assert.Nil(t, raw.Customer["email"])
}

func metadata(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a"), Metadata: map[string]any{"a": 1, "b": 2, "c": 3}})
	set := func(m xclade.Nullable[map[string]any]) map[string]any {
		updated, err := s.Customers.Update(t.Context(), customer.ID, xclade.UpdateCustomerRequest{Metadata: m})
		require.NoError(t, err)
		return updated.Metadata
	}
	assert.Equal(t, map[string]any{"a": 1.0, "c": nil, "d": 4.0}, set(xclade.Value(map[string]any{"b": "", "c": nil, "d": 4})))
	assert.Equal(t, map[string]any{"a": 1.0, "c": nil, "d": 4.0}, set(xclade.Value(map[string]any{})))
	assert.Nil(t, set(xclade.Null[map[string]any]()))
}

func uniqueEmail(t *testing.T, s *store) {
	first := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a")})
	_, err := s.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: s.email("a")})
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)
	assert.NotContains(t, err.Error(), s.email("a"))
	second := s.create(t, xclade.CreateCustomerRequest{Email: strings.ToUpper(s.email("a"))})
	_, err = s.Customers.Update(t.Context(), second.ID, xclade.UpdateCustomerRequest{Email: new(s.email("a"))})
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)

	found, created, err := s.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: s.email("a"), FirstName: "other"})
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, first, found)
}

func fields(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a"), FirstName: "A", Metadata: map[string]any{"k": "v"}})
	_, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{City: "Bonn"})
	require.NoError(t, err)
	get := func(f xclade.Fields) *xclade.Customer {
		got, err := s.Customers.Get(t.Context(), customer.ID, xclade.GetCustomerRequest{Fields: f})
		require.NoError(t, err)
		return got
	}
	assert.Equal(t, &xclade.Customer{ID: customer.ID, Email: s.email("a")}, get(xclade.Fields{Only: []string{"email"}}))
	without := *customer
	without.Metadata = nil
	assert.Equal(t, &without, get(xclade.Fields{Remove: []string{"metadata"}}))
	with := get(xclade.Fields{Relations: []string{"addresses", "groups"}})
	require.Len(t, with.Addresses, 1)
	assert.Equal(t, "Bonn", with.Addresses[0].City)
	assert.Equal(t, s.email("a"), with.Email)
	mixed := get(xclade.Fields{Only: []string{"email"}, Relations: []string{"addresses"}})
	require.Len(t, mixed.Addresses, 1)
	assert.Empty(t, mixed.FirstName)
	partly := get(xclade.Fields{Add: []string{"addresses.city"}})
	require.Len(t, partly.Addresses, 1)
	assert.Equal(t, xclade.Address{ID: partly.Addresses[0].ID, City: "Bonn"}, partly.Addresses[0])
}

func filters(t *testing.T, s *store) {
	one := s.create(t, xclade.CreateCustomerRequest{Email: s.email("one+tag"), FirstName: s.run, LastName: "One", CompanyName: "Acme, " + s.run})
	two := s.create(t, xclade.CreateCustomerRequest{Email: s.email("two"), FirstName: s.run, LastName: "Two", CompanyName: "Acme"})
	three := s.create(t, xclade.CreateCustomerRequest{Email: s.email("three"), FirstName: s.run, LastName: "Three"})
	mine := []string{s.run}
	tests := []struct {
		name    string
		request xclade.ListCustomersRequest
		want    []*xclade.Customer
	}{
		{"one e-mail with plus", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Email: []string{s.email("one+tag")}}}, []*xclade.Customer{one}},
		{"one value with comma", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{CompanyName: []string{"Acme, " + s.run}}}, []*xclade.Customer{one}},
		{"two e-mails", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Email: []string{s.email("one+tag"), s.email("three")}}}, []*xclade.Customer{one, three}},
		{"all set must match", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, LastName: []string{"Two", "Three"}, HasAccount: new(false)}}, []*xclade.Customer{two, three}},
		{"accounts", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, HasAccount: new(true)}}, nil},
		{"search", xclade.ListCustomersRequest{Q: strings.ToUpper(s.run)}, []*xclade.Customer{one, two, three}},
		{"ids", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{In: []string{one.ID, two.ID}}}}, []*xclade.Customer{one, two}},
		{"not these ids", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, ID: xclade.Match{NotIn: []string{one.ID, two.ID}}}}, []*xclade.Customer{three}},
		{"after an id", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, ID: xclade.Match{Greater: one.ID, In: []string{one.ID, two.ID}}}}, []*xclade.Customer{two}},
		{"id pattern", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{Like: one.ID[:len(one.ID)-1] + "_", ILike: strings.ToLower(one.ID)}}}, []*xclade.Customer{one}},
		{"id expression", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{Regexp: "^" + one.ID + "$"}}}, []*xclade.Customer{one}},
		{"times", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, CreatedAt: xclade.TimeRange{NotBefore: one.CreatedAt, NotAfter: one.CreatedAt}, ID: xclade.Match{In: []string{one.ID}}}}, []*xclade.Customer{one}},
		{"in the future", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine, UpdatedAt: xclade.TimeRange{After: time.Now().Add(time.Hour)}}}, nil},
		{"or", xclade.ListCustomersRequest{Or: []xclade.CustomerFilter{{Email: []string{s.email("one+tag")}}, {FirstName: mine, LastName: []string{"Three"}}}}, []*xclade.Customer{one, three}},
		{"and", xclade.ListCustomersRequest{And: []xclade.CustomerFilter{{FirstName: mine}, {LastName: []string{"Two", "x"}}}}, []*xclade.Customer{two}},
		{"order", xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine}, Order: "-last_name"}, []*xclade.Customer{two, three, one}},
	}
	for _, order := range []string{"company_name", "email", "phone", "has_account", "metadata", "created_by", "created_at", "updated_at", "deleted_at"} {
		list := s.list(t, xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: mine}, Order: order})
		assert.ElementsMatch(t, []string{one.ID, two.ID, three.ID}, list, order)
	}
	for _, tt := range tests {
		tt.request.Order = cmp.Or(tt.request.Order, "id")
		want := []string{}
		for _, c := range tt.want {
			want = append(want, c.ID)
		}
		if tt.request.Order == "id" {
			slices.Sort(want)
		}
		assert.Equal(t, want, s.list(t, tt.request), tt.name)
	}
}

func pages(t *testing.T, s *store) {
	var want []string
	for i := range 7 {
		want = append(want, s.create(t, xclade.CreateCustomerRequest{Email: s.email(fmt.Sprint(i)), FirstName: s.run}).ID)
	}
	slices.Sort(want)
	filter := xclade.CustomerFilter{FirstName: []string{s.run}}

	var paged []string
	request := xclade.ListCustomersRequest{CustomerFilter: filter, Order: "id", Limit: 3}
	for more := true; more; {
		list, err := s.Customers.List(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, 7, list.Count)
		assert.Equal(t, 3, list.Limit)
		paged = append(paged, ids(list.Customers)...)
		request, more = list.Next()
	}
	assert.Equal(t, want, paged)

	for _, order := range []string{"", "id", "-id", "email"} {
		var walked []string
		for c, err := range s.Customers.All(t.Context(), xclade.ListCustomersRequest{CustomerFilter: filter, Order: order, Limit: 3}) {
			require.NoError(t, err)
			walked = append(walked, c.ID)
		}
		slices.Sort(walked)
		assert.Equal(t, want, walked, order)
	}
	list, err := s.Customers.List(t.Context(), xclade.ListCustomersRequest{CustomerFilter: filter, Offset: 100})
	require.NoError(t, err)
	assert.Empty(t, list.Customers)
	assert.Equal(t, 7, list.Count)
}

// changing is a list whose rows come and go.
type changing struct {
	add    func(name string) (id string, err error)
	remove func(id string) error
	walk   func(position string) (rows iter.Seq2[string, error], at func() string)
}

func walking[T any](t *testing.T, walk *souk.Walk[T], id func(*T) string) (iter.Seq2[string, error], func() string) {
	return func(yield func(string, error) bool) {
		for row, err := range walk.All(t.Context()) {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(id(row), nil) {
				return
			}
		}
	}, walk.Position
}

func (s *store) changingCustomers(t *testing.T, order string) changing {
	request := xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{FirstName: []string{s.run}}, Order: order, Limit: 3}
	return changing{
		add: func(name string) (string, error) {
			c, err := s.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: s.email(name), FirstName: s.run})
			if err != nil {
				return "", err
			}
			return c.ID, nil
		},
		remove: func(id string) error { return s.Customers.Delete(context.WithoutCancel(t.Context()), id) },
		walk: func(position string) (iter.Seq2[string, error], func() string) {
			return walking(t, s.Customers.Walk(request, position), func(c *xclade.Customer) string { return c.ID })
		},
	}
}

func (s *store) changingGroups(t *testing.T) changing {
	request := xclade.ListCustomerGroupsRequest{Q: s.run, Limit: 3}
	return changing{
		add: func(name string) (string, error) {
			g, err := s.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: name + " " + s.run})
			if err != nil {
				return "", err
			}
			return g.ID, nil
		},
		remove: func(id string) error { return s.CustomerGroups.Delete(context.WithoutCancel(t.Context()), id) },
		walk: func(position string) (iter.Seq2[string, error], func() string) {
			return walking(t, s.CustomerGroups.Walk(request, position), func(g *xclade.CustomerGroup) string { return g.ID })
		},
	}
}

func (s *store) changingAddresses(t *testing.T) changing {
	of := s.create(t, xclade.CreateCustomerRequest{Email: s.email("owner")}).ID
	return changing{
		add: func(name string) (string, error) {
			a, err := s.Addresses.Create(t.Context(), of, xclade.CreateAddressRequest{AddressName: name})
			if err != nil {
				return "", err
			}
			return a.ID, nil
		},
		remove: func(id string) error { return s.Addresses.Delete(context.WithoutCancel(t.Context()), of, id) },
		walk: func(position string) (iter.Seq2[string, error], func() string) {
			return walking(t, s.Addresses.Walk(of, xclade.ListAddressesRequest{Limit: 3}, position), func(a *xclade.Address) string { return a.ID })
		},
	}
}

// Rows come and go between all pages, and the walk is left and goes on from its
// position: every row that stays comes once, in the order of ids.
func walkWhileRowsComeAndGo(t *testing.T, s *store) {
	for name, list := range map[string]changing{
		"customers by id":     s.changingCustomers(t, ""),
		"customers by offset": s.changingCustomers(t, "id"),
		"groups":              s.changingGroups(t),
		"addresses":           s.changingAddresses(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list.walkUnderChange(t)
		})
	}
}

func (list changing) walkUnderChange(t *testing.T) {
	var staying, passing, came []string
	add := func(to *[]string) {
		id, err := list.add(strings.ToLower(rand.Text()[:10]))
		require.NoError(t, err)
		*to = append(*to, id)
	}
	for range 7 {
		add(&passing)
		add(&staying)
	}
	slices.Sort(staying)
	position, ended := "", false
	for lives := 0; !ended; lives++ {
		require.Less(t, lives, 20)
		rows, at := list.walk(position)
		n := 0
		ended = true
		for id, err := range rows {
			require.NoError(t, err)
			if n++; n > 5 {
				ended = false
				break
			}
			if slices.Contains(staying, id) {
				came = append(came, id)
			}
			if len(passing) > 0 { // the oldest, which stands before the place of the walk
				require.NoError(t, list.remove(passing[0]))
				passing = passing[1:]
			}
			if n == 3 && lives < 3 {
				add(&passing)
			}
		}
		position = at()
	}
	assert.Equal(t, staying, came)
	for _, id := range slices.Concat(staying, passing) {
		assert.NoError(t, list.remove(id))
	}
}

func addresses(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a")})
	first, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{
		AddressName: "Home", Company: "Acme", FirstName: "Ada", LastName: "L", Address1: "Str. 1", Address2: "2. OG", City: "Berlin",
		Province: "de-be", PostalCode: "10115", CountryCode: "de", Phone: "+4930", Metadata: map[string]any{"a": 1.0},
	})
	require.NoError(t, err)
	assert.Equal(t, &xclade.Address{
		ID: first.ID, CustomerID: customer.ID, AddressName: "Home", Company: "Acme", FirstName: "Ada", LastName: "L",
		Address1: "Str. 1", Address2: "2. OG", City: "Berlin", Province: "de-be", PostalCode: "10115", CountryCode: "de", Phone: "+4930",
		Metadata: map[string]any{"a": 1.0}, CreatedAt: first.CreatedAt, UpdatedAt: first.CreatedAt,
	}, first)
	second, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{AddressName: "Work", City: "Bonn"})
	require.NoError(t, err)

	got, err := s.Addresses.Get(t.Context(), customer.ID, first.ID)
	require.NoError(t, err)
	assert.Equal(t, first, got)

	updated, err := s.Addresses.Update(t.Context(), customer.ID, first.ID, xclade.UpdateAddressRequest{
		City: new(""), Company: new("Other"), Metadata: xclade.Value(map[string]any{"a": "", "b": true}),
	})
	require.NoError(t, err)
	assert.Equal(t, "Other", updated.Company)
	assert.Empty(t, updated.City)
	assert.Equal(t, "10115", updated.PostalCode)
	assert.Equal(t, map[string]any{"b": true}, updated.Metadata)

	list, err := s.Addresses.List(t.Context(), customer.ID, xclade.ListAddressesRequest{City: []string{"Bonn"}})
	require.NoError(t, err)
	require.Len(t, list.Addresses, 1)
	assert.Equal(t, *second, list.Addresses[0])
	var walked []string
	for a, err := range s.Addresses.All(t.Context(), customer.ID, xclade.ListAddressesRequest{Limit: 1}) {
		require.NoError(t, err)
		walked = append(walked, a.AddressName)
	}
	assert.ElementsMatch(t, []string{"Home", "Work"}, walked)

	require.NoError(t, s.Addresses.Delete(t.Context(), customer.ID, second.ID))
	_, err = s.Addresses.Get(t.Context(), customer.ID, second.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func defaultAddresses(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a")})
	first, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{City: "A", IsDefaultBilling: true, IsDefaultShipping: true})
	require.NoError(t, err)
	assert.True(t, first.IsDefaultBilling && first.IsDefaultShipping)
	second, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{City: "B", IsDefaultBilling: true})
	require.NoError(t, err)
	assert.True(t, second.IsDefaultBilling && !second.IsDefaultShipping)
	first, err = s.Addresses.Get(t.Context(), customer.ID, first.ID)
	require.NoError(t, err)
	assert.True(t, !first.IsDefaultBilling && first.IsDefaultShipping)
	second, err = s.Addresses.Update(t.Context(), customer.ID, second.ID, xclade.UpdateAddressRequest{IsDefaultBilling: new(false)})
	require.NoError(t, err)
	assert.False(t, second.IsDefaultBilling)
}

// What the server answers with success and does not do is an error here.
func notDone(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a")})
	other := s.create(t, xclade.CreateCustomerRequest{Email: s.email("b")})
	address, err := s.Addresses.Create(t.Context(), customer.ID, xclade.CreateAddressRequest{City: "A"})
	require.NoError(t, err)

	_, err = s.Addresses.Get(t.Context(), other.ID, address.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = s.Addresses.Update(t.Context(), other.ID, address.ID, xclade.UpdateAddressRequest{City: new("B")})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = s.Addresses.Update(t.Context(), customer.ID, "cuaddr_01NOSUCH", xclade.UpdateAddressRequest{City: new("B")})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = s.Addresses.Create(t.Context(), "cus_01NOSUCH", xclade.CreateAddressRequest{City: "A"})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = s.Customers.UpdateGroups(t.Context(), "cus_01NOSUCH", xclade.UpdateMembersRequest{Remove: []string{"cusgroup_01NOSUCH"}})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	list, err := s.Addresses.List(t.Context(), "cus_01NOSUCH", xclade.ListAddressesRequest{})
	require.NoError(t, err)
	assert.Empty(t, list.Addresses)
	unchanged, err := s.Addresses.Get(t.Context(), customer.ID, address.ID)
	require.NoError(t, err)
	assert.Equal(t, "A", unchanged.City)
}

func groups(t *testing.T, s *store) {
	one := s.create(t, xclade.CreateCustomerRequest{Email: s.email("one")})
	two := s.create(t, xclade.CreateCustomerRequest{Email: s.email("two")})
	group := s.createGroup(t, "VIP")
	_, err := s.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: group.Name})
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)

	members := xclade.Fields{Relations: []string{"customers"}}
	with, err := s.CustomerGroups.UpdateCustomers(t.Context(), group.ID, xclade.UpdateMembersRequest{Add: []string{one.ID, two.ID, one.ID}, Fields: members})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{one.ID, two.ID}, ids(with.Customers))
	with, err = s.CustomerGroups.UpdateCustomers(t.Context(), group.ID, xclade.UpdateMembersRequest{Remove: []string{two.ID, "cus_01NOSUCH"}, Fields: members})
	require.NoError(t, err)
	assert.Equal(t, []string{one.ID}, ids(with.Customers))
	_, err = s.CustomerGroups.UpdateCustomers(t.Context(), group.ID, xclade.UpdateMembersRequest{Add: []string{two.ID, "cus_01NOSUCH"}})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	assert.Empty(t, s.get(t, two.ID, "groups").Groups, "nothing of a request with an unknown id is kept")

	joined, err := s.Customers.UpdateGroups(t.Context(), two.ID, xclade.UpdateMembersRequest{Add: []string{group.ID}, Fields: xclade.Fields{Relations: []string{"groups"}}})
	require.NoError(t, err)
	require.Len(t, joined.Groups, 1)
	assert.Equal(t, group.Name, joined.Groups[0].Name)

	renamed, err := s.CustomerGroups.Update(t.Context(), group.ID, xclade.UpdateCustomerGroupRequest{
		Name: new("Gold " + s.run), Metadata: xclade.Value(map[string]any{"k": "v"}),
	})
	require.NoError(t, err)
	assert.Equal(t, "Gold "+s.run, renamed.Name)
	assert.Equal(t, map[string]any{"k": "v"}, renamed.Metadata)
	got, err := s.CustomerGroups.Get(t.Context(), group.ID, xclade.GetCustomerGroupRequest{})
	require.NoError(t, err)
	assert.Equal(t, renamed, got)

	require.NoError(t, s.CustomerGroups.Delete(t.Context(), group.ID))
	_, err = s.CustomerGroups.Get(t.Context(), group.ID, xclade.GetCustomerGroupRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	assert.Empty(t, s.get(t, one.ID, "groups").Groups)
	_, err = s.CustomerGroups.Update(t.Context(), "cusgroup_01NOSUCH", xclade.UpdateCustomerGroupRequest{Name: new("x")})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func groupFilters(t *testing.T, s *store) {
	member := s.create(t, xclade.CreateCustomerRequest{Email: s.email("member")})
	s.create(t, xclade.CreateCustomerRequest{Email: s.email("other")})
	gold, silver := s.createGroup(t, "Gold"), s.createGroup(t, "Silver")
	_, err := s.CustomerGroups.UpdateCustomers(t.Context(), gold.ID, xclade.UpdateMembersRequest{Add: []string{member.ID}})
	require.NoError(t, err)
	groupIDs := func(req xclade.ListCustomerGroupsRequest) []string {
		got := []string{}
		for g, err := range s.CustomerGroups.All(t.Context(), req) {
			require.NoError(t, err)
			got = append(got, g.ID)
		}
		return got
	}
	with := func(f xclade.CustomerGroupFilter) xclade.ListCustomerGroupsRequest {
		return xclade.ListCustomerGroupsRequest{CustomerGroupFilter: f}
	}
	assert.Equal(t, []string{gold.ID}, groupIDs(with(xclade.CustomerGroupFilter{Name: []string{gold.Name}})))
	assert.ElementsMatch(t, []string{gold.ID, silver.ID}, groupIDs(with(xclade.CustomerGroupFilter{ID: []string{gold.ID, silver.ID}})))
	assert.ElementsMatch(t, []string{gold.ID, silver.ID}, groupIDs(xclade.ListCustomerGroupsRequest{Q: s.run, Limit: 1}))
	assert.Equal(t, []string{gold.ID}, groupIDs(with(xclade.CustomerGroupFilter{Customers: xclade.CustomerMatch{ID: []string{member.ID}}})))
	assert.Equal(t, []string{gold.ID}, groupIDs(with(xclade.CustomerGroupFilter{Customers: xclade.CustomerMatch{Email: xclade.Match{Like: "member." + s.run + "%"}}})))
	assert.Equal(t, []string{silver.ID}, groupIDs(xclade.ListCustomerGroupsRequest{Or: []xclade.CustomerGroupFilter{{Name: []string{silver.Name}}}}))

	byGroup := func(m xclade.GroupMatch) []string {
		return s.list(t, xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Groups: m}})
	}
	assert.Equal(t, []string{member.ID}, byGroup(xclade.GroupMatch{ID: []string{gold.ID}}))
	assert.Equal(t, []string{member.ID}, byGroup(xclade.GroupMatch{ID: []string{gold.ID, silver.ID}}))
	assert.Equal(t, []string{member.ID}, byGroup(xclade.GroupMatch{Name: []string{gold.Name}}))
	assert.Empty(t, byGroup(xclade.GroupMatch{ID: []string{silver.ID}}))
}

// Somebody is found by an address in any letter case, and by a number in any spelling.
func find(t *testing.T, s *store) {
	number := "+49 30 " + digits(s.run)
	customer := s.create(t, xclade.CreateCustomerRequest{Email: "Ada." + s.email("a"), FirstName: "A", Phone: number})
	s.create(t, xclade.CreateCustomerRequest{Email: "x" + customer.Email, Phone: number + "0"})
	for _, address := range []string{customer.Email, strings.ToUpper(customer.Email), " " + strings.ToLower(customer.Email) + "\n"} {
		found, err := s.Customers.GetByEmail(t.Context(), address)
		require.NoError(t, err, "%q", address)
		assert.Equal(t, customer, found)
	}
	for _, phone := range []string{number, strings.ReplaceAll(number, " ", ""), strings.Replace(number, "+", "00", 1), "(+49) 30-" + digits(s.run)} {
		found, err := s.Customers.GetByPhone(t.Context(), phone)
		require.NoError(t, err, "%q", phone)
		assert.Equal(t, customer, found)
	}
	for _, part := range []string{"da." + s.email("a"), "Ada%" + s.email("a"), "Ada_" + s.email("a")} {
		_, err := s.Customers.GetByEmail(t.Context(), part)
		assert.ErrorIs(t, err, souk.ErrNotFound, "%q", part)
	}
	_, err := s.Customers.GetByPhone(t.Context(), number[:len(number)-1])
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

// digits makes ten digits of a text.
func digits(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return fmt.Sprintf("%010d", h.Sum64()%10_000_000_000)
}

// The phone does not say who somebody is; who is there is not changed.
func ensure(t *testing.T, s *store) {
	req := xclade.CreateCustomerRequest{Email: s.email("a"), FirstName: "A", Phone: "+49 30 " + digits(s.run)}
	first, created, err := s.Customers.Ensure(t.Context(), req)
	require.NoError(t, err)
	s.deleteLater(t, first.ID)
	assert.True(t, created)
	again, created, err := s.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: strings.ToUpper(req.Email), FirstName: "B"})
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, first, again)
	other, created, err := s.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: s.email("b"), Phone: req.Phone})
	require.NoError(t, err)
	s.deleteLater(t, other.ID)
	assert.True(t, created)
	assert.NotEqual(t, first.ID, other.ID)
}

func upsert(t *testing.T, s *store) {
	req := xclade.CreateCustomerRequest{Email: s.email("a"), FirstName: "A", Metadata: map[string]any{"n": 1, "list": []any{"x", true}}}
	first, change, err := s.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	s.deleteLater(t, first.ID)
	assert.Equal(t, souk.Created, change)
	same, change, err := s.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, souk.Unchanged, change, "what comes back is what was sent")
	assert.Equal(t, first, same)

	req.Email, req.FirstName, req.LastName, req.CompanyName = strings.ToUpper(req.Email), "B", "C", "D"
	req.Metadata = map[string]any{"list": "", "more": "x", "absent": ""}
	changed, change, err := s.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, souk.Updated, change)
	want := *first
	want.FirstName, want.LastName, want.CompanyName, want.UpdatedAt = "B", "C", "D", changed.UpdatedAt
	want.Metadata = map[string]any{"n": 1.0, "more": "x"}
	assert.Equal(t, &want, changed)
	assert.Equal(t, changed, s.get(t, first.ID))
	_, change, err = s.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, souk.Unchanged, change)
}

// Many callers ensure the same customer: one is created, all get it.
func ensureAllAtOnce(t *testing.T, s *store) {
	var mu sync.Mutex
	got := make(map[string]int)
	creations := 0
	var callers sync.WaitGroup
	for range 12 {
		callers.Go(func() {
			customer, created, err := s.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: s.email("a")})
			mu.Lock()
			defer mu.Unlock()
			if !assert.NoError(t, err) {
				return
			}
			got[customer.ID]++
			if created {
				creations++
				s.deleteLater(t, customer.ID)
			}
		})
	}
	callers.Wait()
	assert.Len(t, got, 1)
	assert.Equal(t, 1, creations)
}

func serverErrors(t *testing.T, s *store) {
	_, err := s.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: "not an address"})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, "invalid_data", requireError(t, err).Code)

	_, err = s.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: s.email("big"), FirstName: strings.Repeat("x", 110<<10)})
	assert.Equal(t, 413, requireError(t, err).StatusCode)

	err = s.Do(t.Context(), "GET", "/admin/customers", url.Values{"no_such_parameter": {"1"}}, nil, nil)
	assert.ErrorIs(t, err, souk.ErrInvalid)
	err = s.Do(t.Context(), "GET", "/admin/no-such-place", nil, nil, nil)
	assert.ErrorIs(t, err, souk.ErrNotFound)

	wrong := s.config
	wrong.Email, wrong.Password, wrong.APIKey, wrong.Token = "", "", "", "no.such.token"
	stranger, err := xclade.NewClient(wrong)
	require.NoError(t, err)
	_, err = stranger.Customers.List(t.Context(), xclade.ListCustomersRequest{})
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.Equal(t, 1, requireError(t, err).Attempts)
	_, err = stranger.Auth.Login(t.Context(), xclade.LoginRequest{Email: s.email("nobody"), Password: "wrong"})
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

func ownEndPoint(t *testing.T, s *store) {
	customer := s.create(t, xclade.CreateCustomerRequest{Email: s.email("a")})
	var out struct {
		Customer struct{ Email string }
	}
	require.NoError(t, s.Do(t.Context(), "GET", "/admin/customers/"+customer.ID, url.Values{"fields": {"email"}}, nil, &out))
	assert.Equal(t, s.email("a"), out.Customer.Email)
}

func token(t *testing.T, s *store) {
	if s.config.Email == "" {
		return
	}
	first, err := s.Auth.Login(t.Context(), xclade.LoginRequest{Email: s.config.Email, Password: s.config.Password})
	require.NoError(t, err)
	assert.True(t, first.ExpiresAt.After(time.Now()))
	second, err := s.Auth.Refresh(t.Context(), xclade.RefreshRequest{Token: first.Token})
	require.NoError(t, err)
	assert.False(t, second.ExpiresAt.Before(first.ExpiresAt))
	own, err := s.Auth.Refresh(t.Context(), xclade.RefreshRequest{})
	require.NoError(t, err)
	assert.NotEmpty(t, own.Token)

	config := s.config
	config.Email, config.Password, config.Token = "", "", second.Token
	client, err := xclade.NewClient(config)
	require.NoError(t, err)
	_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{Limit: 1})
	assert.NoError(t, err)
}
