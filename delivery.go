package souk

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/souk-go/souk/internal/mask"
)

// Delivery is a webhook delivery that was proven to come from the vendor. ParseDelivery
// and ParseWebhook in the packages salla, shopline and shoplazza return it, and
// NewWebhookHandler there passes it on.
//
// A proven delivery is never dropped: whatever its content, Body holds it. No printer
// or logger shows Body or Event, which can hold personal data.
type Delivery struct {
	// ID stays the same when the vendor delivers again. It is the vendor's id or, if
	// the vendor sends none, the SHA-256 of the body in hexadecimal digits.
	ID string
	// Topic says what happened, in the vendor's words: "customers/update".
	Topic string
	// Store is the vendor's name of the store: its id or its domain. It is empty if
	// the delivery names none.
	Store string
	// CreatedAt is when the event happened, zero if the delivery does not say.
	CreatedAt time.Time
	// Body is the body as it was received, byte for byte.
	Body []byte `json:"-"`
	// Event is the decoded Body. Its type depends on Topic; ParseDelivery of the
	// vendor's package lists the types. It is nil for a topic without a type, and if
	// EventErr is not nil.
	Event any `json:"-"`
	// EventErr says why there is no Event although Topic has a type, or why there is no
	// Topic. It is ErrUnreadable. It is a *RowError too if the id of the event's
	// subject is known. Its text holds no values.
	EventErr error
}

// String returns the delivery without its content.
func (d Delivery) String() string {
	return "souk.Delivery{ID:" + d.ID + " Topic:" + d.Topic + " Store:" + d.Store + "}"
}

// Format prints the text of String for every verb of fmt.
func (d Delivery) Format(f fmt.State, verb rune) { mask.Format(f, verb, d.String()) }

// LogValue returns ID, topic and store as attributes.
func (d Delivery) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.ID), slog.String("topic", d.Topic), slog.String("store", d.Store))
}
