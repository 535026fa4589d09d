package commercengine_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// Wrong input is refused before anything is sent, with what would be right.
func TestWrongInput(t *testing.T) {
	t.Parallel()
	const phone = "Phone: must be the 10 digits of the national number, without country code"
	address := func(change func(*commercengine.CreateAddressRequest)) func(context.Context, *commercengine.Client) error {
		return func(ctx context.Context, c *commercengine.Client) error {
			req := createAddress
			change(&req)
			_, err := c.Addresses.Create(ctx, customerID, req)
			return err
		}
	}
	account := func(req commercengine.CreateBankAccountRequest) func(context.Context, *commercengine.Client) error {
		return func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.CreateBankAccount(ctx, customerID, req)
			return err
		}
	}
	otp := func(req commercengine.GenerateOTPRequest) func(context.Context, *commercengine.Client) error {
		return func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.GenerateOTP(ctx, req)
			return err
		}
	}
	login := func(req commercengine.LoginWithPhoneRequest) func(context.Context, *commercengine.Client) error {
		return func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.LoginWithPhone(ctx, req)
			return err
		}
	}
	tests := []struct {
		name string
		call func(context.Context, *commercengine.Client) error
		want string
	}{
		{"phone with country code", login(commercengine.LoginWithPhoneRequest{Phone: "+919876543210"}), phone},
		{"phone of 9 digits", login(commercengine.LoginWithPhoneRequest{Phone: "987654321"}), phone},
		{"phone with blanks", login(commercengine.LoginWithPhoneRequest{Phone: "98765 43210"}), phone},
		{"phone of letters", login(commercengine.LoginWithPhoneRequest{Phone: "987654321o"}), phone},
		{"country instead of its code", login(commercengine.LoginWithPhoneRequest{Phone: "9876543210", CountryCode: "IN"}), "CountryCode: must be a dialling code such as +91"},
		{"country code without its plus", login(commercengine.LoginWithPhoneRequest{Phone: "9876543210", CountryCode: "91"}), "CountryCode: must be a dialling code such as +91"},
		{"country code of five digits", login(commercengine.LoginWithPhoneRequest{Phone: "9876543210", CountryCode: "+91987"}), "CountryCode: must be a dialling code such as +91"},
		{"unknown otp_action", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: "123456", Token: "t", Action: "signup"})
			return err
		}, "Action: must be one of login, register, reset-password, verify-phone, verify-email, update-phone, update-email"},
		{"no OTP", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{Action: commercengine.OTPLogin})
			return err
		}, "OTP: must not be empty; Token: must not be empty"},
		{"action of the other channel", otp(commercengine.GenerateOTPRequest{Channel: commercengine.OTPByEmail, Email: "a@b", Action: commercengine.OTPVerifyPhone}), "Action: must be one of register, reset-password, verify-email, update-email"},
		{"login by generated OTP", otp(commercengine.GenerateOTPRequest{Channel: commercengine.OTPBySMS, Phone: "9876543210", Action: commercengine.OTPLogin}), "Action: must be one of register, reset-password, verify-phone, update-phone"},
		{"no channel", otp(commercengine.GenerateOTPRequest{Email: "a@b", Action: commercengine.OTPRegister}), "Channel: must be email, sms or whatsapp"},
		{"e-mail to a phone channel", otp(commercengine.GenerateOTPRequest{Channel: commercengine.OTPBySMS, Phone: "9876543210", Email: "a@b", Action: commercengine.OTPRegister}), "Email: is for the channel email"},
		{"phone to the e-mail channel", otp(commercengine.GenerateOTPRequest{Channel: commercengine.OTPByEmail, Phone: "9876543210", Email: "a@b", Action: commercengine.OTPRegister}), "Phone: is for the channels sms and whatsapp"},
		{"no e-mail", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.LoginWithEmail(ctx, commercengine.LoginWithEmailRequest{Email: "asha"})
			return err
		}, "Email: must be an e-mail address"},
		{"registration without name", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.RegisterWithEmail(ctx, commercengine.RegisterWithEmailRequest{Email: "a@b", Phone: "1"})
			return err
		}, "FirstName: must not be empty; " + phone},
		{"registration by phone without name", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.RegisterWithWhatsApp(ctx, commercengine.RegisterWithPhoneRequest{Phone: "9876543210", Email: "a"})
			return err
		}, "Email: must be an e-mail address; FirstName: must not be empty"},
		{"two passwords", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{Email: "a@b", Password: "one", ConfirmPassword: "two"})
			return err
		}, "ConfirmPassword: must be the same as Password"},
		{"nobody to register", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{Password: "one"})
			return err
		}, "Email: must be set, or Phone"},
		{"two names at a login", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b", Phone: "9876543210", Password: "one"})
			return err
		}, "Phone: must not be set together with Email"},
		{"no password", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b"})
			return err
		}, "Password: must not be empty"},
		{"nobody forgot", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.ForgotPassword(ctx, commercengine.ForgotPasswordRequest{})
			return err
		}, "Email: must be set, or Phone"},
		{"reset to nothing", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.ResetPassword(ctx, commercengine.ResetPasswordRequest{})
			return err
		}, "NewPassword: must not be empty; OTP: must not be empty; Token: must not be empty"},
		{"change to nothing", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.ChangePassword(ctx, commercengine.ChangePasswordRequest{})
			return err
		}, "NewPassword: must not be empty; OldPassword: must not be empty"},
		{"no refresh token", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.RefreshToken(ctx, commercengine.RefreshTokenRequest{})
			return err
		}, "RefreshToken: must not be empty: the client has no session of its own"},
		{"update of the phone", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.UpdateUser(ctx, "u1", commercengine.UpdateUserRequest{Phone: new("123"), Email: new("x")})
			return err
		}, "Email: must be an e-mail address; " + phone},
		{"nothing to look up", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.CheckVerification(ctx, commercengine.CheckVerificationRequest{})
			return err
		}, "Phones: must name a number, or Emails an address"},
		{"look-up of a wrong phone", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.CheckVerification(ctx, commercengine.CheckVerificationRequest{Phones: []string{"1"}, Emails: []string{"x"}})
			return err
		}, "Emails: must be an e-mail address; Phones: must be the 10 digits of the national number, without country code"},

		{"empty customer", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Customers.Create(ctx, commercengine.CreateCustomerRequest{})
			return err
		}, "Business: must be set, or Address"},
		{"customer with an empty address", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Customers.Create(ctx, commercengine.CreateCustomerRequest{Address: &commercengine.CustomerAddress{Phone: "9876543210", Email: "a@b"}})
			return err
		}, "Address.AddressLine1: must not be empty; Address.City: must not be empty; Address.Country: must not be empty; " +
			"Address.FirstName: must not be empty; Address.Pincode: must not be empty; Address.State: must not be empty"},
		{"customer with a country for a dialling code", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Customers.Create(ctx, commercengine.CreateCustomerRequest{Address: &commercengine.CustomerAddress{
				FirstName: "Asha", CountryCode: "IN", Phone: "9876543210", Email: "a@example.com", AddressLine1: "12 MG Road",
				Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
			}})
			return err
		}, "Address.CountryCode: must be a dialling code such as +91"},
		{"address without pincode", address(func(r *commercengine.CreateAddressRequest) { r.Pincode = "" }), "Pincode: must not be empty"},
		{"address with a country for a code", address(func(r *commercengine.CreateAddressRequest) { r.CountryCode = "" }), "CountryCode: must be a dialling code such as +91"},
		{"address with a long phone", address(func(r *commercengine.CreateAddressRequest) { r.Phone = "919876543210" }), phone},
		{"address without all else", address(func(r *commercengine.CreateAddressRequest) {
			*r = commercengine.CreateAddressRequest{CountryCode: "+91", Phone: "9876543210", Email: "a@b", Pincode: "1"}
		}), "AddressLine1: must not be empty; City: must not be empty; Country: must not be empty; FirstName: must not be empty; State: must not be empty"},
		{"update of an address without pincode", func(ctx context.Context, c *commercengine.Client) error {
			req := asha().UpdateRequest()
			req.Pincode = ""
			_, err := c.Addresses.Update(ctx, customerID, addressID, req)
			return err
		}, "Pincode: must not be empty"},
		{"negative page", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{Page: -1, Limit: -1})
			return err
		}, "Limit: must not be negative; 0 means the server's default; Page: must not be negative; the first page is 1"},
		{"a page of more rows than are read", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{Limit: 10_001})
			return err
		}, "Limit: must be at most 10000"},
		{"order that is no JSON", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Loyalty.ListActivities(ctx, customerID, commercengine.ListLoyaltyActivitiesRequest{SortBy: "created_at"})
			return err
		}, `SortBy: must be a JSON object such as {"created_at":"desc"}`},
		{"empty id", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Addresses.Get(ctx, "", addressID)
			return err
		}, "customer_id: must not be empty"},
		{"id that leaves the path", func(ctx context.Context, c *commercengine.Client) error {
			return c.Addresses.Delete(ctx, customerID, "../../auth")
		}, `address_id: must be one id: letters, digits, "-", "_", "." and "~"`},

		{"account of no type", account(commercengine.CreateBankAccountRequest{}), "AccountType: must be inbound or outbound"},
		{
			"outbound account without data", account(commercengine.CreateBankAccountRequest{AccountType: commercengine.OutboundAccount, ServiceProviderSlug: "x"}),
			"AccountName: must not be empty; AccountNumber: must not be empty; BankName: must not be empty; IFSCCode: must not be empty; ServiceProviderSlug: is for inbound accounts",
		},
		{
			"inbound account with a number", account(commercengine.CreateBankAccountRequest{AccountType: commercengine.InboundAccount, AccountNumber: "1"}),
			"AccountType: must be outbound for an account with name, number, IFSC code and bank; ServiceProviderSlug: must not be empty",
		},
		{"list of accounts of no type", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.ListBankAccounts(ctx, customerID, commercengine.ListBankAccountsRequest{AccountType: "both"})
			return err
		}, "AccountType: must be inbound or outbound"},
		{"new number for an inbound account", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.UpdateBankAccount(ctx, customerID, accountID, commercengine.UpdateBankAccountRequest{AccountType: commercengine.InboundAccount, BankName: new("x")})
			return err
		}, "AccountType: must be outbound for changes of name, number, IFSC code and bank"},
		{"empty mandate", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.CreateMandate(ctx, customerID, commercengine.CreateMandateRequest{})
			return err
		}, "BankAccountNumber: must not be empty; BankBeneficiaryName: must not be empty; BankIFSC: must not be empty; GatewayReferenceID: must not be empty; " +
			"PaymentMethod: must not be empty; PaymentMethodType: must not be empty; ServiceProviderSlug: must not be empty"},
		{"amount with a comma", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.UpdateMandate(ctx, customerID, mandateID, commercengine.UpdateMandateRequest{MaxAmount: "2,500"})
			return err
		}, `MaxAmount: must be a decimal number such as "2500.50"`},
		{"amount with leading zeros", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.UpdateMandate(ctx, customerID, mandateID, commercengine.UpdateMandateRequest{MaxAmount: "007"})
			return err
		}, `MaxAmount: must be a decimal number such as "2500.50"`},
		{"amount without a whole part", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.UpdateMandate(ctx, customerID, mandateID, commercengine.UpdateMandateRequest{MaxAmount: ".5"})
			return err
		}, `MaxAmount: must be a decimal number such as "2500.50"`},
		{"an e-mail address with a dialling code", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b.co", CountryCode: "+91", Password: "s3cret"})
			return err
		}, "Phone: must not be set together with Email"},
		{"short IFSC code", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Payments.LookUpIFSC(ctx, "HDFC000001")
			return err
		}, "ifsc_code: must be the 11 letters and digits of a bank's branch"},

		{"document without data", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.KYC.Create(ctx, customerID, commercengine.CreateDocumentRequest{File: commercengine.File{Size: -1}})
			return err
		}, "DocumentNumber: must not be empty; DocumentTypeID: must not be empty; " +
			"File.Name: must be the name of the file in UTF-8, without control characters; File.Reader: must not be nil; File.Size: must not be negative; 0 means that it is not known"},
		{"update of a document without reason", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.KYC.Update(ctx, customerID, documentID, commercengine.UpdateDocumentRequest{DocumentNumber: "x", DocumentTypeID: "y"})
			return err
		}, "ModifiedReason: must not be empty"},
		{"check of no document", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.KYC.Verify(ctx, customerID, commercengine.VerifyDocumentRequest{})
			return err
		}, "DocumentNumber: must not be empty; DocumentTypeID: must not be empty"},
		{"no picture", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.AddProfileImage(ctx, "u1", commercengine.ProfileImageRequest{})
			return err
		}, "Image.Name: must be the name of the file in UTF-8, without control characters; Image.Reader: must not be nil"},

		{"picture that could not be opened", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Auth.UpdateProfileImage(ctx, "u1", commercengine.ProfileImageRequest{Image: commercengine.File{Name: "a.png", Reader: (*os.File)(nil)}})
			return err
		}, "Image.Reader: must not be nil"},
		{"document with a wrong name", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.KYC.Update(ctx, customerID, documentID, commercengine.UpdateDocumentRequest{
				DocumentNumber: "x", DocumentTypeID: "y", ModifiedReason: "z", File: commercengine.File{Name: "a\r\nb", Reader: strings.NewReader("")},
			})
			return err
		}, "File.Name: must be the name of the file in UTF-8, without control characters"},
		{"registered address without its pincode", func(ctx context.Context, c *commercengine.Client) error {
			address := *asha()
			address.Pincode, address.Phone = "", "1"
			_, err := c.Auth.UpdateUser(ctx, "u1", commercengine.UpdateUserRequest{Business: &commercengine.Business{RegisteredAddress: &address}})
			return err
		}, "Business.RegisteredAddress." + phone + "; Business.RegisteredAddress.Pincode: must not be empty"},

		{"short pincode", func(ctx context.Context, c *commercengine.Client) error {
			_, err := c.Store.ListPincodes(ctx, "IN", commercengine.ListPincodesRequest{Pincode: "56"})
			return err
		}, "Pincode: must have at least 3 characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected

			err := tt.call(t.Context(), newClient(t, gock))

			e := requireError(t, err)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.Equal(t, "commercengine: "+e.Method+" "+e.Route+": invalid; "+tt.want, err.Error())
		})
	}
}

