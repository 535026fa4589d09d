package shopline

import (
	"context"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// Subscription is a customer's subscription through one account.
type Subscription struct {
	CustomerID string             `json:"customer_id"`
	Status     SubscriptionStatus `json:"status"`
	// Account is an e-mail address, a phone number or an id, depending on AccountType.
	Account     string                  `json:"subscribe_account"`
	AccountType SubscriptionAccountType `json:"subscribe_account_type"`
	Channel     SubscriptionChannel     `json:"subscribe_channel"`
	// Time is when the customer subscribed, zero if not known.
	Time time.Time `json:"subscribe_time"`
}

// SubscriptionStatus says whether a subscription is active. Values without a constant
// decode as they are.
type SubscriptionStatus int

// The states of a subscription.
const (
	SubscriptionInactive SubscriptionStatus = 0
	SubscriptionActive   SubscriptionStatus = 1
)

// SubscriptionAccountType is the kind of an account. Values without a constant decode
// as they are.
type SubscriptionAccountType int

// The kinds of accounts.
const (
	SubscriptionAccountMail      SubscriptionAccountType = 0
	SubscriptionAccountMobile    SubscriptionAccountType = 1
	SubscriptionAccountLine      SubscriptionAccountType = 2
	SubscriptionAccountMessenger SubscriptionAccountType = 3
)

// SubscriptionChannel is where a customer subscribed. Values without a constant decode
// as they are.
type SubscriptionChannel int

// The places to subscribe.
const (
	SubscriptionChannelFooter        SubscriptionChannel = 0
	SubscriptionChannelAccountCentre SubscriptionChannel = 1
	SubscriptionChannelOrder         SubscriptionChannel = 2
	SubscriptionChannelOpenAPI       SubscriptionChannel = 3
	SubscriptionChannelPopUp         SubscriptionChannel = 4
	SubscriptionChannelMail          SubscriptionChannel = 5
	SubscriptionChannelRegister      SubscriptionChannel = 6
	SubscriptionChannelImport        SubscriptionChannel = 7
)

// ListSubscriptionsRequest says whose subscriptions to list.
type ListSubscriptionsRequest struct {
	// CustomerIDs lists the ids of the customers, at least one.
	CustomerIDs []string `url:"customer_ids,comma,omitempty"`
}

// ListSubscriptionsResponse holds the subscriptions of all requested customers.
type ListSubscriptionsResponse struct {
	Subscriptions []Subscription `json:"user_subscribe_info_list"`
}

// ListSubscriptions returns the subscriptions of some customers. The list has no
// pages. It needs the scope read_customers.
//
// See https://developer.shopline.com/doc/cdb180dc069f7d8d6877c0cdffe96f73/yi5cvhq5.
//
//souk:operation GET /customers/subscribe.json
func (s *CustomersService) ListSubscriptions(ctx context.Context, req ListSubscriptionsRequest) (*ListSubscriptionsResponse, error) {
	var problems transport.Problems
	checksOf(&problems).ids("CustomerIDs", req.CustomerIDs)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/subscribe.json",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, &subscriptionsAnswer{})
}
