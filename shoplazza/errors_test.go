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
	"bad request":                        {400, "bad_request.txt", souk.ErrInvalid, "Bad Request", nil},
	"unauthorized":                       {401, "unauthorized.txt", souk.ErrUnauthorized, "Unauthorized", nil},
	"unauthorized with status 400":       {400, "unauthorized.txt", souk.ErrUnauthorized, "Unauthorized", nil},
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

func TestOtherStatusesHaveTheirClass(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]error{
		400: souk.ErrInvalid,
		401: souk.ErrUnauthorized,
		403: souk.ErrForbidden,
		404: souk.ErrNotFound,
		405: souk.ErrInvalid,
		406: souk.ErrInvalid,
		422: souk.ErrInvalid,
		500: souk.ErrUnavailable,
	} {
		s := newStoreWith(t, shoplazza.Config{Options: souk.Options{MaxAttempts: 1}})
		s.expect(http.MethodGet, "/customers/1", nil).Body(status, "text/html", []byte("<html><body>nginx</body></html>"))
		_, err := s.client.Customers.Get(t.Context(), "1")
		e := requireError(t, err, class)
		assert.Empty(t, e.Message, "a web page is no message")
	}
}

func TestAStatus500ThatCarriesARuleIsARefusalFrom202506On(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body  string
		class error
	}{
		"taken":        {`{"errors":["Email or Phone is already taken"]}`, souk.ErrAlreadyExists},
		"not found":    {`{"code":"NotFound","message":"Record not found"}`, souk.ErrNotFound},
		"other rules":  {`{"code":"BusinessError","message":"Phone is invalid"}`, souk.ErrInvalid},
		"in an object": {`{"errors":{"country":["can't be blank"]}}`, souk.ErrInvalid},
	}
	for name, c := range cases {
		for _, version := range laterVersions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expect(http.MethodPost, addresses, object{"address": object{"country": "Finland", "country_code": "FI"}}).JSON(500, c.body)
				s.expect(http.MethodPut, addresses+"/1/default", nil).JSON(500, c.body)
				s.expect(http.MethodGet, addresses+"/1", nil).JSON(500, c.body)
				_, err := s.client.Addresses.Create(t.Context(), customerID, shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"})
				e := requireError(t, err, c.class)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.Equal(t, 1, e.Attempts)
				err = s.client.Addresses.SetDefault(t.Context(), customerID, "1")
				assert.Equal(t, 1, requireError(t, err, c.class).Attempts)
				_, err = s.client.Addresses.Get(t.Context(), customerID, "1")
				assert.Equal(t, 1, requireError(t, err, c.class).Attempts)
			})
		}
	}
}

func TestAStatus500OfTheServersOwnTroubleLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{}`, `{"errors":["Internal Server Error"]}`, `{"code":"InternalError","message":"please contact support"}`,
		`{"error":"context deadline exceeded"}`, `{"message":"system error"}`, `{"message":"Something went wrong"}`, `<html></html>`,
	} {
		for _, version := range versions {
			s := newStore(t, version)
			s.expect(http.MethodPost, "/customers", object{"customer": object{"contact_type": "email", "email": "a@example.com"}}).JSON(500, body)
			_, err := s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
			e := requireError(t, err, souk.ErrOutcomeUnknown)
			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, 1, e.Attempts, "a write is not repeated")
		}
	}
}

func TestAStatus500In202201IsTroubleUnlessItsMessageIsKnown(t *testing.T) {
	t.Parallel()
	request := shoplazza.CreateCustomerRequest{Email: "a@example.com"}
	body := object{"customer": object{"contact_type": "email", "email": "a@example.com"}}
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodPost, "/customers", body).JSON(500, `{"errors":["could not serialize access"]}`)
	_, err := s.client.Customers.Create(t.Context(), request)
	requireError(t, err, souk.ErrOutcomeUnknown)

	s.expect(http.MethodPost, "/customers", body).JSON(500, `{"errors":["Email or Phone is already taken"]}`)
	_, err = s.client.Customers.Create(t.Context(), request)
	requireError(t, err, souk.ErrAlreadyExists)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
}

func TestAFailureInsideA200IsAnError(t *testing.T) {
	t.Parallel()
	cases := map[string]error{
		`{"code":"InvalidParameter","message":"page_size is invalid"}`:                   souk.ErrInvalid,
		`{"code":"NotFound","message":"record not found","data":null}`:                   souk.ErrNotFound,
		`{"code":"BusinessError","message":"Email or Phone is already taken","data":{}}`: souk.ErrAlreadyExists,
		`{"errors":["record not found"]}`:                                                souk.ErrNotFound,
		`{"error":"store is not active"}`:                                                souk.ErrForbidden,
	}
	for body, class := range cases {
		s := newStore(t, shoplazza.Version202601)
		s.expect(http.MethodDelete, addresses+"/1", nil).JSON(http.StatusOK, body)
		s.expect(http.MethodGet, "/customers", nil).JSON(http.StatusOK, body)
		err := s.client.Addresses.Delete(t.Context(), customerID, "1")
		assert.Equal(t, 200, requireError(t, err, class).StatusCode, body)
		_, err = s.client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{})
		requireError(t, err, class)
	}
}

func TestAMessageMayBeAPlainText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`"Bad Request"`:                  "Bad Request",
		"Bad Request\n":                  "Bad Request",
		"":                               "",
		"  ":                             "",
		"two\nlines":                     "",
		"<html>Bad Request</html>":       "",
		"{broken":                        "",
		strings.Repeat("a", 200):         strings.Repeat("a", 200),
		strings.Repeat("a", 201):         "",
		"caf\xe9":                        "caf",
		`{"message":"a","error":"b"}`:    "b; a",
		`{"errors":["a","",null,"b"]}`:   "a; b",
		`{"errors":[{"message":"a"}]}`:   "",
		`{"errors":7}`:                   "7",
		`{"errors":{"a":null,"b":"no"}}`: "",
	} {
		s := newStore(t, "")
		s.expect(http.MethodGet, "/customers/1", nil).Body(http.StatusBadRequest, "text/plain", []byte(body))
		_, err := s.client.Customers.Get(t.Context(), "1")
		e := requireError(t, err, souk.ErrInvalid)
		assert.Equal(t, want, e.Message, "%q", body)
		if strings.Contains(body, `"b":"no"`) {
			assert.Equal(t, map[string][]string{"b": {"no"}}, e.Fields)
		}
	}
}

func TestAnEnvelopeWithDataIsAnAnswerWhateverItsCode(t *testing.T) {
	t.Parallel()
	for _, code := range []string{`"Success"`, `"success"`, `"OK"`, `0`, `200`, `"Cached"`, `null`} {
		s := newStore(t, shoplazza.Version202601)
		s.expect(http.MethodGet, "/customers/1", nil).JSON(http.StatusOK, `{"code":`+code+`,"message":"m","data":{"customer":{"id":"1"}}}`)
		got, err := s.client.Customers.Get(t.Context(), "1")
		require.NoError(t, err)
		assert.Equal(t, "1", got.ID)
	}
}

func TestTheCodeOfAnEnvelopeIsInTheError(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/customers/1", nil).JSON(400, `{"code":40001,"message":"id is invalid"}`)
	_, err := s.client.Customers.Get(t.Context(), "1")
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
			customer, err := client.Customers.Get(t.Context(), "1")
			if err == nil {
				assert.NotNil(t, customer)
				continue
			}
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
