package commercenginetest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

func start(t *testing.T) *commercenginetest.Server {
	t.Helper()
	server := commercenginetest.NewServer()
	t.Cleanup(server.Close)
	return server
}

// send sends a request and returns status and body. The credential is a Bearer
// token, or the API key where it is empty.
func send(t *testing.T, server *commercenginetest.Server, token, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.BaseURL()+"/api/v1/"+server.StoreID+"/storefront"+path, strings.NewReader(body))
	require.NoError(t, err)
	if token == "" {
		r.Header.Set("X-Api-Key", server.APIKey)
	} else {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

// tokens are those of an answer.
type tokens struct {
	Content struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
}

func anonymous(t *testing.T, server *commercenginetest.Server) tokens {
	t.Helper()
	var out tokens
	status, body := send(t, server, "", "POST", "/auth/anonymous", "")
	require.Equal(t, 200, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &out))
	return out
}

// logIn returns the access token and the customer's path of a user.
func logIn(t *testing.T, server *commercenginetest.Server) (access, path string) {
	t.Helper()
	_, customerID := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	var out tokens
	_, body := send(t, server, anonymous(t, server).Content.AccessToken, "POST", "/auth/login/password", `{"email":"asha@example.com","password":"s3cret"}`)
	require.NoError(t, json.Unmarshal([]byte(body), &out))
	return out.Content.AccessToken, "/customers/" + customerID
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	token, path := logIn(t, server)
	const address = `{"first_name":"Asha","last_name":null,"country_code":"+91","phone":"9876543210","email":"asha@example.com","address_line1":"12 MG Road",` +
		`"address_line2":null,"landmark":null,"pincode":"560001","city":"Bengaluru","state":"Karnataka","country":"India","tax_identification_number":null,"business_name":null`
	const unauthorized = `{"message":"Not authorized for given operation on the Resource.","success":false,"code":"unauthorized"}`
	const missing = `{"message":"Requested resource not found","success":false,"code":"not_found"}`
	invalid := func(errors string) string {
		return `{"message":"Validation failed","success":false,"code":"validation_error","errors":` + errors + `}`
	}
	steps := []struct {
		name, token, method, path, body string
		status                          int
		want                            string
	}{
		{"no token", "x.y.z", "GET", path + "/addresses", "", 401, unauthorized},
		{"API key in place of a token", "", "GET", path + "/addresses", "", 401, unauthorized},
		{"token in place of the API key", token, "GET", "/store/config", "", 401, unauthorized},
		{"another customer", token, "GET", "/customers/01JHS2CUST0000000000009999/addresses", "", 401, unauthorized},
		{"another user", token, "GET", "/auth/user/01JHS2USER0000000000009999", "", 401, unauthorized},
		{"unknown path", token, "GET", "/nothing", "", 404, missing},
		{"wrong method", token, "PATCH", path, "", 404, missing},
		{"no JSON", token, "POST", path + "/addresses", "{", 400, `{"message":"The body is not a JSON object","success":false,"code":"invalid_input"}`},
		{"nothing", token, "POST", path + "/addresses", `{}`, 400, invalid(`{"address_line1":["is required"],"address_line2":["is required, and may be null"],
			"business_name":["is required, and may be null"],"city":["is required"],"country":["is required"],"country_code":["is required"],"email":["is required"],
			"first_name":["is required"],"landmark":["is required, and may be null"],"last_name":["is required, and may be null"],"phone":["must be 10 digits"],
			"pincode":["is required"],"state":["is required"],"tax_identification_number":["is required, and may be null"]}`)},
		{"create address", token, "POST", path + "/addresses", address + `,"is_default_billing":true}`, 200, `{"message":"ok","success":true,"content":{"address":` + address +
			`,"id":"01JHS2ADDR0000000000000004","nickname":null,"is_default_billing":true,"is_default_shipping":false,"is_phone_verified":false,"is_email_verified":false}}}`},
		{"delete address", token, "DELETE", path + "/addresses/01JHS2ADDR0000000000000004", "", 200, `{"message":"ok","success":true}`},
		{"delete it again", token, "DELETE", path + "/addresses/01JHS2ADDR0000000000000004", "", 404, missing},
		{"no addresses", token, "GET", path + "/addresses?page=3&limit=5", "", 200, `{"message":"ok","success":true,"content":{"addresses":[],
			"pagination":{"total_records":0,"total_pages":0,"previous_page":2,"limit":5,"next_page":null}}}`},
		{"unknown user", token, "POST", "/auth/login/phone", `{"phone":"9000000000"}`, 404, missing},
		{"phone with country code", token, "POST", "/auth/login/phone", `{"phone":"+919000000000"}`, 400, invalid(`{"phone":["must be 10 digits"]}`)},
		{"another country", token, "POST", "/auth/login/phone", `{"phone":"9000000000","country_code":"+1"}`, 400, invalid(`{"country_code":["must be +91"]}`)},
		{"taken e-mail", token, "POST", "/auth/register/email", `{"email":"asha@example.com","first_name":"A"}`, 400, invalid(`{"email":["has already been taken"]}`)},
		{"wrong password", token, "POST", "/auth/login/password", `{"email":"asha@example.com","password":"x"}`, 401, `{"message":"The password is wrong","success":false,"code":"invalid_credentials"}`},
		{"wrong refresh token", token, "POST", "/auth/refresh-token", `{"refresh_token":"x"}`, 400, `{"message":"The refresh token is wrong or was used before","success":false,"code":"invalid_token"}`},
		{"unknown one-time password", token, "POST", "/auth/verify-otp", `{"otp":"1","otp_token":"x","otp_action":"login"}`, 404, missing},
		{"no channel", token, "POST", "/auth/generate-otp", `{"otp_action":"login"}`, 400, invalid(`{"channel":["must be email, sms or whatsapp"],"otp_action":["is not one of the channel"]}`)},
		{"no loyalty", token, "GET", path + "/loyalty", "", 404, missing},
		{"no picture", token, "GET", "/auth/user/01JHS2USER0000000000000001/profile-image", "", 404, missing},
		{"account of no type", token, "POST", path + "/bank-accounts", `{}`, 400, invalid(`{"account_type":["must be inbound or outbound"]}`)},
		{"document that is no form", token, "POST", path + "/documents", `{}`, 400, `{"message":"The body is not a form","success":false,"code":"invalid_input"}`},
		{"no credit", token, "GET", path + "/credit-line-balance", "", 200, `{"message":"ok","success":true,"content":{"is_eligible":false,"credit_line_balance":null,"active_mandates":[]}}`},
		{"the store", "", "GET", "/store/check", "", 200, `{"message":"ok","success":true}`},
		{"states of elsewhere", "", "GET", "/common/countries/XX/states", "", 404, missing},
	}
	for _, step := range steps {
		status, body := send(t, server, step.token, step.method, step.path, step.body)
		assert.Equal(t, step.status, status, step.name)
		assert.JSONEq(t, step.want, body, step.name)
	}
}

