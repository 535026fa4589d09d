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
	const nobody, found = `{"customers":[],"count":0}`, `{"customers":[{"id":"cus_old"}],"count":1}`
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
		}, "", false, souk.ErrInvalid},
		{"look-up fails", func(g *testkit.Gock) {
			g.Expect(create).Drop()
			g.Expect(lookup).Status(403)
		}, "", false, souk.ErrOutcomeUnknown},
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
