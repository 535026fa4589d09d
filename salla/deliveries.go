package salla

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/webhook"
)

// WebhookStrategy is how a delivery proves that Salla sent it.
type WebhookStrategy string

// The strategies. They are chosen in Salla's partner portal, or with
// [UpdateWebhookRequest].
const (
	// StrategySignature: X-Salla-Signature holds an HMAC-SHA256 of the body.
	StrategySignature WebhookStrategy = "signature"
	// StrategyToken: Authorization holds the secret itself.
	StrategyToken WebhookStrategy = "token"
	// StrategyNone proves nothing. A WebhookConfig cannot have it.
	StrategyNone WebhookStrategy = "none"
)

// WebhookConfig says which deliveries are trusted.
type WebhookConfig struct {
	// Secrets are the secrets of the webhook; any of them can prove a delivery. To
	// change the secret, add the new one first, and remove the old one when no more
	// deliveries come with it. None may be empty.
	Secrets []string `json:"-"`
	// Strategy is the strategy of the webhook, StrategySignature or StrategyToken. It
	// is required: the strategy that a request claims is ignored, because anyone can
	// claim one.
	Strategy WebhookStrategy
	// MaxBody is the longest body in bytes. 0 means 1 MiB.
	MaxBody int64
	// Logger receives one record per request that NewWebhookHandler answers, at level
	// DEBUG, or at WARN if something went wrong. It holds vendor, status, problem,
	// duration and the key under which souk.Seen knows the delivery. It holds no
	// content of the delivery and no error of your function. By default nothing is
	// logged.
	Logger *slog.Logger
}

// String returns the configuration without its secrets.
func (c WebhookConfig) String() string {
	return "salla.WebhookConfig{Strategy:" + string(c.Strategy) + "}"
}

// Format prints the text of String for every verb of fmt.
func (c WebhookConfig) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c WebhookConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// ParseDelivery verifies that header and body are a delivery from Salla, and decodes
// it.
//
// A delivery that is not proven is [souk.ErrUnauthorized]. One longer than MaxBody, and
// a wrong configuration, is [souk.ErrInvalid]. All others are returned, whatever their
// content. Store is the merchant's id in digits, as [OAuth.TokenSource] takes it. ID is
// the SHA-256 of the body, because Salla sends no id. CreatedAt is read as Riyadh time
// if it names no time zone. The type of Event depends on Topic:
//
//	TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersLogin  *Customer
//	TopicCustomersOTPRequest                                         *OTPRequest
//	TopicAppStoreAuthorize                                          *oauth2.Token
//	TopicAppInstalled, TopicAppUpdated, TopicAppUninstalled         *AppEvent
//
// Extra("scope") of a token holds the granted scopes, separated by spaces, and
// Extra("issued_at") the delivery's CreatedAt, which [OAuth.SaveToken] uses: pass it
// the token unchanged. For all other topics, read the member "data" of Body.
func ParseDelivery(header http.Header, body []byte, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().Parse(header, body)
}

// ParseWebhook is like [ParseDelivery] for a request, whose body it reads.
func ParseWebhook(r *http.Request, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().ParseRequest(r)
}

// NewWebhookHandler returns a handler for deliveries. It calls handle once for each and
// answers when handle returns. Salla waits 30 seconds for the answer, and repeats a
// delivery that was not answered with 200 up to three times. So return an error for a
// delivery that is to come again, and nil for one that is handled or of no interest.
// The context of handle ends after a minute, and not earlier if Salla hangs up: hand
// longer work to a queue.
//
// seen remembers which deliveries were handled; several processes can share it. A
// delivery that was handled before is answered with 200, one that is being handled with
// 503. If seen fails, the answer is 503, too. If handle panics, the delivery can come
// again, and the panic continues. A delivery that is not proven is answered with 401,
// one that is too long with 413; both are logged.
//
// The error names every field of cfg that is wrong.
func NewWebhookHandler(cfg WebhookConfig, seen souk.Seen, handle func(context.Context, *souk.Delivery) error) (http.Handler, error) {
	return cfg.receiver().Handler(seen, handle)
}

func (c WebhookConfig) receiver() *webhook.Receiver {
	r := &webhook.Receiver{
		Vendor: vendor.Name, Secrets: c.Secrets, MaxBody: c.MaxBody, Logger: c.Logger,
		Proof: c.proof(), Hint: c.hint, Read: readDelivery,
	}
	r.Problems.Require(c.Strategy == StrategySignature || c.Strategy == StrategyToken,
		"Strategy", "must be StrategySignature or StrategyToken, as the webhook is set to")
	return r
}

// The proofs of the two strategies.
var (
	signed = webhook.Proof{Header: "X-Salla-Signature"}
	bearer = webhook.Proof{Header: "Authorization", Token: true}
)

func (c WebhookConfig) proof() webhook.Proof {
	if c.Strategy == StrategyToken {
		return bearer
	}
	return signed
}

// hint completes the message about a missing proof if the request carries the proof of
// the other strategy.
func (c WebhookConfig) hint(header http.Header) string {
	switch {
	case c.Strategy == StrategyToken && header.Get(signed.Header) != "":
		return ", but a signature: the webhook is set to the strategy Signature"
	case c.Strategy == StrategySignature && header.Get(bearer.Header) != "":
		return ", but a token: the webhook is set to the strategy Token"
	}
	return ""
}

// readDelivery reads the envelope of the data, each member by itself.
func readDelivery(_ http.Header, body []byte) *souk.Delivery {
	var parts struct {
		Event     json.RawMessage `json:"event"`
		Merchant  json.RawMessage `json:"merchant"`
		CreatedAt json.RawMessage `json:"created_at"`
		Data      json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &parts) != nil {
		return &souk.Delivery{EventErr: webhook.Unreadable(vendor.Name, "the body is not a JSON object")}
	}
	d := &souk.Delivery{
		Topic:     loosejson.Text(parts.Event),
		Store:     merchantOf(parts.Merchant),
		CreatedAt: createdAt(parts.CreatedAt),
	}
	if d.Topic == "" {
		d.EventErr = webhook.Unreadable(vendor.Name, "the body names no event")
		return d
	}
	d.Event, d.EventErr = readEvent(Topic(d.Topic), d.CreatedAt, parts.Data)
	return d
}

// merchantOf returns the id of a store in digits, "" if there is none.
func merchantOf(data json.RawMessage) string {
	var id loosejson.Int
	if len(data) == 0 || json.Unmarshal(data, &id) != nil || id <= 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}
