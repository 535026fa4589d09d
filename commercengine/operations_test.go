package commercengine_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// operation is a call of one method, the request that it must make and what of
// the answer it must return.
type operation struct {
	fixture string // the answer, in testdata
	method  string
	path    string
	query   url.Values
	keyed   bool // with the API key instead of the token
	free    bool // with neither
	debug   bool
	body    any
	member  string // of the answer's content; empty for the whole
	nothing bool   // the method returns an error alone
	call    func(context.Context, *commercengine.Client) (any, error)
}

func (o operation) request() testkit.Request {
	r := testkit.Request{
		Method: o.method, URL: base + o.path, Query: o.query, Body: o.body,
		Header:   map[string]string{"Authorization": "Bearer jwt-1", "Accept": "application/json"},
		NoHeader: []string{"X-Api-Key"},
	}
	switch {
	case o.keyed:
		r.Header = map[string]string{"X-Api-Key": "key-1"}
		r.NoHeader = []string{"Authorization"}
	case o.free:
		r.Header = map[string]string{}
		r.NoHeader = []string{"Authorization", "X-Api-Key"}
	}
	if o.debug {
		r.Header["X-Debug-Mode"] = "true"
	} else {
		r.NoHeader = append(r.NoHeader, "X-Debug-Mode")
	}
	if _, isForm := o.body.(func([]byte) error); o.body != nil && !isForm {
		r.Header["Content-Type"] = "application/json"
	}
	return r
}

func operations() []operation {
	return slices.Concat(authOperations, userOperations, customerOperations, paymentOperations, kycOperations, storeOperations)
}

func TestEveryOperation(t *testing.T) {
	t.Parallel()
	called := map[string]bool{}
	for _, o := range operations() {
		called[o.method+" "+o.path] = true
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(o.request()).Fixture(200, o.fixture+".json")

			result, err := o.call(t.Context(), newClient(t, gock))

			require.NoError(t, err)
			if !o.nothing {
				assertHolds(t, o.fixture+".json", o.member, result)
			}
		})
	}
	assert.Len(t, called, 67)
}

// Times without a zone, as "datetime" may be, are the same as others.
func TestEveryOperationReadsTimes(t *testing.T) {
	t.Parallel()
	spelled := strings.NewReplacer("T10:00:00Z", " 10:00:00", "T10:05:00Z", " 10:05:00")
	for _, o := range operations() {
		if o.nothing {
			continue
		}
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(o.request()).JSON(200, spelled.Replace(string(testkit.Fixture(t, o.fixture+".json"))))

			result, err := o.call(t.Context(), newClient(t, gock))

			require.NoError(t, err)
			assertHolds(t, o.fixture+".json", o.member, result)
		})
	}
}

// repeatable are the operations by POST that end in the same state when they are
// done twice, or change nothing.
var repeatable = []string{
	"/auth/anonymous", "/auth/login/password", "/auth/refresh-token", "/auth/verified-email-phone",
	accountPath + "/" + accountID + "/verify",
}

// repeats reports whether the operation is sent again after a failure that may
// pass.
func (o operation) repeats() bool { return o.method != "POST" || slices.Contains(repeatable, o.path) }

// safe reports whether the operation leaves nothing in the open: reads and logins.
func (o operation) safe() bool { return o.method == "GET" || slices.Contains(repeatable[:4], o.path) }

// After a failure that may pass, an operation is repeated unless it might then
// happen twice.
func TestEveryOperationIsRepeatedOrNot(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				gock.Expect(o.request()).Status(502)
				if o.repeats() {
					gock.Expect(o.request()).Fixture(200, o.fixture+".json")
				}

				_, err := o.call(t.Context(), patient(t, gock))

				if o.repeats() {
					assert.NoError(t, err)
					return
				}
				assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			})
		})
	}
}

// A read and a login that fail leave nothing in the open, all else does.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(o.request()).Drop()

			_, err := o.call(t.Context(), newClient(t, gock))

			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, !o.safe(), errors.Is(err, souk.ErrOutcomeUnknown))
		})
	}
}

func file(content string) commercengine.File {
	return commercengine.File{Name: "pan.pdf", ContentType: "application/pdf", Reader: strings.NewReader(content)}
}

func nothing(err error) (any, error) { return nil, err }

