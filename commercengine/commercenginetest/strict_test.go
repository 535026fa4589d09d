package commercenginetest_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// otpToken returns that of an answer that has sent a one-time password.
func otpToken(t *testing.T) func(status int, body string) string {
	return func(status int, body string) string {
		t.Helper()
		var out struct {
			Content struct {
				Token string `json:"otp_token"`
			}
		}
		require.Equal(t, 200, status, body)
		require.NoError(t, json.Unmarshal([]byte(body), &out))
		return out.Content.Token
	}
}

// An e-mail address belongs to one user, whichever way somebody else wants it.
func TestNobodyGetsTheContactOfAnother(t *testing.T) {
	t.Parallel()
	server := start(t)
	access, _ := logIn(t, server) // asha@example.com
	guest := anonymous(t, server).Content.AccessToken
	server.AddUser(commercenginetest.NewUser{FirstName: "Ravi", Email: "ravi@example.com", Phone: "9000000001"})
	post := func(token, path, body string) (int, string) { return send(t, server, token, "POST", path, body) }
	refused := func(status int, body string) {
		t.Helper()
		assert.Equal(t, 400, status, body)
		assert.Contains(t, body, "taken")
	}

	refused(post(guest, "/auth/register/email", `{"email":"RAVI@example.com","first_name":"X"}`))
	refused(post(guest, "/auth/register/phone", `{"phone":"9000000001","first_name":"X"}`))
	refused(post(guest, "/auth/register/password", `{"email":"ravi@example.com","password":"p","confirm_password":"p"}`))
	refused(post(guest, "/auth/generate-otp", `{"channel":"email","email":"ravi@example.com","otp_action":"register"}`))
	refused(post(access, "/auth/generate-otp", `{"channel":"email","email":"ravi@example.com","otp_action":"update-email"}`))
	me := "/auth/user/" + userOf(t, access)
	refused(send(t, server, access, "PUT", me, `{"first_name":"Asha","email":"ravi@example.com"}`))
	refused(send(t, server, access, "PUT", me, `{"first_name":"Asha","phone":"9000000001"}`))
	assert.PanicsWithValue(t, "commercenginetest: AddUser: there is a user with this e-mail address or phone already", func() {
		server.AddUser(commercenginetest.NewUser{Phone: "9000000001"})
	})

	// Two who register at the same time: the first to give the password gets the address.
	first := otpToken(t)(post(guest, "/auth/register/email", `{"email":"new@example.com","first_name":"One"}`))
	second := otpToken(t)(post(guest, "/auth/login/email", `{"email":"new@example.com","register_if_not_exists":true}`))
	verify := func(token string) (int, string) {
		return post(guest, "/auth/verify-otp", `{"otp":"`+server.OTP+`","otp_token":"`+token+`","otp_action":"register"}`)
	}
	status, body := verify(first)
	require.Equal(t, 200, status, body)
	refused(verify(second))

	// Nobody gets it either from whoever was only deactivated.
	status, body = send(t, server, access, "PUT", me+"/deactivate", "")
	require.Equal(t, 200, status, body)
	refused(post(guest, "/auth/register/email", `{"email":"asha@example.com","first_name":"X"}`))
}

// userOf returns whose access token it is.
func userOf(t *testing.T, access string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(access, ".")[1])
	require.NoError(t, err)
	var claims commercengine.Claims
	require.NoError(t, json.Unmarshal(payload, &claims))
	return claims.UserID
}

// Verifying an address changes none.
func TestOnlyTheUsersOwnContactIsVerified(t *testing.T) {
	t.Parallel()
	server := start(t)
	access, _ := logIn(t, server)

	status, body := send(t, server, access, "POST", "/auth/generate-otp", `{"channel":"email","email":"other@example.com","otp_action":"verify-email"}`)

	assert.Equal(t, 400, status, body)
	token := otpToken(t)(send(t, server, access, "POST", "/auth/generate-otp", `{"channel":"email","email":"asha@example.com","otp_action":"verify-email"}`))
	status, body = send(t, server, access, "PUT", "/auth/user/"+userOf(t, access), `{"first_name":"Asha","email":"changed@example.com"}`)
	require.Equal(t, 200, status, body)
	assert.Contains(t, body, `"is_email_verified":false`)
	status, body = send(t, server, access, "POST", "/auth/verify-otp", `{"otp":"`+server.OTP+`","otp_token":"`+token+`","otp_action":"verify-email"}`)
	assert.Equal(t, 400, status, body)
	_, body = send(t, server, access, "GET", "/auth/user/"+userOf(t, access), "")
	assert.Contains(t, body, `"email":"changed@example.com"`)
}

