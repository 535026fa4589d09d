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
	// Secrets are those of the webhook; a delivery is proven by any of them. There
	// are two while the secret is being changed: add the new one first, and take the
	// old one away when no more deliveries come with it. None may be empty.
	Secrets []string `json:"-"`
	// Strategy is the one that the webhook is set to, StrategySignature or
	// StrategyToken. It is required: what a request says of its strategy is not
	// used, because anybody can say that.
	Strategy WebhookStrategy
	// MaxBody is the longest body in bytes. 0 means 1 MiB.
	MaxBody int64
	// Logger receives one record per request that NewWebhookHandler answers: at level
	// DEBUG, and at WARN where something went wrong. It has vendor, status, problem,
	// duration and the key that souk.Seen knows the delivery by; nothing of the
	// delivery, and no error of your function. By default nothing is logged.
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

// ParseDelivery verifies that header and body are a delivery of Salla's, and reads it.
//
// A delivery that is not proven is [souk.ErrUnauthorized], one longer than MaxBody
// [souk.ErrInvalid], and so is a wrong configuration. All others are returned, whatever
// their content. Topic is the Topic, and Store the merchant's id, as
// [OAuth.TokenSource] takes it, in digits. ID is the SHA-256 of the body, because
// Salla sends no id of its own. CreatedAt is taken as Riyadh's time where it names no
// zone. Event is, by Topic:
//
//	TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersLogin  *Customer
//	TopicCustomersOTPRequest                                         *OTPRequest
//	TopicAppStoreAuthorize                                          *oauth2.Token
//	TopicAppInstalled, TopicAppUpdated, TopicAppUninstalled         *AppEvent
//
// Extra("scope") of a token has the granted scopes with blanks between them, and
// Extra("issued_at") the delivery's CreatedAt, which [OAuth.SaveToken] heeds; hand it
// the token as it is. What Salla says of all other topics is under "data" in
// Body.
func ParseDelivery(header http.Header, body []byte, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().Parse(header, body)
}

// ParseWebhook does as [ParseDelivery] with a request, whose body it reads.
func ParseWebhook(r *http.Request, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().ParseRequest(r)
}

// NewWebhookHandler returns a handler for deliveries, which calls handle once for each
// and answers when that is done. Salla waits for half a minute; it delivers again, three
// times, what was not answered with 200. So return an error for what shall come again,
// and nil for what is done, or is of no use to you. The context of handle ends after a
// minute, and not earlier if Salla hangs up: hand what takes longer to a queue.
//
// What comes again is known by seen, which processes can share: 200 is the answer to
// what is done, and 503 while handle is at work on it. An error of seen is a 503, too.
// Where handle panics, the delivery can come again, and the panic goes on. What is not
// proven is a 401, and what is too long a 413; both are logged.
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

// hint tells a webhook of the other strategy from one of none.
func (c WebhookConfig) hint(header http.Header) string {
	switch {
	case c.Strategy == StrategyToken && header.Get(signed.Header) != "":
		return ", but a signature: the webhook is set to the strategy Signature"
	case c.Strategy == StrategySignature && header.Get(bearer.Header) != "":
		return ", but a token: the webhook is set to the strategy Token"
	}
	return ""
}

// readDelivery reads what stands around the data, each part by itself.
func readDelivery(_ http.Header, body []byte) *souk.Delivery {
	var parts struct {
		Event     json.RawMessage `json:"event"`
		Merchant  json.RawMessage `json:"merchant"`
		CreatedAt json.RawMessage `json:"created_at"`
		Data      json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &parts) != nil {
		return &souk.Delivery{EventErr: webhook.Unreadable(vendor.Name, "the body is no JSON object")}
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
