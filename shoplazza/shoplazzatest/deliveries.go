package shoplazzatest

import (
	"encoding/base64"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/shoplazza"
)

// WebhookConfig returns the configuration of the app for which NewDelivery signs.
func (s *Server) WebhookConfig() shoplazza.WebhookConfig {
	return shoplazza.WebhookConfig{Secrets: []string{s.ClientSecret}}
}

// NewDelivery returns a webhook delivery as Shoplazza would send it, with the proof
// that WebhookConfig describes. data is the JSON of the event, such as
// {"customer":{…}}.
//
// Each call makes another delivery. To repeat a delivery, use r.Clone(ctx) with
// r.GetBody as its Body.
func (s *Server) NewDelivery(topic shoplazza.Topic, data []byte) *http.Request {
	r := standin.NewDelivery(map[string]string{
		"X-Shoplazza-Topic":            string(topic),
		"X-Shoplazza-Shop-Domain":      s.Shop + ".myshoplaza.com",
		"X-Shoplazza-Api-Version":      shoplazza.DefaultVersion,
		"X-Shoplazza-Deduplication-Id": newID(),
	})
	Sign(r, s.WebhookConfig(), data)
	return r
}

// Sign sets the body of r and the header that proves, with the first secret, that
// Shoplazza sent it. It is for deliveries that NewDelivery cannot make.
func Sign(r *http.Request, cfg shoplazza.WebhookConfig, body []byte) {
	standin.SetBody(r, body)
	r.Header.Set("X-Shoplazza-Hmac-Sha256", base64.StdEncoding.EncodeToString(webhook.Sign(cfg.Secrets[0], body)))
}
