package commercengine_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// answer is the envelope of all answers.
type answer[T any] struct {
	Message string `json:"message"`
	Success bool   `json:"success"`
	Content T      `json:"content"`
}

// The contents that the package takes one member of.
type (
	imageContent struct {
		URL string `json:"profile_image_url"`
	}
	userContent struct {
		User commercengine.User `json:"user"`
	}
	customerContent struct {
		Customer commercengine.Customer `json:"customer_detail"`
	}
	laterContent struct {
		Customer struct {
			commercengine.Customer
			CustomerID string `json:"customer_id"`
		} `json:"user"`
	}
	addressContent struct {
		Address commercengine.Address `json:"address"`
	}
	loyaltyContent struct {
		Loyalty commercengine.Loyalty `json:"loyalty"`
	}
	cardsContent struct {
		Cards []commercengine.Card `json:"cards"`
	}
	methodsContent struct {
		Methods commercengine.SavedPaymentMethods `json:"saved_payment_methods"`
	}
	accountContent struct {
		Account commercengine.BankAccount `json:"bank_account"`
	}
	accountsContent struct {
		Accounts []commercengine.BankAccount `json:"bank_accounts"`
	}
	mandateContent struct {
		Mandate commercengine.Mandate `json:"mandate"`
	}
	mandatesContent struct {
		Mandates []commercengine.Mandate `json:"mandates"`
	}
	ifscContent struct {
		IFSC commercengine.IFSC `json:"ifsc"`
	}
	documentContent struct {
		Document commercengine.Document `json:"document"`
	}
	documentsContent struct {
		Documents []commercengine.Document `json:"documents"`
	}
	verificationContent struct {
		Document commercengine.DocumentVerification `json:"document"`
	}
	configContent struct {
		Config commercengine.StoreConfig `json:"store_config"`
	}
	countriesContent struct {
		Countries []commercengine.Country `json:"countries"`
	}
	statesContent struct {
		States []commercengine.State `json:"states"`
	}
)

// decodes returns a test that a fixture decodes without losing a key.
func decodes[T any](ignore ...string) func(*testing.T, []byte) {
	return func(t *testing.T, data []byte) {
		testkit.DecodeStrict(t, data, new(answer[T]), ignore...)
	}
}