var authOperations = []operation{
	{
		fixture: "get-anonymous-token", method: "POST", path: "/auth/anonymous", keyed: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Auth.Anonymous(ctx) },
	},
	{
		fixture: "login-with-email", method: "POST", path: "/auth/login/email", debug: true,
		body: json.RawMessage(`{"email":"asha@example.com","register_if_not_exists":true}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.LoginWithEmail(ctx, commercengine.LoginWithEmailRequest{Email: "asha@example.com", RegisterIfNotExists: true, Debug: true})
		},
	},
	{
		fixture: "login-with-phone", method: "POST", path: "/auth/login/phone", debug: true,
		body: json.RawMessage(`{"phone":"9876543210","country_code":"+91","register_if_not_exists":true}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210", CountryCode: "+91", RegisterIfNotExists: true, Debug: true})
		},
	},
	{
		fixture: "login-with-whatsapp", method: "POST", path: "/auth/login/whatsapp",
		body: json.RawMessage(`{"phone":"9876543210"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.LoginWithWhatsApp(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210"})
		},
	},
	{
		fixture: "login-with-password", method: "POST", path: "/auth/login/password",
		body: json.RawMessage(`{"email":"asha@example.com","password":"s3cret"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
		},
	},
	{
		fixture: "login-with-password", method: "POST", path: "/auth/login/password",
		body: json.RawMessage(`{"phone":"9876543210","country_code":"+91","password":"s3cret"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Phone: "9876543210", CountryCode: "+91", Password: "s3cret"})
		},
	},
	{
		fixture: "verify-otp", method: "POST", path: "/auth/verify-otp",
		body: json.RawMessage(`{"otp":"123456","otp_token":"otp-tok-1","otp_action":"login"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: "123456", Token: "otp-tok-1", Action: commercengine.OTPLogin})
		},
	},
	{
		fixture: "register-with-email", method: "POST", path: "/auth/register/email", debug: true,
		body: json.RawMessage(`{"email":"asha@example.com","first_name":"Asha","last_name":"Rao","phone":"9876543210"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RegisterWithEmail(ctx, commercengine.RegisterWithEmailRequest{Email: "asha@example.com", FirstName: "Asha", LastName: "Rao", Phone: "9876543210", Debug: true})
		},
	},
	{
		fixture: "register-with-phone", method: "POST", path: "/auth/register/phone", debug: true,
		body: json.RawMessage(`{"country_code":"+91","phone":"9876543210","first_name":"Asha","last_name":"Rao","email":"asha@example.com"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RegisterWithPhone(ctx, commercengine.RegisterWithPhoneRequest{CountryCode: "+91", Phone: "9876543210", FirstName: "Asha", LastName: "Rao", Email: "asha@example.com", Debug: true})
		},
	},
	{
		fixture: "register-with-whatsapp", method: "POST", path: "/auth/register/whatsapp",
		body: json.RawMessage(`{"phone":"9876543210","first_name":"Asha"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RegisterWithWhatsApp(ctx, commercengine.RegisterWithPhoneRequest{Phone: "9876543210", FirstName: "Asha"})
		},
	},
	{
		fixture: "register-with-password", method: "POST", path: "/auth/register/password", debug: true,
		body: json.RawMessage(`{"email":"asha@example.com","password":"s3cret","confirm_password":"s3cret"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{Email: "asha@example.com", Password: "s3cret", Debug: true})
		},
	},
	{
		fixture: "register-with-password", method: "POST", path: "/auth/register/password",
		body: json.RawMessage(`{"country_code":"+91","phone":"9876543210","password":"s3cret","confirm_password":"s3cret"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{CountryCode: "+91", Phone: "9876543210", Password: "s3cret", ConfirmPassword: "s3cret"})
		},
	},
	{
		fixture: "generate-otp", method: "POST", path: "/auth/generate-otp", debug: true,
		body: json.RawMessage(`{"channel":"whatsapp","country_code":"+91","phone":"9876543210","otp_action":"verify-phone"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.GenerateOTP(ctx, commercengine.GenerateOTPRequest{Channel: commercengine.OTPByWhatsApp, CountryCode: "+91", Phone: "9876543210", Action: commercengine.OTPVerifyPhone, Debug: true})
		},
	},
	{
		fixture: "generate-otp", method: "POST", path: "/auth/generate-otp",
		body: json.RawMessage(`{"channel":"email","email":"asha@example.com","otp_action":"update-email"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.GenerateOTP(ctx, commercengine.GenerateOTPRequest{Channel: commercengine.OTPByEmail, Email: "asha@example.com", Action: commercengine.OTPUpdateEmail})
		},
	},
	{
		fixture: "forgot-password", method: "POST", path: "/auth/forgot-password", debug: true,
		body: json.RawMessage(`{"email":"asha@example.com"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.ForgotPassword(ctx, commercengine.ForgotPasswordRequest{Email: "asha@example.com", Debug: true})
		},
	},
	{
		fixture: "forgot-password", method: "POST", path: "/auth/forgot-password",
		body: json.RawMessage(`{"phone":"9876543210","country_code":"+91"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.ForgotPassword(ctx, commercengine.ForgotPasswordRequest{Phone: "9876543210", CountryCode: "+91"})
		},
	},
	{
		fixture: "reset-password", method: "POST", path: "/auth/reset-password",
		body: json.RawMessage(`{"new_password":"n3w","confirm_password":"n3w","otp_token":"otp-tok-1","otp":"123456"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: "n3w", Token: "otp-tok-1", OTP: "123456"})
		},
	},
	{
		fixture: "change-password", method: "POST", path: "/auth/change-password",
		body: json.RawMessage(`{"old_password":"0ld","new_password":"n3w","confirm_password":"n3w"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "0ld", NewPassword: "n3w"})
		},
	},
	{
		fixture: "refresh-token", method: "POST", path: "/auth/refresh-token", free: true,
		body: json.RawMessage(`{"refresh_token":"h.p.s"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.RefreshToken(ctx, commercengine.RefreshTokenRequest{RefreshToken: "h.p.s"})
		},
	},
	{
		fixture: "logout", method: "POST", path: "/auth/logout",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Auth.Logout(ctx) },
	},
}

var userOperations = []operation{
	{
		fixture: "get-user-detail", method: "GET", path: "/auth/user/" + userID, member: "user",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Auth.GetUser(ctx, userID) },
	},
	{
		fixture: "update-user", method: "PUT", path: "/auth/user/" + userID, member: "user",
		body: json.RawMessage(`{"first_name":"Asha","customer_group_id":"group-1","business":{"type":"private_limited","name":"Acme","metadata":{"gstin":"27AAPFU0939F1ZV"}}}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.UpdateUser(ctx, userID, commercengine.UpdateUserRequest{
				FirstName: new("Asha"), CustomerGroupID: new("group-1"),
				Business: &commercengine.Business{Type: "private_limited", Name: "Acme", Metadata: map[string]string{"gstin": "27AAPFU0939F1ZV"}},
			})
		},
	},
	{
		fixture: "delete-user", method: "DELETE", path: "/auth/user/" + userID, nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.Auth.DeleteUser(ctx, userID))
		},
	},
	{
		fixture: "deactivate-user", method: "PUT", path: "/auth/user/" + userID + "/deactivate", nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.Auth.DeactivateUser(ctx, userID))
		},
	},
	{
		fixture: "get-profile-image", method: "GET", path: "/auth/user/" + userID + "/profile-image", member: "profile_image_url",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.GetProfileImage(ctx, userID)
		},
	},
	{
		fixture: "add-profile-image", method: "POST", path: "/auth/user/" + userID + "/profile-image", member: "profile_image_url",
		body: form(nil, "image", "pan.pdf", "application/pdf", "pixels"),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.AddProfileImage(ctx, userID, commercengine.ProfileImageRequest{Image: file("pixels")})
		},
	},
	{
		fixture: "update-profile-image", method: "PUT", path: "/auth/user/" + userID + "/profile-image", member: "profile_image_url",
		body: form(nil, "image", "pan.pdf", "application/pdf", "pixels"),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.UpdateProfileImage(ctx, userID, commercengine.ProfileImageRequest{Image: file("pixels")})
		},
	},
	{
		fixture: "remove-profile-image", method: "DELETE", path: "/auth/user/" + userID + "/profile-image", nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.Auth.RemoveProfileImage(ctx, userID))
		},
	},
	{
		fixture: "check-verification-status", method: "POST", path: "/auth/verified-email-phone",
		body: json.RawMessage(`{"phone":["9876543210"],"email":["asha@example.com"]}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Auth.CheckVerification(ctx, commercengine.CheckVerificationRequest{Phones: []string{"9876543210"}, Emails: []string{"asha@example.com"}})
		},
	},
}

