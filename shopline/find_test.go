package shopline_test

import (
	"net/url"
	"testing"
	"time"

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
	const created = `{"customer":{"id":"2791748138","email":"JERRY@example.com"}}`
	const nobody = `{"errors":"not found"}`
	const noRows = `{"customers":[]}`
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
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).JSON(200, created)
			},
		},
		{
			name: "an answer about another customer to a creation that happened", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).Fixture(200, "customer_create.json")
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "one who is there", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) { email(g, "jerry@example.com").Fixture(200, "customer_by_email.json") },
		},
		{
			name: "one who came meanwhile, whatever the refusal says", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).JSON(422, strange)
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "a refusal for another reason", req: byEmail, err: souk.ErrInvalid,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody).Times(2)
				create(g, byEmail).JSON(422, strange)
			},
		},
		{
			name: "a lost answer to a creation that happened", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "a lost answer to a creation that did not happen", req: byEmail, id: "2791748138", created: true,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody).Times(2)
				create(g, byEmail).Drop()
				create(g, byEmail).JSON(200, created)
			},
		},
		{
			name: "a creation that happens late", req: byEmail, id: "2791641345",
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody).Times(2)
				create(g, byEmail).Drop()
				create(g, byEmail).JSON(422, `{"errors":"email exists"}`)
				email(g, "jerry@example.com").Fixture(200, "customer_by_email.json")
			},
		},
		{
			name: "answers that are lost for ever", req: byEmail, err: souk.ErrOutcomeUnknown,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody).Times(4)
				create(g, byEmail).Drop().Times(3)
			},
		},
		{
			name: "a look-up that fails", req: byEmail, err: souk.ErrForbidden,
			expect: func(g *testkit.Gock) { email(g, "jerry@example.com").JSON(403, `{"errors":"no scope"}`) },
		},
		{
			name: "a look-up that fails after a lost answer", req: byEmail, err: souk.ErrOutcomeUnknown,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).Drop()
				email(g, "jerry@example.com").JSON(403, `{"errors":"no scope"}`)
			},
		},
		{
			name: "a stranger with a similar e-mail address", req: byEmail, err: souk.ErrInvalid,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(200, `{"customer":{"id":"1","email":"jerry@example.co"}}`).Times(2)
				create(g, byEmail).JSON(422, strange)
			},
		},
		{
			name: "a phone number that is there", req: byPhone, id: "2",
			expect: func(g *testkit.Gock) { phone(g).JSON(200, stranger) },
		},
		{
			name: "a lost answer without an e-mail address, and nobody is there", req: byPhone, err: souk.ErrOutcomeUnknown,
			expect: func(g *testkit.Gock) {
				phone(g).JSON(200, noRows).Times(2)
				create(g, byPhone).Drop()
			},
		},
		{
			name: "a phone number that a customer with another e-mail address has", req: byBoth, err: souk.ErrAlreadyExists,
			expect: func(g *testkit.Gock) {
				email(g, "other@example.com").JSON(404, nobody).Times(2)
				create(g, byBoth).JSON(422, strange)
				phone(g).JSON(200, stranger)
			},
		},
		{
			name: "a refusal that has nothing to do with it", req: byEmail, err: souk.ErrForbidden,
			expect: func(g *testkit.Gock) {
				email(g, "jerry@example.com").JSON(404, nobody)
				create(g, byEmail).JSON(403, `{"errors":"no scope"}`)
			},
		},
		{
			name: "a request that is wrong", err: souk.ErrInvalid,
			expect: func(*testkit.Gock) {},
		},
		{
			name: "no phone number", req: shopline.CreateCustomerRequest{Email: "jerry@example.com", Phone: "n/a"}, err: souk.ErrInvalid,
			expect: func(*testkit.Gock) {},
		},
		{
			name: "no e-mail address", req: shopline.CreateCustomerRequest{Email: "n/a", Phone: "0085253657436"}, err: souk.ErrInvalid,
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

func TestAPhoneNumberIsFoundInAnySpelling(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"+852 5365 7436", "0085253657436", "85253657436", "+٨٥٢٥٣٦٥٧٤٣٦"} {
		g := testkit.NewGock(t)
		client := newClient(t, g)
		search := testkit.Request{URL: base + "/customers/v2/search.json?query_param=0085253657436&limit=250"}
		g.Expect(search).JSON(200, `{"customers":[{"id":"2","phone":"0085253657436"}]}`)
		g.Expect(search).JSON(200, `{"customers":[{"id":"1","phone":"00852536574361"},{"id":"2","phone":"+852-53657436"}]}`)

		customer, created, err := client.Customers.Ensure(t.Context(), shopline.CreateCustomerRequest{Phone: spelling})
		require.NoError(t, err)
		assert.False(t, created)
		assert.Equal(t, "2", customer.ID)

		customer, err = client.Customers.GetByPhone(t.Context(), spelling)
		require.NoError(t, err)
		assert.Equal(t, "2", customer.ID)
	}
}

