package xclade_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	create := testkit.Request{Method: "POST", URL: host + "/admin/customers", Body: json.RawMessage(`{"email":"ada@example.test"}`)}
	lookup := testkit.Request{URL: host + "/admin/customers", Query: url.Values{"email": {"ada@example.test"}, "has_account": {"false"}, "limit": {"1"}}}
	const (
		nobody    = `{"customers":[],"count":0,"offset":0,"limit":1}`
		found     = `{"customers":[{"id":"cus_old","email":"ada@example.test"}],"count":1,"offset":0,"limit":1}`
		forbidden = `{"type":"forbidden","message":"Forbidden"}`
		stranger  = `{"customers":[{"id":"cus_other","email":"bob@example.test"}],"count":1,"offset":0,"limit":1}`
		idless    = `{"customers":[{"email":"ada@example.test"}],"count":1,"offset":0,"limit":1}`
	)
	tests := []struct {
		name    string
		script  func(*testkit.Gock)
		id      string
		created bool
		err     error
	}{
		{"new", func(g *testkit.Gock) {
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"there already", func(g *testkit.Gock) {
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer lost, done", func(g *testkit.Gock) {
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer lost, not done", func(g *testkit.Gock) {
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"answer lost, done late", func(g *testkit.Gock) {
			g.Expect(create).JSON(502, "")
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answer unreadable", func(g *testkit.Gock) {
			g.Expect(create).Body(200, "text/html", []byte("<html>"))
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"refused", func(g *testkit.Gock) {
			g.Expect(create).Fixture(400, "error_invalid.json")
			g.Expect(lookup).JSON(200, nobody)
		}, "", false, souk.ErrInvalid},
		// What the server says when an address is taken is not relied upon.
		{"there already, in other words", func(g *testkit.Gock) {
			g.Expect(create).JSON(400, `{"type":"invalid_data","message":"This address is in use"}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"two at once", func(g *testkit.Gock) {
			g.Expect(create).JSON(409, `{"code":"invalid_state_error","type":"conflict","message":"The request conflicted with another request."}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"not allowed", func(g *testkit.Gock) {
			g.Expect(create).JSON(403, forbidden)
		}, "", false, souk.ErrForbidden},
		{"refused by a proxy", func(g *testkit.Gock) {
			g.Expect(create).Body(400, "text/html", []byte("<html>Bad Request"))
		}, "", false, souk.ErrUnreadable},
		{"answered with nobody", func(g *testkit.Gock) {
			g.Expect(create).JSON(200, `{"customer":{}}`)
			g.Expect(lookup).JSON(200, found)
		}, "cus_old", false, nil},
		{"answered with nothing", func(g *testkit.Gock) {
			g.Expect(create).JSON(200, `{}`)
			g.Expect(lookup).JSON(200, nobody)
			g.Expect(create).JSON(200, `{"customer":{"id":"cus_new"}}`)
		}, "cus_new", true, nil},
		{"look-up fails", func(g *testkit.Gock) {
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(403, forbidden)
		}, "", false, souk.ErrOutcomeUnknown},
		{"look-up fails for a while", func(g *testkit.Gock) {
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).Status(502)
		}, "", false, souk.ErrUnavailable},
		{"look-up is answered by somebody else", func(g *testkit.Gock) {
			g.Expect(create).Drop()
			g.Expect(lookup).JSON(200, `{}`)
		}, "", false, souk.ErrOutcomeUnknown},
		{"look-up brings a stranger", func(g *testkit.Gock) {
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, stranger)
		}, "", false, souk.ErrUnreadable},
		{"look-up brings somebody without an id", func(g *testkit.Gock) {
			g.Expect(create).Fixture(400, "error_duplicate_email.json")
			g.Expect(lookup).JSON(200, idless)
		}, "", false, souk.ErrUnreadable},
		{"never settled", func(g *testkit.Gock) {
			g.Expect(create).Drop().Times(3)
			g.Expect(lookup).JSON(200, nobody).Times(3)
		}, "", false, souk.ErrOutcomeUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			tt.script(gock)

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test"})

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

// Of a request that leaves the e-mail address out the look-up cannot be compared.
func TestEnsureWithoutTheEMailAddress(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]xclade.Fields{
		"only":   {Only: []string{"first_name"}},
		"remove": {Remove: []string{"email"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &script{answers: []reply{
				{status: 400, body: string(testkit.Fixture(t, "error_duplicate_email.json"))},
				{status: 200, body: `{"customers":[{"id":"cus_old"}],"count":1,"offset":0,"limit":1}`},
			}}

			customer, created, err := scripted(t, server).Customers.Ensure(t.Context(), xclade.CreateCustomerRequest{Email: "ada@example.test", Fields: fields})

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, "cus_old", customer.ID)
		})
	}
}
