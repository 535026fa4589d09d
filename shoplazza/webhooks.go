package shoplazza

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Webhook is a subscription to a topic. Shoplazza repeats a delivery that was not
// answered with a 2xx up to 19 times within two days, and then deletes the
// subscription.
type Webhook struct {
	ID string `json:"id"`
	// Address is the URL that deliveries are posted to.
	Address string `json:"address"`
	Topic   Topic  `json:"topic"`
	// Format is the format of deliveries: "json".
	Format    string    `json:"format"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Topic names a kind of event. Shoplazza has more than the constants; its specification
// does not list them.
type Topic string

// Some topics. The spelling of those about customers is inferred from the others; their
// payloads are not documented.
const (
	TopicCustomersCreate Topic = "customers/create"
	TopicCustomersUpdate Topic = "customers/update"
	TopicOrdersCreate    Topic = "orders/create"
	TopicProductsCreate  Topic = "products/create"
	TopicAppUninstalled  Topic = "app/uninstalled"
)

// WebhooksService reads and writes webhook subscriptions. A subscription needs the
// scope to read the subject of its topic.
type WebhooksService service

// CreateWebhookRequest describes a new subscription. Both fields are required.
type CreateWebhookRequest struct {
	// Address is an https URL.
	Address string `json:"address"`
	Topic   Topic  `json:"topic"`
}

// Create subscribes to a topic.
//
// See https://shoplazza.dev/reference/create-webhook-copy.
//
//souk:operation POST /webhooks
func (s *WebhooksService) Create(ctx context.Context, req CreateWebhookRequest) (*Webhook, error) {
	var problems transport.Problems
	checkHook(req.Address, &problems)
	problems.Require(req.Topic != "", "Topic", "must not be empty; for example customers/create")
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPost,
		Route:    "/webhooks",
		Body:     (*service)(s).wrap("webhook", req),
		Problems: problems,
	}, aWebhook)
}

// ListWebhooksRequest says which subscriptions to list. Its filters must all match.
type ListWebhooksRequest struct {
	Address string
	Topic   Topic
	// CreatedAtMin and the other times are sent in UTC, to the second.
	CreatedAtMin time.Time
	CreatedAtMax time.Time
	UpdatedAtMin time.Time
	UpdatedAtMax time.Time
	// Limit is the size of a page, at most 250. 0 means the server's default, 50.
	Limit int
	// Page is the number of the page, counted from 1, in version 2022-01 only. 0 means
	// the first.
	Page int
	// Cursor is the Cursor of the previous page, in the versions from 2025-06 on.
	Cursor string
}

// ListWebhooksResponse is one page.
type ListWebhooksResponse struct {
	Webhooks []Webhook
	// Cursor names the following page, in the versions from 2025-06 on.
	Cursor string
	// HasMore reports whether another page follows. Version 2022-01 does not say so;
	// HasMore is then true for every page that is not empty.
	HasMore bool

	next ListWebhooksRequest
}

// Next returns the request for the following page; ok is false on the last one. In
// version 2022-01 it counts pages: rows that are deleted between two calls make it miss
// others, and rows that are added make others come twice. Later versions have cursors;
// Walk ends with an error if they lead back.
func (r *ListWebhooksResponse) Next() (next ListWebhooksRequest, ok bool) {
	return r.next, r.HasMore
}

// List returns one page of subscriptions.
//
// See https://shoplazza.dev/reference/webhook-list-copy.
//
//souk:operation GET /webhooks
func (s *WebhooksService) List(ctx context.Context, req ListWebhooksRequest) (*ListWebhooksResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	req.Page, req.Cursor = page.next.page, page.next.cursor
	return &ListWebhooksResponse{Webhooks: page.rows, Cursor: page.cursor, HasMore: page.more, next: req}, err
}

// page reads a page for List and for a walk.
func (s *WebhooksService) page(ctx context.Context, req ListWebhooksRequest) (*page[Webhook], error) {
	var problems transport.Problems
	at := req.at()
	at.check((*service)(s), &problems)
	problems.Words("Address", req.Address)
	problems.Words("Topic", string(req.Topic))
	checkTimes(&problems, req.CreatedAtMin, req.CreatedAtMax, req.UpdatedAtMin, req.UpdatedAtMax)
	return pageOf(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodGet,
		Route:    "/webhooks",
		Query:    req.query((*service)(s)),
		Repeat:   transport.Safe,
		Problems: problems,
	}, aPageOfWebhooks, at)
}

// All returns all subscriptions that match, like Walk with an empty position.
func (s *WebhooksService) All(ctx context.Context, req ListWebhooksRequest) iter.Seq2[*Webhook, error] {
	return transport.Anew(ctx, req, func(req ListWebhooksRequest) *souk.Walk[Webhook] { return s.Walk(req, "") })
}

// Walk returns a walk through all subscriptions that match. It begins after position if
// that is not empty. Limit is the size of a page, by default 250. The order is
// Shoplazza's.
//
// Which rows come again after a resume is described at [CustomersService.Walk], except
// that no rows are selected by time.
func (s *WebhooksService) Walk(req ListWebhooksRequest, position string) *souk.Walk[Webhook] {
	req = transport.Own(req)
	filter := req
	filter.Limit, filter.Page, filter.Cursor = 0, 0, ""
	return walked[Webhook]{
		listing: transport.Listing{Route: "/webhooks", Filter: filter.query((*service)(s))},
		from:    pageRef{limit: cmp.Or(req.Limit, maxLimit), page: req.Page, cursor: req.Cursor},
		id:      func(w *Webhook) string { return w.ID },
		read: func(ctx context.Context, _ time.Time, at pageRef) (*page[Webhook], error) {
			next := req
			next.Limit, next.Page, next.Cursor = at.limit, at.page, at.cursor
			return s.page(ctx, next)
		},
	}.walk((*service)(s), position)
}

// CountWebhooksRequest says which subscriptions to count. The documentation page calls
// both fields required, the specification neither.
type CountWebhooksRequest struct {
	Address string `url:"address,omitempty"`
	Topic   Topic  `url:"topic,omitempty"`
}

// Count returns the number of subscriptions that match.
//
// See https://shoplazza.dev/reference/webhook-count-copy.
//
//souk:operation GET /webhooks/count
func (s *WebhooksService) Count(ctx context.Context, req CountWebhooksRequest) (int, error) {
	return count(ctx, (*service)(s), &transport.Call{
		Method: http.MethodGet,
		Route:  "/webhooks/count",
		Query:  req,
		Repeat: transport.Safe,
	})
}

// Get returns a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/webhook-properties.
//
//souk:operation GET /webhooks/{id}
func (s *WebhooksService) Get(ctx context.Context, id string) (*Webhook, error) {
	return one(ctx, (*service)(s), &transport.Call{
		Method: http.MethodGet,
		Route:  "/webhooks/{id}",
		IDs:    []any{id},
		Repeat: transport.Safe,
	}, aWebhook)
}

// UpdateWebhookRequest changes the fields that are set.
type UpdateWebhookRequest struct {
	// Address is an https URL.
	Address *string `json:"address,omitempty"`
	Topic   *Topic  `json:"topic,omitempty"`
}

// Update changes a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/webhook-properties.
//
//souk:operation PUT /webhooks/{id}
func (s *WebhooksService) Update(ctx context.Context, id string, req UpdateWebhookRequest) (*Webhook, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	if req.Address != nil {
		checkHook(*req.Address, &problems)
	}
	problems.Require(req.Topic == nil || *req.Topic != "", "Topic", "must not be empty")
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPut,
		Route:    "/webhooks/{id}",
		IDs:      []any{id},
		Body:     (*service)(s).wrap("webhook", req),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, aWebhook)
}

// Delete deletes a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://www.shoplazza.dev/reference/webhook-copy.
//
//souk:operation DELETE /webhooks/{id}
func (s *WebhooksService) Delete(ctx context.Context, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/webhooks/{id}",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

func checkHook(address string, problems *transport.Problems) {
	u, err := url.Parse(address)
	problems.Require(err == nil && u.Scheme == "https" && u.Host != "",
		"Address", "must be an absolute https URL such as https://app.example/hooks")
}

type webhooksQuery struct {
	Address      string    `url:"address,omitempty"`
	Topic        Topic     `url:"topic,omitempty"`
	CreatedAtMin time.Time `url:"created_at_min,omitempty"`
	CreatedAtMax time.Time `url:"created_at_max,omitempty"`
	UpdatedAtMin time.Time `url:"updated_at_min,omitempty"`
	UpdatedAtMax time.Time `url:"updated_at_max,omitempty"`
	pageQuery
}

func (r ListWebhooksRequest) at() pageRef {
	return pageRef{limit: r.Limit, page: r.Page, cursor: r.Cursor}
}

func (r ListWebhooksRequest) query(s *service) webhooksQuery {
	return webhooksQuery{
		Address:      r.Address,
		Topic:        r.Topic,
		CreatedAtMin: utc(r.CreatedAtMin),
		CreatedAtMax: utc(r.CreatedAtMax),
		UpdatedAtMin: utc(r.UpdatedAtMin),
		UpdatedAtMax: utc(r.UpdatedAtMax),
		pageQuery:    r.at().query(s),
	}
}