// fixtures says of every file of testdata what it decodes into. The files of
// errors are decoded by TestErrors.
var fixtures = map[string]func(*testing.T, []byte){
	"add-profile-image":         decodes[imageContent](),
	"addresses_last_page":       decodes[commercengine.ListAddressesResponse](),
	"change-password":           decodes[commercengine.TokensContent](),
	"check-store":               decodes[struct{}](),
	"check-verification-status": decodes[commercengine.Verification](),
	"create-address":            decodes[addressContent](),
	"create_address_null":       decodes[addressContent](),
	"create-bank-account":       decodes[accountContent](),
	"create-customer":           decodes[customerContent](),
	"create-customer-mandate":   decodes[mandateContent](),
	"create-document":           decodes[documentContent](),
	"credit_line_none":          decodes[commercengine.CreditLine](),
	// The later name of the business's type is decoded by a test of its own.
	"customer_later":                        decodes[laterContent]("content.user.business.type"),
	"deactivate-user":                       decodes[struct{}](),
	"delete-address":                        decodes[struct{}](),
	"delete-bank-account":                   decodes[struct{}](),
	"delete-document":                       decodes[struct{}](),
	"delete-user":                           decodes[struct{}](),
	"forgot-password":                       decodes[commercengine.OTPContent](),
	"generate-otp":                          decodes[commercengine.OTPContent](),
	"get-address-detail":                    decodes[addressContent](),
	"get-anonymous-token":                   decodes[commercengine.TokensContent](),
	"get-bank-account-detail":               decodes[accountContent](),
	"get-config":                            decodes[configContent](),
	"get-customer":                          decodes[customerContent](),
	"get-customer-authorized-sellers":       decodes[commercengine.ListAuthorizedSellersResponse](),
	"get-customer-credit-line-balance":      decodes[commercengine.CreditLine](),
	"get-customer-mandate":                  decodes[mandateContent](),
	"get-document":                          decodes[documentContent](),
	"get-ifsc-lookup":                       decodes[ifscContent](),
	"get-loyalty-details":                   decodes[loyaltyContent](),
	"get-profile-image":                     decodes[imageContent](),
	"get-user-detail":                       decodes[userContent](),
	"list-addresses":                        decodes[commercengine.ListAddressesResponse](),
	"list-bank-accounts":                    decodes[accountsContent](),
	"list-countries":                        decodes[countriesContent](),
	"list-country-pincodes":                 decodes[commercengine.ListPincodesResponse](),
	"list-country-states":                   decodes[statesContent](),
	"list-customer-cards":                   decodes[cardsContent](),
	"list-customer-mandate-debit-schedules": decodes[commercengine.ListDebitSchedulesResponse](),
	"list-customer-mandates":                decodes[mandatesContent](),
	// The spaced name of the playback is decoded by a test of its own.
	"list-customer-reviews":      decodes[commercengine.Reviews]("content.reviews[].videos[]. playback"),
	"reviews_playback":           decodes[commercengine.Reviews](),
	"list-documents":             decodes[documentsContent](),
	"list-kyc-document":          decodes[commercengine.DocumentTypes](),
	"list-loyalty-activities":    decodes[commercengine.ListLoyaltyActivitiesResponse](),
	"list-saved-payment-methods": decodes[methodsContent](),
	"login-with-email":           decodes[commercengine.OTPContent](),
	"login-with-password":        decodes[commercengine.TokensContent](),
	"login-with-phone":           decodes[commercengine.OTPContent](),
	"login-with-whatsapp":        decodes[commercengine.OTPContent](),
	"logout":                     decodes[commercengine.TokensContent](),
	"mandate_bare":               decodes[mandateContent](),
	"pause-customer-mandate":     decodes[mandateContent](),
	"refresh-token":              decodes[commercengine.TokensContent](),
	"register-with-email":        decodes[commercengine.OTPContent](),
	"register-with-password":     decodes[commercengine.OTPContent](),
	"register-with-phone":        decodes[commercengine.OTPContent](),
	"register-with-whatsapp":     decodes[commercengine.OTPContent](),
	"remove-profile-image":       decodes[struct{}](),
	"reset-password":             decodes[commercengine.TokensContent](),
	"resume-customer-mandate":    decodes[mandateContent](),
	"revoke-customer-mandate":    decodes[mandateContent](),
	"store_missing":              decodes[struct{}](),
	"update-address-detail":      decodes[addressContent](),
	"update-bank-account":        decodes[accountContent](),
	"update-customer":            decodes[customerContent](),
	"update-customer-mandate":    decodes[mandateContent](),
	"update-document":            decodes[documentContent](),
	"update-profile-image":       decodes[imageContent](),
	"update-user":                decodes[userContent](),
	"user_spellings":             decodes[userContent](),
	"verify-bank-account":        decodes[accountContent](),
	"verify-document":            decodes[verificationContent]("content.document"),
	"verify-otp":                 decodes[commercengine.TokensContent](),
}

func TestFixturesDecodeWhole(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".json")
		if file.IsDir() || strings.HasPrefix(name, "error_") {
			continue
		}
		decode, ok := fixtures[name]
		if !assert.True(t, ok, "%s is not decoded", file.Name()) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			decode(t, testkit.Fixture(t, file.Name()))
		})
	}
}

var (
	created  = time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	modified = time.Date(2026, 1, 5, 10, 5, 0, 0, time.UTC)
)

// asha is the address of testdata/get-address-detail.json.
func asha() *commercengine.Address {
	return &commercengine.Address{
		ID: "01JHS2ADDR0000000000000001", FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210",
		Email: "asha@example.com", AddressLine1: "12 MG Road", AddressLine2: "Floor 2", Landmark: "Opp. Metro", Pincode: "560001",
		City: "Bengaluru", State: "Karnataka", Country: "India", TaxIdentificationNumber: "27AAPFU0939F1ZV",
		BusinessName: "Acme Traders", Nickname: "Home", IsDefaultBilling: true, IsDefaultShipping: true,
		IsPhoneVerified: true, IsEmailVerified: true,
	}
}

