package shoplazza_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

// documented are the failures of the page and of the specification of 2022-01.
var documented = map[string]struct {
	status  int
	file    string
	class   error
	message string
	fields  map[string][]string
}{
	"bad request":                        {400, "bad_request.json", souk.ErrInvalid, "Bad Request", nil},
	"unauthorized":                       {401, "unauthorized.json", souk.ErrUnauthorized, "Unauthorized", nil},
	"unauthorized with status 400":       {400, "unauthorized.json", souk.ErrUnauthorized, "Unauthorized", nil},
	"e-mail or phone taken":              {422, "taken.json", souk.ErrAlreadyExists, "Email or Phone is already taken", nil},
	"e-mail or phone taken, as a text":   {422, "text.json", souk.ErrAlreadyExists, "Email or Phone is already taken", nil},
	"e-mail or phone taken, status 400":  {400, "taken.json", souk.ErrAlreadyExists, "Email or Phone is already taken", nil},
	"password too short":                 {422, "password_short.json", souk.ErrInvalid, "Password is too short (minimum is 6 characters)", nil},
	"password confirmation":              {422, "password_confirmation.json", souk.ErrInvalid, "Password confirmation must be equal to password", nil},
	"phone invalid":                      {422, "phone_invalid.json", souk.ErrInvalid, "Phone is invalid", nil},
	"country blank":                      {422, "country_blank.json", souk.ErrInvalid, "Country can't be blank", nil},
	"country code blank":                 {422, "country_code_blank.json", souk.ErrInvalid, "Country code can't be blank", nil},
	"e-mail invalid":                     {422, "email_invalid.json", souk.ErrInvalid, "Email is invalid", nil},
	"no customer":                        {422, "no_customer.json", souk.ErrInvalid, "param is missing or the value is empty: customer", nil},
	"no context":                         {400, "no_context.json", souk.ErrInvalid, "No Context", nil},
	"store is not active":                {400, "not_active.json", souk.ErrForbidden, "store is not active", nil},
	"store is not active, status 401":    {401, "not_active.json", souk.ErrForbidden, "store is not active", nil},
	"record not found":                   {404, "not_found.json", souk.ErrNotFound, "record not found", nil},
	"record not found, with status 400":  {400, "record_not_found.json", souk.ErrNotFound, "Record not found", nil},
	"webhook not found":                  {404, "webhook_not_found.json", souk.ErrNotFound, "record not found!", nil},
	"page not found":                     {404, "page_not_found.json", souk.ErrNotFound, "page not found", nil},
	"errors as an object":                {422, "webhook_fields.json", souk.ErrInvalid, "", map[string][]string{"address": {"can't be blank", "is invalid"}, "topic": {"can't be blank"}}},
	"errors as an object, of parameters": {422, "list_limits.json", souk.ErrInvalid, "", map[string][]string{"limit": {"must be less than or equal to 250"}, "page": {"must be greater than or equal to 1"}}},
	"a rule, in an envelope":             {400, "rule.json", souk.ErrAlreadyExists, "Email or Phone is already taken", nil},
}

func TestEveryDocumentedFailureHasItsClass(t *testing.T) {
	t.Parallel()
	for name, c := range documented {
		for _, version := range versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expect(http.MethodPost, "/customers", object{"customer": object{"contact_type": "email", "email": "a@example.com"}}).
					Fixture(c.status, "errors/"+c.file).Header("Request-Id", "9f2c")
				_, err := s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
				e := requireError(t, err, c.class)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.Equal(t, c.status, e.StatusCode)
				assert.Equal(t, c.message, e.Message)
				assert.Equal(t, c.fields, e.Fields)
				assert.Equal(t, "9f2c", e.RequestID)
				assert.Equal(t, http.MethodPost, e.Method)
				assert.Equal(t, "/customers", e.Route)
				assert.Equal(t, 1, e.Attempts)
				assert.Equal(t, testkit.Fixture(t, "errors/"+c.file), e.Body)
			})
		}
	}
}