// createCustomer is the request of the vendor's page.
var createCustomer = commercengine.CreateCustomerRequest{
	Business: &commercengine.CustomerBusiness{Type: "private_limited", Name: "Acme Traders", PANNumber: "AAPFU0939F", GSTIN: "27AAPFU0939F1ZV"},
	Address: &commercengine.CustomerAddress{
		FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
		AddressLine1: "12 MG Road", AddressLine2: "Floor 2", Landmark: "Opp. Metro", Pincode: "560001", City: "Bengaluru",
		State: "Karnataka", Country: "India", TaxIdentificationNumber: "123456789", BusinessName: "Acme Traders",
	},
}

// createAddress leaves all out that may be left out.
var createAddress = commercengine.CreateAddressRequest{
	FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com", AddressLine1: "12 MG Road",
	Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India", IsDefaultBilling: new(true), IsDefaultShipping: new(false),
}

const addressPath = "/customers/" + customerID + "/addresses"

var customerOperations = []operation{
	{
		fixture: "create-customer", method: "POST", path: "/customers", member: "customer_detail",
		body: json.RawMessage(`{"business":{"business_type":"private_limited","name":"Acme Traders","pan_number":"AAPFU0939F","gstin":"27AAPFU0939F1ZV"},
			"address":{"first_name":"Asha","last_name":"Rao","country_code":"+91","phone":"9876543210","email":"asha@example.com","address_line1":"12 MG Road",
			"address_line2":"Floor 2","landmark":"Opp. Metro","pincode":"560001","city":"Bengaluru","state":"Karnataka","country":"India",
			"tax_identification_number":"123456789","business_name":"Acme Traders"}}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.Create(ctx, createCustomer)
		},
	},
	{
		fixture: "create-customer", method: "POST", path: "/customers", member: "customer_detail",
		body: json.RawMessage(`{"business":{"business_type":"proprietorship","name":"Asha Store"}}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.Create(ctx, commercengine.CreateCustomerRequest{Business: &commercengine.CustomerBusiness{Type: "proprietorship", Name: "Asha Store"}})
		},
	},
	{
		fixture: "get-customer", method: "GET", path: "/customers/" + customerID, member: "customer_detail",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.Get(ctx, customerID, commercengine.GetCustomerRequest{})
		},
	},
	{
		fixture: "update-customer", method: "PUT", path: "/customers/" + customerID, member: "customer_detail",
		body: json.RawMessage(`{"business":{"business_type":"private_limited","name":"Acme Traders","pan_number":"AAPFU0939F","gstin":"27AAPFU0939F1ZV"}}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.Update(ctx, customerID, commercengine.UpdateCustomerRequest{Business: *createCustomer.Business})
		},
	},
	{
		fixture: "list-customer-reviews", method: "GET", path: "/customers/" + customerID + "/reviews",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.ListReviews(ctx, customerID)
		},
	},
	{
		fixture: "get-customer-authorized-sellers", method: "GET", path: "/customers/" + customerID + "/authorized-sellers",
		query: url.Values{"page": {"2"}, "limit": {"10"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Customers.ListAuthorizedSellers(ctx, customerID, commercengine.ListAuthorizedSellersRequest{Page: 2, Limit: 10})
		},
	},
	{
		fixture: "list-addresses", method: "GET", path: addressPath,
		query: url.Values{"page": {"2"}, "limit": {"10"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{Page: 2, Limit: 10})
		},
	},
	{
		fixture: "create-address", method: "POST", path: addressPath, member: "address",
		body: json.RawMessage(`{"first_name":"Asha","last_name":null,"country_code":"+91","phone":"9876543210","email":"asha@example.com","address_line1":"12 MG Road",
			"address_line2":null,"landmark":null,"pincode":"560001","city":"Bengaluru","state":"Karnataka","country":"India","tax_identification_number":null,
			"business_name":null,"is_default_billing":true,"is_default_shipping":false,"nickname":null}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Addresses.Create(ctx, customerID, createAddress)
		},
	},
	{
		fixture: "get-address-detail", method: "GET", path: addressPath + "/" + addressID, member: "address",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Addresses.Get(ctx, customerID, addressID)
		},
	},
	{
		fixture: "update-address-detail", method: "PUT", path: addressPath + "/" + addressID, member: "address",
		body: json.RawMessage(`{"first_name":"Asha","last_name":"Rao","country_code":"+91","phone":"9876543210","email":"asha@example.com","address_line1":"12 MG Road",
			"address_line2":"Floor 2","landmark":"Opp. Metro","pincode":"560001","city":"Bengaluru","state":"Karnataka","country":"India",
			"tax_identification_number":"123456789","business_name":"Acme Traders","nickname":"Work"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Addresses.Update(ctx, customerID, addressID, commercengine.UpdateAddressRequest{
				FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
				AddressLine1: "12 MG Road", AddressLine2: "Floor 2", Landmark: "Opp. Metro", Pincode: "560001", City: "Bengaluru",
				State: "Karnataka", Country: "India", TaxIdentificationNumber: "123456789", BusinessName: "Acme Traders", Nickname: "Work",
			})
		},
	},
	{
		fixture: "delete-address", method: "DELETE", path: addressPath + "/" + addressID, nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.Addresses.Delete(ctx, customerID, addressID))
		},
	},
	{
		fixture: "get-loyalty-details", method: "GET", path: "/customers/" + customerID + "/loyalty", member: "loyalty",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Loyalty.Get(ctx, customerID)
		},
	},
	{
		fixture: "list-loyalty-activities", method: "GET", path: "/customers/" + customerID + "/loyalty-points-activity",
		query: url.Values{"page": {"3"}, "limit": {"20"}, "sort_by": {`{"created_at":"desc"}`}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Loyalty.ListActivities(ctx, customerID, commercengine.ListLoyaltyActivitiesRequest{Page: 3, Limit: 20, SortBy: `{"created_at":"desc"}`})
		},
	},
}

const (
	accountPath = "/customers/" + customerID + "/bank-accounts"
	mandatePath = "/customers/" + customerID + "/mandates"
)

var paymentOperations = []operation{
	{
		fixture: "list-customer-cards", method: "GET", path: "/customers/" + customerID + "/cards", member: "cards",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListCards(ctx, customerID)
		},
	},
	{
		fixture: "list-saved-payment-methods", method: "GET", path: "/customers/" + customerID + "/payment-methods", member: "saved_payment_methods",
		query: url.Values{"payment_methods": {"upi_collect,card"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListPaymentMethods(ctx, customerID, commercengine.ListPaymentMethodsRequest{PaymentMethods: []string{"upi_collect", "card"}})
		},
	},
	{
		fixture: "list-bank-accounts", method: "GET", path: accountPath, member: "bank_accounts",
		query: url.Values{"account_type": {"outbound"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListBankAccounts(ctx, customerID, commercengine.ListBankAccountsRequest{AccountType: commercengine.OutboundAccount})
		},
	},
	{
		fixture: "create-bank-account", method: "POST", path: accountPath, member: "bank_account",
		body: json.RawMessage(`{"account_type":"outbound","account_name":"Asha Rao","account_number":"123456789012","ifsc_code":"HDFC0001234","bank_name":"HDFC Bank","is_default":true}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.CreateBankAccount(ctx, customerID, commercengine.CreateBankAccountRequest{
				AccountType: commercengine.OutboundAccount, AccountName: "Asha Rao", AccountNumber: "123456789012",
				IFSCCode: "HDFC0001234", BankName: "HDFC Bank", IsDefault: new(true),
			})
		},
	},
	{
		fixture: "create-bank-account", method: "POST", path: accountPath, member: "bank_account",
		body: json.RawMessage(`{"account_type":"inbound","service_provider_slug":"razorpay","is_default":false}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.CreateBankAccount(ctx, customerID, commercengine.CreateBankAccountRequest{
				AccountType: commercengine.InboundAccount, ServiceProviderSlug: "razorpay", IsDefault: new(false),
			})
		},
	},
	{
		fixture: "get-bank-account-detail", method: "GET", path: accountPath + "/" + accountID, member: "bank_account",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.GetBankAccount(ctx, customerID, accountID)
		},
	},
	{
		fixture: "update-bank-account", method: "PUT", path: accountPath + "/" + accountID, member: "bank_account",
		body: json.RawMessage(`{"account_type":"outbound","account_name":"Asha","account_number":"","ifsc_code":"HDFC0001234","bank_name":"HDFC","is_default":false}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.UpdateBankAccount(ctx, customerID, accountID, commercengine.UpdateBankAccountRequest{
				AccountType: commercengine.OutboundAccount, AccountName: new("Asha"), AccountNumber: new(""),
				IFSCCode: new("HDFC0001234"), BankName: new("HDFC"), IsDefault: new(false),
			})
		},
	},
	{
		fixture: "update-bank-account", method: "PUT", path: accountPath + "/" + accountID, member: "bank_account",
		body: json.RawMessage(`{"account_type":"inbound","is_default":true}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.UpdateBankAccount(ctx, customerID, accountID, commercengine.UpdateBankAccountRequest{
				AccountType: commercengine.InboundAccount, IsDefault: new(true),
			})
		},
	},
	{
		fixture: "delete-bank-account", method: "DELETE", path: accountPath + "/" + accountID, nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.Payments.DeleteBankAccount(ctx, customerID, accountID))
		},
	},
	{
		fixture: "verify-bank-account", method: "POST", path: accountPath + "/" + accountID + "/verify", member: "bank_account",
		body: json.RawMessage(`{"is_verified":false}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.VerifyBankAccount(ctx, customerID, accountID, commercengine.VerifyBankAccountRequest{IsVerified: false})
		},
	},
	{
		fixture: "list-customer-mandates", method: "GET", path: mandatePath, member: "mandates",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListMandates(ctx, customerID)
		},
	},
	{
		fixture: "create-customer-mandate", method: "POST", path: mandatePath, member: "mandate",
		body: json.RawMessage(`{"payment_method_type":"UPI","payment_method":"UPI","service_provider_slug":"razorpay","gateway_reference_id":"ref-1",
			"bank_ifsc":"HDFC0001234","bank_account_number":"123456789012","bank_beneficiary_name":"Asha Rao"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.CreateMandate(ctx, customerID, commercengine.CreateMandateRequest{
				PaymentMethodType: "UPI", PaymentMethod: "UPI", ServiceProviderSlug: "razorpay", GatewayReferenceID: "ref-1",
				BankIFSC: "HDFC0001234", BankAccountNumber: "123456789012", BankBeneficiaryName: "Asha Rao",
			})
		},
	},
	{
		fixture: "get-customer-mandate", method: "GET", path: mandatePath + "/" + mandateID, member: "mandate",
		query: url.Values{"sync": {"true"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.GetMandate(ctx, customerID, mandateID, commercengine.GetMandateRequest{Sync: true})
		},
	},
	{
		fixture: "update-customer-mandate", method: "PUT", path: mandatePath + "/" + mandateID, member: "mandate",
		body: json.RawMessage(`{"max_amount":2500.50,"end_at":"2027-01-05T10:00:00Z"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.UpdateMandate(ctx, customerID, mandateID, commercengine.UpdateMandateRequest{
				MaxAmount: "2500.50", EndAt: time.Date(2027, 1, 5, 10, 0, 0, 0, time.UTC),
			})
		},
	},
	{
		fixture: "update-customer-mandate", method: "PUT", path: mandatePath + "/" + mandateID, member: "mandate",
		body: json.RawMessage(`{"max_amount":2500.50}`), // its end stays
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.UpdateMandate(ctx, customerID, mandateID, commercengine.UpdateMandateRequest{MaxAmount: "2500.50"})
		},
	},
	{
		fixture: "pause-customer-mandate", method: "POST", path: mandatePath + "/" + mandateID + "/pause", member: "mandate",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.PauseMandate(ctx, customerID, mandateID)
		},
	},
	{
		fixture: "resume-customer-mandate", method: "POST", path: mandatePath + "/" + mandateID + "/resume", member: "mandate",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ResumeMandate(ctx, customerID, mandateID)
		},
	},
	{
		fixture: "revoke-customer-mandate", method: "POST", path: mandatePath + "/" + mandateID + "/revoke", member: "mandate",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.RevokeMandate(ctx, customerID, mandateID)
		},
	},
	{
		fixture: "list-customer-mandate-debit-schedules", method: "GET", path: "/customers/" + customerID + "/mandate-debit-schedules",
		query: url.Values{"page": {"2"}, "limit": {"5"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListDebitSchedules(ctx, customerID, commercengine.ListDebitSchedulesRequest{Page: 2, Limit: 5})
		},
	},
	{
		fixture: "get-customer-credit-line-balance", method: "GET", path: "/customers/" + customerID + "/credit-line-balance",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.GetCreditLine(ctx, customerID)
		},
	},
	{
		fixture: "get-ifsc-lookup", method: "GET", path: "/payments/ifsc-lookup/HDFC0001234", member: "ifsc",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.LookUpIFSC(ctx, "HDFC0001234")
		},
	},
}

