package shopline

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// Delivery is an event that SHOPLINE has delivered. Only Body is signed: who has
// got hold of a delivery can send it again under another ID or Topic, so what
// matters should be read from the store anew.
type Delivery struct {
	// ID names the delivery, and is the same when SHOPLINE delivers it again:
	// keep the ids of some days and leave out what has come already.
	ID    string
	Topic Topic
	// ShopDomain is the store's: "open001.myshopline.com".
	ShopDomain string
	ShopID     string
	MerchantID string
	// APIVersion is the version in whose form Body is.
	APIVersion string
	// Event is what happened, by Topic: a *CustomerEvent, *CustomerDeletedEvent,
	// *MarketingConsentEvent, *CustomerGroupEvent or *CustomersRedactEvent. It
	// is nil for all other topics.
	Event any
	// Body is the delivery as it came, in JSON.
	Body []byte
}

// ParseWebhook reads a delivery and verifies that it comes from SHOPLINE, by the
// app's secret. The signature may be hexadecimal, as SHOPLINE's code has it, or
// base64, as its pages show it.
//
// A signature that is missing or wrong is souk.ErrUnauthorized. A missing header, a
// body of more than 1 MiB, or one that is no JSON is souk.ErrInvalid. The signature
// that would be right is in no error. Answer 200 within 5 seconds; SHOPLINE
// delivers again for two days otherwise.
func ParseWebhook(r *http.Request, secret string) (*Delivery, error) {
	body, err := webhook.ReadBody(r, webhook.MaxBody)
	switch {
	case errors.Is(err, webhook.ErrBodyTooLarge):
		return nil, badDelivery("the body is larger than 1 MiB")
	case err != nil:
		return nil, badDelivery("the body broke off")
	}
	if err := verifyDelivery(r.Header, body, secret); err != nil {
		return nil, err
	}
	var problems transport.Problems
	header := func(name string) string {
		values := r.Header.Values(name)
		problems.Require(len(values) == 1 && values[0] != "", name, "must be there, once")
		return r.Header.Get(name)
	}
	d := &Delivery{
		ID:         header("X-Shopline-Webhook-Id"),
		Topic:      Topic(header("X-Shopline-Topic")),
		ShopDomain: header("X-Shopline-Shop-Domain"),
		ShopID:     header("X-Shopline-Shop-Id"),
		MerchantID: header("X-Shopline-Merchant-Id"),
		APIVersion: header("X-Shopline-API-Version"),
		Body:       body,
	}
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	d.Event = newEvent(d.Topic)
	if d.Event == nil && json.Valid(body) {
		return d, nil
	}
	if d.Event == nil || json.Unmarshal(body, d.Event) != nil {
		return nil, badDelivery("the body is not the JSON of this topic")
	}
	return d, nil
}

func verifyDelivery(header http.Header, body []byte, secret string) error {
	signatures := header.Values("X-Shopline-Hmac-Sha256")
	if len(signatures) != 1 {
		return untrusted("the delivery is not signed, or more than once")
	}
	signature, err := webhook.DecodeSignature(signatures[0])
	if err == nil {
		err = webhook.Verify(secret, signature, body)
	}
	switch {
	case errors.Is(err, webhook.ErrNoSecret):
		var problems transport.Problems
		problems.Add("secret", emptySecret)
		return problems.Err(vendor.Name)
	case errors.Is(err, webhook.ErrMismatch):
		return untrusted("the signature does not match")
	case err != nil:
		return untrusted("the signature is neither 64 hexadecimal digits nor 44 characters of base64")
	}
	return nil
}

func badDelivery(message string) error {
	return newError(&souk.Error{Err: souk.ErrInvalid, Message: message})
}
