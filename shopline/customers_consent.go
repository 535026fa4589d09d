package shopline

import (
	"time"
)

// MarketingConsent says whether a customer wants marketing by mail or SMS.
type MarketingConsent struct {
	State      ConsentState `json:"state"`
	OptInLevel OptInLevel   `json:"opt_in_level"`
	// CollectedFrom is where the customer has said so. It is empty where the
	// server has null.
	CollectedFrom string `json:"consent_collected_from"`
	// UpdatedAt is when the customer has said so, zero if that is not known.
	UpdatedAt time.Time `json:"consent_updated_at"`
}

// ConsentState says what a customer wants. Other values than the constants
// decode as they are.
type ConsentState int

// The states of a consent.
const (
	ConsentUnsubscribed  ConsentState = 0
	ConsentSubscribed    ConsentState = 1
	ConsentNotSubscribed ConsentState = 2
	ConsentPending       ConsentState = 3 // the customer has yet to confirm
)

// OptInLevel says how the customer has agreed. Other values than the constants
// decode as they are.
type OptInLevel int

// The ways to agree.
const (
	OptInUnknown   OptInLevel = 0
	OptInSingle    OptInLevel = 1
	OptInConfirmed OptInLevel = 2
)

// MarketingConsentRequest sets a consent. State is always sent; its zero value
// unsubscribes. What is nil or zero otherwise is left out.
type MarketingConsentRequest struct {
	State      ConsentState `json:"state"`
	OptInLevel *OptInLevel  `json:"opt_in_level,omitempty"`
	// CollectedFrom has at most 50 characters.
	CollectedFrom *string `json:"consent_collected_from,omitempty"`
	// UpdatedAt is when the customer has said so. It is sent to the second.
	UpdatedAt time.Time `json:"consent_updated_at,omitzero"`
}

// toTheSecond returns the request with its time as SHOPLINE writes times.
func (r *MarketingConsentRequest) toTheSecond() *MarketingConsentRequest {
	if r == nil {
		return nil
	}
	rounded := *r
	rounded.UpdatedAt = r.UpdatedAt.Truncate(time.Second)
	return &rounded
}
