package shopline

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/webhook"
)

// WebhookConfig says which deliveries are trusted.
type WebhookConfig struct {
	// Secrets are the app's; a delivery is proven by any of them. There are two while
	// the secret is being changed: add the new one first, and take the old one away
	// when no more deliveries come with it. None may be empty.
	Secrets []string `json:"-"`
	// MaxBody is the longest body in bytes. 0 means 1 MiB.
	MaxBody int64
	// Logger receives one record per request that NewWebhookHandler answers: at level
	// DEBUG, and at WARN where something went wrong. It has vendor, status, problem,
	// duration and the key that souk.Seen knows the delivery by; nothing of the
	// delivery, and no error of your function. By default nothing is logged.
	Logger *slog.Logger
}

// String returns the configuration without its secrets.
func (WebhookConfig) String() string { return "shopline.WebhookConfig{}" }

// Format prints the text of String for every verb of fmt.
func (c WebhookConfig) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c WebhookConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// ParseDelivery verifies that header and body are a delivery of SHOPLINE's, and reads
// it. The signature may be hexadecimal, as SHOPLINE's code has it, or base64, as its
// pages show it.
//
// A delivery that is not proven is [souk.ErrUnauthorized], one longer than MaxBody
// [souk.ErrInvalid], and so is a wrong configuration. All others are returned, whatever
// their content. Store is the handle of the store, as Config and [OAuth.TokenSource]
// take it, or the domain as sent where that is none of myshopline.com. CreatedAt is
// zero. Event is, by Topic:
//
//	TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersEnable, TopicCustomersDisable    *Customer
//	TopicCustomersDelete                                                                       *CustomerDeletedEvent
//	TopicMarketingConsentUpdate                                                                *MarketingConsentEvent
//	TopicCustomerGroupsCreate, TopicCustomerGroupsUpdate, TopicCustomerGroupsDelete            *CustomerGroup
//	TopicCustomersRedact                                                                       *CustomersRedactEvent
//
// Only the body is signed. ID, Topic and Store are headers: anyone who has got hold of
// a delivery can send it again with others. So read what matters from the store anew.
func ParseDelivery(header http.Header, body []byte, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().Parse(header, body)
}

// ParseWebhook does as [ParseDelivery] with a request, whose body it reads.
func ParseWebhook(r *http.Request, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().ParseRequest(r)
}

// NewWebhookHandler returns a handler for deliveries, which calls handle once for each
// and answers when that is done. SHOPLINE waits for five seconds; it delivers again, 19
// times within two days, what was not answered with 200, and then deletes the
// subscription. So return an error for what shall come again, and nil for what is done,
// or is of no use to you. The context of handle ends after a minute, and not earlier if
// SHOPLINE hangs up: hand what takes longer to a queue.
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
	return &webhook.Receiver{
		Vendor: vendor.Name, Secrets: c.Secrets, MaxBody: c.MaxBody, Logger: c.Logger,
		Proof: webhook.Proof{Header: "X-Shopline-Hmac-Sha256"}, Read: readDelivery,
	}
}

func readDelivery(header http.Header, body []byte) *souk.Delivery {
	d := &souk.Delivery{
		ID:    webhook.One(header, "X-Shopline-Webhook-Id"),
		Topic: webhook.One(header, "X-Shopline-Topic"),
		Store: storeOf(webhook.One(header, "X-Shopline-Shop-Domain")),
	}
	if d.Topic == "" {
		d.EventErr = webhook.Unreadable(vendor.Name, "the delivery has no X-Shopline-Topic, or more than one")
		return d
	}
	d.Event, d.EventErr = readEvent(Topic(d.Topic), body)
	return d
}

// storeOf returns the handle of a domain, and the domain where it has none.
func storeOf(domain string) string {
	handle, ok := strings.CutSuffix(strings.ToLower(domain), ".myshopline.com")
	if !ok || !handleLabel.MatchString(handle) {
		return domain
	}
	return handle
}
