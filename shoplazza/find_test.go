package shoplazza_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"

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

func (s store) expectSearch(by, value string) *testkit.Reply {
	want := s.request(http.MethodGet, "/customers", nil)
	want.Query = url.Values{by: {value}}
	return s.Expect(want)
}

func TestEnsureCreatesWhoIsNotThere(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
	customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
	require.NoError(t, err)
	assert.True(t, created)
	assert.Equal(t, "1", customer.ID)
}

func TestEnsureFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	cases := map[string]func(store){
		"by e-mail address, in any letter case": func(s store) {
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"maria@example.com"}]}`)
		},
		"by phone number, however it is written": func(s store) {
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[]}`)
			s.expectSearch("contact", "+358 40 123 4567").JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"+358401234567"}]}`)
		},
		"among others, where a filter is not known": func(s store) {
			s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"7","email":"x@example.com"},{"id":"8"}]}`)
			s.expectSearch("contact", "+358 40 123 4567").JSON(http.StatusOK, `{"customers":[{"id":"7"},{"id":"1","phone":"+358401234567"}]}`)
		},
	}
	for name, expect := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, "")
			s.expect(http.MethodPost, "/customers", mariaBody).Fixture(http.StatusUnprocessableEntity, "errors/taken.json")
			expect(s)
			customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, "1", customer.ID)
		})
	}
}

func TestEnsureLooksBeforeItRepeatsALostCreate(t *testing.T) {
	t.Parallel()
	request := shoplazza.CreateCustomerRequest{Phone: "+15052814445"}
	body := object{"customer": object{"contact_type": "phone", "phone": "+15052814445"}}

	done := newStore(t, "")
	done.expect(http.MethodPost, "/customers", body).Drop()
	done.expectSearch("contact", "+15052814445").JSON(http.StatusOK, `{"customers":[{"id":"1","phone":"+15052814445"}]}`)
	customer, created, err := done.client.Customers.Ensure(t.Context(), request)
	require.NoError(t, err)
	assert.False(t, created, "no answer confirmed it")
	assert.Equal(t, "1", customer.ID)

	undone := newStore(t, "")
	undone.expect(http.MethodPost, "/customers", body).Drop()
	undone.expectSearch("contact", "+15052814445").JSON(http.StatusOK, `{"customers":[]}`)
	undone.expect(http.MethodPost, "/customers", body).JSON(http.StatusOK, `{"customer":{"id":"2"}}`)
	customer, created, err = undone.client.Customers.Ensure(t.Context(), request)
	require.NoError(t, err)
	assert.True(t, created)
	assert.Equal(t, "2", customer.ID)
}

func TestEnsureGivesUpOnWhomItCannotFind(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expect(http.MethodPost, "/customers", mariaBody).Times(3).Fixture(http.StatusUnprocessableEntity, "errors/taken.json")
	s.expectSearch("email", "Maria@example.com").Times(3).JSON(http.StatusOK, `{"customers":[]}`)
	s.expectSearch("contact", "+358 40 123 4567").Times(3).JSON(http.StatusOK, `{"customers":[{"id":"7","phone":"+1"}]}`)
	customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
	requireError(t, err, souk.ErrAlreadyExists)
	assert.Nil(t, customer)
	assert.False(t, created)
}

func TestEnsureDoesNotTakeACustomerWithoutAPhoneNumberForAnother(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expect(http.MethodPost, "/customers", object{"customer": object{"contact_type": "email", "email": "a@example.com"}}).Times(3).
		Fixture(http.StatusUnprocessableEntity, "errors/taken.json")
	s.expectSearch("email", "a@example.com").Times(3).JSON(http.StatusOK, `{"customers":[{"id":"7","email":"b@example.com"}]}`)
	_, _, err := s.client.Customers.Ensure(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
	requireError(t, err, souk.ErrAlreadyExists)
}

func TestEnsureReturnsARefusalWhenThereIsNobody(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{`{"errors":["Phone is invalid"]}`, `{"errors":["邮箱已存在"]}`} {
		s := newStore(t, "")
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(http.StatusUnprocessableEntity, refusal)
		s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[]}`)
		s.expectSearch("contact", "+358 40 123 4567").JSON(http.StatusOK, `{"customers":[]}`)
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
	s := newStore(t, "")
	customer, created, err := s.client.Customers.Ensure(t.Context(), shoplazza.CreateCustomerRequest{})
	requireInvalid(t, err, "shoplazza: POST /customers: invalid; Email: Email or Phone is needed")
	assert.Nil(t, customer)
	assert.False(t, created)
	for status, class := range map[int]error{401: souk.ErrUnauthorized, 403: souk.ErrForbidden} {
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(status, `{"errors":["no"]}`)
		_, _, err = s.client.Customers.Ensure(t.Context(), maria)
		requireError(t, err, class)
	}
	s.expect(http.MethodPost, "/customers", mariaBody).Body(422, "text/html", []byte("<html>"))
	_, _, err = s.client.Customers.Ensure(t.Context(), maria)
	requireError(t, err, souk.ErrInvalid)
	require.ErrorIs(t, err, souk.ErrUnreadable)

	s.expect(http.MethodPost, "/customers", mariaBody).Drop()
	s.expectSearch("email", "Maria@example.com").JSON(http.StatusForbidden, `{"errors":["no"]}`)
	_, created, err = s.client.Customers.Ensure(t.Context(), maria)
	assert.False(t, created)
	require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "what became of the create is still open")
	require.ErrorIs(t, err, souk.ErrForbidden)
}

func TestEnsureBelievesNoForeignAnswer(t *testing.T) {
	t.Parallel()
	ensure := operation{write, "customer", func(ctx context.Context, c *shoplazza.Client) (any, error) {
		customer, created, err := c.Customers.Ensure(ctx, shoplazza.CreateCustomerRequest{Email: "a@example.com"})
		assert.False(t, created)
		return orNil(customer, err)
	}}
	taken := scripted{status: 422, body: `{"errors":["Email or Phone is already taken"]}`}
	for _, version := range bothGenerations {
		for _, body := range append(slices.Clone(foreign), `{"customer":{}}`, `{"customers":null,"has_more":false}`) {
			odd := scripted{status: 200, body: body}
			_, sent, err := against(t, version, ensure, odd)
			requireError(t, err, souk.ErrUnavailable)
			require.ErrorIs(t, err, souk.ErrOutcomeUnknown, "the creation was answered oddly, and may have been carried out")
			assert.Equal(t, 5, sent, "one creation, and four look-ups")

			_, sent, err = against(t, version, ensure, taken, odd)
			requireError(t, err, souk.ErrUnavailable)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "the creation was refused: %s", body)
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists)
			assert.Equal(t, 5, sent)
		}
		_, sent, err := against(t, version, ensure, scripted{status: 500, body: `{"errors":["EOF"]}`}, scripted{status: 502, body: "<html>"})
		requireError(t, err, souk.ErrUnavailable)
		require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.Equal(t, 5, sent)
	}
}

func TestEnsureLooksAfterAStatus500(t *testing.T) {
	t.Parallel()
	for _, body := range trouble {
		s := newStore(t, shoplazza.Version202601)
		s.expect(http.MethodPost, "/customers", mariaBody).JSON(500, body)
		s.expectSearch("email", "Maria@example.com").JSON(http.StatusOK, `{"customers":[{"id":"1","email":"Maria@example.com"}],"has_more":false}`)
		customer, created, err := s.client.Customers.Ensure(t.Context(), maria)
		require.NoError(t, err, body)
		assert.False(t, created)
		assert.Equal(t, "1", customer.ID)
	}
}
