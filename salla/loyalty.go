package salla

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/phpdate"
	"github.com/souk-go/souk/internal/transport"
)

// LoyaltyPoint is one change of a customer's loyalty points.
type LoyaltyPoint struct {
	// Name is the kind of the change, in the language of the answers.
	Name       string `json:"name"`
	Points     int64  `json:"points"`
	UsedPoints int64  `json:"used_points"`
	// Status is a word in the language of the answers, such as "مؤكدة" for confirmed.
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ExpiryDate and UsedAt come without a zone and are taken as Riyadh's time.
	// UsedAt is zero while the points are unused.
	ExpiryDate time.Time `json:"expiry_date,omitzero"`
	UsedAt     time.Time `json:"used_at,omitzero"`
	// OrderID and ReferenceID are empty where there is none.
	OrderID     string `json:"order_id"`
	ReferenceID string `json:"reference_id"`
	Notes       string `json:"notes"`
}

// UnmarshalJSON reads Salla's dates, among them {} for none, and ids that are
// numbers or text.
func (p *LoyaltyPoint) UnmarshalJSON(data []byte) error {
	type plain LoyaltyPoint
	return json.Unmarshal(data, &struct {
		*plain
		Points      *loosejson.Int    `json:"points"`
		UsedPoints  *loosejson.Int    `json:"used_points"`
		CreatedAt   *phpdate.Time     `json:"created_at"`
		ExpiryDate  *phpdate.Time     `json:"expiry_date"`
		UsedAt      *phpdate.Time     `json:"used_at"`
		OrderID     *loosejson.String `json:"order_id"`
		ReferenceID *loosejson.String `json:"reference_id"`
	}{
		(*plain)(p),
		(*loosejson.Int)(&p.Points),
		(*loosejson.Int)(&p.UsedPoints),
		(*phpdate.Time)(&p.CreatedAt),
		(*phpdate.Time)(&p.ExpiryDate),
		(*phpdate.Time)(&p.UsedAt),
		(*loosejson.String)(&p.OrderID),
		(*loosejson.String)(&p.ReferenceID),
	})
}

// ListLoyaltyPointsRequest says whose points to list.
type ListLoyaltyPointsRequest struct {
	// CustomerID is needed.
	CustomerID int64 `url:"customer_id"`
	// Page is the number of the page, from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// PerPage is the size of a page, up to 60. 0 means Salla's default, here 30.
	PerPage int `url:"per_page,omitempty"`
}

// ListLoyaltyPointsResponse is one page.
type ListLoyaltyPointsResponse struct {
	LoyaltyPoints []LoyaltyPoint `json:"data"`
	Pagination    Pagination     `json:"pagination"`

	request ListLoyaltyPointsRequest
}

// Next returns the request of the following page; ok is false on the last one.
func (r *ListLoyaltyPointsResponse) Next() (next ListLoyaltyPointsRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// UpdateLoyaltyPointsRequest gives points to customers or takes them away.
type UpdateLoyaltyPointsRequest struct {
	// Points is 1 to 999,999. It may be 0 with ResetPoints.
	Points int `json:"points,omitempty"`
	// ResetPoints takes all points away first. Salla's page also spells the field
	// in other ways, so try before you rely on it.
	ResetPoints bool             `json:"reset_points"`
	Type        PointsChange     `json:"type"`
	Reason      string           `json:"reason"`
	ChannelSend []LoyaltyChannel `json:"channel_send"`
	// Customers are the ids of the customers. They are needed without SelectAll.
	Customers []int64 `json:"customers,omitempty"`
	// SelectAll means all customers of the store.
	SelectAll bool `json:"select_all,omitempty"`
}

// PointsChange says whether points are given or taken away.
type PointsChange string

// The two changes.
const (
	PointsPlus  PointsChange = "plus"
	PointsMinus PointsChange = "minus"
)

// LoyaltyChannel is how customers are told of a change of their points.
type LoyaltyChannel string

// The channels.
const (
	ChannelEmail  LoyaltyChannel = "email"
	ChannelSMS    LoyaltyChannel = "sms"
	ChannelMobile LoyaltyChannel = "mobile"
)

// LoyaltyPointsService reads and changes the loyalty points of customers. The
// store needs Salla's app Customer Loyalty. Reading needs the scope
// customers.read, changing customers.read_write; stores have answered changes
// with souk.ErrForbidden all the same, as if scopes for loyalty were needed.
type LoyaltyPointsService service

// List returns one page of the changes of a customer's points.
//
// See https://docs.salla.dev/12250577e0.
//
//souk:operation GET /customers/loyalty/points
func (s *LoyaltyPointsService) List(ctx context.Context, req ListLoyaltyPointsRequest) (*ListLoyaltyPointsResponse, error) {
	var problems transport.Problems
	problems.Require(req.CustomerID > 0, "CustomerID", "must be a positive id")
	checkPage(&problems, req.Page, req.PerPage)
	page, err := pageOf[LoyaltyPoint](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/loyalty/points",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, req.Page, req.PerPage)
	if page == nil {
		return nil, err
	}
	return &ListLoyaltyPointsResponse{LoyaltyPoints: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

// All returns all changes of a customer's points, page by page. They have no ids,
// so one that is moved to another page meanwhile may come twice.
func (s *LoyaltyPointsService) All(ctx context.Context, req ListLoyaltyPointsRequest) iter.Seq2[*LoyaltyPoint, error] {
	return pages(ctx, s.transport, "/customers/loyalty/points", req, s.fetch, nil, func(q *ListLoyaltyPointsRequest) *int { return &q.Page })
}

func (s *LoyaltyPointsService) fetch(ctx context.Context, req ListLoyaltyPointsRequest) (paging.Page[*LoyaltyPoint, ListLoyaltyPointsRequest], error) {
	list, err := s.List(ctx, req)
	if err != nil {
		return paging.Page[*LoyaltyPoint, ListLoyaltyPointsRequest]{}, err
	}
	next, more := list.Next()
	return fetched(list.LoyaltyPoints, list.Pagination.Total, next, more), nil
}

// Update gives points to customers or takes them away, and tells them so.
//
// See https://docs.salla.dev/12250579e0.
//
//souk:operation POST /customers/loyalty/points
func (s *LoyaltyPointsService) Update(ctx context.Context, req UpdateLoyaltyPointsRequest) error {
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/loyalty/points",
		Body:     req,
		Problems: req.problems(),
	})
}

// maxPoints is how many points one change can give.
const maxPoints = 999_999

func (r UpdateLoyaltyPointsRequest) problems() transport.Problems {
	var problems transport.Problems
	least := 1
	if r.ResetPoints {
		least = 0
	}
	problems.Require(r.Points >= least && r.Points <= maxPoints, "Points", "must be %d to %d", least, maxPoints)
	problems.Require(r.Type == PointsPlus || r.Type == PointsMinus, "Type", `must be "plus" or "minus"`)
	problems.Require(r.Reason != "", "Reason", "must say why, in a few words")
	problems.Require(len(r.ChannelSend) > 0, "ChannelSend", `must not be empty: "email", "sms" or "mobile"`)
	problems.Require(len(r.Customers) > 0 || r.SelectAll, "Customers", "must not be empty, unless SelectAll is set")
	checkIDs(&problems, "Customers", r.Customers)
	return problems
}
