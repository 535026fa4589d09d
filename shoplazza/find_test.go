package shoplazza_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

var (
	maria     = shoplazza.CreateCustomerRequest{Email: "Maria@example.com", Phone: "+358 40 123 4567"}
	mariaBody = object{"customer": object{"contact_type": "email", "email": "Maria@example.com", "phone": "+358 40 123 4567"}}
)

const (
	noCustomers = `{"customers":[],"has_more":false}`
	herNumber   = "+358401234567"
)

func (s store) expectSearch(by, value string) *testkit.Reply {
	size := "limit"
	if s.modern {
		size = "page_size"
	}
	want := s.request(http.MethodGet, "/customers", nil)
	want.Query = url.Values{by: {value}, size: {"250"}}
	return s.Expect(want)
}

// expectNobody is the look-up before a creation.
func (s store) expectNobody() {
	s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, noCustomers)
}

func TestEnsureCreatesWhoIsNotThere(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		s := newStore(t, version)
		s.expectNobody()
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
		customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
		require.NoError(t, err)
		assert.True(t, created)
		assert.Equal(t, "1", customer.ID)
	}
}

func TestEnsureFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	byPhone := shoplazza.CreateCustomerRequest{Phone: "00358 40 1234567"}
	cases := map[string]struct {
		request shoplazza.CreateCustomerRequest
		expect  func(store)
	}{
		"by e-mail address, in any letter case": {maria, func(s store) {
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"maria@example.com"}]}`)
		}},
		"by phone number, however it is written": {byPhone, func(s store) {
			s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"+358 (40) 123-4567"}]}`)
		}},
		"by phone number whose code stands apart": {byPhone, func(s store) {
			s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"0401234567","phone_area_code":"+358"}]}`)
		}},
		"by phone number in Arabic": {shoplazza.CreateCustomerRequest{Phone: "+٣٥٨٤٠١٢٣٤٥٦٧"}, func(s store) {
			s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"358401234567"}]}`)
		}},
		"among others, where a filter is not known": {byPhone, func(s store) {
			s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"7"},{"id":"8","phone":"n/a"},{"id":"1","phone":"+358401234567"}]}`)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, "")
			c.expect(s)
			customer, created, err := s.client.Customers.Ensure(t.Context(), c.request)
			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, "1", customer.ID)
		})
	}
}

// A page of others shows that the filter is not heeded: the customer may be on any.
func TestWhereAFilterIsNotKnownAllAreRead(t *testing.T) {
	t.Parallel()
	classic := newStore(t, "")
	later := classic.request(http.MethodGet, "/customers", nil)
	classic.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"7","phone":"+1"}]}`)
	later.Query = url.Values{"contact": {herNumber}, "limit": {"250"}, "page": {"2"}}
	classic.Expect(later).JSON(http.StatusOK, `{"customers":[{"id":"8"}]}`)
	later.Query = url.Values{"contact": {herNumber}, "limit": {"250"}, "page": {"3"}}
	classic.Expect(later).JSON(http.StatusOK, noCustomers)
	customer, err := classic.client.Customers.GetByPhone(t.Context(), herNumber)
	assert.Nil(t, customer)
	requireError(t, err, souk.ErrNotFound)

	modern := newStore(t, shoplazza.Version202601)
	later = modern.request(http.MethodGet, "/customers", nil)
	modern.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"7","phone":"+1"}],"has_more":true,"cursor":"c"}`)
	later.Query = url.Values{"contact": {herNumber}, "page_size": {"250"}, "cursor": {"c"}}
	modern.Expect(later).JSON(http.StatusOK, `{"customers":[{"id":"8"},{"id":"1","phone":"+358401234567"}],"has_more":false}`)
	customer, err = modern.client.Customers.GetByPhone(t.Context(), herNumber)
	require.NoError(t, err)
	assert.Equal(t, "1", customer.ID)
}

func TestEnsureFindsWhoCameMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expectNobody()
	s.expect(http.MethodPost, "/customers", mariaBody).Fixture(http.StatusUnprocessableEntity, "errors/taken.json")
	s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"maria@example.com"}]}`)
	customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, "1", customer.ID)
}

