package xclade_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
)

const nobody = `{"customers":[],"count":0,"offset":0,"limit":100}`

// searching is a look-up by a text.
func searching(q string) testkit.Request {
	return testkit.Request{URL: host + "/admin/customers", Query: url.Values{"q": {q}, "limit": {"100"}}}
}

func TestEnsure(t *testing.T) {
	t.Parallel()
	create := testkit.Request{Method: "POST", URL: host + "/admin/customers", Body: json.RawMessage(`{"email":"ada@example.test"}`)}
	lookup := searching("ada@example.test")
	const (
		found     = `{"customers":[{"id":"cus_old","email":"ada@example.test"}],"count":1,"offset":0,"limit":100}`
		forbidden = `{"type":"forbidden","message":"Forbidden"}`
		stranger  = `{"customers":[{"id":"cus_other","email":"bada@example.test"}],"count":1,"offset":0,"limit":100}`
		idless    = `{"customers":[{"email":"ada@example.test"}],"count":1,"offset":0,"limit":100}`
	)
	tests := []struct {
		name    string
		script  func(*testkit.Gock)
		id      string
		created bool
		err     error
	}{
		{"there already", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"new", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"there meanwhile", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer lost, done", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer lost, not done", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody).Times(2)
			g.Expect(create).Drop()
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"answer lost, done late", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody).Times(2)
			g.Expect(create).JSON(502, "")
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer unreadable", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Body(200, "text/html", []byte("<html>"))
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"refused", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody).Times(2)
			g.Expect(create).Fixture(400, "error_invalid.json")
		}, "", false, souk.ErrInvalid},
		// What the server says when an address is taken is not relied upon.
		{"there meanwhile, in other words", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(400, `{"type":"invalid_data","message":"This address is in use"}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"two at once", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(409, `{"code":"invalid_state_error","type":"conflict","message":"The request conflicted with another request."}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"not allowed", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(403, forbidden)
		}, "", false, souk.ErrForbidden},
		{"refused by a proxy", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Body(400, "text/html", []byte("<html>Bad Request"))
		}, "", false, souk.ErrUnreadable},
		{"answered with nobody", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(200, `{"customer":{}}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answered with nothing", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody).Times(2)
			g.Expect(create).JSON(200, `{}`)
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"look-up fails", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(403, forbidden)
		}, "", false, souk.ErrOutcomeUnknown},
		{"look-up fails for a while", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).Status(502)
		}, "", false, souk.ErrUnavailable},
		{"look-up is answered by somebody else", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(200, `{}`)
		}, "", false, souk.ErrOutcomeUnknown},
		{"look-up brings strangers", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, stranger)
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"look-up brings somebody without an id", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, idless)
		}, "", false, souk.ErrUnreadable},
		{"never settled", func(g *testkit.Gock) {
			g.Expect(lookup).JSON(200, nobody).Times(4)
			g.Expect(create).Drop().Times(3)
		}, "", false, souk.ErrOutcomeUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			tt.script(gock)

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: " ada@example.test\n"})

			assert.Equal(t, tt.created, created)
			if tt.err != nil {
				assert.ErrorIs(t, err, tt.err)
				assert.Nil(t, customer)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.id, customer.ID)
		})
	}
}

// A request that selects fields receives all of whoever was there: it is by them that
// customers are compared.
func TestEnsureLooksUpAllFields(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fields xclade.Fields
		want   string
	}{
		"only":   {xclade.Fields{Only: []string{"first_name", "addresses.city"}}, "+first_name,+addresses.city"},
		"remove": {xclade.Fields{Remove: []string{"email"}}, ""},
		"more":   {xclade.Fields{Add: []string{"addresses.id"}, Relations: []string{"groups"}}, "+addresses.id,*groups"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			lookup := searching("ada@example.test")
			if tt.want != "" {
				lookup.Query.Set("fields", tt.want)
			}
			gock.Expect(lookup).JSON(200, `{"customers":[{"id":"cus_old","email":"ada@example.test"}],"count":1,"offset":0,"limit":100}`)

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test", Fields: tt.fields})

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, "cus_old", customer.ID)
		})
	}
}

func TestEnsureChecksTheRequestFirst(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	client := newClient(t, gock)
	for _, tt := range []struct {
		request xclade.CreateCustomerRequest
		want    string
	}{
		{xclade.CreateCustomerRequest{}, "Email: must not be empty"},
		{xclade.CreateCustomerRequest{Phone: "+49 30 123456"}, "Email: must not be empty"},
		{xclade.CreateCustomerRequest{Email: "n/a"}, "Email: must be an e-mail address"},
		{xclade.CreateCustomerRequest{Email: " "}, "Email: must be an e-mail address"},
		{xclade.CreateCustomerRequest{Email: "a@b.example", Phone: "\x00"}, "Phone: must not contain the character NUL, which the server cannot store"},
	} {
		_, _, err := client.Customers.Ensure(t.Context(), tt.request)
		assert.EqualError(t, err, "xclade: POST /admin/customers: invalid; "+tt.want)
		_, change, err := client.Customers.Upsert(t.Context(), tt.request)
		assert.EqualError(t, err, "xclade: POST /admin/customers: invalid; "+tt.want)
		assert.Empty(t, change)
	}
	_, _, err := client.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "a@b.example", Metadata: map[string]any{"f": func() {}}})
	assert.ErrorIs(t, err, souk.ErrInvalid, "before anything is sent")

	for _, text := range []string{"", " ", "n/a", "@"} {
		_, err := client.Customers.GetByEmail(t.Context(), text)
		assert.EqualError(t, err, "xclade: GET /admin/customers: invalid; email: must be an e-mail address")
		_, err = client.Customers.GetByPhone(t.Context(), text)
		assert.EqualError(t, err, "xclade: GET /admin/customers: invalid; phone: must be a phone number")
	}
}

// Letter case makes nobody another person, and somebody with an account goes before
// guests.
func TestWhoIsFoundByEMail(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		guests   []string
		accounts []string
		want     string // "" for nobody
	}{
		{"in another letter case", []string{"Ada@Example.test"}, nil, "Ada@Example.test"},
		{"written in the same way", []string{"ADA@example.test", "ada@example.test", "Ada@example.test"}, nil, "ada@example.test"},
		{"the oldest", []string{"ADA@example.test", "Ada@example.test"}, nil, "ADA@example.test"},
		{"with an account", []string{"ada@example.test"}, []string{"ADA@example.test"}, "ADA@example.test"},
		{"nobody similar", []string{"bada@example.test", "ada@example.test.example", "a_a@example.test"}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server, client := newServer(t)
			for _, email := range tt.guests {
				_, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: email})
				require.NoError(t, err)
			}
			for _, email := range tt.accounts {
				_, err := server.AddAccount(email)
				require.NoError(t, err)
			}

			found, err := client.Customers.GetByEmail(t.Context(), " ada@example.test")
			if tt.want == "" {
				assert.Nil(t, found)
				assert.ErrorIs(t, err, souk.ErrNotFound)
				assert.EqualError(t, err, "xclade: GET /admin/customers: 200 not found: no customer has this e-mail address")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, found.Email)

			ensured, created, err := client.Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})
			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, found, ensured)
		})
	}
}

func TestWhoIsFoundByPhone(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	for i, phone := range []string{"+49 30 1234567", "n/a", "004930 123456", "+49-30-123456", "4930x123456"} {
		_, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: fmt.Sprint("a", i, "@example.test"), Phone: phone})
		require.NoError(t, err)
	}
	for _, spelling := range []string{"+49 30 123456", "00493012 3456", "4930123456", "+٤٩٣٠١٢٣٤٥٦"} {
		found, err := client.Customers.GetByPhone(t.Context(), spelling)
		require.NoError(t, err, spelling)
		assert.Equal(t, "004930 123456", found.Phone, "the oldest")
	}
	found, err := client.Customers.GetByPhone(t.Context(), "+49 30 12345")
	assert.Nil(t, found)
	assert.EqualError(t, err, "xclade: GET /admin/customers: 200 not found: no customer has this phone number")

	account, err := server.AddAccount("b@example.test")
	require.NoError(t, err)
	_, err = client.Customers.Update(t.Context(), account, xclade.UpdateCustomerRequest{Phone: new("(+49) 30/123456")})
	require.NoError(t, err)
	found, err = client.Customers.GetByPhone(t.Context(), "4930123456")
	require.NoError(t, err)
	assert.Equal(t, account, found.ID, "an account goes before guests")
}

// Whoever is wanted may stand on any page of the search.
func TestASearchOfManyPages(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	server.Seed(150)
	account, err := server.AddAccount("1@example.test")
	require.NoError(t, err)

	found, err := client.Customers.GetByEmail(t.Context(), "1@example.test")

	require.NoError(t, err)
	assert.Equal(t, account, found.ID)
}

// A row that cannot be read may be the one, but not if somebody else is.
func TestASearchWithARowThatCannotBeRead(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	const row = `{"id":"cus_1","email":"ada@example.test"}`
	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 200, Body: `{"customers":[{"id":"cus_2","email":{"a":1}},` + row + `],"count":2,"offset":0,"limit":100}`})
	found, err := client.Customers.GetByEmail(t.Context(), "ada@example.test")
	require.NoError(t, err)
	assert.Equal(t, "cus_1", found.ID)

	server.Inject(souktest.Fault{Operation: "Customers.List", Status: 200, Body: `{"customers":[{"id":"cus_2","email":{"a":1}}],"count":1,"offset":0,"limit":100}`})
	found, err = client.Customers.GetByEmail(t.Context(), "ada@example.test")
	assert.Nil(t, found)
	assert.ErrorIs(t, err, souk.ErrUnreadable)
	assert.NotErrorIs(t, err, souk.ErrNotFound)
}

func TestUpsertChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	type request = xclade.CreateCustomerRequest
	type object = map[string]any
	const there = `{"customers":[{"id":"cus_2","email":"Ada@example.test","company_name":"Acme","first_name":"Ada","last_name":"Lovelace","phone":"+49 30 1",
		"metadata":{"tier":"gold","n":1,"list":[1,"a"],"none":null}}],"count":1,"offset":0,"limit":100}`
	same := request{
		Email: "ada@example.test", CompanyName: "Acme", FirstName: "Ada", LastName: "Lovelace", Phone: "+49 30 1",
		Metadata:       object{"tier": "gold", "n": int64(1), "list": []any{1, "a"}, "none": nil, "gone": ""},
		AdditionalData: object{"a": 1},
	}
	for _, tt := range []struct {
		name   string
		change func(*request)
		sent   string // "" for nothing
	}{
		{"nothing to compare", func(r *request) { *r = request{Email: r.Email} }, ``},
		{"the same", func(*request) {}, ``},
		{"company", func(r *request) { r.CompanyName = "Other" }, `{"company_name":"Other","additional_data":{"a":1}}`},
		{
			"names", func(r *request) { r.FirstName, r.LastName, r.AdditionalData = "Grace", "Hopper", nil },
			`{"first_name":"Grace","last_name":"Hopper"}`,
		},
		{"phone, which is free text", func(r *request) { r.Phone, r.AdditionalData = "n/a", nil }, `{"phone":"n/a"}`},
		{
			"metadata", func(r *request) {
				r.Metadata, r.AdditionalData = object{"tier": "", "n": 2, "new": true, "list": []any{1, "a"}}, nil
			},
			`{"metadata":{"tier":"","n":2,"new":true}}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			req := same
			tt.change(&req)
			gock.Expect(searching("ada@example.test")).JSON(200, there)
			want := souk.Unchanged
			if tt.sent != "" {
				want = souk.Updated
				gock.Expect(testkit.Request{Method: "POST", URL: host + "/admin/customers/cus_2", Body: json.RawMessage(tt.sent)}).JSON(200, `{"customer":{"id":"cus_2"}}`)
			}

			customer, change, err := newClient(t, gock).Customers.Upsert(t.Context(), req)

			require.NoError(t, err)
			assert.Equal(t, want, change)
			assert.Equal(t, "cus_2", customer.ID)
		})
	}
}

func TestUpsertCreatesThenChangesThenDoesNothing(t *testing.T) {
	t.Parallel()
	server, client := newServer(t)
	req := xclade.CreateCustomerRequest{Email: "Ada@example.test", FirstName: "Ada", Metadata: map[string]any{"tier": "gold"}, Fields: xclade.Fields{Only: []string{"id"}}}
	for _, want := range []souk.Change{souk.Created, souk.Unchanged} {
		_, change, err := client.Customers.Upsert(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, want, change)
	}
	req.Email, req.FirstName, req.Metadata = "ADA@example.test", "Grace", map[string]any{"tier": ""}
	changed, change, err := client.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, souk.Updated, change)
	assert.Empty(t, changed.Email, "Fields select what the update answers")
	got, err := client.Customers.GetByEmail(t.Context(), req.Email)
	require.NoError(t, err)
	assert.Equal(t, []any{"Ada@example.test", "Grace", map[string]any{}}, []any{got.Email, got.FirstName, got.Metadata})
	before := len(server.Requests())
	_, change, err = client.Customers.Upsert(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, souk.Unchanged, change)
	assert.Len(t, server.Requests(), before+1)
}
