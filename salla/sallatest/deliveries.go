package sallatest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"

	"github.com/souk-go/souk/salla"
)

// NewDelivery returns a request with which Salla would deliver body to a webhook of
// this configuration, for a handler under test. body is a JSON object with the
// members event, merchant, created_at and data.
func NewDelivery(cfg salla.WebhookConfig, body []byte) *http.Request {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://app.example/webhook", bytes.NewReader(body))
	if err != nil {
		panic("sallatest: " + err.Error()) // the URL is a constant
	}
	r.Header.Set("Content-Type", "application/json")
	Sign(r, cfg, body)
	return r
}

// Sign puts the headers on r that prove that Salla sent body, and sets the body.
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