// The fields have the names in Go that they have on the wire.
func TestResults(t *testing.T) {
	t.Parallel()
	all := commercengine.NotificationChannels{Email: true, SMS: true, WhatsApp: true}
	tests := []struct {
		fixture string
		call    func(*testing.T, *commercengine.Client) (any, error)
		path    string
		want    any
	}{
		{"get-user-detail", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Auth.GetUser(t.Context(), userID)
		}, "/auth/user/" + userID, &commercengine.User{
			ID: userID, FirstName: "Asha", LastName: "Rao", Email: "asha@example.com", IsEmailVerified: true, CountryCode: "+91",
			Phone: "9876543210", IsPhoneVerified: true, ProfileImageURL: "https://files.example.com/profile_image_url.png",
			IsLoggedIn: true, LoginMethods: []commercengine.LoginMethod{commercengine.LoginByEmail},
			NotificationPreferences: commercengine.NotificationPreferences{Transactional: all, Promotional: all, Newsletter: all},
			CustomerID:              customerID,
			CustomerGroup:           &commercengine.CustomerGroup{ID: "01JHS28V83KDWTRBXXJQRTEKB1", Name: "Retail", Slug: "retail", Description: "Everybody", IsDefault: true, Active: true},
			Business: &commercengine.Business{
				Type: "private_limited", Name: "Acme Traders",
				Metadata: map[string]string{"gstin": "27AAPFU0939F1ZV"}, RegisteredAddress: asha(),
			},
			CreatedAt: created, ModifiedAt: modified,
		}},
		{"user_spellings", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Auth.GetUser(t.Context(), userID)
		}, "/auth/user/" + userID, &commercengine.User{
			ID: userID, IsLoggedIn: true, LoginMethods: []commercengine.LoginMethod{"passkey"}, CustomerID: customerID,
			CreatedAt: created, ModifiedAt: inIndia("2026-01-05T15:35:00+05:30"),
		}},
		{"customer_later", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Customers.Get(t.Context(), customerID, commercengine.GetCustomerRequest{})
		}, "/customers/" + customerID, &commercengine.Customer{
			ID: customerID, FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
			IsPhoneVerified: true, Business: &commercengine.CustomerBusiness{Type: "private_limited", Name: "Acme Traders"},
		}},
		{"get-customer", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Customers.Get(t.Context(), customerID, commercengine.GetCustomerRequest{})
		}, "/customers/" + customerID, &commercengine.Customer{
			ID: customerID, FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
			IsPhoneVerified: true, IsEmailVerified: true,
			Business: &commercengine.CustomerBusiness{Type: "private_limited", Name: "name", PANNumber: "AAPFU0939F", GSTIN: "27AAPFU0939F1ZV"},
		}},
		{"get-address-detail", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Addresses.Get(t.Context(), customerID, addressID)
		}, addressPath + "/" + addressID, asha()},
		{"create_address_null", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Addresses.Get(t.Context(), customerID, addressID)
		}, addressPath + "/" + addressID, &commercengine.Address{
			ID: "01JHS2ADDR0000000000000001", FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
			AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
			IsDefaultBilling: true, IsDefaultShipping: true, IsPhoneVerified: true,
		}},
		{"get-loyalty-details", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Loyalty.Get(t.Context(), customerID)
		}, "/customers/" + customerID + "/loyalty", &commercengine.Loyalty{
			MembershipNumber: "M-1", DateOfJoin: created, DateOfAssign: created, DateOfReset: created, CurrentTier: "Gold",
			PointsEarned: "120", PointsRedeemed: "20", PointsBalance: "100", TotalOrders: "3", LifetimeOrders: "9",
			TotalSpent: "4500.25", LifetimeSpent: "12999.75", LifetimeSavings: "300.5",
		}},
		{"get-bank-account-detail", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Payments.GetBankAccount(t.Context(), customerID, accountID)
		}, accountPath + "/" + accountID, &commercengine.BankAccount{
			ID: "01JHS2BANK0000000000000001", AccountType: commercengine.InboundAccount, AccountName: "Asha Rao", AccountNumber: "123456789012",
			IFSCCode: "HDFC0001234", BankName: "HDFC Bank", IsDefault: true, IsVerified: true, CreatedAt: created, ModifiedAt: modified,
		}},
		{"mandate_bare", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Payments.GetMandate(t.Context(), customerID, mandateID, commercengine.GetMandateRequest{})
		}, mandatePath + "/" + mandateID, &commercengine.Mandate{ID: "01JHS2MAND0000000000000001", Status: "waiting"}},
		{"credit_line_none", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.Payments.GetCreditLine(t.Context(), customerID)
		}, "/customers/" + customerID + "/credit-line-balance", &commercengine.CreditLine{ActiveMandates: []commercengine.Mandate{}}},
		{"get-document", func(t *testing.T, c *commercengine.Client) (any, error) {
			return c.KYC.Get(t.Context(), customerID, documentID)
		}, documentPath + "/" + documentID, &commercengine.Document{
			ID: "01JHS2D0C00000000000000001", DocumentNumber: "AAPFU0939F", Note: "front side", Status: commercengine.DocumentSubmitted,
			Title: "PAN card", FileURL: "https://files.example.com/file_url.png", VerificationType: "automatic", IsVerified: true,
			VerifiedAt: created, CreatedBy: "customer", CreatedAt: created, ModifiedBy: "customer", ModifiedAt: modified,
			ModifiedReason: "better scan", ExpiresAt: created,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.fixture, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: base + tt.path}).Fixture(200, tt.fixture+".json")

			got, err := tt.call(t, newClient(t, gock))

			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// The vendor's description spells playback with a space in front.
func TestPlaybackInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, fixture := range []string{"list-customer-reviews.json", "reviews_playback.json"} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: base + "/customers/" + customerID + "/reviews"}).Fixture(200, fixture)

		reviews, err := newClient(t, gock).Customers.ListReviews(t.Context(), customerID)

		require.NoError(t, err)
		want := commercengine.VideoPlayback{HLS: "https://video.example/1.m3u8", DASH: "https://video.example/1.mpd"}
		assert.Equal(t, want, reviews.Reviews[0].Videos[0].Playback, fixture)
	}
}

func TestDocumentVerificationKeepsAll(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: base + documentPath + "/verify", Body: commercengine.VerifyDocumentRequest{DocumentNumber: "X", DocumentTypeID: "type-1"}}).
		JSON(200, `{"success":true,"content":{"document":{"id":"ver-1","legal_name":"Acme"}}}`)

	client := newClient(t, gock)
	found, err := client.KYC.Verify(t.Context(), customerID, commercengine.VerifyDocumentRequest{DocumentNumber: "X", DocumentTypeID: "type-1"})

	require.NoError(t, err)
	assert.Equal(t, "ver-1", found.ID)
	assert.JSONEq(t, `{"id":"ver-1","legal_name":"Acme"}`, string(found.Raw))

	gock.Expect(testkit.Request{Method: "POST", URL: base + documentPath + "/verify", Body: commercengine.VerifyDocumentRequest{DocumentNumber: "Y", DocumentTypeID: "type-1"}}).
		JSON(200, `{"success":true,"content":{"document":{"id":"ver-2","legal_name":"Emca"}}}`)
	_, err = client.KYC.Verify(t.Context(), customerID, commercengine.VerifyDocumentRequest{DocumentNumber: "Y", DocumentTypeID: "type-1"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"ver-1","legal_name":"Acme"}`, string(found.Raw), "also after another's answer")
}

// inIndia is a time as package time makes it of a text: where the clock is that of India,
// one in time.Local.
func inIndia(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text)
	return t
}

// An answer whose fields have other types than documented is an error, not a panic.
func TestOddTimes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want time.Time
		ok   bool
	}{
		"RFC 3339":        {`"2026-01-05T10:00:00Z"`, created, true},
		"with an offset":  {`"2026-01-05T15:30:00+05:30"`, inIndia("2026-01-05T15:30:00+05:30"), true},
		"fractions":       {`"2026-01-05T10:00:00.000Z"`, created, true},
		"no zone":         {`"2026-01-05T10:00:00"`, created, true},
		"a blank, a zone": {`"2026-01-05 15:30:00 +0530"`, inIndia("2026-01-05T15:30:00+05:30"), true},
		"a blank":         {`"2026-01-05 10:00:00"`, created, true},
		"a date":          {`"2026-01-05"`, time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), true},
		"empty":           {`""`, time.Time{}, true},
		"null":            {`null`, time.Time{}, true},
		"words":           {`"yesterday"`, time.Time{}, false},
		"a number":        {`1767607200`, time.Time{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: base + "/auth/user/u1"}).JSON(200, `{"success":true,"content":{"user":{"id":"u1","created_at":`+tt.text+`}}}`)

			got, err := newClient(t, gock).Auth.GetUser(t.Context(), "u1")

			if !tt.ok {
				assert.ErrorIs(t, err, souk.ErrUnreadable)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got.CreatedAt)
		})
	}
}