func TestEnsureLooksBeforeItRepeatsALostCreate(t *testing.T) {
	t.Parallel()
	request := shoplazza.CreateCustomerRequest{Phone: "+15052814445"}
	body := object{"customer": object{"contact_type": "phone", "phone": "+15052814445"}}

	done := newStore(t, "")
	done.expectSearch("contact", "+15052814445").JSON(http.StatusOK, noCustomers)
	done.expect(http.MethodPost, "/customers", body).Drop()
	done.expectSearch("contact", "+15052814445").JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"+15052814445"}]}`)
	customer, created, err := done.client.Customers.Ensure(t.Context(), request)
	require.NoError(t, err)
	assert.False(t, created, "no answer confirmed it")
	assert.Equal(t, "1", customer.ID)

	undone := newStore(t, "")
	undone.expectSearch("contact", "+15052814445").Times(2).JSON(http.StatusOK, noCustomers)
	undone.expect(http.MethodPost, "/customers", body).Drop()
	undone.expect(http.MethodPost, "/customers", body).JSON(http.StatusOK, `{"customer":{"id":"2"}}`)
	customer, created, err = undone.client.Customers.Ensure(t.Context(), request)
	require.NoError(t, err)
	assert.True(t, created)
	assert.Equal(t, "2", customer.ID)
}

func TestEnsureGivesUpOnWhomItCannotFind(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expectSearch("email", "Maria@example.com").Times(4).JSON(http.StatusOK, noCustomers)
	s.expect(http.MethodPost, "/customers", mariaBody).Times(3).Fixture(http.StatusUnprocessableEntity, "errors/taken.json")
	s.expectSearch("contact", herNumber).Times(3).JSON(http.StatusOK, noCustomers)
	customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
	requireError(t, err, souk.ErrAlreadyExists)
	assert.Nil(t, customer)
	assert.False(t, created)
}

// Whoever has the number, but not the e-mail address, is another one.
func TestEnsureDoesNotReturnTheOwnerOfTheNumber(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{`{"errors":["Email or Phone is already taken"]}`, `{"errors":["电话已存在"]}`} {
		for _, email := range []string{`"other@example.com"`, `""`, `null`} {
			s := newStore(t, "")
			s.expectSearch("email", "Maria@example.com").Times(2).JSON(http.StatusOK, noCustomers)
			s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusUnprocessableEntity, refusal)
			s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"+358401234567","email":`+email+`}]}`)
			customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
			assert.Nil(t, customer)
			assert.False(t, created)
			e := requireError(t, err, souk.ErrAlreadyExists)
			assert.Equal(t, "a customer with another e-mail address has the phone number", e.Message)
			assert.Equal(t, http.StatusUnprocessableEntity, e.StatusCode)
		}
	}
}

func TestEnsureReturnsARefusalWhenThereIsNobody(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{`{"errors":["Phone is invalid"]}`, `{"errors":["邮箱已存在"]}`} {
		s := newStore(t, "")
		s.expectSearch("email", "Maria@example.com").Times(2).JSON(http.StatusOK, noCustomers)
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusUnprocessableEntity, refusal)
		s.expectSearch("contact", herNumber).JSON(http.StatusOK, noCustomers)
		customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
		requireError(t, err, souk.ErrInvalid)
		assert.Nil(t, customer)
		assert.False(t, created)
	}
}

