package shoplinetest

import (
	"encoding/hex"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/shopline"
)

// WebhookConfig is that of the app for which NewDelivery signs.
func (s *Server) WebhookConfig() shopline.WebhookConfig {
	return shopline.WebhookConfig{Secrets: []string{s.ClientSecret}}
}

// NewDelivery returns a webhook delivery as SHOPLINE would send it, proven as
// WebhookConfig says: what a program's handler gets. data is what happened, in JSON,
// such as a customer.
//
// Each call makes another delivery. What is to come twice is r.Clone(ctx) of it, with
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

// Sign sets the body of r and the header that proves, with the first of the secrets,
// that SHOPLINE sent it: for deliveries that NewDelivery does not make.
func Sign(r *http.Request, cfg shopline.WebhookConfig, body []byte) {
	standin.SetBody(r, body)
	r.Header.Set("X-Shopline-Hmac-Sha256", hex.EncodeToString(webhook.Sign(cfg.Secrets[0], body)))
}
