package salla_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// Every refusal that the reference shows.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const prefix = "salla: GET /customers/{customer}: "
	tests := []struct {
		name    string
		status  int
		fixture string
		body    string
		is      []error
		not     []error
		code    string
		fields  map[string][]string
		text    string
	}{
		{
			name: "scope missing", status: 401, fixture: "error_401_scope.json",
			is: []error{souk.ErrForbidden, salla.ErrScopeMissing}, not: []error{souk.ErrUnauthorized, souk.ErrReauthorize},
			code: "Unauthorized",
			text: "401 forbidden: the app lacks a scope (Unauthorized): The access token should have access to one of those scopes: customers.read_write",
		},
		{
			name: "scope missing, misspelled and in another language", status: 401,
			body: `{"status":401,"success":false,"error":{"code":"Unauthorized","message":"يجب أن يكون لديك cutomers.read"}}`,
			is:   []error{souk.ErrForbidden, salla.ErrScopeMissing}, not: []error{souk.ErrUnauthorized, souk.ErrReauthorize},
			code: "Unauthorized", text: "401 forbidden: the app lacks a scope (Unauthorized): يجب أن يكون لديك cutomers.read",
		},
		{
			name: "scope missing, to write, in another language", status: 401,
			body: `{"status":401,"success":false,"error":{"code":"Unauthorized","message":"يجب أن يكون لديك customers.read_write"}}`,
			is:   []error{souk.ErrForbidden, salla.ErrScopeMissing}, not: []error{souk.ErrUnauthorized, souk.ErrReauthorize},
			code: "Unauthorized", text: "401 forbidden: the app lacks a scope (Unauthorized): يجب أن يكون لديك customers.read_write",
		},
		{
			name: "token invalid", status: 401, fixture: "error_401_token.json",
			is: []error{souk.ErrUnauthorized, souk.ErrReauthorize, salla.ErrTokenInvalid}, not: []error{souk.ErrForbidden},
			code: "Unauthorized", text: "401 unauthorized: the access token is invalid",
		},
		{
			name: "user deleted", status: 401, fixture: "error_401_user_deleted.json",
			is: []error{souk.ErrUnauthorized, souk.ErrReauthorize, salla.ErrUserDeleted}, not: []error{salla.ErrTokenInvalid},
			code: "Unauthorized", text: "401 unauthorized: the user who authorised the app was deleted: The User is not exists.",
		},
		{
			name: "user inactive", status: 401, fixture: "error_401_user_inactive.json",
			is: []error{souk.ErrUnauthorized, salla.ErrUserInactive}, not: []error{souk.ErrReauthorize, salla.ErrTokenInvalid},
			code: "Unauthorized", text: "401 unauthorized: the user who authorised the app is not active: عفوا لا يمكنك تسجيل الدخول, حسابك غير مفعل",
		},
		{
			name: "no API key", status: 401, fixture: "loyalty_get_401.json",
			is: []error{souk.ErrUnauthorized}, not: []error{souk.ErrReauthorize, salla.ErrTokenInvalid},
			code: "Invalid-token", text: "401 unauthorized (Invalid-token): please provide a valid API Key",
		},
		{
			name: "code as a number", status: 404, fixture: "error_404_integer_code.json",
			is: []error{souk.ErrNotFound}, code: "404",
			text: "404 not found: The content you are trying to access is no longer available",
		},
		{
			name: "many fields", status: 422, fixture: "error_422_many.json", is: []error{souk.ErrInvalid}, code: "error",
			fields: map[string][]string{
				"first_name": {"الاسم الاول للعميل مطلوب"}, "last_name": {"الاسم الاخير للعميل مطلوبً"}, "country_code": {"حقل كود الدولة مطلوب"},
				"mobile_code_country": {"حقل رمز الدولة للجوال مطلوب"}, "mobile": {"رقم الجوال مطلوب"},
			},
			text: "422 invalid (error): alert.invalid_fields; country_code: حقل كود الدولة مطلوب; first_name: الاسم الاول للعميل مطلوب; " +
				"last_name: الاسم الاخير للعميل مطلوبً; mobile: رقم الجوال مطلوب; mobile_code_country: حقل رمز الدولة للجوال مطلوب",
		},
		{
			name: "template", status: 422, fixture: "error_422_template.json", is: []error{souk.ErrInvalid}, code: "validation_failed",
			fields: map[string][]string{"{field-name}": {"The {field-label} field is required."}},
			text:   "422 invalid (validation_failed): Validation is not successfull; {field-name}: The {field-label} field is required.",
		},
		{
			name: "a field with one text", status: 422, body: `{"error":{"code":"error","message":"m","fields":{"email":"taken"}}}`,
			is: []error{souk.ErrInvalid}, code: "error", fields: map[string][]string{"email": {"taken"}}, text: "422 invalid (error): m; email: taken",
		},
		{
			name: "fields as an empty list", status: 422, body: `{"error":{"code":"error","message":"m","fields":[]}}`,
			is: []error{souk.ErrInvalid}, code: "error", text: "422 invalid (error): m",
		},
		{
			name: "a field with null", status: 422, body: `{"error":{"code":"error","message":"m","fields":{"email":null,"mobile":[null]}}}`,
			is: []error{souk.ErrInvalid}, code: "error", fields: map[string][]string{"email": nil, "mobile": nil}, text: "422 invalid (error): m; email; mobile",
		},
		{
			name: "message under data", status: 400, body: `{"status":400,"success":false,"data":{"message":"m"}}`,
			is: []error{souk.ErrInvalid}, text: "400 invalid: m",
		},
		{
			name: "data as a list, message null", status: 400, body: `{"status":400,"success":false,"data":["m"],"error":{"message":null}}`,
			is: []error{souk.ErrInvalid}, text: "400 invalid",
		},
		{
			name: "OAuth's form", status: 401, fixture: "token_invalid_grant.json",
			is: []error{souk.ErrUnauthorized, souk.ErrReauthorize, salla.ErrGrantInvalid}, code: "invalid_grant",
			text: "401 unauthorized: the code or refresh token was revoked, has expired or was used before (invalid_grant): The provided authorization grant " +
				"(e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the " +
				"redirection URI used in the authorization request, or was issued to another client. The OAuth 2.0 Client ID from this request " +
				"does not match the ID during the initial token issuance.",
		},
		{name: "blocked after too many errors", status: 403, body: `{"status":403,"success":false}`, is: []error{souk.ErrForbidden}, text: "403 forbidden"},
		{name: "405", status: 405, body: `{"success":false}`, is: []error{souk.ErrInvalid}, text: "405 invalid"},
		{name: "405 of somebody", status: 405, body: ``, is: []error{souk.ErrInvalid, souk.ErrUnreadable}, text: "405 invalid, unreadable: nothing came instead of the API's answer (application/json): check BaseURL and proxies"},
		{name: "406", status: 406, body: `{"success":"0"}`, is: []error{souk.ErrInvalid}, text: "406 invalid"},
		{name: "406 of somebody", status: 406, body: `{}`, is: []error{souk.ErrInvalid, souk.ErrUnreadable}, text: "406 invalid, unreadable: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{name: "conflict", status: 409, body: `{"success":false,"error":{"message":"m"}}`, is: []error{souk.ErrInvalid}, text: "409 invalid: m"},
		{name: "gone", status: 410, body: `{"success":false}`, is: []error{souk.ErrNotFound}, text: "410 not found"},
		{
			name: "gone says somebody", status: 410, body: `{}`, is: []error{souk.ErrUnavailable, souk.ErrUnreadable}, not: []error{souk.ErrNotFound},
			text: "410 unavailable, unreadable: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies",
		},
		{name: "rate limited", status: 429, body: `{"error":{"code":"too_many_requests","message":"m"}}`, is: []error{souk.ErrRateLimited}, code: "too_many_requests", text: "429 rate limited (too_many_requests): m"},
		{name: "server error", status: 500, body: `{"error":{"code":"server_error"}}`, is: []error{souk.ErrUnavailable}, code: "server_error", text: "500 unavailable (server_error)"},
		{name: "web page", status: 502, body: `<html>Bad gateway</html>`, is: []error{souk.ErrUnavailable, souk.ErrUnreadable}, text: "502 unavailable, unreadable: a web page came instead of the API's answer (application/json): the API or a proxy before it failed"},
		{name: "JSON of another form", status: 400, body: `[1,2]`, is: []error{souk.ErrInvalid, souk.ErrUnreadable}, text: "400 invalid, unreadable: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{name: "error of another form", status: 400, body: `{"error":[{"code":{}}],"status":"x"}`, is: []error{souk.ErrInvalid, souk.ErrUnreadable}, text: "400 invalid, unreadable: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{
			name: "words for status and success", status: 401,
			body: `{"status":"error","success":"no","error":{"code":"Unauthorized","message":"The access token is invalid"}}`,
			is:   []error{souk.ErrUnauthorized, souk.ErrReauthorize, salla.ErrTokenInvalid},
			code: "Unauthorized", text: "401 unauthorized: the access token is invalid",
		},
		{
			name: "success that is none", status: 200, body: `{"status":422,"success":false,"error":{"code":"error","message":"m"}}`,
			is: []error{souk.ErrInvalid}, code: "error", text: "200 invalid (error): m",
		},
		{
			name: "success that is none, by its status alone", status: 200, body: `{"status":400,"message":"m"}`,
			is: []error{souk.ErrInvalid}, text: "200 invalid: m",
		},
		{
			name: "success that is none, by its body not found", status: 200, body: `{ "success" : "false", "status":404 }`,
			is: []error{souk.ErrNotFound}, text: "200 not found: the answer says that the call failed",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.fixture != "" {
				tt.body = string(fixture(t, tt.fixture))
			}
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Path: "/admin/v2/customers/7"}).JSON(tt.status, tt.body)

			customer, err := newClient(t, gock).Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

			assert.Nil(t, customer)
			e := requireError(t, err)
			for _, class := range tt.is {
				assert.ErrorIs(t, err, class)
			}
			for _, class := range append(tt.not, souk.ErrOutcomeUnknown, souk.ErrAlreadyExists) {
				assert.NotErrorIs(t, err, class)
			}
			assert.EqualError(t, err, prefix+tt.text)
			assert.Equal(t, tt.status, e.StatusCode)
			assert.Equal(t, tt.code, e.Code)
			assert.Equal(t, tt.fields, e.Fields)
			assert.Equal(t, tt.body, string(e.Body))
			assert.Equal(t, http.MethodGet, e.Method)
			assert.Equal(t, "/customers/{customer}", e.Route)
			assert.Equal(t, 1, e.Attempts)
		})
	}
}

