package salla

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// Webhook is a subscription: Salla posts an event to an address.
type Webhook struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Topic Topic  `json:"event"`
	// Type is "manual" for a subscription made through the API.
	Type string `json:"type"`
	// Address is the URL that Salla posts to.
	Address string `json:"url"`
	// Version is 1 or 2.
	Version int64 `json:"version"`
	// Rule is the condition under which Salla posts, empty for always.
	Rule string `json:"rule"`
	// Headers are sent along with each delivery.
	Headers map[string]string `json:"-"`
	// Security is how deliveries prove their origin, nil if Salla does not send it.
	Security *WebhookSecurity `json:"security,omitempty"`
}

// Format prints the subscription without the values of its headers, which often prove
// deliveries, for every verb of fmt.
func (w Webhook) Format(f fmt.State, verb rune) {
	type plain Webhook
	w.Headers = maps.Clone(w.Headers)
	for name, value := range w.Headers {
		w.Headers[name] = mask.Secret(value)
	}
	mask.Print(f, verb, plain(w))
}

// LogValue returns the subscription without the values of its headers.
func (w Webhook) LogValue() slog.Value { return mask.LogValue(w) }

// WebhookSecurity is how deliveries prove their origin.
type WebhookSecurity struct {
	Strategy WebhookStrategy `json:"strategy"`
	// Secret is usually empty in answers.
	Secret string `json:"-"`
}

// Format prints the value without its secret, for every verb of fmt.
func (w WebhookSecurity) Format(f fmt.State, verb rune) {
	type plain WebhookSecurity
	w.Secret = mask.Secret(w.Secret)
	mask.Print(f, verb, plain(w))
}

// LogValue returns the value without its secret.
func (w WebhookSecurity) LogValue() slog.Value { return mask.LogValue(w) }

// WebhookHeader is a header that Salla sends along with each delivery.
type WebhookHeader struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Format prints the value without its secret, for every verb of fmt.
func (w WebhookHeader) Format(f fmt.State, verb rune) {
	type plain WebhookHeader
	w.Value = mask.Secret(w.Value)
	mask.Print(f, verb, plain(w))
}

// LogValue returns the value without its secret.
func (w WebhookHeader) LogValue() slog.Value { return mask.LogValue(w) }

// AvailableEvent is an event that can be subscribed to.
type AvailableEvent struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Topic Topic  `json:"event"`
}

// WebhooksService reads and writes subscriptions. Reading needs the scope
// webhooks.read, writing webhooks.read_write. Events of the app itself, such as
// [TopicAppStoreAuthorize], come without a subscription.
type WebhooksService service

// CreateWebhookRequest describes a subscription.
type CreateWebhookRequest struct {
	// Name is a human-readable name.
	Name string `json:"name,omitempty"`
	// Topic and Address, an http or https URL, are required. Salla refuses addresses
	// of localhost and of test domains.
	Topic   Topic  `json:"event"`
	Address string `json:"url"`
	// Version is 1 or 2. 0 means Salla's default, 2.
	Version int `json:"version,omitempty"`
	// Rule is a condition such as "city = `الرياض` AND gender = `male`", for version 2
	// only. For customers, the names are id, first_name, last_name, email, mobile,
	// gender, city, country and location; the operators are = != > < AND OR; texts
	// stand in backticks.
	Rule string `json:"rule,omitempty"`
	// Headers are sent along with each delivery.
	Headers []WebhookHeader `json:"headers,omitempty"`
}

// Format prints the request without the values of its headers, for every verb of fmt.
func (r CreateWebhookRequest) Format(f fmt.State, verb rune) {
	type plain CreateWebhookRequest
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without the values of its headers.
func (r CreateWebhookRequest) LogValue() slog.Value { return mask.LogValue(r) }

// Create subscribes to an event. If the address already has a subscription, Salla
// updates it.
//
// See https://docs.salla.dev/5394134e0.
//
//souk:operation POST /webhooks/subscribe
func (s *WebhooksService) Create(ctx context.Context, req CreateWebhookRequest) (*Webhook, error) {
	var problems transport.Problems
	problems.Require(req.Topic != "", "Topic", `must be an event such as "customer.created"`)
	problems.Require(isPublicURL(req.Address), "Address", "must be an absolute http or https URL")
	problems.Require(req.Version >= 0 && req.Version <= 2, "Version", "must be 1 or 2; 0 means 2")
	problems.Require(req.Rule == "" || req.Version != 1, "Rule", "needs version 2")
	return one[Webhook, webhookWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/webhooks/subscribe",
		Body:     req,
		Problems: problems,
		Secret:   true,
		Secrets:  secretsOf(req.Headers),
	})
}

// ListWebhooksRequest selects a page.
type ListWebhooksRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 60. 0 means Salla's default for List and 60
	// for Walk and All.
	Limit int `url:"per_page,omitempty"`
}

// ListWebhooksResponse is one page.
type ListWebhooksResponse struct {
	Webhooks   []Webhook  `json:"data"`
	Pagination Pagination `json:"pagination"`

	request ListWebhooksRequest
}

// Format prints the page without the values of the headers, for every verb of fmt.
func (r ListWebhooksResponse) Format(f fmt.State, verb rune) {
	type plain ListWebhooksResponse
	mask.Print(f, verb, plain(r))
}

// LogValue returns the page without the values of the headers.
func (r ListWebhooksResponse) LogValue() slog.Value { return mask.LogValue(r) }

