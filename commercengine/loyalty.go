package commercengine

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Loyalty is a customer's place in the loyalty programme. Amounts are in the
// store's currency, as the server writes them.
type Loyalty struct {
	MembershipNumber string    `json:"membership_number"`
	DateOfJoin       time.Time `json:"date_of_join"`
	// DateOfAssign is when the current tier was assigned.
	DateOfAssign time.Time `json:"date_of_assign"`
	// DateOfReset is zero if there is none.
	DateOfReset    time.Time   `json:"date_of_reset"`
	CurrentTier    string      `json:"current_tier"`
	PointsEarned   json.Number `json:"points_earned"`
	PointsRedeemed json.Number `json:"points_redeemed"`
	PointsBalance  json.Number `json:"points_balance"`
	// TotalOrders and TotalSpent count from DateOfAssign, LifetimeOrders and
	// LifetimeSpent from DateOfJoin: inferred, not documented.
	TotalOrders     json.Number `json:"total_orders"`
	LifetimeOrders  json.Number `json:"lifetime_orders"`
	TotalSpent      json.Number `json:"total_spent"`
	LifetimeSpent   json.Number `json:"lifetime_spent"`
	LifetimeSavings json.Number `json:"lifetime_savings"`
}

// LoyaltyService reads the loyalty points of a customer.
type LoyaltyService service

const activitiesRoute = "/customers/{customer_id}/loyalty-points-activity"

// Get returns a customer's place in the loyalty programme. If the customer does not
// take part, the error is [souk.ErrNotFound].
//
// See https://llm-docs.commercengine.io/storefront/operations/get-loyalty-details.
//
//souk:operation GET /customers/{customer_id}/loyalty
func (s *LoyaltyService) Get(ctx context.Context, customerID string) (*Loyalty, error) {
	return one[*Loyalty](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{customer_id}/loyalty",
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, loyaltyContent{})
}

// LoyaltyAction says whether points were added or removed.
type LoyaltyAction string

// The actions.
const (
	LoyaltyAdd    LoyaltyAction = "add"
	LoyaltyRemove LoyaltyAction = "remove"
)

// LoyaltyReason is why points were added or removed.
type LoyaltyReason string

// The reasons.
const (
	LoyaltyOrderPlaced        LoyaltyReason = "order-placed"
	LoyaltyCreditNoteIssued   LoyaltyReason = "credit-note-issued"
	LoyaltyTierUpgrade        LoyaltyReason = "tier-upgrade"
	LoyaltyTierDowngrade      LoyaltyReason = "tier-downgrade"
	LoyaltyPointsExpired      LoyaltyReason = "points-expired"
	LoyaltyPointsCarryforward LoyaltyReason = "points-carryforward"
	LoyaltySignup             LoyaltyReason = "signup"
	LoyaltyBonus              LoyaltyReason = "bonus"
	LoyaltyOther              LoyaltyReason = "other"
)

// LoyaltyActivity is one change of a customer's points.
type LoyaltyActivity struct {
	Action   LoyaltyAction `json:"action"`
	Activity LoyaltyReason `json:"activity"`
	// ReferenceNumber is a number, such as the number of an order, or empty.
	ReferenceNumber string      `json:"reference_number"`
	Title           string      `json:"title"`
	LoyaltyPoints   json.Number `json:"loyalty_points"`
	Remarks         string      `json:"remarks"`
	CreatedAt       time.Time   `json:"created_at"`
	ModifiedAt      time.Time   `json:"modified_at"`
}

// ListLoyaltyActivitiesRequest says which page to return.
type ListLoyaltyActivitiesRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 10,000. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
	// SortBy is a JSON object of field names and "asc" or "desc", such as
	// {"created_at":"desc"}. The fields are not documented.
	SortBy string `url:"sort_by,omitempty"`
}

// ListLoyaltyActivitiesResponse is one page.
type ListLoyaltyActivitiesResponse struct {
	Activities []LoyaltyActivity `json:"loyalty_points_activity"`

	request ListLoyaltyActivitiesRequest
	unread  int // rows that could not be read
}

// Next returns the request for the following page; ok is false if this page is empty,
// since the server does not mark the last page. Rows that move to another page between
// two calls are missed or come twice. If a server repeats a page forever, so does Next;
// Walk ends with an error.
func (r *ListLoyaltyActivitiesResponse) Next() (next ListLoyaltyActivitiesRequest, ok bool) {
	next = r.request
	next.Page = max(next.Page, 1) + 1
	return next, len(r.Activities)+r.unread > 0
}

// ListActivities returns one page of the changes of a customer's points.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-loyalty-activities.
//
//souk:operation GET /customers/{customer_id}/loyalty-points-activity
func (s *LoyaltyService) ListActivities(ctx context.Context, customerID string, req ListLoyaltyActivitiesRequest) (*ListLoyaltyActivitiesResponse, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      activitiesRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	if req.SortBy != "" {
		var order map[string]string
		problem := json.Unmarshal([]byte(req.SortBy), &order)
		call.Problems.Require(problem == nil, "SortBy", `must be a JSON object such as {"created_at":"desc"}`)
	}
	page, err := one[*ListLoyaltyActivitiesResponse](ctx, s.transport, call, ListLoyaltyActivitiesResponse{
		request: req, Activities: transport.Room[LoyaltyActivity](req.Limit),
	})
	if page != nil {
		page.unread = len(transport.RowErrors(err))
	}
	return page, err
}

// AllActivities returns all changes of a customer's points, beginning at Page. Limit is
// the size of a page, by default 100. The list ends with an empty page; if a server
// repeats a page forever, that is an error.
//
//souk:composite
func (s *LoyaltyService) AllActivities(ctx context.Context, customerID string, req ListLoyaltyActivitiesRequest) iter.Seq2[*LoyaltyActivity, error] {
	return transport.Anew(ctx, req, func(req ListLoyaltyActivitiesRequest) *souk.Walk[LoyaltyActivity] {
		return s.WalkActivities(customerID, req, "")
	})
}

// WalkActivities returns a walk through all changes of a customer's points. It begins
// after position, or at Page if position is empty. Limit is the size of a page, by
// default 100.
//
// The rows have no ids, so a position is the number of a page: a resumed walk reads
// that page again, and misses rows that moved to an earlier page.
func (s *LoyaltyService) WalkActivities(customerID string, req ListLoyaltyActivitiesRequest, position string) *souk.Walk[LoyaltyActivity] {
	return walked[LoyaltyActivity, ListLoyaltyActivitiesRequest]{
		listing: transport.Listing{Route: activitiesRoute, IDs: []any{customerID}},
		request: req,
		place:   func(r *ListLoyaltyActivitiesRequest) (page, limit *int) { return &r.Page, &r.Limit },
		read: func(ctx context.Context, req ListLoyaltyActivitiesRequest) (*page[LoyaltyActivity], error) {
			list, err := s.ListActivities(ctx, customerID, req)
			if list == nil {
				return nil, err
			}
			return &page[LoyaltyActivity]{rows: list.Activities}, err
		},
	}.walk(s.transport, position)
}