// Access tokens run out, refresh tokens work once and run out as well.
func TestTokens(t *testing.T) {
	t.Parallel()
	server := start(t)
	began := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	after := func(d time.Duration) { server.SetClock(func() time.Time { return began.Add(d) }) }
	after(0)
	server.SetTokenLife(time.Minute)
	server.SetRefreshTokenLife(time.Hour)
	first := anonymous(t, server).Content
	look := func(token string) int {
		status, _ := send(t, server, token, "GET", "/payments/ifsc-lookup/HDFC0001234", "")
		return status
	}
	refresh := func(token string) (int, tokens) {
		var out tokens
		status, body := send(t, server, "none", "POST", "/auth/refresh-token", `{"refresh_token":"`+token+`"}`)
		require.NoError(t, json.Unmarshal([]byte(body), &out))
		return status, out
	}
	assert.Equal(t, 200, look(first.AccessToken))
	assert.Equal(t, 401, look(first.RefreshToken), "a refresh token is no access token")

	after(time.Minute)
	assert.Equal(t, 401, look(first.AccessToken))
	status, second := refresh(first.RefreshToken)
	require.Equal(t, 200, status)
	assert.Equal(t, 200, look(second.Content.AccessToken))
	status, _ = refresh(first.RefreshToken)
	assert.Equal(t, 400, status, "it was used before")
	status, _ = refresh(second.Content.AccessToken)
	assert.Equal(t, 400, status, "an access token is no refresh token")

	after(2 * time.Hour)
	status, _ = refresh(second.Content.RefreshToken)
	assert.Equal(t, 400, status)
}

func TestTokensThatTheServerEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end     func(*commercenginetest.Server)
		refresh int
	}{
		"expired": {(*commercenginetest.Server).ExpireTokens, 200},
		"revoked": {(*commercenginetest.Server).RevokeTokens, 400},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			first := anonymous(t, server).Content

			tt.end(server)

			status, _ := send(t, server, first.AccessToken, "GET", "/payments/ifsc-lookup/HDFC0001234", "")
			assert.Equal(t, 401, status)
			status, _ = send(t, server, "none", "POST", "/auth/refresh-token", `{"refresh_token":"`+first.RefreshToken+`"}`)
			assert.Equal(t, tt.refresh, status)
			later := anonymous(t, server).Content
			status, _ = send(t, server, later.AccessToken, "GET", "/payments/ifsc-lookup/HDFC0001234", "")
			assert.Equal(t, 200, status, "tokens of later are good")
		})
	}
}

// Each shopper of any Seed can log in by e-mail and by phone.
func TestSeed(t *testing.T) {
	t.Parallel()
	server := start(t)
	token := anonymous(t, server).Content.AccessToken
	server.Seed(2)
	server.Seed(1)

	seen := map[string]bool{}
	for _, n := range []string{"1", "2", "3"} {
		for path, body := range map[string]string{
			"/auth/login/email": `{"email":"shopper` + n + `@example.test"}`,
			"/auth/login/phone": `{"phone":"600000000` + n + `"}`,
		} {
			user := logInByOTP(t, server, token, path, body)
			assert.Equal(t, "Shopper "+n, user.FirstName+" "+user.LastName)
			assert.NotEmpty(t, user.CustomerID)
			seen[user.CustomerID] = true
		}
	}
	assert.Len(t, seen, 3)
	status, _ := send(t, server, token, "POST", "/auth/login/email", `{"email":"shopper4@example.test"}`)
	assert.Equal(t, 404, status)
}

func logInByOTP(t *testing.T, server *commercenginetest.Server, token, path, body string) commercengine.User {
	t.Helper()
	var sent struct {
		Content struct {
			Token string `json:"otp_token"`
		}
	}
	status, answer := send(t, server, token, "POST", path, body)
	require.Equal(t, 200, status, answer)
	require.NoError(t, json.Unmarshal([]byte(answer), &sent))
	var verified struct {
		Content struct{ User commercengine.User }
	}
	status, answer = send(t, server, token, "POST", "/auth/verify-otp", `{"otp":"`+server.OTP+`","otp_token":"`+sent.Content.Token+`","otp_action":"login"}`)
	require.Equal(t, 200, status, answer)
	require.NoError(t, json.Unmarshal([]byte(answer), &verified))
	return verified.Content.User
}

func TestRequestsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	server := start(t)
	token, path := logIn(t, server)
	_, _ = send(t, server, token, "POST", path+"/addresses?x=1", `{"first_name":"Asha"}`)

	requests := server.Requests()

	require.Len(t, requests, 3)
	for _, r := range requests {
		assert.NotContains(t, r.Header, "Authorization")
		assert.NotContains(t, r.Header, "X-Api-Key")
	}
	assert.Empty(t, requests[1].Body, "a login's body holds a password")
	assert.JSONEq(t, `{"first_name":"Asha"}`, string(requests[2].Body))
	assert.Equal(t, []string{"1"}, requests[2].Query["x"])
	assert.Equal(t, "/api/v1/x2yh61zw4k/storefront"+path+"/addresses", requests[2].Path)
}

func TestFail(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Fail(1, 500, `{"message":"oops"}`)

	status, body := send(t, server, "", "GET", "/store/check", "")
	assert.Equal(t, 500, status)
	assert.JSONEq(t, `{"message":"oops"}`, body)
	status, _ = send(t, server, "", "GET", "/store/check", "")
	assert.Equal(t, 200, status)
}

func TestUnknownCustomersGetNothing(t *testing.T) {
	t.Parallel()
	server := start(t)
	assert.False(t, server.SetLoyalty("nobody", "Gold", 1))
	assert.False(t, server.AddReviews("nobody"))
	_, ok := server.File("nothing")
	assert.False(t, ok)
}
