package sallatest

import (
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	proof "github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/salla"
)

// WebhookConfig returns the configuration of the webhook for which NewDelivery signs.
func (s *Server) WebhookConfig() salla.WebhookConfig {
	return salla.WebhookConfig{Secrets: []string{s.secret}, Strategy: salla.StrategySignature}
}

// NewDelivery returns a webhook delivery as Salla would send it, with the proof that
// WebhookConfig describes. data is the JSON of the event, such as a customer, or
// nothing; topic, store and time are added.
//
// Salla sends no id, so two deliveries with the same bytes are the same delivery: two
// calls within one second with the same data make one. To repeat a delivery at any
// time, use r.Clone(ctx) with r.GetBody as its Body.
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

// Sign sets the body of r and the headers that prove, with the first secret, that Salla
// sent it. It is for deliveries that NewDelivery cannot make.
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
