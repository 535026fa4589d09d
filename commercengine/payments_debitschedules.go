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

const debitSchedulesRoute = "/customers/{customer_id}/mandate-debit-schedules"

// DebitStatus is the state of a debit.
type DebitStatus string

// The states.
const (
	DebitScheduled     DebitStatus = "scheduled"
	DebitPending       DebitStatus = "debit-pending"
	DebitSuccess       DebitStatus = "debit-success"
	DebitFailed        DebitStatus = "debit-failed"
	DebitCancelled     DebitStatus = "cancelled"
	DebitAwaitingRetry DebitStatus = "awaiting-retry"
)

// DebitSchedule is a planned or executed debit under a mandate.
type DebitSchedule struct {
	ID          string `json:"id"`
	MandateID   string `json:"mandate_id"`
	OrderID     string `json:"order_id"`
	OrderNumber string `json:"order_number"`
	// Amount is in the store's currency.
	Amount      json.Number `json:"amount"`
	Status      DebitStatus `json:"status"`
	ScheduledAt time.Time   `json:"scheduled_at"`
	// PickedAt and ExecutedAt are zero until the debit was picked up or executed.
	PickedAt            time.Time `json:"picked_at"`
	ExecutedAt          time.Time `json:"executed_at"`
	ExternalReferenceID string    `json:"external_reference_id"`
	GatewayOrderID      string    `json:"gateway_order_id"`
	// RetryAttempt counts the attempts after the first, at most MaxRetries.
	RetryAttempt int `json:"retry_attempt"`
	MaxRetries   int `json:"max_retries"`
	// NextRetryAt is zero if none is planned.
	NextRetryAt time.Time `json:"next_retry_at"`
	StoreID     string    `json:"store_id"`
	CreatedAt   time.Time `json:"created_at"`
	ModifiedAt  time.Time `json:"modified_at"`
}

// ListDebitSchedulesRequest says which page to return.
type ListDebitSchedulesRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 10,000. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
}

// ListDebitSchedulesResponse is one page.
type ListDebitSchedulesResponse struct {
	DebitSchedules []DebitSchedule `json:"mandate_debit_schedules"`
	Pagination     *Pagination     `json:"pagination"`

	request ListDebitSchedulesRequest
}

// Next returns the request for the following page; ok is false on the last one. Rows
// that are deleted between two calls move others to a page already read, so that these
// are missed; rows that are added make others come twice. Walk handles both.
func (r *ListDebitSchedulesResponse) Next() (next ListDebitSchedulesRequest, ok bool) {
	next = r.request
	next.Page, ok = nextPage(r.Pagination)
	return next, ok
}

// ListDebitSchedules returns one page of the debits under a customer's mandates.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-customer-mandate-debit-schedules.
//
//souk:operation GET /customers/{customer_id}/mandate-debit-schedules
func (s *PaymentsService) ListDebitSchedules(ctx context.Context, customerID string, req ListDebitSchedulesRequest) (*ListDebitSchedulesResponse, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      debitSchedulesRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	return one[*ListDebitSchedulesResponse](ctx, s.transport, call, debitSchedulesContent{ListDebitSchedulesResponse: ListDebitSchedulesResponse{
		request: req, DebitSchedules: transport.Room[DebitSchedule](req.Limit),
	}})
}

// AllDebitSchedules returns all debits under a customer's mandates, beginning at Page.
// Limit is the size of a page, by default 100.
//
//souk:composite
func (s *PaymentsService) AllDebitSchedules(ctx context.Context, customerID string, req ListDebitSchedulesRequest) iter.Seq2[*DebitSchedule, error] {
	return transport.Anew(ctx, req, func(req ListDebitSchedulesRequest) *souk.Walk[DebitSchedule] {
		return s.WalkDebitSchedules(customerID, req, "")
	})
}

// WalkDebitSchedules returns a walk through all debits under a customer's mandates. It
// begins after position, or at Page if position is empty. Limit is the size of a page,
// by default 100.
//
// The order is the vendor's, which is not documented. Rows that are deleted during a
// loop cause no others to be missed, unless as many are added, so that the vendor's
// count stays the same. After a resume the rows of some pages may come again, or all
// rows if none of the last 100 is left; no row that kept its place is missed. See
// [souk.Walk].
func (s *PaymentsService) WalkDebitSchedules(customerID string, req ListDebitSchedulesRequest, position string) *souk.Walk[DebitSchedule] {
	return walked[DebitSchedule, ListDebitSchedulesRequest]{
		listing: transport.Listing{Route: debitSchedulesRoute, IDs: []any{customerID}},
		request: req,
		place:   func(r *ListDebitSchedulesRequest) (page, limit *int) { return &r.Page, &r.Limit },
		id:      func(a *DebitSchedule) string { return a.ID },
		read: func(ctx context.Context, req ListDebitSchedulesRequest) (*page[DebitSchedule], error) {
			list, err := s.ListDebitSchedules(ctx, customerID, req)
			if list == nil {
				return nil, err
			}
			return &page[DebitSchedule]{rows: list.DebitSchedules, pagination: list.Pagination}, err
		},
	}.walk(s.transport, position)
}
