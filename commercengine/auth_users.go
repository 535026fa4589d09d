package commercengine

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// LoginMethod is a way to log in.
type LoginMethod string

// The methods.
const (
	LoginByEmail    LoginMethod = "email"
	LoginByPhone    LoginMethod = "phone"
	LoginByWhatsApp LoginMethod = "whatsapp"
	LoginByPassword LoginMethod = "password"
)

// User is a person who can log in, or an anonymous shopper. A text is empty if the
// server has null. A business customer can have several users.
type User struct {
	// ID is the id of the user, not of the customer.
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	// IsEmailVerified and IsPhoneVerified are true after verification by a one-time
	// password.
	IsEmailVerified bool `json:"is_email_verified"`
	// CountryCode is a dialling code such as +91, and Phone the national number.
	CountryCode     string `json:"country_code"`
	Phone           string `json:"phone"`
	IsPhoneVerified bool   `json:"is_phone_verified"`
	ProfileImageURL string `json:"profile_image_url"`
	// IsAnonymous and IsLoggedIn describe the session.
	IsAnonymous             bool                    `json:"is_anonymous"`
	IsLoggedIn              bool                    `json:"is_logged_in"`
	LoginMethods            []LoginMethod           `json:"login_methods"`
	NotificationPreferences NotificationPreferences `json:"notification_preferences"`
	// CustomerID is the id of the customer to whom addresses, documents, accounts and
	// mandates belong. It is often, but not always, the same as ID. It is empty for an
	// anonymous user.
	CustomerID string `json:"customer_id"`
	// CustomerGroup is nil for a user without a group.
	CustomerGroup *CustomerGroup `json:"customer_group"`
	// Business is nil for a private person.
	Business   *Business `json:"business"`
	CreatedAt  time.Time `json:"created_at"`
	ModifiedAt time.Time `json:"modified_at"`
}

// UpdateRequest returns a request that leaves the user unchanged. Modify it and pass it
// to [AuthService.UpdateUser] to send the whole profile, as the vendor's description of
// that operation demands.
func (u *User) UpdateRequest() UpdateUserRequest {
	now := *u
	req := UpdateUserRequest{
		FirstName:               &now.FirstName,
		LastName:                &now.LastName,
		Email:                   &now.Email,
		Phone:                   &now.Phone,
		CountryCode:             &now.CountryCode,
		LoginMethods:            append([]LoginMethod{}, now.LoginMethods...),
		NotificationPreferences: &now.NotificationPreferences,
		Business:                &Business{},
	}
	if now.Business != nil {
		req.Business = new(*now.Business)
		req.Business.Metadata = maps.Clone(req.Business.Metadata)
		if address := req.Business.RegisteredAddress; address != nil {
			req.Business.RegisteredAddress = new(*address)
		}
	}
	return req
}

// NotificationPreferences says which messages a user wants to receive.
type NotificationPreferences struct {
	Transactional NotificationChannels `json:"transactional"`
	Promotional   NotificationChannels `json:"promotional"`
	Newsletter    NotificationChannels `json:"newsletter"`
}

// NotificationChannels says through which channels messages of a kind may be sent.
type NotificationChannels struct {
	Email    bool `json:"email"`
	SMS      bool `json:"sms"`
	WhatsApp bool `json:"whatsapp"`
}

// CustomerGroup is a group of customers with prices of its own.
type CustomerGroup struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	IsDefault   bool   `json:"is_default"`
	Active      bool   `json:"active"`
}

// Business is the company of a business customer.
type Business struct {
	// Type is the kind of business; its values are not documented.
	Type string `json:"type"`
	Name string `json:"name"`
	// Metadata holds what the store keeps about the business, including PAN and GSTIN:
	// inferred, not documented. In an update, nil is left out; an empty map is sent and
	// clears it.
	Metadata map[string]string `json:"metadata,omitzero"`
	// RegisteredAddress is nil if none is known. An update requires the same fields as
	// CreateAddressRequest, and sends IsDefaultBilling and IsDefaultShipping only if
	// they are true.
	RegisteredAddress *Address `json:"registered_address,omitempty"`
}

