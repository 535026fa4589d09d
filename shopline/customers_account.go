package shopline

import (
	"context"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// Invite is the e-mail that invited a customer to register.
type Invite struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// AddToBlacklist puts a customer on the store's blacklist. It needs the scope
// write_customers.
//
// See https://developer.shopline.com/doc/cdb180dc069f7d8d6877c0cdffe96f73/c3EwErzu.
//
//souk:operation POST /customers/add_blacklist.json
func (s *CustomersService) AddToBlacklist(ctx context.Context, customerID string) error {
	return s.blacklist(ctx, "/customers/add_blacklist.json", customerID)
}

// RemoveFromBlacklist takes a customer off the store's blacklist. It needs the
// scope write_customers.
//
// See https://developer.shopline.com/doc/cdb180dc069f7d8d6877c0cdffe96f73/rNvNMnUv.
//
//souk:operation POST /customers/remove_blacklist.json
func (s *CustomersService) RemoveFromBlacklist(ctx context.Context, customerID string) error {
	return s.blacklist(ctx, "/customers/remove_blacklist.json", customerID)
}

// SendInvite sends a customer the e-mail that invites them to register. It is not
// repeated if its answer is lost, so that nobody gets two e-mails. It needs the scope
// write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Send activation mail".
//
//souk:operation POST /customers/{id}/send_invite.json
func (s *CustomersService) SendInvite(ctx context.Context, customerID string) (*Invite, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodPost,
		Route:  "/customers/{id}/send_invite.json",
		IDs:    []any{customerID},
	}, &inviteAnswer{})
}

// CreateActivationURL returns a URL at which a customer can activate their account.
// Anyone who knows the URL can do so: treat it as a secret. It needs the scope
// write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Activate the customer".
//
//souk:operation POST /customers/{id}/account_activation_url.json
func (s *CustomersService) CreateActivationURL(ctx context.Context, customerID string) (string, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodPost,
		Route:  "/customers/{id}/account_activation_url.json",
		IDs:    []any{customerID},
		Secret: true,
	}, &activationAnswer{})
}

// RemoveTagsRequest says which tags to remove from a customer.
type RemoveTagsRequest struct {
	// TagIDs lists ids such as "SL201UT5491137867706559244", not the texts of the tags.
	TagIDs []string `json:"tag_ids"`
}

// RemoveTags removes tags from a customer by their ids. To set tags by their texts, see
// [UpdateCustomerRequest]. It needs the scope write_customers.
//
// See https://developer.shopline.com/doc/cdb180dc069f7d8d6877c0cdffe96f73/gVW5o8g4.
//
//souk:operation POST /customer_tags_remove.json
func (s *CustomersService) RemoveTags(ctx context.Context, customerID string, req RemoveTagsRequest) error {
	var problems transport.Problems
	c := checksOf(&problems)
	c.ID("customerID", customerID)
	c.ids("TagIDs", req.TagIDs)
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customer_tags_remove.json",
		Body:     map[string]any{"user_id": customerID, "tag_ids": req.TagIDs},
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

func (s *CustomersService) blacklist(ctx context.Context, route, customerID string) error {
	var problems transport.Problems
	problems.ID("customerID", customerID)
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    route,
		Body:     map[string]string{"customer_id": customerID},
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}
