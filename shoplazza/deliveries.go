package shoplazza

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// Delivery is a webhook delivery that ParseWebhook found to be Shoplazza's.
type Delivery struct {
	// Topic is the event, from X-Shoplazza-Topic.
	Topic Topic
	// ShopDomain is the store's domain, from X-Shoplazza-Shop-Domain:
	// "demo.myshoplaza.com". Headers are not signed; only the body is.
	ShopDomain string
	// APIVersion is the version that Body is written in, from
	// X-Shoplazza-Api-Version. It may be empty.
	APIVersion string
	// ID is the same when a delivery is repeated, from
	// X-Shoplazza-Deduplication-ID. Older subscriptions may not send it.
	ID string
	// Body is what was signed, byte for byte.
	Body []byte
}

// ParseWebhook reads a delivery from r and verifies that it was signed with the
// app's client secret. It reads at most 1 MiB. A delivery with no signature or
// another one is souk.ErrUnauthorized; one that is too large, or lacks its topic or
// its shop, is souk.ErrInvalid, and so is an empty secret. Reply with a 2xx to a
// delivery that was taken, or Shoplazza repeats it.
//
//	delivery, err := shoplazza.ParseWebhook(r, clientSecret)
//	if err != nil {
//		http.Error(w, "refused", http.StatusUnauthorized)
//		return
//	}
func ParseWebhook(r *http.Request, secret string) (*Delivery, error) {
	body, err := webhook.ReadBody(r, webhook.MaxBody)
	switch {
	case errors.Is(err, webhook.ErrBodyTooLarge):
		return nil, badDelivery("the body is larger than 1 MiB")
	case err != nil:
		return nil, badDelivery("the body broke off")
	}
	signature, err := webhook.DecodeSignature(r.Header.Get("X-Shoplazza-Hmac-Sha256"))
	if err == nil {
		err = webhook.Verify(secret, signature, body)
	}
	if err != nil {
		return nil, signatureError(err, "secret")
	}
	d := &Delivery{
		Topic:      Topic(r.Header.Get("X-Shoplazza-Topic")),
		ShopDomain: r.Header.Get("X-Shoplazza-Shop-Domain"),
		APIVersion: r.Header.Get("X-Shoplazza-Api-Version"),
		ID:         r.Header.Get("X-Shoplazza-Deduplication-Id"),
		Body:       body,
	}
	var problems transport.Problems
	problems.Require(d.Topic != "", "X-Shoplazza-Topic", "is missing")
	problems.Require(d.ShopDomain != "", "X-Shoplazza-Shop-Domain", "is missing")
	if err := problems.Err(vendorName); err != nil {
		return nil, err
	}
	return d, nil
}

// Customer decodes the body of a delivery about a customer, bare or as
// {"customer":{…}}: Shoplazza documents only how orders come, and those come
// so. A body without a customer is souk.ErrInvalid.
func (d *Delivery) Customer() (*Customer, error) {
	var object struct {
		Customer *Customer `json:"customer"`
	}
	if json.Unmarshal(d.Body, &object) == nil && object.Customer != nil {
		return object.Customer, nil
	}
	var customer Customer
	if json.Unmarshal(d.Body, &customer) != nil || customer.ID == "" {
		return nil, badDelivery("the delivery holds no customer")
	}
	return &customer, nil
}

func badDelivery(message string) error {
	return newError(&souk.Error{Message: message, Err: souk.ErrInvalid})
}
