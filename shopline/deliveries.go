package shopline

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/webhook"
)

// WebhookConfig says which deliveries are trusted.
type WebhookConfig struct {
	// Secrets are the app's secrets; any of them can prove a delivery. To change the
	// secret, add the new one first, and remove the old one when no more deliveries
	// come with it. None may be empty.
	Secrets []string `json:"-"`
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
func (WebhookConfig) String() string { return "shopline.WebhookConfig{}" }

// Format prints the text of String for every verb of fmt.
func (c WebhookConfig) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c WebhookConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// ParseDelivery verifies that header and body are a delivery from SHOPLINE, and decodes
// it. The signature may be hexadecimal, as in SHOPLINE's code, or base64, as on its
// pages.
//
// A delivery that is not proven is [souk.ErrUnauthorized]. One longer than MaxBody, and
// a wrong configuration, is [souk.ErrInvalid]. All others are returned, whatever their
// content. Store is the handle of the store, as Config and [OAuth.TokenSource] take it,
// or the domain as sent if it is not below myshopline.com. CreatedAt is zero. The type
// of Event depends on Topic:
//
//	TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersEnable, TopicCustomersDisable    *Customer
//	TopicCustomersDelete                                                                       *CustomerDeletedEvent
//	TopicMarketingConsentUpdate                                                                *MarketingConsentEvent
//	TopicCustomerGroupsCreate, TopicCustomerGroupsUpdate, TopicCustomerGroupsDelete            *CustomerGroup
//	TopicCustomersRedact                                                                       *CustomersRedactEvent
//
// Only the body is signed. ID, Topic and Store come from headers: anyone who has
// captured a delivery can send it again with other headers. So read what matters from
// the store again.
func ParseDelivery(header http.Header, body []byte, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().Parse(header, body)
}

// ParseWebhook is like [ParseDelivery] for a request, whose body it reads.
func ParseWebhook(r *http.Request, cfg WebhookConfig) (*souk.Delivery, error) {
	return cfg.receiver().ParseRequest(r)
}

// NewWebhookHandler returns a handler for deliveries. It calls handle once for each and
// answers when handle returns. SHOPLINE waits five seconds for the answer. It repeats a
// delivery that was not answered with 200 up to 19 times within two days, and then
// deletes the subscription. So return an error for a delivery that is to come again,
// and nil for one that is handled or of no interest. The context of handle ends after a
// minute, and not earlier if SHOPLINE hangs up: hand longer work to a queue.
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

// storeOf returns the handle in a domain, or the domain if it has none.
func storeOf(domain string) string {
	if handle, ok := oauth.StoreOf(domain, ".myshopline.com", handleLabel); ok {
		return handle
	}
	return domain
}
