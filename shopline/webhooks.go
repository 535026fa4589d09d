package shopline

import (
	"context"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Webhook is a subscription to an event. SHOPLINE deletes it after 19 failed deliveries
// in a row.
type Webhook struct {
	ID int64 `json:"id"`
	// Address is the URL that events are delivered to.
	Address string `json:"address"`
	// APIVersion is the API version of the events' form.
	APIVersion string    `json:"api_version"`
	Topic      Topic     `json:"topic"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// Topic names a kind of event. Topics without a constant can be subscribed to as well.
type Topic string

// The topics about customers. The last two cannot be subscribed to: they are set in the
// partner portal and mandatory for public apps.
const (
	TopicCustomersCreate            Topic = "customers/create"
	TopicCustomersUpdate            Topic = "customers/update"
	TopicCustomersDelete            Topic = "customers/delete"
	TopicCustomersEnable            Topic = "customers/enable"
	TopicCustomersDisable           Topic = "customers/disable"
	TopicMarketingConsentUpdate     Topic = "customers_marketing_consent/update"
	TopicCustomerGroupsCreate       Topic = "customer_groups/create"
	TopicCustomerGroupsUpdate       Topic = "customer_groups/update"
	TopicCustomerGroupsDelete       Topic = "customer_groups/delete"
	TopicPointsChallenged           Topic = "app_memberSystem_points/challenged"
	TopicPointsUpdate               Topic = "app_memberSystem_points/update"
	TopicMembershipLevelsChallenged Topic = "app_memberSystem_membershipLevels/challenged"
	TopicPaidMembershipChallenged   Topic = "app_memberSystem_paidMembership/challenged"
	TopicShoppingCreditChallenged   Topic = "app_memberSystem_shoppingCredit/challenged"
	TopicGiftCardChallenged         Topic = "app_memberSystem_giftCard/challenged"
	TopicReferralChallenged         Topic = "app_memberSystem_referral/challenged"

	TopicCustomersRedact Topic = "customers/redact"
	TopicMerchantsRedact Topic = "merchants/redact"
)

// WebhooksService subscribes to events. [NewWebhookHandler] receives the deliveries.
type WebhooksService service

// CreateWebhookRequest describes a new subscription.
type CreateWebhookRequest struct {
	// Address is the URL to deliver events to, at most 255 characters. The server there
	// must answer 200 within 5 seconds.
	Address string `json:"address"`
	Topic   Topic  `json:"topic"`
	// APIVersion is the API version of the events' form, v20240601 or later. Empty
	// means the client's version.
	APIVersion string `json:"api_version"`
}

// Create subscribes to an event. It needs the scope to read the subject of the event.
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/subscribe-to-a-webhook.
//
//souk:operation POST /webhooks.json
func (s *WebhooksService) Create(ctx context.Context, req CreateWebhookRequest) (*Webhook, error) {
	if req.APIVersion == "" {
		req.APIVersion = s.version
	}
	var problems transport.Problems
	c := checksOf(&problems)
	c.NotEmpty("Address", req.Address)
	c.length("Address", req.Address, maxWebhookAddress)
	c.NotEmpty("Topic", string(req.Topic))
	problems.Require(versionFormat.MatchString(req.APIVersion), "APIVersion", versionRule)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/webhooks.json",
		Body:     transport.In{Member: "webhook", Value: req},
		Problems: problems,
	}, &webhookAnswer{})
}

// ListWebhooksRequest selects a page of the subscriptions.
type ListWebhooksRequest struct {
	// PageInfo is the cursor of a page. SHOPLINE documents no pages for this list, but
	// an answer may name a next page.
	PageInfo string `url:"page_info,omitempty"`
}

// ListWebhooksResponse holds the subscriptions of the app.
type ListWebhooksResponse struct {
	Webhooks []Webhook `json:"webhooks"`
	// NextPageInfo is the cursor of the following page, empty if there is none.
	NextPageInfo string `json:"-"`
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *ListWebhooksResponse) Next() (next ListWebhooksRequest, ok bool) {
	return ListWebhooksRequest{PageInfo: r.NextPageInfo}, r.NextPageInfo != ""
}

// List returns the subscriptions of the app in the store.
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/get-a-list-of-subscribed-webhooks.
//
//souk:operation GET /webhooks.json
func (s *WebhooksService) List(ctx context.Context, req ListWebhooksRequest) (*ListWebhooksResponse, error) {
	page, err := s.page(ctx, req, nil)
	if page == nil {
		return nil, err
	}
	return &ListWebhooksResponse{
		Webhooks:     page.rows,
		NextPageInfo: page.next,
	}, err
}

// page reads a page for List and, with named, for a walk; see walked.read.
func (s *WebhooksService) page(ctx context.Context, req ListWebhooksRequest, named func(string)) (*page[Webhook], error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/webhooks.json",
		Query:  req,
		Repeat: transport.Safe,
		Begun:  onNext(named),
	}, &webhooksAnswer{})
}

// All returns all subscriptions of the app in the store.
//
//souk:composite
func (s *WebhooksService) All(ctx context.Context, req ListWebhooksRequest) iter.Seq2[*Webhook, error] {
	return transport.Anew(ctx, req, func(req ListWebhooksRequest) *souk.Walk[Webhook] { return s.Walk(req, "") })
}

// Walk returns a walk through all subscriptions of the app in the store. It begins
// after position if that is not empty.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// See [souk.Walk].
func (s *WebhooksService) Walk(req ListWebhooksRequest, position string) *souk.Walk[Webhook] {
	return walked[Webhook, ListWebhooksRequest]{
		listing: transport.Listing{Route: "/webhooks.json"},
		request: req,
		place:   func(r *ListWebhooksRequest) (cursor *string, limit *int) { return &r.PageInfo, new(int) },
		id:      func(w *Webhook) string { return strconv.FormatInt(w.ID, 10) },
		read:    s.page,
	}.walk(s.transport, position)
}

// CountWebhooksRequest is empty: SHOPLINE counts all subscriptions. It exists so that
// Count has the same form as in package shoplazza.
type CountWebhooksRequest struct{}

// Count returns the number of subscriptions.
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/get-the-subscribed-webhook-count.
//
//souk:operation GET /webhooks/count.json
func (s *WebhooksService) Count(ctx context.Context, _ CountWebhooksRequest) (int, error) {
	return count(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/webhooks/count.json",
		Repeat: transport.Safe,
	})
}

// Get returns a subscription. An unknown id is [souk.ErrNotFound].
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/get-a-subscribed-webhook.
//
//souk:operation GET /{id}/webhooks.json
func (s *WebhooksService) Get(ctx context.Context, id int64) (*Webhook, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/{id}/webhooks.json",
		IDs:    []any{id},
		Repeat: transport.Safe,
	}, &webhookAnswer{})
}

// UpdateWebhookRequest changes the address of a subscription. Nothing else can be
// changed.
type UpdateWebhookRequest struct {
	// Address is required and has at most 255 characters.
	Address *string `json:"address,omitempty"`
}

// Update changes the address of a subscription.
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/update-a-subscribed-webhook.
//
//souk:operation PUT /{id}/webhooks.json
func (s *WebhooksService) Update(ctx context.Context, id int64, req UpdateWebhookRequest) (*Webhook, error) {
	var problems transport.Problems
	c := checksOf(&problems)
	c.NotEmpty("Address", transport.Deref(req.Address))
	c.length("Address", transport.Deref(req.Address), maxWebhookAddress)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/{id}/webhooks.json",
		IDs:      []any{id},
		Body:     transport.In{Member: "webhook", Value: req},
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &webhookAnswer{})
}

// Delete deletes a subscription.
//
// See https://developer.shopline.com/docs/admin-rest-api/webhook/unsubscribe-from-a-webhook.
//
//souk:operation DELETE /{id}/webhooks.json
func (s *WebhooksService) Delete(ctx context.Context, id int64) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/{id}/webhooks.json",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// maxWebhookAddress is the maximum number of characters of an address.
const maxWebhookAddress = 255
