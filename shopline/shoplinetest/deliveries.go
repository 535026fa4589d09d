package shoplinetest

import (
	"encoding/hex"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/shopline"
)

// WebhookConfig returns the configuration of the app for which NewDelivery signs.
func (s *Server) WebhookConfig() shopline.WebhookConfig {
	return shopline.WebhookConfig{Secrets: []string{s.ClientSecret}}
}

// NewDelivery returns a webhook delivery as SHOPLINE would send it, with the proof that
// WebhookConfig describes. data is the JSON of the event, such as a customer.
//
// Each call makes another delivery. To repeat a delivery, use r.Clone(ctx) with
// r.GetBody as its Body.
func (s *Server) NewDelivery(topic shopline.Topic, data []byte) *http.Request {
	r := standin.NewDelivery(map[string]string{
		"X-Shopline-Topic":       string(topic),
		"X-Shopline-Shop-Domain": s.Handle + ".myshopline.com",
		"X-Shopline-Shop-Id":     "1672369729606",
		"X-Shopline-Merchant-Id": "2000234880",
		"X-Shopline-Api-Version": shopline.DefaultVersion,
		"X-Shopline-Webhook-Id":  traceID(),
	})
	Sign(r, s.WebhookConfig(), data)
	return r
}

// Sign sets the body of r and the header that proves, with the first secret, that
// SHOPLINE sent it. It is for deliveries that NewDelivery cannot make.
func Sign(r *http.Request, cfg shopline.WebhookConfig, body []byte) {
	standin.SetBody(r, body)
	r.Header.Set("X-Shopline-Hmac-Sha256", hex.EncodeToString(webhook.Sign(cfg.Secrets[0], body)))
}