// A text that only mentions success is no refusal.
func TestSuccessThatMentionsFailure(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/7"}).
		JSON(200, `{"data":{"id":7,"first_name":"\"success\":false","custom_fields":{"success":false}},"success":true}`)

	customer, err := newClient(t, gock).Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

	assert.NoError(t, err)
	assert.Equal(t, int64(7), customer.ID)
}

// A write that was refused did not happen, whatever the status says; one whose
// answer cannot be read may have.
func TestOutcomeOfWrites(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		status  int
		body    string
		unknown bool
	}{
		{"422", 422, `{"error":{"code":"error"}}`, false},
		{"422 of somebody", 422, `<html>`, false},
		{"404 of somebody", 404, `<html>`, true},
		{"503", 503, `<html>`, true},
		{"200 that says 500", 200, `{"success":false,"status":500}`, true},
		{"429", 429, `{}`, false},
		{"200 that is none", 200, `{"success":false,"status":422}`, false},
		{"500", 500, `{"error":{"code":"server_error"}}`, true},
		{"502", 502, `<html>`, true},
		{"408", 408, ``, true},
		{"web page", 200, `<html>log in</html>`, true},
		{"no body", 200, ``, true},
		{"no data", 200, `{"status":200,"success":true}`, true},
		{"data of another form", 200, `{"status":200,"success":true,"data":["created"]}`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara"}`)}).JSON(tt.status, tt.body)
			cfg := config(t, gock)
			cfg.MaxAttempts, cfg.MaxRetryWait = 4, 1
			client, err := salla.NewClient(cfg)
			assert.NoError(t, err)

			_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

			assert.Error(t, err)
			if tt.unknown {
				assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			} else {
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			}
		})
	}
}