func TestEnsureFindsWhoIsThereWhateverTheRefusalSays(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		for _, refusal := range []string{`{"errors":["邮箱已存在"]}`, `{"errors":["no"]}`, `{"errors":{"base":["is a double"]}}`} {
			s := newStore(t, version)
			s.expectNobody()
			s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusBadRequest, refusal)
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"maria@example.com"}],"has_more":false}`)
			customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, "1", customer.ID)
		}
	}
}

func TestEnsureReturnsOtherFailuresAtOnce(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]error{401: souk.ErrUnauthorized, 403: souk.ErrForbidden} {
		s := newStore(t, "")
		s.expectNobody()
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(status, `{"errors":["no"]}`)
		_, _, err := s.client.Customers.Ensure(t.Context(), maria)
		requireError(t, err, class)
	}
	s := newStore(t, "")
	s.expectNobody()
	s.expect(http.MethodPost, "/customers", mariaBody).Body(422, "text/html", []byte("<html>"))
	_, _, err := s.client.Customers.Ensure(t.Context(), maria)
	requireError(t, err, souk.ErrInvalid)
	require.ErrorIs(t, err, souk.ErrUnreadable)

	s.expectNobody()
	s.expect(http.MethodPost, "/customers", mariaBody).Drop()
	s.expectSearch("email", "Maria@example.com").JSON(http.StatusForbidden, `{"errors":["no"]}`)
	_, created, err := s.client.Customers.Ensure(t.Context(), maria)
	assert.False(t, created)
	require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "what became of the create is still open")
	require.ErrorIs(t, err, souk.ErrForbidden)
}

func TestEnsureChecksTheRequestFirst(t *testing.T) {
	t.Parallel()
	for text, request := range map[string]shoplazza.CreateCustomerRequest{
		"Email: Email or Phone is required":                               {},
		"Email: must be an e-mail address; Phone: must be a phone number": {Email: "n/a", Phone: "n/a"},
		"Phone: must be a phone number":                                   {Email: "maria@example.com", Phone: "000"},
		"Email: must be an e-mail address":                                {Email: " ", Phone: "+358401234567"},
		"ContactType: must be email or phone, or empty to be filled in":   {Email: "maria@example.com", ContactType: "fax"},
	} {
		s := newStore(t, "")
		customer, created, err := s.client.Customers.Ensure(t.Context(), request)
		requireInvalid(t, err, "shoplazza: POST /customers: invalid; "+text)
		assert.Nil(t, customer)
		assert.False(t, created)
		_, change, err := s.client.Customers.Upsert(t.Context(), request)
		requireInvalid(t, err, "shoplazza: POST /customers: invalid; "+text)
		assert.Empty(t, change)
	}
}

func TestEnsureBelievesNoForeignAnswer(t *testing.T) {
	t.Parallel()
	ensure := operation{write, "customer", func(ctx context.Context, c *shoplazza.Client) (any, error) {
		customer, created, err := c.Customers.Ensure(ctx, shoplazza.CreateCustomerRequest{Email: "a@example.com"})
		assert.False(t, created)
		return orNil(customer, err)
	}}
	nobody := scripted{status: 200, body: noCustomers}
	taken := scripted{status: 422, body: `{"errors":["Email or Phone is already taken"]}`}
	for _, version := range bothGenerations {
		for _, body := range append(slices.Clone(foreign), `{"customer":{}}`, `{"customers":null,"has_more":false}`) {
			odd := scripted{status: 200, body: body}
			_, sent, err := against(t, version, ensure, odd)
			requireError(t, err, souk.ErrUnavailable)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "nothing was sent: %s", body)
			assert.Equal(t, 4, sent, "look-ups")

			_, sent, err = against(t, version, ensure, nobody, odd)
			requireError(t, err, souk.ErrUnavailable)
			require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "the creation was answered oddly, and may have been carried out")
			assert.Equal(t, 6, sent, "a look-up, a creation, and four look-ups")

			_, sent, err = against(t, version, ensure, nobody, taken, odd)
			requireError(t, err, souk.ErrUnavailable)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "the creation was refused: %s", body)
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists)
			assert.Equal(t, 6, sent)
		}
		_, sent, err := against(t, version, ensure, nobody, scripted{status: 500, body: `{"errors":["EOF"]}`}, scripted{status: 502, body: "<html>"})
		requireError(t, err, souk.ErrUnavailable)
		require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.Equal(t, 6, sent)
	}
}

func TestEnsureLooksAfterAStatus500(t *testing.T) {
	t.Parallel()
	for _, body := range trouble {
		s := newStore(t, shoplazza.Version202601)
		s.expectNobody()
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(500, body)
		s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"Maria@example.com"}],"has_more":false}`)
		customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
		require.NoError(t, err, body)
		assert.False(t, created)
		assert.Equal(t, "1", customer.ID)
	}
}

func TestGetByEMailAndPhone(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		s := newStore(t, version)
		s.expectSearch("email", "maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":" MARIA@example.com"}],"has_more":false}`)
		customer, err := s.client.Customers.GetByEmail(t.Context(), " maria@example.com")
		require.NoError(t, err)
		assert.Equal(t, "1", customer.ID)

		s.expectSearch("email", "maria@example.com").JSON(http.StatusOK, noCustomers)
		customer, err = s.client.Customers.GetByEmail(t.Context(), "maria@example.com")
		assert.Nil(t, customer)
		requireError(t, err, souk.ErrNotFound)
		assert.EqualError(t, err, "shoplazza: GET /customers: 200 not found: no customer has this e-mail address")

		s.expectSearch("contact", "0401234567").JSON(http.StatusOK, noCustomers)
		_, err = s.client.Customers.GetByPhone(t.Context(), "040 1234567")
		assert.EqualError(t, err, "shoplazza: GET /customers: 200 not found: no customer has this phone number")

		for _, text := range []string{"", " ", "n/a", "@"} {
			_, err = s.client.Customers.GetByEmail(t.Context(), text)
			requireInvalid(t, err, "shoplazza: GET /customers: invalid; email: must be an e-mail address")
			_, err = s.client.Customers.GetByPhone(t.Context(), text)
			requireInvalid(t, err, "shoplazza: GET /customers: invalid; phone: must be a phone number")
		}
	}
}

// A number is not taken for one of the country whose code it begins with, if the code
// stands apart.
func TestGetByPhoneKnowsTheAreaCode(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expectSearch("contact", "+15014471143").JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"15014471143","phone_area_code":"86"}],"has_more":false}`)
	_, err := s.client.Customers.GetByPhone(t.Context(), "+1 501 447 1143")
	requireError(t, err, souk.ErrNotFound)

	for number, row := range map[string]string{
		"+15014471143":  `"phone":"+15014471143","phone_area_code":"86"`, // the number has a code of its own
		"+8615014471":   `"phone":"8615014471","phone_area_code":"86"`,   // in front of it
		"+865014471143": `"phone":"05014471143","phone_area_code":"86"`,  // and a zero in its place
		"+4930123456":   `"phone":"4930123456"`,
	} {
		s.expectSearch("contact", number).JSON(http.StatusOK, `{"customers":[{"id":"1",`+row+`}],"has_more":false}`)
		found, err := s.client.Customers.GetByPhone(t.Context(), number)
		require.NoError(t, err, row)
		assert.Equal(t, "1", found.ID)
	}
}

func TestUpsertChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	type request = shoplazza.CreateCustomerRequest
	const there = `{"customers":[{"id":"2","email":"maria@example.com","phone":"+358401234567","contact_type":"email","first_name":"Maria","last_name":"Virtanen ",
		"accepts_marketing":true,"accepts_sms_marketing":false,"registered":true,"tags":"b, a"}],"has_more":false}`
	same := request{
		Email: "Maria@example.com", Phone: "00358 401234567", ContactType: shoplazza.ContactTypeEmail, FirstName: " Maria", LastName: "Virtanen",
		AcceptsMarketing: new(true), AcceptsSMSMarketing: new(false), Tags: []string{"a", "b"}, RegisteredAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		Password: "secret", PasswordConfirmation: "secret",
		Addresses: []shoplazza.CreateAddressRequest{{FirstName: "M", LastName: "V", Country: "Finland", CountryCode: "FI"}},
	}
	for _, c := range []struct {
		name   string
		change func(*request)
		sent   object // nil for nothing
		fixed  string // what cannot be changed
	}{
		{"nothing to compare", func(r *request) { *r = request{Email: r.Email} }, nil, ""},
		{"the same in other spellings", func(*request) {}, nil, ""},
		{"names", func(r *request) { r.FirstName, r.LastName = "Mia", "V" }, object{"first_name": "Mia", "last_name": "V"}, ""},
		{
			"flags", func(r *request) { r.AcceptsMarketing, r.AcceptsSMSMarketing = new(false), new(true) },
			object{"accepts_marketing": false, "accepts_sms_marketing": true},
			"",
		},
		{"tags", func(r *request) { r.Tags = []string{"a", "c"} }, object{"tags": "a,c"}, ""},
		{"phone", func(r *request) { r.FirstName, r.Phone = "Mia", "+358401234568" }, nil, "Phone: differs from the customer's, and Shoplazza does not change it"},
		{
			"contact type", func(r *request) { r.ContactType = shoplazza.ContactTypePhone }, nil,
			"ContactType: differs from the customer's, and Shoplazza does not change it",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, "")
			req := same
			c.change(&req)
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, there)
			want := souk.Unchanged
			if c.sent != nil {
				want = souk.Updated
				s.expect(http.MethodPut, "/customers/2", object{"customer": c.sent}).JSON(http.StatusOK, `{"customer":{"id":"2"}}`)
			}

			customer, change, err := s.client.Customers.Upsert(t.Context(), req)

			if c.fixed != "" {
				requireInvalid(t, err, "shoplazza: PUT /customers/{id}: invalid; "+c.fixed)
				assert.Nil(t, customer)
				assert.Empty(t, change)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, want, change)
			assert.Equal(t, "2", customer.ID)
		})
	}
}

// By its phone number a customer is found who may have another e-mail address, and
// whoever has not registered cannot be registered.
func TestUpsertNamesWhatCannotBeChanged(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expectSearch("contact", herNumber).JSON(http.StatusOK, `{"customers":[{"id":"2","phone":"+358401234567","registered":false}]}`)

	_, _, err := s.client.Customers.Upsert(t.Context(), shoplazza.CreateCustomerRequest{Phone: herNumber, FirstName: "Mia", RegisteredAt: time.Now()})

	requireInvalid(t, err, "shoplazza: PUT /customers/{id}: invalid; RegisteredAt: the customer has not registered, and Shoplazza does not change that")
}

func TestUpsertCreates(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expectNobody()
	s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)

	_, change, err := s.client.Customers.Upsert(t.Context(), maria)

	require.NoError(t, err)
	assert.Equal(t, souk.Created, change)
}