// create sends what the mocks of the tests below expect.
func (s store) create(t *testing.T) error {
	t.Helper()
	return second(s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"}))
}

func (s store) expectCreate() *testkit.Reply {
	return s.expect(http.MethodPost, "/customers", object{"customer": object{"contact_type": "email", "email": "a@example.com"}})
}

func TestAStatus500ThatCarriesARuleIsARefusalFrom202506On(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body   string
		create error // class of a creation of a customer
		other  error // and of all else
	}{
		"taken":        {`{"errors":["Email or Phone is already taken"]}`, souk.ErrAlreadyExists, souk.ErrInvalid},
		"not found":    {`{"code":"NotFound","errors":"Record not found"}`, souk.ErrNotFound, souk.ErrNotFound},
		"other rules":  {`{"code":"BusinessError","message":"no","errors":["Phone is invalid","Country can't be blank"]}`, souk.ErrInvalid, souk.ErrInvalid},
		"in an object": {`{"errors":{"country":["can't be blank"]}}`, souk.ErrInvalid, souk.ErrInvalid},
		"not active":   {`{"error":"store is not active"}`, souk.ErrForbidden, souk.ErrForbidden},
		"taken, alone": {`{"error":"Email or Phone is already taken"}`, souk.ErrAlreadyExists, souk.ErrInvalid},
		"rule, alone":  {`{"error":"Email is invalid"}`, souk.ErrInvalid, souk.ErrInvalid},
		"both":         {`{"errors":["Email is invalid"],"error":"store is not active"}`, souk.ErrForbidden, souk.ErrForbidden},
	}
	for name, c := range cases {
		for _, version := range laterVersions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expectCreate().JSON(500, c.body)
				s.expect(http.MethodPost, addresses, object{"address": object{"country": "Finland", "country_code": "FI"}}).JSON(500, c.body)
				s.expect(http.MethodPut, addresses+"/1/default", nil).JSON(500, c.body)
				s.expect(http.MethodGet, addresses+"/1", nil).JSON(500, c.body)
				err := s.create(t)
				e := requireError(t, err, c.create)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.NotErrorIs(t, err, souk.ErrUnavailable)
				assert.Equal(t, 1, e.Attempts)
				_, err = s.client.Addresses.Create(t.Context(), customerID, shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"})
				assert.Equal(t, 1, requireError(t, err, c.other).Attempts)
				assert.NotErrorIs(t, err, souk.ErrAlreadyExists, "an address need not be unique")
				err = s.client.Addresses.SetDefault(t.Context(), customerID, "1")
				assert.Equal(t, 1, requireError(t, err, c.other).Attempts)
				_, err = s.client.Addresses.Get(t.Context(), customerID, "1")
				assert.Equal(t, 1, requireError(t, err, c.other).Attempts)
			})
		}
	}
}

// trouble are texts of a status 500 that do not say that nothing was done.
var trouble = []string{
	`{"errors":["Internal Server Error"]}`, `{"errors":["EOF"]}`, `{"errors":["deadlock detected"]}`, `{"errors":["系统繁忙"]}`,
	`{"code":"InternalError","errors":["please contact support"]}`, `{"error":"context deadline exceeded"}`, `{"errors":"system error"}`,
	`{"errors":["could not serialize access"]}`, `{"errors":["host not found"]}`, `{"errors":["relation customers not found"]}`,
	`{"errors":["rpc error: code = NotFound desc = record not found"]}`, `{"errors":["Connection is invalid"]}`, `{"errors":["is invalid"]}`,
	`{"errors":{"database":["is invalid"]}}`, `{"errors":{"host":["not found"]}}`, `{"errors":["Email is invalid","EOF"]}`,
	`{"errors":["Email is invalid: EOF"]}`, `{"errors":["the mail server said: Email is invalid"]}`, `{"error":"Email is invalid: EOF"}`,
	`{"errors":["Email is invalid"],"error":"EOF"}`, `{"errors":["transaction is already taken"]}`, `{"errors":["Email lock is already taken"]}`,
	`{"errors":["Address already in use"]}`, `{"errors":{"address":["already in use"]}}`, `{"errors":["cursor is invalid"]}`,
	`{"errors":["mistaken"]}`, `{"errors":["Unauthorized"]}`, `{"error":"Unauthorized"}`,
}

func TestAStatus500OfTheServersOwnTroubleLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	for _, body := range trouble {
		for _, version := range versions {
			s := newStore(t, version)
			s.expectCreate().JSON(500, body)
			err := s.create(t)
			e := requireError(t, err, souk.ErrOutcomeUnknown)
			require.ErrorIs(t, err, souk.ErrUnavailable)
			for _, class := range []error{souk.ErrUnreadable, souk.ErrInvalid, souk.ErrNotFound, souk.ErrAlreadyExists, souk.ErrUnauthorized} {
				assert.NotErrorIs(t, err, class, body)
			}
			assert.Equal(t, 1, e.Attempts, "a write is not repeated")
			assert.NotEqual(t, e.Message == "", len(e.Fields) == 0, "what the server says is kept: %s", body)
		}
	}
}

func TestAStatus500In202201IsTroubleWhateverItSays(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"errors":["Email or Phone is already taken"]}`, `{"errors":["record not found"]}`, `{"error":"store is not active"}`} {
		s := newStore(t, shoplazza.Version202201)
		s.expectCreate().JSON(500, body)
		err := s.create(t)
		requireError(t, err, souk.ErrOutcomeUnknown)
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.NotErrorIs(t, err, souk.ErrUnreadable)
	}
}

func TestOther5xxAreTroubleWhateverTheySay(t *testing.T) {
	t.Parallel()
	for _, status := range []int{501, 502, 503, 504} {
		for _, version := range versions {
			s := newStore(t, version)
			s.expectCreate().JSON(status, `{"errors":["Email or Phone is already taken"]}`)
			err := s.create(t)
			requireError(t, err, souk.ErrOutcomeUnknown)
			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists)
		}
	}
}

func TestAFailureInsideA200IsAnError(t *testing.T) {
	t.Parallel()
	cases := map[string]error{
		`{"errors":["page_size is invalid"]}`:                                         souk.ErrInvalid,
		`{"code":"InvalidParameter","message":"no","errors":"x","data":{}}`:           souk.ErrInvalid,
		`{"code":"Success","errors":["x"]}`:                                           souk.ErrInvalid,
		`{"errors":{"address":["is invalid"]}}`:                                       souk.ErrInvalid,
		`{"code":"NotFound","errors":["record not found"],"data":null}`:               souk.ErrNotFound,
		`{"errors":["record not found"]}`:                                             souk.ErrNotFound,
		`{"error":"store is not active"}`:                                             souk.ErrForbidden,
		`{"error":"Unauthorized","request_id":"9f2c"}`:                                souk.ErrInvalid, // only a 400 or 401 is about the token
		`{"code":"BusinessError","errors":["Email or Phone is already taken"],"x":1}`: souk.ErrUnreadable,
		`{"customers":[],"customer":{"id":"1"},"errors":["x"]}`:                       souk.ErrUnreadable,
		`{"customers":[],"customer":{"id":"1"},"error":"x"}`:                          souk.ErrUnreadable,
		`{"code":"Success","data":{"customers":[],"error":"x"}}`:                      souk.ErrUnreadable,
		`{"errors":["` + strings.Repeat("x", 4<<10) + `"]}`:                           souk.ErrUnreadable, // as long as no refusal is
		`{"code":"Success","data":{"customers":[],"errors":["x"]}}`:                   souk.ErrUnreadable,
		`{"code":"BusinessError","message":"Email or Phone is already taken"}`:        souk.ErrUnreadable,
	}
	for _, version := range versions {
		for body, class := range cases {
			s := newStoreWith(t, shoplazza.Config{Version: version, Options: souk.Options{MaxAttempts: 1}})
			s.expect(http.MethodDelete, addresses+"/1", nil).JSON(http.StatusOK, body)
			s.expect(http.MethodGet, "/customers", nil).JSON(http.StatusOK, body)
			err := s.client.Addresses.Delete(t.Context(), customerID, "1")
			e := requireError(t, err, class)
			assert.Equal(t, 200, e.StatusCode, body)
			assert.NotContains(t, strings.ToLower(err.Error()), "200 ok")
			assert.Equal(t, errors.Is(class, souk.ErrUnreadable), errors.Is(err, souk.ErrOutcomeUnknown), body)
			list, err := s.client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{})
			requireError(t, err, class)
			assert.Nil(t, list)
		}
	}
	s := newStore(t, "")
	s.expectCreate().JSON(http.StatusOK, `{"errors":["Email or Phone is already taken"]}`)
	requireError(t, s.create(t), souk.ErrAlreadyExists)
}

func TestAMessageIsMadeOfTheTexts(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"errors":"a"}`:                                "a",
		`{"errors":["a","",null,"b"]}`:                  "a; b",
		`{"error":"b","message":"a"}`:                   "b; a",
		`{"errors":["a"],"error":"b","message":"c"}`:    "a; b; c",
		`{"errors":["a"],"message":"a"}`:                "a",
		`{"errors":{"a":null,"b":"no","c":["d","e"]}}`:  "",
		`{"errors":{"b":{"c":"x"},"a":["f"]},"code":7}`: "",
	} {
		s := newStore(t, "")
		s.expect(http.MethodGet, "/customers/1", nil).JSON(http.StatusBadRequest, body)
		_, err := s.client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})
		e := requireError(t, err, souk.ErrInvalid)
		assert.NotErrorIs(t, err, souk.ErrUnreadable, body)
		assert.Equal(t, want, e.Message, "%q", body)
		if strings.Contains(body, `"b":"no"`) {
			assert.Equal(t, map[string][]string{"b": {"no"}, "c": {"d", "e"}}, e.Fields)
		}
		if strings.Contains(body, `"code":7`) {
			assert.Equal(t, map[string][]string{"a": {"f"}}, e.Fields)
			assert.Equal(t, "7", e.Code)
		}
	}
}

