package commercenginetest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	request *http.Request
	raw     []byte
	body    object
	query   url.Values
	ids     []string // the variable segments of the path
	now     time.Time
	session *session // of the Bearer token, nil for operations with an API key
}

// credential is what an operation wants.
type credential int

const (
	nobody   credential = iota // nothing, as the refresh of tokens
	apiKey                     // the API key
	bearer                     // the token of any session
	customer                   // the token of the customer whom the path names
)

// action is what an operation wants and does.
type action struct {
	credential credential
	do         func(*Server, *call) (content any, err error)
}

func route(operation, method, pattern string, wanted credential, do func(*Server, *call) (any, error)) standin.Route[action] {
	return standin.Route[action]{Operation: operation, Method: method, Pattern: pattern, Handle: action{wanted, do}}
}

var routes = standin.Routes[action]{
	route("Auth.Anonymous", http.MethodPost, "auth/anonymous", apiKey, beginSession),
	route("Auth.LoginWithEmail", http.MethodPost, "auth/login/email", bearer, loginWithEmail),
	route("Auth.LoginWithPhone", http.MethodPost, "auth/login/phone", bearer, loginWithPhone),
	route("Auth.LoginWithWhatsApp", http.MethodPost, "auth/login/whatsapp", bearer, loginWithPhone),
	route("Auth.LoginWithPassword", http.MethodPost, "auth/login/password", bearer, loginWithPassword),
	route("Auth.RegisterWithEmail", http.MethodPost, "auth/register/email", bearer, registerWithEmail),
	route("Auth.RegisterWithPhone", http.MethodPost, "auth/register/phone", bearer, registerWithPhone),
	route("Auth.RegisterWithWhatsApp", http.MethodPost, "auth/register/whatsapp", bearer, registerWithPhone),
	route("Auth.RegisterWithPassword", http.MethodPost, "auth/register/password", bearer, registerWithPassword),
	route("Auth.GenerateOTP", http.MethodPost, "auth/generate-otp", bearer, generateOTP),
	route("Auth.VerifyOTP", http.MethodPost, "auth/verify-otp", bearer, verifyOTP),
	route("Auth.ForgotPassword", http.MethodPost, "auth/forgot-password", bearer, forgotPassword),
	route("Auth.ResetPassword", http.MethodPost, "auth/reset-password", bearer, resetPassword),
	route("Auth.ChangePassword", http.MethodPost, "auth/change-password", bearer, changePassword),
	route("Auth.RefreshToken", http.MethodPost, "auth/refresh-token", nobody, refreshToken),
	route("Auth.Logout", http.MethodPost, "auth/logout", bearer, logout),
	route("Auth.CheckVerification", http.MethodPost, "auth/verified-email-phone", bearer, checkVerification),
	route("Auth.GetUser", http.MethodGet, "auth/user/*", bearer, getUser),
	route("Auth.UpdateUser", http.MethodPut, "auth/user/*", bearer, updateUser),
	route("Auth.DeleteUser", http.MethodDelete, "auth/user/*", bearer, deleteUser),
	route("Auth.DeactivateUser", http.MethodPut, "auth/user/*/deactivate", bearer, deactivateUser),
	route("Auth.GetProfileImage", http.MethodGet, "auth/user/*/profile-image", bearer, getProfileImage),
	route("Auth.AddProfileImage", http.MethodPost, "auth/user/*/profile-image", bearer, setProfileImage),
	route("Auth.UpdateProfileImage", http.MethodPut, "auth/user/*/profile-image", bearer, setProfileImage),
	route("Auth.RemoveProfileImage", http.MethodDelete, "auth/user/*/profile-image", bearer, removeProfileImage),

	route("Customers.Create", http.MethodPost, "customers", bearer, createCustomer),
	route("Customers.Get", http.MethodGet, "customers/*", customer, getCustomer),
	route("Customers.Update", http.MethodPut, "customers/*", customer, updateCustomer),
	route("Addresses.List", http.MethodGet, "customers/*/addresses", customer, listAddresses),
	route("Addresses.Create", http.MethodPost, "customers/*/addresses", customer, createAddress),
	route("Addresses.Get", http.MethodGet, "customers/*/addresses/*", customer, getAddress),
	route("Addresses.Update", http.MethodPut, "customers/*/addresses/*", customer, updateAddress),
	route("Addresses.Delete", http.MethodDelete, "customers/*/addresses/*", customer, deleteAddress),
	route("Loyalty.Get", http.MethodGet, "customers/*/loyalty", customer, getLoyalty),
	route("Loyalty.ListActivities", http.MethodGet, "customers/*/loyalty-points-activity", customer, listActivities),
	route("Customers.ListReviews", http.MethodGet, "customers/*/reviews", customer, listReviews),
	route("Customers.ListAuthorizedSellers", http.MethodGet, "customers/*/authorized-sellers", customer, listSellers),
	route("Payments.ListCards", http.MethodGet, "customers/*/cards", customer, listCards),
	route("Payments.ListPaymentMethods", http.MethodGet, "customers/*/payment-methods", customer, listPaymentMethods),
	route("Payments.ListBankAccounts", http.MethodGet, "customers/*/bank-accounts", customer, listBankAccounts),
	route("Payments.CreateBankAccount", http.MethodPost, "customers/*/bank-accounts", customer, createBankAccount),
	route("Payments.GetBankAccount", http.MethodGet, "customers/*/bank-accounts/*", customer, getBankAccount),
	route("Payments.UpdateBankAccount", http.MethodPut, "customers/*/bank-accounts/*", customer, updateBankAccount),
	route("Payments.DeleteBankAccount", http.MethodDelete, "customers/*/bank-accounts/*", customer, deleteBankAccount),
	route("Payments.VerifyBankAccount", http.MethodPost, "customers/*/bank-accounts/*/verify", customer, verifyBankAccount),
	route("Payments.ListMandates", http.MethodGet, "customers/*/mandates", customer, listMandates),
	route("Payments.CreateMandate", http.MethodPost, "customers/*/mandates", customer, createMandate),
	route("Payments.GetMandate", http.MethodGet, "customers/*/mandates/*", customer, getMandate),
	route("Payments.UpdateMandate", http.MethodPut, "customers/*/mandates/*", customer, updateMandate),
	route("Payments.PauseMandate", http.MethodPost, "customers/*/mandates/*/pause", customer, pauseMandate),
	route("Payments.ResumeMandate", http.MethodPost, "customers/*/mandates/*/resume", customer, resumeMandate),
	route("Payments.RevokeMandate", http.MethodPost, "customers/*/mandates/*/revoke", customer, revokeMandate),
	route("Payments.ListDebitSchedules", http.MethodGet, "customers/*/mandate-debit-schedules", customer, listDebitSchedules),
	route("Payments.GetCreditLine", http.MethodGet, "customers/*/credit-line-balance", customer, getCreditLine),
	route("KYC.List", http.MethodGet, "customers/*/documents", customer, listDocuments),
	route("KYC.Create", http.MethodPost, "customers/*/documents", customer, createDocument),
	route("KYC.Verify", http.MethodPost, "customers/*/documents/verify", customer, verifyDocument),
	route("KYC.Get", http.MethodGet, "customers/*/documents/*", customer, getDocument),
	route("KYC.Update", http.MethodPut, "customers/*/documents/*", customer, updateDocument),
	route("KYC.Delete", http.MethodDelete, "customers/*/documents/*", customer, deleteDocument),

	route("KYC.ListDocumentTypes", http.MethodGet, "store/kyc-document", apiKey, listDocumentTypes),
	route("Store.Check", http.MethodGet, "store/check", apiKey, checkStore),
	route("Store.Config", http.MethodGet, "store/config", apiKey, getConfig),
	route("Store.ListCountries", http.MethodGet, "common/countries", apiKey, listCountries),
	route("Store.ListStates", http.MethodGet, "common/countries/*/states", apiKey, listStates),
	route("Store.ListPincodes", http.MethodGet, "common/countries/*/pincodes", apiKey, listPincodes),
	route("Payments.LookUpIFSC", http.MethodGet, "payments/ifsc-lookup/*", bearer, lookUpIFSC),
}