// Of an inbound account nothing but the mark can be changed.
func TestUpdateOfAnInboundAccount(t *testing.T) {
	t.Parallel()
	for name, req := range map[string]commercengine.UpdateBankAccountRequest{
		"name":   {AccountName: new("x")},
		"number": {AccountNumber: new("x")},
		"IFSC":   {IFSCCode: new("x")},
		"bank":   {BankName: new("x")},
	} {
		req.AccountType = commercengine.InboundAccount
		_, err := newClient(t, testkit.NewGock(t)).Payments.UpdateBankAccount(t.Context(), customerID, accountID, req)
		assert.ErrorContains(t, err, "AccountType: must be outbound for changes of name, number, IFSC code and bank", name)
	}
}

// What needs an API key says so.
func TestNoAPIKey(t *testing.T) {
	t.Parallel()
	client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: "jwt-1", Options: souk.Options{HTTPClient: testkit.NewGock(t).Client()}})
	require.NoError(t, err)
	for route, call := range map[string]func(context.Context) error{
		"POST /auth/anonymous":    func(ctx context.Context) error { _, err := client.Auth.Anonymous(ctx); return err },
		"GET /store/check":        func(ctx context.Context) error { _, err := client.Store.Check(ctx); return err },
		"GET /store/config":       func(ctx context.Context) error { _, err := client.Store.Config(ctx); return err },
		"GET /common/countries":   func(ctx context.Context) error { _, err := client.Store.ListCountries(ctx); return err },
		"GET /store/kyc-document": func(ctx context.Context) error { _, err := client.KYC.ListDocumentTypes(ctx); return err },
		"GET /common/countries/{country_iso_code}/states": func(ctx context.Context) error {
			_, err := client.Store.ListStates(ctx, "IN")
			return err
		},
		"GET /common/countries/{country_iso_code}/pincodes": func(ctx context.Context) error {
			_, err := client.Store.ListPincodes(ctx, "IN", commercengine.ListPincodesRequest{})
			return err
		},
	} {
		assert.EqualError(t, call(t.Context()), "commercengine: "+route+": invalid; APIKey: is required in Config for this operation")
	}
}