const documentPath = "/customers/" + customerID + "/documents"

var kycOperations = []operation{
	{
		fixture: "list-kyc-document", method: "GET", path: "/store/kyc-document", keyed: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.KYC.ListDocumentTypes(ctx) },
	},
	{
		fixture: "list-documents", method: "GET", path: documentPath, member: "documents",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.KYC.List(ctx, customerID) },
	},
	{
		fixture: "create-document", method: "POST", path: documentPath, member: "document",
		body: form(map[string]string{"document_number": "AAPFU0939F", "kyc_document_id": "type-1", "note": "front"}, "file", "pan.pdf", "application/pdf", "scan"),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.Create(ctx, customerID, commercengine.CreateDocumentRequest{DocumentNumber: "AAPFU0939F", DocumentTypeID: "type-1", Note: "front", File: file("scan")})
		},
	},
	{
		fixture: "create-document", method: "POST", path: documentPath, member: "document",
		body: form(map[string]string{"document_number": "AAPFU0939F", "kyc_document_id": "type-1"}, "", "", "", ""),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.Create(ctx, customerID, commercengine.CreateDocumentRequest{DocumentNumber: "AAPFU0939F", DocumentTypeID: "type-1"})
		},
	},
	{
		fixture: "verify-document", method: "POST", path: documentPath + "/verify", member: "document",
		body: json.RawMessage(`{"document_number":"AAPFU0939F","document_type_id":"type-1"}`),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			found, err := c.KYC.Verify(ctx, customerID, commercengine.VerifyDocumentRequest{DocumentNumber: "AAPFU0939F", DocumentTypeID: "type-1"})
			if err != nil {
				return nil, err
			}
			return found.Raw, nil
		},
	},
	{
		fixture: "get-document", method: "GET", path: documentPath + "/" + documentID, member: "document",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.Get(ctx, customerID, documentID)
		},
	},
	{
		fixture: "update-document", method: "PUT", path: documentPath + "/" + documentID, member: "document",
		body: form(map[string]string{"document_number": "AAPFU0939F", "kyc_document_id": "type-1", "note": "back", "modified_reason": "better scan"}, "file", "pan.pdf", "application/pdf", "scan"),
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.Update(ctx, customerID, documentID, commercengine.UpdateDocumentRequest{
				DocumentNumber: "AAPFU0939F", DocumentTypeID: "type-1", Note: "back", ModifiedReason: "better scan", File: file("scan"),
			})
		},
	},
	{
		fixture: "delete-document", method: "DELETE", path: documentPath + "/" + documentID, nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return nothing(c.KYC.Delete(ctx, customerID, documentID))
		},
	},
}

var storeOperations = []operation{
	{
		fixture: "check-store", method: "GET", path: "/store/check", keyed: true, nothing: true,
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			_, err := c.Store.Check(ctx)
			return nothing(err)
		},
	},
	{
		fixture: "get-config", method: "GET", path: "/store/config", keyed: true, member: "store_config",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Store.Config(ctx) },
	},
	{
		fixture: "list-countries", method: "GET", path: "/common/countries", keyed: true, member: "countries",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Store.ListCountries(ctx) },
	},
	{
		fixture: "list-country-states", method: "GET", path: "/common/countries/IN/states", keyed: true, member: "states",
		call: func(ctx context.Context, c *commercengine.Client) (any, error) { return c.Store.ListStates(ctx, "IN") },
	},
	{
		fixture: "list-country-pincodes", method: "GET", path: "/common/countries/IN/pincodes", keyed: true,
		query: url.Values{"pincode": {"560"}, "page": {"2"}, "limit": {"50"}},
		call: func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Store.ListPincodes(ctx, "IN", commercengine.ListPincodesRequest{Pincode: "560", Page: 2, Limit: 50})
		},
	},
}