// The search goes on behind the first page.
func TestAPhoneNumberIsFoundOnALaterPage(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?query_param=0085253657436&limit=250"}).
		JSON(200, `{"customers":[{"id":"1","phone":"00852536574361"}]}`).
		Header("Link", `<`+base+`/customers/v2/search.json?page_info=abc&limit=250>; rel="next"`)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?page_info=abc&limit=250"}).
		JSON(200, `{"customers":[{"id":"2","phone":"0085253657436"}]}`)

	customer, err := client.Customers.GetByPhone(t.Context(), "0085253657436")

	require.NoError(t, err)
	assert.Equal(t, "2", customer.ID)
}

func TestGetByEMailAndPhoneFindNobodyElse(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)

	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).
		JSON(200, `{"customer":{"id":"1","email":"jerry@example.co"}}`)
	customer, err := client.Customers.GetByEmail(t.Context(), " jerry@example.com")
	assert.Nil(t, customer)
	require.ErrorIs(t, err, souk.ErrNotFound)
	require.EqualError(t, err, "shopline: POST /customers/query_user_by_email.json: 200 not found: no customer has this e-mail address")

	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).
		JSON(404, `{"errors":"The customer does not exist."}`)
	_, err = client.Customers.GetByEmail(t.Context(), "jerry@example.com")
	require.ErrorIs(t, err, souk.ErrNotFound)
	require.ErrorContains(t, err, "The customer does not exist.")

	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?query_param=0085253657436&limit=250"}).
		JSON(200, `{"customers":[{"id":"1","phone":null},{"id":"2","phone":"n/a"},{"id":"3","phone":"00852536574361"}]}`)
	customer, err = client.Customers.GetByPhone(t.Context(), "0085253657436")
	assert.Nil(t, customer)
	require.EqualError(t, err, "shopline: GET /customers/v2/search.json: 200 not found: no customer has this phone number")

	for _, text := range []string{"", " ", "n/a", "@"} {
		_, err = client.Customers.GetByEmail(t.Context(), text)
		require.EqualError(t, err, "shopline: POST /customers/query_user_by_email.json: invalid; email: must be an e-mail address")
		_, err = client.Customers.GetByPhone(t.Context(), text)
		require.EqualError(t, err, "shopline: GET /customers/v2/search.json: invalid; phone: must be a phone number")
	}
}

func TestUpsertChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	const there = `{"customer":{"id":"2","email":"Jerry@example.com","phone":"0085253657436","first_name":"Jerry","last_name":"Frank ","gender":"male",
		"birthday":"19900131","note":"n","tags":"b, a","verified_email":true,"multipass_identifier":"m","accepts_marketing":true,
		"email_subscribe_flag":1,"mobile_subscribe_flag":2,
		"email_marketing_consent":{"state":1,"opt_in_level":1,"consent_collected_from":"shop","consent_updated_at":"2026-09-01T23:36:38+08:00"},"sms_marketing_consent":null}}`
	type request = shopline.CreateCustomerRequest
	consent := shopline.MarketingConsentRequest{
		State: shopline.ConsentSubscribed, OptInLevel: new(shopline.OptInSingle), CollectedFrom: new("shop"),
		UpdatedAt: time.Date(2026, 9, 1, 15, 36, 38, 5, time.UTC),
	}
	same := request{
		Email: "jerry@example.com", Phone: "+852 53657436", FirstName: " Jerry", LastName: "Frank", Gender: shopline.GenderCodeMale, Birthday: "19900131",
		Note: "n", Tags: shopline.Tags{"a", "b"}, VerifiedEmail: true, MultipassIdentifier: "m", AcceptsMarketing: new(true),
		EmailMarketingConsent: &consent, SMSMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentNotSubscribed},
		Password: "secret1", PasswordConfirmation: "secret1", Addresses: []shopline.CreateCustomerAddress{{City: "Berlin"}},
	}
	for _, tt := range []struct {
		name   string
		change func(*request)
		sent   string // "" for nothing
	}{
		{"nothing to compare", func(r *request) { *r = request{Email: r.Email} }, ``},
		{"the same in other spellings", func(*request) {}, ``},
		{"names", func(r *request) { r.FirstName, r.LastName = "Tom", "F" }, `{"first_name":"Tom","last_name":"F"}`},
		{"phone", func(r *request) { r.Phone = "0085253657437" }, `{"phone":"0085253657437"}`},
		{"gender", func(r *request) { r.Gender = shopline.GenderCodeSecret }, `{"gender":3}`},
		{"birthday", func(r *request) { r.Birthday = "19900201" }, `{"birthday":"19900201"}`},
		{"note", func(r *request) { r.Note = "other" }, `{"note":"other"}`},
		{"tags", func(r *request) { r.Tags = shopline.Tags{"a"} }, `{"tags":"a"}`},
		{"multipass", func(r *request) { r.MultipassIdentifier = "o" }, `{"multipass_identifier":"o"}`},
		{"marketing", func(r *request) { r.AcceptsMarketing = new(false) }, `{"accepts_marketing":false}`},
		{
			"consent", func(r *request) {
				r.EmailMarketingConsent = &shopline.MarketingConsentRequest{}
				r.SMSMarketingConsent = &shopline.MarketingConsentRequest{State: shopline.ConsentSubscribed}
			}, `{"email_marketing_consent":{"state":0},"sms_marketing_consent":{"state":1}}`,
		},
		{"opt-in level", func(r *request) {
			r.EmailMarketingConsent = &shopline.MarketingConsentRequest{State: 1, OptInLevel: new(shopline.OptInConfirmed)}
		}, `{"email_marketing_consent":{"state":1,"opt_in_level":2}}`},
		{"where it was collected", func(r *request) {
			r.EmailMarketingConsent = &shopline.MarketingConsentRequest{State: 1, CollectedFrom: new("fair")}
		}, `{"email_marketing_consent":{"state":1,"consent_collected_from":"fair"}}`},
		{"when it was given", func(r *request) {
			r.EmailMarketingConsent = &shopline.MarketingConsentRequest{State: 1, UpdatedAt: time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)}
		}, `{"email_marketing_consent":{"state":1,"consent_updated_at":"2026-09-02T00:00:00Z"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			req := same
			tt.change(&req)
			g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).JSON(200, there)
			want := souk.Unchanged
			if tt.sent != "" {
				want = souk.Updated
				g.Expect(testkit.Request{Method: "PUT", URL: base + "/customers/2.json", Body: `{"customer":` + tt.sent + `}`}).JSON(200, `{"customer":{"id":"2"}}`)
			}

			customer, change, err := newClient(t, g).Customers.Upsert(t.Context(), req)

			require.NoError(t, err)
			assert.Equal(t, want, change)
			assert.Equal(t, "2", customer.ID)
		})
	}
}

// An unverified address can become a verified one, and a gender that SHOPLINE does not
// know a known one.
func TestUpsertSetsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"jerry@example.com"}`}).
		JSON(200, `{"customer":{"id":"2","email":"jerry@example.com","gender":"x"}}`)
	g.Expect(testkit.Request{Method: "PUT", URL: base + "/customers/2.json", Body: `{"customer":{"gender":1,"verified_email":true}}`}).JSON(200, `{"customer":{"id":"2"}}`)

	_, change, err := newClient(t, g).Customers.Upsert(t.Context(), shopline.CreateCustomerRequest{
		Email: "jerry@example.com", VerifiedEmail: true, Gender: shopline.GenderCodeMale,
	})

	require.NoError(t, err)
	assert.Equal(t, souk.Updated, change)
}

func TestUpsertCreates(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers/query_user_by_email.json", Body: `{"email":"a@b.example"}`}).JSON(404, `{"errors":"not found"}`)
	g.Expect(testkit.Request{Method: "POST", URL: base + "/customers.json", Body: `{"customer":{"email":"a@b.example","phone":"00123"}}`}).JSON(200, `{"customer":{"id":"2"}}`)

	_, change, err := newClient(t, g).Customers.Upsert(t.Context(), shopline.CreateCustomerRequest{Email: " a@b.example ", Phone: "٠٠١٢٣"})

	require.NoError(t, err)
	assert.Equal(t, souk.Created, change)

	_, change, err = newClient(t, g).Customers.Upsert(t.Context(), shopline.CreateCustomerRequest{FirstName: "Ada"})
	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Empty(t, change)
}
