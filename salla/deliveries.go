package salla

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// WebhookStrategy is how a delivery proves that Salla sent it.
type WebhookStrategy string

// The strategies. They are chosen in Salla's partner portal, or with
// UpdateWebhookRequest.
const (
	// StrategySignature: X-Salla-Signature holds an HMAC-SHA256 of the body.
	StrategySignature WebhookStrategy = "signature"
	// StrategyToken: Authorization holds the secret itself.
	StrategyToken WebhookStrategy = "token"
	// StrategyNone proves nothing. ParseWebhook refuses it.
	StrategyNone WebhookStrategy = "none"
)

// The headers of deliveries.
const (
	signatureHeader = "X-Salla-Signature"
	tokenHeader     = "Authorization"
)

// WebhookConfig says which deliveries are trusted.
type WebhookConfig struct {
	// Secret is that of the webhook. It must not be empty.
	Secret string
	// Strategy is the one that the webhook is set to, StrategySignature or
	// StrategyToken. It is needed: what a request says of its strategy is not
	// heeded, because anybody can say that.
	Strategy WebhookStrategy
	// MaxBody is the longest body in bytes. 0 means 1 MiB.
	MaxBody int64
}

// String returns the configuration without its secret.
func (c WebhookConfig) String() string {
	return "salla.WebhookConfig{Strategy:" + string(c.Strategy) + "}"
}

// GoString returns the configuration without its secret.
func (c WebhookConfig) GoString() string { return c.String() }

// LogValue returns the configuration without its secret.
func (c WebhookConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// ParseWebhook verifies a delivery and reads it. It reads the body of r.
//
// The error is souk.ErrUnauthorized for a delivery that is not proven to come from
// Salla, to be answered with 401, and souk.ErrInvalid for one that is too long or
// that is no event, or when the configuration lacks something. Answer 200
// within 30 seconds to all others, also to events that you do not know.
func ParseWebhook(r *http.Request, cfg WebhookConfig) (*Delivery, error) {
	var problems transport.Problems
	problems.Require(r != nil, "r", "must not be nil")
	problems.Require(cfg.Secret != "", "Secret", "must not be empty")
	problems.Require(cfg.Strategy == StrategySignature || cfg.Strategy == StrategyToken,
		"Strategy", "must be StrategySignature or StrategyToken, as the webhook is set to")
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	body, err := webhook.ReadBody(r, cfg.MaxBody)
	if errors.Is(err, webhook.ErrBodyTooLarge) {
		return nil, badDelivery("the delivery is longer than MaxBody")
	}
	if err != nil {
		return nil, badDelivery("the delivery broke off")
	}
	if err := cfg.verify(r.Header, body); err != nil {
		return nil, err
	}
	return readDelivery(body)
}

func (c WebhookConfig) verify(header http.Header, body []byte) error {
	signature, token := header.Get(signatureHeader), header.Get(tokenHeader)
	if c.Strategy == StrategyToken {
		err := webhook.VerifyToken(c.Secret, token)
		if errors.Is(err, webhook.ErrNoSignature) && signature != "" {
			return untrusted("the delivery has a signature and no token: the webhook is set to the strategy Signature")
		}
		return trust(err, "token")
	}
	sum, err := webhook.DecodeSignature(signature)
	if errors.Is(err, webhook.ErrNoSignature) && token != "" {
		return untrusted("the delivery has a token and no signature: the webhook is set to the strategy Token")
	}
	if err == nil {
		err = webhook.Verify(c.Secret, sum, body)
	}
	return trust(err, "signature")
}

// trust makes an error of what is wrong with the proof of a delivery.
func trust(err error, proof string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, webhook.ErrNoSignature):
		return untrusted("the delivery has no " + proof)
	case errors.Is(err, webhook.ErrMalformedSignature):
		return untrusted("the delivery's " + proof + " is malformed")
	}
	return untrusted("the delivery's " + proof + " does not match the secret")
}

func readDelivery(body []byte) (*Delivery, error) {
	var wire struct {
		Event     EventType        `json:"event"`
		Merchant  loosejson.Int    `json:"merchant"`
		CreatedAt loosejson.String `json:"created_at"`
		Data      json.RawMessage  `json:"data"`
	}
	if json.Unmarshal(body, &wire) != nil || wire.Event == "" {
		return nil, badDelivery("the delivery is no event of Salla's")
	}
	event, err := readEvent(wire.Event, wire.Data)
	if err != nil {
		return nil, badDelivery("the data of the delivery is of an unexpected form")
	}
	sum := sha256.Sum256(body)
	return &Delivery{
		ID:            hex.EncodeToString(sum[:]),
		Type:          wire.Event,
		Merchant:      int64(wire.Merchant),
		CreatedAt:     parseCreatedAt(string(wire.CreatedAt)),
		CreatedAtText: string(wire.CreatedAt),
		Event:         event,
		Data:          wire.Data,
	}, nil
}

func untrusted(message string) error {
	return newError(&souk.Error{Message: message, Err: souk.ErrUnauthorized})
}

func badDelivery(message string) error {
	return newError(&souk.Error{Message: message, Err: souk.ErrInvalid})
}
