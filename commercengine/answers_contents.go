package commercengine

import (
	"bytes"
	"reflect"

	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// What the answers hold, and what a success must have: an object its id, a list its
// rows, and a pagination if the vendor sends one.

// tokensContent has the tokens that the JSON of a Tokens leaves out. Nothing that stands
// beside the access token makes the pair unreadable: the previous one may be used up.
type tokensContent struct {
	Tokens
	User         anyUser    `json:"user"`
	AccessToken  string     `json:"access_token"`
	RefreshToken oauth.Text `json:"refresh_token"`
}

func (*tokensContent) secret() {}

func (*tokensContent) row() reflect.Type { return reflect.TypeFor[tokensContent]() }

func (c *tokensContent) found() (*Tokens, string) {
	c.Tokens.User, c.Tokens.AccessToken, c.Tokens.RefreshToken = c.User.user, c.AccessToken, string(c.RefreshToken)
	return &c.Tokens, unless(c.AccessToken != "", "access_token")
}

// otpContent has the one-time password that the JSON of an OTP leaves out.
type otpContent struct {
	OTP
	Token string `json:"otp_token"`
	Code  string `json:"otp"`
}

func (*otpContent) secret() {}

func (*otpContent) row() reflect.Type { return reflect.TypeFor[otpContent]() }

func (c *otpContent) found() (*OTP, string) {
	c.OTP.Token, c.OTP.Code = c.Token, c.Code
	return &c.OTP, unless(c.Token != "", "otp_token")
}

type userContent struct {
	User User `json:"user"`
}

func (c *userContent) names(n *transport.Names) { n.Object(0, "user.id", c.User.ID) }

func (c *userContent) found() (*User, string) { return &c.User, unless(c.User.ID != "", "user.id") }

type imageContent struct {
	URL string `json:"profile_image_url"`
}

func (c *imageContent) found() (string, string) {
	return c.URL, unless(c.URL != "", "profile_image_url")
}

// verificationContent has the lists that were asked for.
type verificationContent struct {
	Verification
	asked CheckVerificationRequest
}

func (c *verificationContent) found() (*Verification, string) {
	if len(c.asked.Phones) > 0 && c.Phones == nil {
		return nil, "verified_phone"
	}
	return &c.Verification, unless(len(c.asked.Emails) == 0 || c.Emails != nil, "verified_email")
}

// customerContent has a customer, which is part of a user in later versions of the API.
type customerContent struct {
	Detail *customerWire `json:"customer_detail"`
	User   *struct {
		customerWire
		CustomerID string `json:"customer_id"`
	} `json:"user"`
}

func (*customerContent) row() reflect.Type { return reflect.TypeFor[customerWire]() }

// names takes the user's id for the customer's, which it is for everybody who is not one
// of several users of a customer: the vendor does not say which the path of an early
// version has.
func (c *customerContent) names(n *transport.Names) {
	switch {
	case c.Detail != nil && c.Detail.ID != "":
		n.Object(0, "customer_detail.id", c.Detail.ID)
	case c.User != nil && c.User.CustomerID != "":
		n.Object(0, "user.customer_id", c.User.CustomerID, c.User.ID)
	default:
		n.Object(0, "customer_detail.id")
	}
}

func (c *customerContent) found() (*Customer, string) {
	switch {
	case c.Detail != nil && c.Detail.ID != "":
		return new(c.Detail.plain()), ""
	case c.User != nil && c.User.CustomerID != "":
		c.User.ID = c.User.CustomerID
		return new(c.User.plain()), ""
	}
	return nil, "customer_detail.id"
}

type reviewsContent struct {
	Reviews        []reviewWire        `json:"reviews"`
	ReadyForReview []ReviewableProduct `json:"ready_for_review"`
}

func (*reviewsContent) row() reflect.Type { return reflect.TypeFor[reviewWire]() }

func (c *reviewsContent) found() (*Reviews, string) {
	reviews := transport.Plain(c.Reviews, (*reviewWire).plain)
	return &Reviews{Reviews: reviews, ReadyForReview: c.ReadyForReview}, unless(c.Reviews != nil, "reviews")
}

type sellersContent struct {
	ListAuthorizedSellersResponse
	Pagination pagination `json:"pagination"`
}

func (*sellersContent) row() reflect.Type { return reflect.TypeFor[Seller]() }

func (c *sellersContent) found() (*ListAuthorizedSellersResponse, string) {
	c.ListAuthorizedSellersResponse.Pagination = c.Pagination.plain()
	return &c.ListAuthorizedSellersResponse, unless(transport.Listed(c.Sellers), "authorized_sellers")
}

func (c *sellersContent) page() (p *pagination, number, rows int) {
	return &c.Pagination, c.request.Page, len(c.Sellers)
}

type addressContent struct {
	Address *Address `json:"address"`
}

func (c *addressContent) names(n *transport.Names) {
	n.Object(1, "address.id", transport.Deref(c.Address).ID)
}

func (c *addressContent) found() (*Address, string) {
	return c.Address, unless(c.Address != nil && c.Address.ID != "", "address.id")
}

type addressesContent struct {
	ListAddressesResponse
	Pagination pagination `json:"pagination"`
}

func (*addressesContent) row() reflect.Type { return reflect.TypeFor[Address]() }

func (c *addressesContent) found() (*ListAddressesResponse, string) {
	c.ListAddressesResponse.Pagination = c.Pagination.plain()
	return &c.ListAddressesResponse, unless(transport.Listed(c.Addresses), "addresses")
}

func (c *addressesContent) page() (p *pagination, number, rows int) {
	return &c.Pagination, c.request.Page, len(c.Addresses)
}

type loyaltyContent struct {
	Loyalty Loyalty `json:"loyalty"`
}

func (c *loyaltyContent) found() (*Loyalty, string) {
	return &c.Loyalty, unless(c.Loyalty != Loyalty{}, "loyalty")
}

func (*ListLoyaltyActivitiesResponse) row() reflect.Type { return reflect.TypeFor[LoyaltyActivity]() }

func (r *ListLoyaltyActivitiesResponse) found() (*ListLoyaltyActivitiesResponse, string) {
	return r, unless(transport.Listed(r.Activities), "loyalty_points_activity")
}

type cardsContent struct {
	Cards []Card `json:"cards"`
}

func (c *cardsContent) found() ([]Card, string) { return c.Cards, unless(c.Cards != nil, "cards") }

type paymentMethodsContent struct {
	Methods *SavedPaymentMethods `json:"saved_payment_methods"`
}

func (c *paymentMethodsContent) found() (*SavedPaymentMethods, string) {
	return c.Methods, unless(c.Methods != nil, "saved_payment_methods")
}

type bankAccountContent struct {
	Account BankAccount `json:"bank_account"`
}

func (*bankAccountContent) nameless() {} // its id is inferred, not documented

func (c *bankAccountContent) names(n *transport.Names) { n.Object(1, "bank_account.id", c.Account.ID) }

func (c *bankAccountContent) found() (*BankAccount, string) {
	return &c.Account, unless(c.Account.ID != "" || c.Account.AccountType != "", "bank_account.account_type")
}

type bankAccountsContent struct {
	Accounts []BankAccount `json:"bank_accounts"`
}

func (*bankAccountsContent) nameless() {} // their ids are inferred, not documented

func (c *bankAccountsContent) found() ([]BankAccount, string) {
	return c.Accounts, unless(c.Accounts != nil, "bank_accounts")
}

type mandateContent struct {
	Mandate Mandate `json:"mandate"`
}

func (c *mandateContent) names(n *transport.Names) { n.Object(1, "mandate.id", c.Mandate.ID) }

func (c *mandateContent) found() (*Mandate, string) {
	return &c.Mandate, unless(c.Mandate.ID != "", "mandate.id")
}

type mandatesContent struct {
	Mandates []Mandate `json:"mandates"`
}

func (c *mandatesContent) found() ([]Mandate, string) {
	return c.Mandates, unless(c.Mandates != nil, "mandates")
}

type debitSchedulesContent struct {
	ListDebitSchedulesResponse
	Pagination pagination `json:"pagination"`
}

func (*debitSchedulesContent) row() reflect.Type { return reflect.TypeFor[DebitSchedule]() }

func (c *debitSchedulesContent) found() (*ListDebitSchedulesResponse, string) {
	c.ListDebitSchedulesResponse.Pagination = c.Pagination.plain()
	return &c.ListDebitSchedulesResponse, unless(transport.Listed(c.DebitSchedules), "mandate_debit_schedules")
}

func (c *debitSchedulesContent) page() (p *pagination, number, rows int) {
	return &c.Pagination, c.request.Page, len(c.DebitSchedules)
}

func (l *CreditLine) found() (*CreditLine, string) {
	return l, unless(l.ActiveMandates != nil, "active_mandates")
}

type ifscContent struct {
	IFSC IFSC `json:"ifsc"`
}

func (c *ifscContent) names(n *transport.Names) { n.Object(0, "ifsc.ifsc", c.IFSC.IFSC) }

func (c *ifscContent) found() (*IFSC, string) { return &c.IFSC, unless(c.IFSC.IFSC != "", "ifsc.ifsc") }

type documentContent struct {
	Document Document `json:"document"`
}

func (c *documentContent) names(n *transport.Names) { n.Object(1, "document.id", c.Document.ID) }

func (c *documentContent) found() (*Document, string) {
	return &c.Document, unless(c.Document.ID != "", "document.id")
}

type documentsContent struct {
	Documents []Document `json:"documents"`
}

func (c *documentsContent) found() ([]Document, string) {
	return c.Documents, unless(c.Documents != nil, "documents")
}

type documentVerificationContent struct {
	Document documentVerificationWire `json:"document"`
}

func (*documentVerificationContent) row() reflect.Type {
	return reflect.TypeFor[documentVerificationWire]()
}

func (*documentVerificationContent) nameless() {} // what it holds is not documented

func (c *documentVerificationContent) found() (*DocumentVerification, string) {
	found := DocumentVerification(c.Document)
	return &found, unless(len(bytes.Trim(found.Raw, "{} \t\r\n")) > 0, "document")
}

// documentTypesContent has a list if KYC is enabled.
type documentTypesContent struct {
	DocumentTypes
	Enabled *bool `json:"is_kyc_enabled"`
}

func (c *documentTypesContent) found() (*DocumentTypes, string) {
	if c.Enabled == nil {
		return nil, "is_kyc_enabled"
	}
	c.IsKYCEnabled = *c.Enabled
	return &c.DocumentTypes, unless(!c.IsKYCEnabled || c.DocumentTypes.DocumentTypes != nil, "kyc_documents")
}

type storeConfigContent struct {
	Config StoreConfig `json:"store_config"`
}

func (c *storeConfigContent) found() (*StoreConfig, string) {
	return &c.Config, unless(c.Config.Currency.Code != "", "store_config.currency.code")
}

type countriesContent struct {
	Countries []Country `json:"countries"`
}

func (c *countriesContent) found() ([]Country, string) {
	return c.Countries, unless(c.Countries != nil, "countries")
}

type statesContent struct {
	States []State `json:"states"`
}

func (c *statesContent) found() ([]State, string) {
	return c.States, unless(c.States != nil, "states")
}

func (*ListPincodesResponse) row() reflect.Type { return reflect.TypeFor[Pincode]() }

func (r *ListPincodesResponse) found() (*ListPincodesResponse, string) {
	return r, unless(transport.Listed(r.Pincodes), "pincodes")
}