// An update tells what is left out from what is cleared and what is set.
func TestUpdateUserSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	var business commercengine.Business
	tests := map[string]struct {
		request commercengine.UpdateUserRequest
		want    string
	}{
		"cleared": {commercengine.UpdateUserRequest{
			FirstName: new(""), LastName: new(""), Email: new(""), Phone: new(""), CountryCode: new(""),
			LoginMethods: []commercengine.LoginMethod{}, NotificationPreferences: &commercengine.NotificationPreferences{},
			CustomerGroupID: new(""), Business: &business,
		}, `{"first_name":null,"last_name":null,"email":null,"phone":null,"country_code":null,"login_methods":[],
			"notification_preferences":{"transactional":{"email":false,"sms":false,"whatsapp":false},
			"promotional":{"email":false,"sms":false,"whatsapp":false},"newsletter":{"email":false,"sms":false,"whatsapp":false}},
			"customer_group_id":null,"business":null}`},
		"business": {commercengine.UpdateUserRequest{Business: &commercengine.Business{
			Type: "t", Name: "n", Metadata: map[string]string{"gstin": "g"},
			RegisteredAddress: &commercengine.Address{ID: addressID, FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", IsPhoneVerified: true},
		}}, `{"business":{"type":"t","name":"n","metadata":{"gstin":"g"},"registered_address":{"first_name":"Asha","last_name":null,"country_code":"+91",
			"phone":"9876543210","email":"","address_line1":"","address_line2":null,"landmark":null,"pincode":"","city":"","state":"","country":"",
			"tax_identification_number":null,"business_name":null,"nickname":null}}}`},
		"business with a default address": {commercengine.UpdateUserRequest{Business: &commercengine.Business{
			RegisteredAddress: &commercengine.Address{Pincode: "560001", IsDefaultShipping: true},
		}}, `{"business":{"type":"","name":"","registered_address":{"first_name":"","last_name":null,"country_code":"",
			"phone":"","email":"","address_line1":"","address_line2":null,"landmark":null,"pincode":"560001","city":"","state":"","country":"",
			"tax_identification_number":null,"business_name":null,"nickname":null,"is_default_shipping":true}}}`},
		"business with its metadata emptied": {commercengine.UpdateUserRequest{Business: &commercengine.Business{Metadata: map[string]string{}}}, `{"business":{"type":"","name":"","metadata":{}}}`},
		"business of a type":                 {commercengine.UpdateUserRequest{Business: &commercengine.Business{Type: "t"}}, `{"business":{"type":"t","name":""}}`},
		"business of a name":                 {commercengine.UpdateUserRequest{Business: &commercengine.Business{Name: "n"}}, `{"business":{"type":"","name":"n"}}`},
		"business of its metadata":           {commercengine.UpdateUserRequest{Business: &commercengine.Business{Metadata: map[string]string{"a": "b"}}}, `{"business":{"type":"","name":"","metadata":{"a":"b"}}}`},
		"unchanged": {
			(&commercengine.User{FirstName: "Asha", Phone: "9876543210", Business: &commercengine.Business{Type: "t", Name: "n"}}).UpdateRequest(),
			`{"first_name":"Asha","last_name":null,"email":null,"phone":"9876543210","country_code":null,"login_methods":[],
			"notification_preferences":{"transactional":{"email":false,"sms":false,"whatsapp":false},
			"promotional":{"email":false,"sms":false,"whatsapp":false},"newsletter":{"email":false,"sms":false,"whatsapp":false}},
			"business":{"type":"t","name":"n"}}`,
		},
		"unchanged person": {commercengine.UpdateUserRequest{Business: (&commercengine.User{}).UpdateRequest().Business}, `{"business":null}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.request.MarshalJSON()

			require.NoError(t, err)
			assert.JSONEq(t, tt.want, string(got))
		})
	}
}

// What is cleared is not taken for something wrong.
func TestUpdateUserClearsContacts(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "PUT", URL: base + "/auth/user/u1", Body: json.RawMessage(`{"email":null,"phone":null}`)}).
		JSON(200, `{"success":true,"content":{"user":{"id":"u1"}}}`)

	_, err := newClient(t, gock).Auth.UpdateUser(t.Context(), "u1", commercengine.UpdateUserRequest{Email: new(""), Phone: new("")})

	assert.NoError(t, err)
}

// A request can be changed without changing the user whom it was made from.
func TestUpdateRequestOfAUserSharesNothing(t *testing.T) {
	t.Parallel()
	read := func() commercengine.User {
		return commercengine.User{
			FirstName: "Asha", LastName: "Rao", Email: "a@b.example", Phone: "9876543210", CountryCode: "+91",
			LoginMethods: []commercengine.LoginMethod{commercengine.LoginByEmail},
			Business:     &commercengine.Business{Name: "Acme", Metadata: map[string]string{"gstin": "g"}, RegisteredAddress: &commercengine.Address{City: "Pune"}},
		}
	}
	user := read()

	req := user.UpdateRequest()
	for _, text := range []*string{req.FirstName, req.LastName, req.Email, req.Phone, req.CountryCode} {
		*text = "other"
	}
	req.LoginMethods[0] = commercengine.LoginByPhone
	req.NotificationPreferences.Newsletter.Email = true
	req.Business.Name = "other"
	req.Business.Metadata["gstin"] = "other"
	req.Business.RegisteredAddress.City = "other"

	assert.Equal(t, read(), user)
}

// An address that was read can be written back.
func TestAddressUpdateRequest(t *testing.T) {
	t.Parallel()

	got, err := asha().UpdateRequest().MarshalJSON()

	require.NoError(t, err)
	assert.JSONEq(t, `{"first_name":"Asha","last_name":"Rao","country_code":"+91","phone":"9876543210","email":"asha@example.com",
		"address_line1":"12 MG Road","address_line2":"Floor 2","landmark":"Opp. Metro","pincode":"560001","city":"Bengaluru",
		"state":"Karnataka","country":"India","tax_identification_number":"27AAPFU0939F1ZV","business_name":"Acme Traders",
		"nickname":"Home","is_default_billing":true,"is_default_shipping":true}`, string(got))
}

// A file that is not what it was said to be is an error, and half of it is never
// taken for a whole one.
func TestUploadThatEndsEarly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file commercengine.File
		want string
	}{
		"early": {commercengine.File{Name: "a", Reader: io.MultiReader(strings.NewReader("half")), Size: 8}, "the file ended before its size was reached"},
		"late":  {commercengine.File{Name: "a", Reader: io.MultiReader(strings.NewReader("too much")), Size: 3}, "the file is longer than its size"},
		"never": {commercengine.File{Name: "a", Reader: io.MultiReader(strings.NewReader("half"), failing{})}, "the file cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewServer(t)
			server.Otherwise(testkit.Answer(200, `{}`)) // no complete request comes
			client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: "jwt-1", BaseURL: server.URL})
			require.NoError(t, err)

			_, err = client.KYC.Create(t.Context(), customerID, commercengine.CreateDocumentRequest{DocumentNumber: "x", DocumentTypeID: "y", File: tt.file})

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, "commercengine: POST /customers/{customer_id}/documents: invalid: "+tt.want)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Empty(t, server.Requests())
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no such disk") }

// A file that can be read again is sent again, one that cannot is not.
func TestUploadIsRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reader io.Reader
		sent   int
	}{
		"seekable": {strings.NewReader("scan"), 2},
		"stream":   {io.MultiReader(strings.NewReader("scan")), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			body := form(map[string]string{"document_number": "x", "kyc_document_id": "y", "modified_reason": "z"}, "file", "a", "application/octet-stream", "scan")
			request := testkit.Request{Method: "PUT", URL: base + documentPath + "/" + documentID, Body: body}
			gock.Expect(request).Status(503).Header("Retry-After", "0")
			if tt.sent == 2 {
				gock.Expect(request).Fixture(200, "update-document.json")
			}
			client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: "upload-" + name, Options: souk.Options{HTTPClient: gock.Client()}})
			require.NoError(t, err)

			_, err = client.KYC.Update(t.Context(), customerID, documentID, commercengine.UpdateDocumentRequest{
				DocumentNumber: "x", DocumentTypeID: "y", ModifiedReason: "z", File: commercengine.File{Name: "a", Reader: tt.reader},
			})

			assert.Len(t, gock.Requests(), tt.sent)
			if tt.sent == 1 {
				assert.ErrorIs(t, err, souk.ErrUnavailable)
				return
			}
			assert.NoError(t, err)
		})
	}
}
