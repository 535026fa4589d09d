package sallatest

import (
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	proof "github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/salla"
)

// WebhookConfig is that of the webhook for which NewDelivery signs.
func (s *Server) WebhookConfig() salla.WebhookConfig {
	return salla.WebhookConfig{Secrets: []string{s.secret}, Strategy: salla.StrategySignature}
}

// NewDelivery returns a webhook delivery as Salla would send it, proven as
// WebhookConfig says: what a program's handler gets. data is what happened, in JSON,
// such as a customer, or nothing; topic, store and time are put around it.
//
// What is the same to the byte is the same delivery, as Salla sends no id: two calls in one
// second with the same data are one. What is to come twice at any time is r.Clone(ctx) of
// it, with r.GetBody as its Body.
func (s *Server) NewDelivery(topic salla.Topic, data []byte) *http.Request {
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	body := standin.Encode(object{"event": topic, "merchant": json.Number(s.Merchant), "created_at": plainDate(now)})
	if len(data) > 0 {
		body = append(append(body[:len(body)-1], `,"data":`...), data...)
		body = append(body, '}')
	}
	r := standin.NewDelivery(nil)
	Sign(r, s.WebhookConfig(), body)
	return r
}

// Sign sets the body of r and the headers that prove, with the first of the secrets,
// that Salla sent it: for deliveries that NewDelivery does not make.
func Sign(r *http.Request, cfg salla.WebhookConfig, body []byte) {
	standin.SetBody(r, body)
	r.Header.Del("X-Salla-Signature")
	switch cfg.Strategy {
	case salla.StrategySignature:
		r.Header.Set("X-Salla-Security-Strategy", "Signature")
		r.Header.Set("X-Salla-Signature", hex.EncodeToString(proof.Sign(cfg.Secrets[0], body)))
	case salla.StrategyToken:
		r.Header.Set("X-Salla-Security-Strategy", "Token")
		r.Header.Set("Authorization", cfg.Secrets[0])
	}
}
