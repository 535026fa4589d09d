package commercengine_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	fixture := func(status int, name string) func(*testkit.Reply) {
		return func(r *testkit.Reply) { r.Fixture(status, name) }
	}
	answered := func(status int, body string) func(*testkit.Reply) {
		return func(r *testkit.Reply) { r.JSON(status, body) }
	}
	tests := []struct {
		name   string
		reply  func(*testkit.Reply)
		class  error
		code   string
		fields map[string][]string
		text   string
	}{
		{"validation", fixture(400, "error_400.json"), souk.ErrInvalid, "validation_error", map[string][]string{"phone": {"must be 10 digits"}}, "400 invalid (validation_error): Validation failed; phone: must be 10 digits"},
		{"unauthorized", fixture(401, "error_401.json"), souk.ErrUnauthorized, "unauthorized", nil, "401 unauthorized: Not authorized for given operation on the Resource."},
		{"not found", fixture(404, "error_404.json"), souk.ErrNotFound, "not_found", nil, "404 not found: Requested resource not found"},
		{"code in capitals", answered(401, `{"success":false,"code":"UNAUTHORIZED","message":"no"}`), souk.ErrUnauthorized, "unauthorized", nil, "401 unauthorized: no"},
		{"code as a number", answered(400, `{"success":false,"code":1001,"message":"no"}`), souk.ErrInvalid, "1001", nil, "400 invalid (1001): no"},
		{"no code", answered(422, `{"success":false,"message":"no"}`), souk.ErrInvalid, "", nil, "422 invalid: no"},
		{"no success", answered(422, `{"code":"invalid_input","message":"no"}`), souk.ErrInvalid, "invalid_input", nil, "422 invalid (invalid_input): no"},
		{"not found by its code", answered(400, `{"code":"Not_Found","message":"no"}`), souk.ErrNotFound, "not_found", nil, "400 not found: no"},
		{"operation that is gone", answered(405, `{"success":false,"message":"no"}`), souk.ErrNotFound, "", nil, "405 not found: no"},
		{"forbidden", answered(403, `{"code":"forbidden","message":"no"}`), souk.ErrForbidden, "forbidden", nil, "403 forbidden: no"},
		{"conflict of a read", answered(409, `{"code":"conflict","message":"taken"}`), souk.ErrInvalid, "conflict", nil, "409 invalid (conflict): taken"},
		{"rate limited", answered(429, `{"success":false,"code":"slow_down","message":"no"}`), souk.ErrRateLimited, "slow_down", nil, "429 rate limited (slow_down): no"},
		{"server error", answered(500, `{"success":false,"message":"oops"}`), souk.ErrUnavailable, "", nil, "500 unavailable: oops"},
		{"failure with status 200", answered(200, `{"success":false,"message":"no"}`), souk.ErrInvalid, "", nil, "200 invalid: no"},
		{"failure as text", answered(200, `{"success":"false","message":"no"}`), souk.ErrInvalid, "", nil, "200 invalid: no"},
		{"failure as a number", answered(200, `{"success":0,"message":"no"}`), souk.ErrInvalid, "", nil, "200 invalid: no"},
		{"failure beside a content", answered(200, `{"success":false,"message":"no","content":{"address":{"id":"`+addressID+`"}}}`), souk.ErrInvalid, "", nil, "200 invalid: no"},
		{"not found with status 200", answered(200, `{"success":false,"code":"NOT_FOUND","message":"no"}`), souk.ErrNotFound, "not_found", nil, "200 not found: no"},
		{"unauthorized with status 200", answered(200, `{"success":false,"code":"UNAUTHORIZED","message":"no"}`), souk.ErrUnauthorized, "unauthorized", nil, "200 unauthorized: no"},
		{"the credential has run out, with status 200", answered(200, `{"success":false,"code":"token_expired","message":"no"}`), souk.ErrUnauthorized, "token_expired", nil, "200 unauthorized (token_expired): no"},
		{"credentials with status 200", answered(200, `{"success":false,"code":"INVALID_CREDENTIALS","message":"no"}`), souk.ErrUnauthorized, "invalid_credentials", nil, "200 unauthorized (invalid_credentials): no"},
		{"forbidden with status 200", answered(200, `{"success":false,"code":"forbidden","message":"no"}`), souk.ErrForbidden, "forbidden", nil, "200 forbidden: no"},

		{"errors as lists", answered(400, `{"success":false,"message":"no","errors":[{"field":"email","message":"taken"},{"field":"email","message":"odd"}]}`), souk.ErrInvalid, "", map[string][]string{"email": {"taken", "odd"}}, "400 invalid: no; email: taken, odd"},
		{"errors as texts", answered(400, `{"success":false,"message":"no","errors":["first","second"]}`), souk.ErrInvalid, "", map[string][]string{"errors": {"first", "second"}}, "400 invalid: no; errors: first, second"},
		{"errors as a text", answered(400, `{"success":false,"message":"no","errors":"first"}`), souk.ErrInvalid, "", map[string][]string{"errors": {"first"}}, "400 invalid: no; errors: first"},
		{"errors by field", answered(400, `{"success":false,"message":"no","errors":{"email":"taken","otp":7,"ok":false}}`), souk.ErrInvalid, "", map[string][]string{"email": {"taken"}, "otp": {"7"}, "ok": nil}, "400 invalid: no; email: taken; ok; otp: 7"},
		{"errors in depth", answered(400, `{"success":false,"message":"no","errors":{"address":{"pincode":["unknown"]}}}`), souk.ErrInvalid, "", map[string][]string{"address.pincode": {"unknown"}}, "400 invalid: no; address.pincode: unknown"},
		{"errors null", answered(400, `{"success":false,"message":"no","errors":{"email":null}}`), souk.ErrInvalid, "", map[string][]string{"email": nil}, "400 invalid: no; email"},
		{"error object", answered(400, `{"success":false,"message":"no","error":{"code":"VALIDATION_ERROR","message":"why","details":{"field":"phone","message":"short"}}}`), souk.ErrInvalid, "validation_error", map[string][]string{"phone": {"short"}}, "400 invalid (validation_error): no; phone: short"},
		{"empty code and error object", answered(400, `{"success":false,"code":"","message":"no","error":{"code":"x"}}`), souk.ErrInvalid, "x", nil, "400 invalid (x): no"},
		{"details", answered(400, `{"success":false,"message":"no","details":[{"message":"short"}]}`), souk.ErrInvalid, "", map[string][]string{"message": {"short"}}, "400 invalid: no; message: short"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			tt.reply(gock.Expect(testkit.Request{URL: base + addressPath + "/" + addressID}))

			// A client of its own: the gate that a 429 closes is for all of a credential.
			client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: testkit.Unique(), Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
			require.NoError(t, err)
			_, err = client.Addresses.Get(t.Context(), customerID, addressID)

			e := requireError(t, err)
			assert.ErrorIs(t, err, tt.class)
			assert.Equal(t, tt.code, e.Code)
			assert.Equal(t, tt.fields, e.Fields)
			assert.EqualError(t, err, "commercengine: GET /customers/{customer_id}/addresses/{address_id}: "+tt.text)
			assert.Equal(t, "GET", e.Method)
			assert.Equal(t, "/customers/{customer_id}/addresses/{address_id}", e.Route)
			assert.Equal(t, 1, e.Attempts)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.NotErrorIs(t, err, souk.ErrUnreadable)
		})
	}
}