func TestTheCodeOfAnEnvelopeIsInTheError(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/customers/1", nil).JSON(400, `{"code":40001,"message":"id is invalid","errors":["id is invalid"]}`)
	_, err := s.client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})
	e := requireError(t, err, souk.ErrInvalid)
	assert.Equal(t, "40001", e.Code)
	assert.Equal(t, "shoplazza: GET /customers/{id}: 400 invalid (40001): id is invalid", err.Error())
}

// FuzzErrorBodies feeds any body with any status to the decoder of errors.
func FuzzErrorBodies(f *testing.F) {
	for _, c := range documented {
		f.Add(c.status, testkit.Fixture(f, "errors/"+c.file))
	}
	for _, body := range []string{``, `null`, `[]`, `"x"`, `{"errors":null}`, `{"errors":{"a":null}}`, `{"errors":[null,1,{}]}`, `{"errors":{"a":{"b":["c"]}}}`, `{"error":{"message":"x"}}`, `{"code":{}}`, `{"data":{"customer":7}}`, `{"customer":[]}`, "\x00\xff"} {
		f.Add(500, []byte(body))
		f.Add(200, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		for _, version := range []string{shoplazza.Version202201, shoplazza.Version202601} {
			client, err := shoplazza.NewClient(shoplazza.Config{
				Shop:    uniqueShop(),
				Version: version,
				Token:   token,
				Options: souk.Options{
					MaxAttempts: 1,
					HTTPClient:  &http.Client{Transport: answering{status, body}},
					Limiter:     unpaced,
				},
			})
			require.NoError(t, err)
			customer, err := client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})
			if err == nil {
				assert.NotEmpty(t, customer.ID)
				continue
			}
			assert.Nil(t, customer)
			e, ok := errors.AsType[*souk.Error](err)
			assert.True(t, ok && e.Vendor == "shoplazza")
			assert.False(t, strings.ContainsAny(err.Error(), "\n\r\x00"), "%q", err.Error())
			_, marshalErr := json.Marshal(err.Error())
			assert.NoError(t, marshalErr)
		}
	})
}

// answering is a transport with one answer for everything.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}
