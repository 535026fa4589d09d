package shopline

import (
	"time"
)

// MarketingConsent says whether a customer agrees to marketing by e-mail or SMS.
type MarketingConsent struct {
	State      ConsentState `json:"state"`
	OptInLevel OptInLevel   `json:"opt_in_level"`
	// CollectedFrom is where the consent was collected. It is empty if the server has
	// null.
	CollectedFrom string `json:"consent_collected_from"`
	// UpdatedAt is when the consent was given or withdrawn, zero if not known.
	UpdatedAt time.Time `json:"consent_updated_at"`
}

// ConsentState is the state of a consent. Values without a constant decode as they are.
type ConsentState int

// The states of a consent.
const (
	ConsentUnsubscribed  ConsentState = 0
	ConsentSubscribed    ConsentState = 1
	ConsentNotSubscribed ConsentState = 2
	ConsentPending       ConsentState = 3 // the customer has yet to confirm
)

// OptInLevel says how the customer agreed. Values without a constant decode as they
// are.
type OptInLevel int

// The opt-in levels.
const (
	OptInUnknown   OptInLevel = 0
	OptInSingle    OptInLevel = 1
	OptInConfirmed OptInLevel = 2
)

// MarketingConsentRequest sets a consent. State is always sent; its zero value
// unsubscribes. Other fields are left out if nil or zero.
type MarketingConsentRequest struct {
	State      ConsentState `json:"state"`
	OptInLevel *OptInLevel  `json:"opt_in_level,omitempty"`
	// CollectedFrom has at most 50 characters.
	CollectedFrom *string `json:"consent_collected_from,omitempty"`
	// UpdatedAt is when the consent was given or withdrawn. It is sent to the second.
	UpdatedAt time.Time `json:"consent_updated_at,omitzero"`
}

// toTheSecond returns the request with its time in SHOPLINE's precision.
func (r *MarketingConsentRequest) toTheSecond() *MarketingConsentRequest {
	if r == nil {
		return nil
	}
	rounded := *r
	rounded.UpdatedAt = r.UpdatedAt.Truncate(time.Second)
	return &rounded
}