// A conflict with something that is there already is one of operations that make
// something, or claim a contact; any other is with a state.
func TestConflicts(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(o.request()).JSON(409, `{"success":false,"code":"conflict","message":"it is already so"}`)

			_, err := o.call(t.Context(), newClient(t, gock))

			if slices.Contains([]string{
				"create-customer", "create-address", "create-bank-account", "create-customer-mandate", "create-document",
				"register-with-email", "register-with-phone", "register-with-whatsapp", "register-with-password", "update-user",
			}, o.fixture) {
				assert.ErrorIs(t, err, souk.ErrAlreadyExists)
				return
			}
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists)
		})
	}
}

func TestErrorKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + addressPath + "/" + addressID}).Fixture(400, "error_400.json")

	_, err := newClient(t, gock).Addresses.Get(t.Context(), customerID, addressID)

	e := requireError(t, err)
	assert.Equal(t, 400, e.StatusCode)
	assert.Equal(t, "Validation failed", e.Message)
	assert.Equal(t, string(testkit.Fixture(t, "error_400.json")), string(e.Body))
}

func TestLoginOfAnUnknownUser(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/login/phone", Body: json.RawMessage(`{"phone":"9876543210"}`)}).Fixture(404, "error_404.json")

	_, err := newClient(t, gock).Auth.LoginWithPhone(t.Context(), commercengine.LoginWithPhoneRequest{Phone: "9876543210"})

	assert.ErrorIs(t, err, souk.ErrNotFound)
}

