package salla

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
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
	// ExpiryDate and UsedAt are sent without a time zone and read as Riyadh time.
	// UsedAt is zero while the points are unused.
	ExpiryDate time.Time `json:"expiry_date,omitzero"`
	UsedAt     time.Time `json:"used_at,omitzero"`
	// OrderID and ReferenceID are empty if there is none.
	OrderID     string `json:"order_id"`
	ReferenceID string `json:"reference_id"`
	Notes       string `json:"notes"`
}

// LoyaltyPointsService reads and changes the loyalty points of customers. The store
// needs Salla's app Customer Loyalty. Reading needs the scope customers.read, changing
// customers.read_write; some stores have nevertheless refused changes with
// [souk.ErrForbidden], as if they required a loyalty scope.
type LoyaltyPointsService service

// ListLoyaltyPointsRequest says whose points to list.
type ListLoyaltyPointsRequest struct {
	// CustomerID is required.
	CustomerID int64 `url:"customer_id"`
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 60. 0 means Salla's default, here 30, for
	// List, and 60 for Walk and All.
	Limit int `url:"per_page,omitempty"`
}

// ListLoyaltyPointsResponse is one page.
type ListLoyaltyPointsResponse struct {
	LoyaltyPoints []LoyaltyPoint `json:"data"`
	Pagination    Pagination     `json:"pagination"`

	request ListLoyaltyPointsRequest
}

// Next returns the request for the following page; ok is false on the last one. Changes
// that move to another page between two calls are missed or come twice.
func (r *ListLoyaltyPointsResponse) Next() (next ListLoyaltyPointsRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// List returns one page of the changes of a customer's points.
//
// See https://docs.salla.dev/12250577e0.
//
//souk:operation GET /customers/loyalty/points
func (s *LoyaltyPointsService) List(ctx context.Context, req ListLoyaltyPointsRequest) (*ListLoyaltyPointsResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	return &ListLoyaltyPointsResponse{LoyaltyPoints: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

// Walk returns a walk through all changes of a customer's points, in Salla's order,
// which is not documented. It begins after position, or at the first page if position
// is empty; Page is ignored. Pages have 60 rows unless Limit is set.
//
// Changes have no ids, so one that moves to another page may come twice or not at all.
// A position is the number of a page and how many of its changes came. It is valid for
// the same Limit only; if the page no longer begins with the same changes, all of them
// come again.
//
// Errors are as for List. A list that Salla cuts short is [souk.ErrUnavailable] and
// [souk.ErrUnreadable]; a wrong position is [souk.ErrInvalid].
func (s *LoyaltyPointsService) Walk(req ListLoyaltyPointsRequest, position string) *souk.Walk[LoyaltyPoint] {
	return walked[LoyaltyPoint, ListLoyaltyPointsRequest]{
		route:   "/customers/loyalty/points",
		request: req,
		place:   func(r *ListLoyaltyPointsRequest) (page, limit *int) { return &r.Page, &r.Limit },
		read:    s.page,
	}.walk((*service)(s), position)
}

// All returns all changes of a customer's points, like Walk with an empty position.
func (s *LoyaltyPointsService) All(ctx context.Context, req ListLoyaltyPointsRequest) iter.Seq2[*LoyaltyPoint, error] {
	return transport.Anew(ctx, req, func(req ListLoyaltyPointsRequest) *souk.Walk[LoyaltyPoint] { return s.Walk(req, "") })
}

func (s *LoyaltyPointsService) page(ctx context.Context, req ListLoyaltyPointsRequest) (*page[LoyaltyPoint], error) {
	var problems transport.Problems
	problems.Require(req.CustomerID > 0, "CustomerID", "must be a positive id")
	checkPage(&problems, req.Page, req.Limit)
	return pageOf[LoyaltyPoint, loyaltyPointWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/loyalty/points",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, req.Page, req.Limit)
}

// PointsChange says whether points are given or taken away.
type PointsChange string

// The two changes.
const (
	PointsPlus  PointsChange = "plus"
	PointsMinus PointsChange = "minus"
)

// LoyaltyChannel is a way to notify customers of a change of their points.
type LoyaltyChannel string

// The channels.
const (
	ChannelEmail  LoyaltyChannel = "email"
	ChannelSMS    LoyaltyChannel = "sms"
	ChannelMobile LoyaltyChannel = "mobile"
)

// UpdateLoyaltyPointsRequest gives points to customers or takes them away.
type UpdateLoyaltyPointsRequest struct {
	// Points is 1 to 999,999. It may be 0 with ResetPoints.
	Points int `json:"points,omitempty"`
	// ResetPoints takes all points away first. Salla's page spells this field in
	// several ways, so test it before you rely on it.
	ResetPoints bool             `json:"reset_points"`
	Type        PointsChange     `json:"type"`
	Reason      string           `json:"reason"`
	ChannelSend []LoyaltyChannel `json:"channel_send"`
	// Customers are the ids of the customers. They are required unless SelectAll is
	// set.
	Customers []int64 `json:"customers,omitempty"`
	// SelectAll means all customers of the store.
	SelectAll bool `json:"select_all,omitempty"`
}

// Update gives points to customers or takes them away, and notifies the customers.
//
// See https://docs.salla.dev/12250579e0.
//
//souk:operation POST /customers/loyalty/points
func (s *LoyaltyPointsService) Update(ctx context.Context, req UpdateLoyaltyPointsRequest) error {
	var problems transport.Problems
	req.check(&problems)
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/loyalty/points",
		Body:     req,
		Problems: problems,
	})
}

// maxPoints is the maximum number of points of one change.
const maxPoints = 999_999

func (r UpdateLoyaltyPointsRequest) check(problems *transport.Problems) {
	least := 1
	if r.ResetPoints {
		least = 0
	}
	problems.Require(r.Points >= least && r.Points <= maxPoints, "Points", "must be %d to %d", least, maxPoints)
	problems.Require(r.Type == PointsPlus || r.Type == PointsMinus, "Type", `must be "plus" or "minus"`)
	problems.Require(r.Reason != "", "Reason", "must say why, in a few words")
	problems.Require(len(r.ChannelSend) > 0, "ChannelSend", `must not be empty: "email", "sms" or "mobile"`)
	problems.Require(len(r.Customers) > 0 || r.SelectAll, "Customers", "must not be empty, unless SelectAll is set")
	checkIDs(problems, "Customers", r.Customers)
}
