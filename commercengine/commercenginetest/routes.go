package commercenginetest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
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

type route struct {
	method     string
	path       string // a * stands for one segment
	credential credential
	handle     func(*Server, *call) (content any, err error)
}

// routes are tried in this order.
var routes = []route{
	{http.MethodPost, "auth/anonymous", apiKey, beginSession},
	{http.MethodPost, "auth/login/email", bearer, loginWithEmail},
	{http.MethodPost, "auth/login/phone", bearer, loginWithPhone},
	{http.MethodPost, "auth/login/whatsapp", bearer, loginWithPhone},
	{http.MethodPost, "auth/login/password", bearer, loginWithPassword},
	{http.MethodPost, "auth/register/email", bearer, registerWithEmail},
	{http.MethodPost, "auth/register/phone", bearer, registerWithPhone},
	{http.MethodPost, "auth/register/whatsapp", bearer, registerWithPhone},
	{http.MethodPost, "auth/register/password", bearer, registerWithPassword},
	{http.MethodPost, "auth/generate-otp", bearer, generateOTP},
	{http.MethodPost, "auth/verify-otp", bearer, verifyOTP},
	{http.MethodPost, "auth/forgot-password", bearer, forgotPassword},
	{http.MethodPost, "auth/reset-password", bearer, resetPassword},
	{http.MethodPost, "auth/change-password", bearer, changePassword},
	{http.MethodPost, "auth/refresh-token", nobody, refreshToken},
	{http.MethodPost, "auth/logout", bearer, logout},
	{http.MethodPost, "auth/verified-email-phone", bearer, checkVerification},
	{http.MethodGet, "auth/user/*", bearer, getUser},
	{http.MethodPut, "auth/user/*", bearer, updateUser},
	{http.MethodDelete, "auth/user/*", bearer, deleteUser},
	{http.MethodPut, "auth/user/*/deactivate", bearer, deactivateUser},
	{http.MethodGet, "auth/user/*/profile-image", bearer, getProfileImage},
	{http.MethodPost, "auth/user/*/profile-image", bearer, setProfileImage},
	{http.MethodPut, "auth/user/*/profile-image", bearer, setProfileImage},
	{http.MethodDelete, "auth/user/*/profile-image", bearer, removeProfileImage},

	{http.MethodPost, "customers", bearer, createCustomer},
	{http.MethodGet, "customers/*", customer, getCustomer},
	{http.MethodPut, "customers/*", customer, updateCustomer},
	{http.MethodGet, "customers/*/addresses", customer, listAddresses},
	{http.MethodPost, "customers/*/addresses", customer, createAddress},
	{http.MethodGet, "customers/*/addresses/*", customer, getAddress},
	{http.MethodPut, "customers/*/addresses/*", customer, updateAddress},
	{http.MethodDelete, "customers/*/addresses/*", customer, deleteAddress},
	{http.MethodGet, "customers/*/loyalty", customer, getLoyalty},
	{http.MethodGet, "customers/*/loyalty-points-activity", customer, listActivities},
	{http.MethodGet, "customers/*/reviews", customer, listReviews},
	{http.MethodGet, "customers/*/authorized-sellers", customer, listSellers},
	{http.MethodGet, "customers/*/cards", customer, listCards},
	{http.MethodGet, "customers/*/payment-methods", customer, listPaymentMethods},
	{http.MethodGet, "customers/*/bank-accounts", customer, listBankAccounts},
	{http.MethodPost, "customers/*/bank-accounts", customer, createBankAccount},
	{http.MethodGet, "customers/*/bank-accounts/*", customer, getBankAccount},
	{http.MethodPut, "customers/*/bank-accounts/*", customer, updateBankAccount},
	{http.MethodDelete, "customers/*/bank-accounts/*", customer, deleteBankAccount},
	{http.MethodPost, "customers/*/bank-accounts/*/verify", customer, verifyBankAccount},
	{http.MethodGet, "customers/*/mandates", customer, listMandates},
	{http.MethodPost, "customers/*/mandates", customer, createMandate},
	{http.MethodGet, "customers/*/mandates/*", customer, getMandate},
	{http.MethodPut, "customers/*/mandates/*", customer, updateMandate},
	{http.MethodPost, "customers/*/mandates/*/pause", customer, pauseMandate},
	{http.MethodPost, "customers/*/mandates/*/resume", customer, resumeMandate},
	{http.MethodPost, "customers/*/mandates/*/revoke", customer, revokeMandate},
	{http.MethodGet, "customers/*/mandate-debit-schedules", customer, listDebitSchedules},
	{http.MethodGet, "customers/*/credit-line-balance", customer, getCreditLine},
	{http.MethodGet, "customers/*/documents", customer, listDocuments},
	{http.MethodPost, "customers/*/documents", customer, createDocument},
	{http.MethodPost, "customers/*/documents/verify", customer, verifyDocument},
	{http.MethodGet, "customers/*/documents/*", customer, getDocument},
	{http.MethodPut, "customers/*/documents/*", customer, updateDocument},
	{http.MethodDelete, "customers/*/documents/*", customer, deleteDocument},

	{http.MethodGet, "store/kyc-document", apiKey, listDocumentTypes},
	{http.MethodGet, "store/check", apiKey, checkStore},
	{http.MethodGet, "store/config", apiKey, getConfig},
	{http.MethodGet, "common/countries", apiKey, listCountries},
	{http.MethodGet, "common/countries/*/states", apiKey, listStates},
	{http.MethodGet, "common/countries/*/pincodes", apiKey, listPincodes},
	{http.MethodGet, "payments/ifsc-lookup/*", bearer, lookUpIFSC},
}

// answer does what the request asks for.
func (s *Server) answer(r *http.Request, body []byte) standin.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, raw: body, query: r.URL.Query(), now: s.clock().UTC()}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.prefix+"/")
	if !ok {
		return notFound().answer()
	}
	content, err := s.dispatch(c, strings.Split(path, "/"))
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused.answer()
	}
	return success(content)
}

func (s *Server) dispatch(c *call, segments []string) (any, error) {
	for _, route := range routes {
		if route.method != c.request.Method || !c.take(route, segments) {
			continue
		}
		if err := s.admit(c, route.credential); err != nil {
			return nil, err
		}
		if isJSON(c.request) && len(c.raw) > 0 && json.Unmarshal(c.raw, &c.body) != nil {
			return nil, &refusal{status: http.StatusBadRequest, code: "invalid_input", message: "The body is not a JSON object"}
		}
		return route.handle(s, c)
	}
	return nil, notFound()
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

// take reports whether the route is meant, and takes the ids from the path.
func (c *call) take(route route, segments []string) bool {
	pattern := strings.Split(route.path, "/")
	if len(pattern) != len(segments) {
		return false
	}
	var ids []string
	for i, part := range pattern {
		switch {
		case part == "*":
			id, err := url.PathUnescape(segments[i])
			if err != nil || id == "" {
				return false
			}
			ids = append(ids, id)
		case part != segments[i]:
			return false
		}
	}
	c.ids = ids
	return true
}

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}