// success:false is what the check is for, and not an error there.
func TestStoreCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		reply func(*testkit.Reply)
		want  *commercengine.StoreCheck
		err   error
	}{
		{"exists", func(r *testkit.Reply) { r.Fixture(200, "check-store.json") }, &commercengine.StoreCheck{Exists: true, Message: "ok"}, nil},
		{"missing", func(r *testkit.Reply) { r.Fixture(200, "store_missing.json") }, &commercengine.StoreCheck{Message: "Store does not exist"}, nil},
		{"404", func(r *testkit.Reply) { r.Fixture(404, "error_404.json") }, nil, souk.ErrNotFound},
		{"401", func(r *testkit.Reply) { r.Fixture(401, "error_401.json") }, nil, souk.ErrUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			tt.reply(gock.Expect(testkit.Request{URL: base + "/store/check"}))

			got, err := newClient(t, gock).Store.Check(t.Context())

			assert.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// Nothing of a request, a credential or an answer that is personal gets into
// errors and logs.
func TestErrorsShowNothingPersonal(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	for _, reply := range []func(*testkit.Reply){
		func(r *testkit.Reply) {
			r.JSON(400, `{"success":false,"message":"`+canary.Email+` `+canary.Phone+`","errors":{"phone":"`+canary.Phone+` is taken"}}`)
		},
		func(r *testkit.Reply) { r.Drop() },
		func(r *testkit.Reply) { r.JSON(200, `{"success":true,"content":{"address":{"first_name":7}}}`) },
		func(r *testkit.Reply) { r.JSON(200, `{"success":true,"content":"`+canary.Email+`"}`) },
	} {
		gock := testkit.NewGock(t)
		reply(gock.Expect(testkit.Request{Method: "POST", URL: base + addressPath, Body: func([]byte) error { return nil }}))
		client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: canary.Token, APIKey: canary.APIKey, Options: souk.Options{HTTPClient: gock.Client(), Logger: log.Logger(), MaxAttempts: 1}})
		require.NoError(t, err)

		_, err = client.Addresses.Create(t.Context(), customerID, commercengine.CreateAddressRequest{
			FirstName: canary.FirstName, LastName: canary.LastName, CountryCode: "+91", Phone: "9876543210", Email: canary.Email,
			AddressLine1: canary.Street, Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India", Nickname: canary.Note,
		})

		require.Error(t, err)
		canary.CheckError(t, err)
		var logged bytes.Buffer
		slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "error", err)
		canary.Check(t, logged.String())
	}
	canary.Check(t, log.Text())
}

func FuzzErrors(f *testing.F) {
	for _, name := range []string{"error_400.json", "error_401.json", "error_404.json", "store_missing.json"} {
		f.Add(400, testkit.Fixture(f, name))
	}
	f.Add(200, []byte(`{"success":false,"errors":[[[[[[[["deep"]]]]]]]],"details":{"a":{"b":{"c":{"d":{"e":{"f":"x"}}}}}}}`))
	f.Add(502, []byte("<html>"))
	f.Add(401, []byte(`{"error":{"code":null,"message":[]},"errors":1e999}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 599 || status == 429 || status/100 == 1 || status == 204 || status == 304 {
			return
		}
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: base + addressPath + "/" + addressID}).Body(status, "application/json", body)

		_, err := newClient(t, gock).Addresses.Get(t.Context(), customerID, addressID)
		if err != nil {
			e := requireError(t, err)
			assert.LessOrEqual(t, len(e.Fields), 100)
			assert.Contains(t, err.Error(), "commercengine: GET /customers/{customer_id}/addresses/{address_id}: ")
		}
	})
}

// Half of what says no is nobody's answer, and neither is the whole beside a success.
func TestHalfARefusalIsUnreadable(t *testing.T) {
	t.Parallel()
	for body, status := range map[string]int{
		`{"code":"x"}`: 400, `{"message":"m"}`: 400, `{"code":"x","message":"m"}`: 200, `{"code":"x","message":"m","content":null}`: 200,
	} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: base + addressPath + "/adr-1"}).JSON(status, body)

		_, err := newClient(t, gock).Addresses.Get(t.Context(), customerID, "adr-1")

		assert.ErrorIs(t, err, souk.ErrUnreadable, body)
	}
}