// Calls without a result do not take a web page for an answer.
func TestDoneNeedsAnAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "DELETE", Path: "/admin/v2/customers/7"}).Body(200, "text/html", []byte("<html>log in</html>"))

	err := newClient(t, gock).Customers.Delete(t.Context(), 7)

	assert.EqualError(t, err, "salla: DELETE /customers/{customer}: 200 unavailable, unreadable, outcome unknown: "+
		"a web page came instead of the API's answer (text/html): check BaseURL and proxies")
}

// A 403 is how Salla blocks callers who do not stop, so none is repeated.
func TestForbiddenIsNotRepeated(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/7"}).Fixture(403, "loyalty_post_403.json")
	cfg := config(t, gock)
	cfg.MaxAttempts = 4
	client, err := salla.NewClient(cfg)
	assert.NoError(t, err)

	_, err = client.Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

	assert.ErrorIs(t, err, souk.ErrForbidden)
	assert.Len(t, gock.Requests(), 1)
}

// What the server writes into its texts of persons and secrets is not shown.
func TestErrorsShowNothingPersonal(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	for _, status := range []int{200, 400, 401, 403, 422, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: func([]byte) error { return nil }}).JSON(status, map[string]any{
				"success": false,
				"error": map[string]any{
					"code":    "taken: " + canary.Email,
					"message": canary.Email + " and " + canary.Phone + " are taken",
					"fields":  map[string]any{"email": []string{canary.Email + " is taken"}, "mobile": canary.Phone},
				},
			})
			cfg := config(t, gock)
			cfg.Token, cfg.Logger = canary.Token, log.Logger()
			client, err := salla.NewClient(cfg)
			assert.NoError(t, err)

			_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{
				FirstName: canary.FirstName, LastName: canary.LastName, Email: canary.Email, Mobile: "500417293",
			})

			canary.CheckError(t, err)
			log.Logger().Error("failed", "error", err)
			_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: canary.FirstName, Gender: salla.Gender(canary.Note), Birthday: canary.Note})
			canary.CheckError(t, err)
			log.Logger().Error("failed", "error", err)
		})
	}
	canary.Check(t, log.Text())
	assert.Contains(t, log.Text(), `"route":"/customers"`)
}