// below returns the part of a path that the routes describe, "" for a path of
// another store.
func below(path string) string {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return ""
	}
	return rest
}

// otherStore is where a client asks whether a store exists that does not.
var otherStore = regexp.MustCompile(`^/api/v1/[^/]+/storefront/store/check$`)

// operationOf names the method of the SDK that makes the request. The path is
// taken as it was sent, since an id may hold a slash.
func operationOf(r *http.Request) string {
	return routes.Operation(r.Method, below(r.URL.EscapedPath()))
}

// answer does what the request asks for.
func (s *Server) answer(r *http.Request, body []byte) souktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, raw: body, query: r.URL.Query(), now: s.clock().UTC()}
	content, err := s.dispatch(c)
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused.answer()
	}
	return success(content)
}

func (s *Server) dispatch(c *call) (any, error) {
	path := c.request.URL.EscapedPath()
	found, ids, _ := routes.Find(c.request.Method, below(path), nil)
	switch {
	case found == nil && otherStore.MatchString(path) && c.request.Method == http.MethodGet:
		return nil, noStore()
	case found == nil:
		return nil, notFound()
	}
	for _, id := range ids {
		plain, _ := url.PathUnescape(id) // EscapedPath is well-formed
		c.ids = append(c.ids, plain)
	}
	if err := s.admit(c, found.Handle.credential); err != nil {
		return nil, err
	}
	if isJSON(c.request) && len(c.raw) > 0 && json.Unmarshal(c.raw, &c.body) != nil {
		return nil, &refusal{status: http.StatusBadRequest, code: "invalid_input", message: "The body is not a JSON object"}
	}
	return found.Handle.do(s, c)
}

// admit refuses a call whose credential is not what the operation wants.
func (s *Server) admit(c *call, wanted credential) error {
	switch wanted {
	case nobody:
		return nil
	case apiKey:
		if c.request.Header.Get("X-Api-Key") != "storefront-key" {
			return unauthorized()
		}
		return nil
	}
	token, _ := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if c.session = s.store.tokens.sessionOf(token, c.now); c.session == nil {
		return unauthorized()
	}
	if wanted == customer && (c.session.user == nil || c.session.user.customer.id != c.ids[0]) {
		return unauthorized()
	}
	return nil
}

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}
