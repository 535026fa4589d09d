package sallatest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"

	"github.com/souk-go/souk/salla"
)

// WebhookConfig is that of the webhook for which NewDelivery signs.
func (s *Server) WebhookConfig() salla.WebhookConfig {
	return salla.WebhookConfig{Secret: s.secret, Strategy: salla.StrategySignature}
}

// NewDelivery returns a webhook delivery as Salla would send it, proven as
// WebhookConfig says: what a program's handler gets. data is what happened, in JSON,
// such as a customer, or nothing; topic, store and time are put around it.
func (s *Server) NewDelivery(topic salla.EventType, data []byte) *http.Request {
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	body := encode(object{"event": topic, "merchant": s.Merchant, "created_at": plainDate(now)})
	if len(data) > 0 {
		body = append(append(body[:len(body)-1], `,"data":`...), data...)
		body = append(body, '}')
	}
	r := &http.Request{
		Method:     http.MethodPost,
		URL:        &url.URL{Path: "/"},
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Host:       "app.example",
	}
	Sign(r, s.WebhookConfig(), body)
	return r
}

// Sign puts the headers on r that prove that Salla sent body, and sets the body:
// for deliveries that NewDelivery does not make.
func Sign(r *http.Request, cfg salla.WebhookConfig, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	switch cfg.Strategy {
	case salla.StrategySignature:
		mac := hmac.New(sha256.New, []byte(cfg.Secret))
		mac.Write(body)
		r.Header.Set("X-Salla-Security-Strategy", "Signature")
		r.Header.Set("X-Salla-Signature", hex.EncodeToString(mac.Sum(nil)))
	case salla.StrategyToken:
		r.Header.Set("X-Salla-Security-Strategy", "Token")
		r.Header.Set("Authorization", cfg.Secret)
	}
}