// GetUser returns a user. userID is the id of the user, as in [Claims.UserID], not of
// the customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-user-detail.
//
//souk:operation GET /auth/user/{id}
func (s *AuthService) GetUser(ctx context.Context, userID string) (*User, error) {
	return one[*User](ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/auth/user/{id}",
		IDs:    []any{userID},
		Repeat: transport.Safe,
	}, userContent{})
}

// UpdateUserRequest changes the fields that are set and leaves out the others. A
// pointer to an empty value sends null, which clears the field.
//
// The vendor's description demands all fields but CustomerGroupID, yet its
// samples send some of them only. That the server accepts this is inferred.
// [User.UpdateRequest] returns a request with all fields set.
type UpdateUserRequest struct {
	FirstName   *string
	LastName    *string
	Email       *string
	Phone       *string
	CountryCode *string
	// LoginMethods is left out if nil.
	LoginMethods            []LoginMethod
	NotificationPreferences *NotificationPreferences
	// CustomerGroupID moves the user into another group.
	CustomerGroupID *string
	Business        *Business
}

// UpdateUser changes a user's profile, business and notification preferences.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-user.
//
//souk:operation PUT /auth/user/{id}
func (s *AuthService) UpdateUser(ctx context.Context, userID string, req UpdateUserRequest) (*User, error) {
	call := &transport.Call{
		Method: http.MethodPut,
		Route:  "/auth/user/{id}",
		IDs:    []any{userID},
		Body:   req,
		Repeat: transport.Idempotent,
	}
	call.Problems.RequireChange(req)
	if req.Phone != nil && *req.Phone != "" {
		checkPhone(&call.Problems, "Phone", *req.Phone)
	}
	if req.Email != nil && *req.Email != "" {
		checkEmail(&call.Problems, "Email", *req.Email)
	}
	if req.Business != nil && req.Business.RegisteredAddress != nil {
		CreateAddressRequest(req.Business.RegisteredAddress.registered()).check(&call.Problems, "Business.RegisteredAddress.")
	}
	return one[*User](ctx, s.transport, call, userContent{})
}

// DeleteUser deletes a user. Deleting the primary user of a customer also deletes the
// customer and all its users.
//
// See https://llm-docs.commercengine.io/storefront/operations/delete-user.
//
//souk:operation DELETE /auth/user/{id}
func (s *AuthService) DeleteUser(ctx context.Context, userID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/auth/user/{id}",
		IDs:     []any{userID},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// DeactivateUser deactivates a user. How a user becomes active again is not
// documented.
//
// See https://llm-docs.commercengine.io/storefront/operations/deactivate-user.
//
//souk:operation PUT /auth/user/{id}/deactivate
func (s *AuthService) DeactivateUser(ctx context.Context, userID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodPut,
		Route:  "/auth/user/{id}/deactivate",
		IDs:    []any{userID},
		Repeat: transport.Idempotent,
	})
}

// Verification lists the numbers and addresses that are verified.
type Verification struct {
	Phones []string `json:"verified_phone"`
	Emails []string `json:"verified_email"`
}

// CheckVerificationRequest lists what to look up.
type CheckVerificationRequest struct {
	// Phones are national numbers, 10 digits each.
	Phones []string `json:"phone,omitempty"`
	Emails []string `json:"email,omitempty"`
}

// CheckVerification returns which of the given phone numbers and e-mail addresses are
// verified.
//
// See https://llm-docs.commercengine.io/storefront/operations/check-verification-status.
//
//souk:operation POST /auth/verified-email-phone
func (s *AuthService) CheckVerification(ctx context.Context, req CheckVerificationRequest) (*Verification, error) {
	call := &transport.Call{
		Method: http.MethodPost,
		Route:  "/auth/verified-email-phone",
		Body:   req,
		Repeat: transport.Safe,
	}
	call.Problems.Require(len(req.Phones)+len(req.Emails) > 0, "Phones", "must name a number, or Emails an address")
	for _, phone := range req.Phones {
		checkPhone(&call.Problems, "Phones", phone)
	}
	for _, email := range req.Emails {
		checkEmail(&call.Problems, "Emails", email)
	}
	return one[*Verification](ctx, s.transport, call, verificationContent{asked: req})
}
