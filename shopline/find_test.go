package shopline_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	byEmail := shopline.CreateCustomerRequest{Email: "jerry@example.com"}
	byPhone := shopline.CreateCustomerRequest{Phone: "0085253657436"}
	byBoth := shopline.CreateCustomerRequest{Email: "other@example.com", Phone: "0085253657436"}
	create := func(g *testkit.Gock, req shopline.CreateCustomerRequest) *testkit.Reply {
		return g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: map[string]any{"customer": req}})
	}
	email := func(g *testkit.Gock, address string) *testkit.Reply {
		return g.Expect(testkit.Request{
			Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: map[string]any{"email": address},
		})
	}
	phone := func(g *testkit.Gock) *testkit.Reply {
		return g.Expect(testkit.Request{URL: base + "/customers/v2/search.json", Query: url.Values{
			"query_param": {"0085253657436"}, "limit": {"250"},
		}})
	}
	const strange = `{"errors":"1024: parameter check"}`
	const stranger = `{"customers":[{"id":"1","phone":"00852536574361"},{"id":"2","phone":"0085253657436","email":"jerry@example.com"}]}`
	for _, test := range []struct {
		name    string
		req     shopline.CreateCustomerRequest
		expect  func(*testkit.Gock)
		id      string
		created bool
		err     error
	}{
		{
			name: "a new customer", req: byEmail, id: "2791748138", created: true,
			expect: func(g *testkit.Gock) { create(g, byEmail).Fixture(200, "customer_create.json") },
		},
		{
			name: "one who is there, whatever the refusal says", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				create(g, byEmail).JSON(422, strange)
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "a refusal for another reason", req: byEmail, err: souk.ErrInvalid,
			expect: func(g *testkit.Gock) {
				create(g, byEmail).JSON(422, strange)
				email(g, "jerry@example.com").JSON(404, `{"errors":"not found"}`)
			},
		},
		{
			name: "a lost answer to a creation that happened", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "a lost answer to a creation that did not happen", req: byEmail, id: "2791748138", created: true,
			expect: func(g *testkit.Gock) {
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").JSON(404, `{"errors":"not found"}`)
				create(g, byEmail).Fixture(200, "customer_create.json")
			},
		},
		{
			name: "a creation that happens late", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").JSON(404, `{"errors":"not found"}`)
				create(g, byEmail).JSON(422, `{"errors":"email exists"}`)
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "answers that are lost for ever", req: byEmail, err: souk.ErrOutcomeUnknown,
			expect: func(g *testkit.Gock) {
				create(g, byEmail).Drop().Times(3)
				email(g, "jerry@example.com").JSON(404, `{"errors":"not found"}`).Times(3)
			},
		},
		{
			name: "a look-up that fails", req: byEmail, err: souk.ErrForbidden,
			expect: func(g *testkit.Gock) {
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").JSON(403, `{"errors":"no scope"}`)
			},
		},
		{
			name: "a stranger with a similar e-mail address", req: byEmail, err: souk.ErrInvalid,
			expect: func(g *testkit.Gock) {
				create(g, byEmail).JSON(422, strange)
				email(g, "jerry@example.com").JSON(200, `{"customer":{"id":"1","email":"jerry@example.co"}}`)
			},
		},
		{
			name: "a phone number that is there", req: byPhone, id: "2",
			expect: func(g *testkit.Gock) {
				create(g, byPhone).JSON(422, strange)
				phone(g).JSON(200, stranger)
			},
		},
		{
			name: "a phone number that a customer with another e-mail address has", req: byBoth, err: souk.ErrInvalid,
			expect: func(g *testkit.Gock) {
				create(g, byBoth).JSON(422, strange)
				email(g, "other@example.com").JSON(404, `{"errors":"not found"}`)
				phone(g).JSON(200, stranger)
			},
		},
		{
			name: "a refusal that has nothing to do with it", req: byEmail, err: souk.ErrForbidden,
			expect: func(g *testkit.Gock) { create(g, byEmail).JSON(403, `{"errors":"no scope"}`) },
		},
		{
			name: "a request that is wrong", err: souk.ErrInvalid,
			expect: func(*testkit.Gock) {},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client(), MaxAttempts: 1}})
			require.NoError(t, err)
			test.expect(g)

			customer, created, err := client.Customers.Ensure(t.Context(), test.req)

			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.created, created)
			if test.err != nil {
				assert.Nil(t, customer)
				return
			}
			require.NotNil(t, customer)
			assert.Equal(t, test.id, customer.ID)
		})
	}
}

func TestEnsureFindsAPhoneNumberInAnySpelling(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	req := shopline.CreateCustomerRequest{Phone: "+852 5365 7436"}
	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: map[string]any{"customer": req}}).JSON(http.StatusUnprocessableEntity, `{"errors":"1024: parameter check"}`)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?query_param=0085253657436&limit=250"}).
		JSON(200, `{"customers":[{"id":"2","phone":"0085253657436"}]}`)

	customer, created, err := client.Customers.Ensure(t.Context(), req)

	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, "2", customer.ID)
}