func TestAOneTimePasswordIsForOneAction(t *testing.T) {
	t.Parallel()
	server := start(t)
	access, _ := logIn(t, server)
	verify := func(action string) (int, string) {
		token := otpToken(t)(send(t, server, access, "POST", "/auth/generate-otp", `{"channel":"email","email":"asha@example.com","otp_action":"verify-email"}`))
		return send(t, server, access, "POST", "/auth/verify-otp", `{"otp":"`+server.OTP+`","otp_token":"`+token+`","otp_action":"`+action+`"}`)
	}

	status, body := verify("login")

	assert.Equal(t, 400, status, body)
	assert.Contains(t, body, `"otp_action"`)
	status, body = verify("verify-email")
	assert.Equal(t, 200, status, body)
}

func TestOneAddressIsTheDefault(t *testing.T) {
	t.Parallel()
	server := start(t)
	access, path := logIn(t, server)
	for _, mark := range []string{"is_default_billing", "is_default_shipping"} {
		for range 2 {
			status, body := send(t, server, access, "POST", path+"/addresses", `{"first_name":"Asha","last_name":null,"country_code":"+91","phone":"9876543210",
				"email":"asha@example.com","address_line1":"12 MG Road","address_line2":null,"landmark":null,"pincode":"560001","city":"Bengaluru",
				"state":"Karnataka","country":"India","tax_identification_number":null,"business_name":null,"`+mark+`":true}`)
			require.Equal(t, 200, status, body)
		}
		_, body := send(t, server, access, "GET", path+"/addresses", "")
		assert.Equal(t, 1, strings.Count(body, `"`+mark+`":true`), body)
	}
}

func TestLoggingOutEndsOneSession(t *testing.T) {
	t.Parallel()
	server := start(t)
	phone, path := logIn(t, server)
	var laptop tokens
	_, body := send(t, server, anonymous(t, server).Content.AccessToken, "POST", "/auth/login/password", `{"email":"asha@example.com","password":"s3cret"}`)
	require.NoError(t, json.Unmarshal([]byte(body), &laptop))

	status, _ := send(t, server, phone, "POST", "/auth/logout", "")
	require.Equal(t, 200, status)

	status, _ = send(t, server, phone, "GET", path+"/addresses", "")
	assert.Equal(t, 401, status)
	status, _ = send(t, server, laptop.Content.AccessToken, "GET", path+"/addresses", "")
	assert.Equal(t, 200, status)
	status, _ = send(t, server, "", "POST", "/auth/refresh-token", `{"refresh_token":"`+laptop.Content.RefreshToken+`"}`)
	assert.Equal(t, 200, status)
	status, _ = send(t, server, "", "POST", "/auth/refresh-token", `{"refresh_token":"`+laptop.Content.RefreshToken+`"}`)
	assert.Equal(t, 400, status)
	assert.Equal(t, 1, server.ReusedRefreshTokens())
}

func TestAnUnknownStoreDoesNotExist(t *testing.T) {
	t.Parallel()
	server := start(t)
	config := server.Config()
	config.StoreID = "nosuch"
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)

	check, err := client.Store.Check(t.Context())

	require.NoError(t, err)
	assert.False(t, check.Exists)
}

// A parameter has one of its values, or is left out.
func TestOddParametersAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t)
	access, customer := logIn(t, server)
	for path, token := range map[string]string{
		customer + "/addresses?page=0":                           access,
		customer + "/addresses?page=-1":                          access,
		customer + "/addresses?page=x":                           access,
		customer + "/addresses?page=":                            access,
		customer + "/addresses?limit=0":                          access,
		customer + "/addresses?limit=99999999999999999999":       access,
		customer + "/authorized-sellers?page=0":                  access,
		customer + "/mandate-debit-schedules?limit=0":            access,
		customer + "/loyalty-points-activity?page=0":             access,
		customer + "/loyalty-points-activity?sort_by=created_at": access,
		customer + `/loyalty-points-activity?sort_by={"x":"up"}`: access,
		customer + "/bank-accounts?account_type=foo":             access,
		customer + "/bank-accounts?account_type=":                access,
		customer + "/payment-methods?payment_methods=card,foo":   access,
		"/common/countries/IN/pincodes?pincode=5":                "",
		"/common/countries/IN/pincodes?pincode=56x":              "",
		"/common/countries/IN/pincodes?pincode=560&page=0":       "",
	} {
		status, body := send(t, server, token, "GET", path, "")
		assert.Equal(t, 400, status, path)
		assert.Contains(t, body, `"success":false`, path)
	}
	for path, token := range map[string]string{
		customer + "/addresses?page=1&limit=1000":                           access,
		customer + `/loyalty-points-activity?sort_by={"created_at":"desc"}`: access,
		customer + "/bank-accounts?account_type=inbound":                    access,
		customer + "/payment-methods?payment_methods=card,wallet":           access,
		"/common/countries/IN/pincodes?pincode=560":                         "",
	} {
		status, body := send(t, server, token, "GET", path, "")
		assert.Equal(t, 200, status, path+body)
	}
}