// Next returns the request for the following page; ok is false on the last one. Rows
// that are deleted between two calls move others to a page already read, so that these
// are missed; rows that are added make others come twice. Walk handles both.
func (r *ListWebhooksResponse) Next() (next ListWebhooksRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// List returns one page of subscriptions.
//
// See https://docs.salla.dev/5394135e0.
//
//souk:operation GET /webhooks
func (s *WebhooksService) List(ctx context.Context, req ListWebhooksRequest) (*ListWebhooksResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	return &ListWebhooksResponse{Webhooks: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

// Walk returns a walk through all subscriptions, in Salla's order, which is not
// documented. It begins after position, or at the first page if position is empty; Page
// is ignored. Pages have 60 rows unless Limit is set.
//
// Subscriptions that are deleted during a loop cause no others to be missed, unless as
// many are created, so that Salla's count stays the same. A resumed walk looks for the
// subscriptions that came last; some pages may come again, or all if none of the last
// 100 is left.
//
// Errors are as for List. A list that Salla cuts short is [souk.ErrUnavailable] and
// [souk.ErrUnreadable]; a wrong position is [souk.ErrInvalid].
func (s *WebhooksService) Walk(req ListWebhooksRequest, position string) *souk.Walk[Webhook] {
	return walked[Webhook, ListWebhooksRequest]{
		route:   "/webhooks",
		request: req,
		place:   func(r *ListWebhooksRequest) (page, limit *int) { return &r.Page, &r.Limit },
		id:      func(w *Webhook) string { return idText(w.ID) },
		read:    s.page,
	}.walk((*service)(s), position)
}

// All returns all subscriptions, like Walk with an empty position.
func (s *WebhooksService) All(ctx context.Context, req ListWebhooksRequest) iter.Seq2[*Webhook, error] {
	return transport.Anew(ctx, req, func(req ListWebhooksRequest) *souk.Walk[Webhook] { return s.Walk(req, "") })
}

func (s *WebhooksService) page(ctx context.Context, req ListWebhooksRequest) (*page[Webhook], error) {
	var problems transport.Problems
	checkPage(&problems, req.Page, req.Limit)
	return pageOf[Webhook, webhookWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/webhooks",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
		Secret:   true,
	}, req.Page, req.Limit)
}

// Events returns the events that can be subscribed to.
//
// See https://docs.salla.dev/5394136e0.
//
//souk:operation GET /webhooks/events
func (s *WebhooksService) Events(ctx context.Context) ([]AvailableEvent, error) {
	return list[AvailableEvent](ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/webhooks/events",
		Repeat: transport.Safe,
	})
}

// UpdateWebhookRequest changes the fields that are set and leaves the others alone. The
// fields are described at [CreateWebhookRequest]; SecurityStrategy and Secret
// say how deliveries prove their origin.
type UpdateWebhookRequest struct {
	Name             *string          `json:"name,omitempty"`
	Topic            *Topic           `json:"event,omitempty"`
	Address          *string          `json:"url,omitempty"`
	Version          *int             `json:"version,omitempty"`
	Rule             *string          `json:"rule,omitempty"`
	Headers          []WebhookHeader  `json:"headers,omitzero"`
	SecurityStrategy *WebhookStrategy `json:"security_strategy,omitempty"`
	Secret           *string          `json:"secret,omitempty"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (r UpdateWebhookRequest) Format(f fmt.State, verb rune) {
	type plain UpdateWebhookRequest
	r.Secret = mask.SecretAt(r.Secret)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secrets.
func (r UpdateWebhookRequest) LogValue() slog.Value { return mask.LogValue(r) }

// Update changes a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/10312606e0.
//
//souk:operation PUT /webhooks/{webhook}
func (s *WebhooksService) Update(ctx context.Context, id int64, req UpdateWebhookRequest) (*Webhook, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	problems.Require(req.Address == nil || isPublicURL(*req.Address), "Address", "must be an absolute http or https URL")
	problems.Require(req.Version == nil || *req.Version == 1 || *req.Version == 2, "Version", "must be 1 or 2")
	problems.Require(req.Secret == nil || *req.Secret != "", "Secret", "must not be empty: such a secret proves nothing")
	return one[Webhook, webhookWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/webhooks/{webhook}",
		IDs:      []any{id},
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
		Secret:   true,
		Secrets:  secretsOf(req.Headers),
	})
}

// Delete removes a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394137e0.
//
//souk:operation DELETE /webhooks/unsubscribe
func (s *WebhooksService) Delete(ctx context.Context, id int64) error {
	var problems transport.Problems
	problems.Require(id > 0, "webhook", "must be a positive id")
	return s.unsubscribe(ctx, url.Values{"id": {idText(id)}}, problems)
}

// DeleteByAddress removes all subscriptions of an address. If there is none, the error
// is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394137e0.
//
//souk:operation DELETE /webhooks/unsubscribe
func (s *WebhooksService) DeleteByAddress(ctx context.Context, address string) error {
	var problems transport.Problems
	problems.Require(strings.TrimSpace(address) != "", "address", "must not be empty")
	return s.unsubscribe(ctx, url.Values{"url": {address}}, problems)
}

func (s *WebhooksService) unsubscribe(ctx context.Context, which url.Values, problems transport.Problems) error {
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodDelete,
		Route:    "/webhooks/unsubscribe",
		Query:    which,
		Repeat:   transport.Idempotent,
		Deletes:  true,
		Problems: problems,
	})
}

// secretsOf returns the values of headers, which often prove deliveries.
func secretsOf(headers []WebhookHeader) []string {
	var secrets []string
	for _, header := range headers {
		secrets = append(secrets, header.Value)
	}
	return secrets
}

func isPublicURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
