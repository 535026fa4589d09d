package souk

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/souk-go/souk/internal/mask"
)

// Delivery is what a vendor's webhook has delivered, proven to come from that
// vendor. ParseDelivery and ParseWebhook in the packages salla, shopline and
// shoplazza return it, and NewWebhookHandler there passes it on.
//
// A proven delivery is never thrown away: whatever its content, Body has it. Printers
// and loggers show neither Body nor Event, which can hold personal data.
type Delivery struct {
	// ID is the same when the vendor delivers again. It is the vendor's own, and the
	// SHA-256 of the body in hexadecimal digits where the vendor sends none.
	ID string
	// Topic says what happened, in the vendor's words: "customers/update".
	Topic string
	// Store is the vendor's name of the store: its id or its domain. It is empty if
	// the delivery names none.
	Store string
	// CreatedAt is when it happened, zero if the delivery does not say so.
	CreatedAt time.Time
	// Body is what came, byte for byte.
	Body []byte `json:"-"`
	// Event is what Body says, by Topic, of a type that the vendor's package names. It
	// is nil for topics that the package has no type for, and where EventErr is not.
	Event any `json:"-"`
	// EventErr says why there is no Event although Topic has a type, or why there is no
	// Topic. It is ErrUnreadable, and a *RowError, which names the id of what the event
	// is about, where that is known. Its text holds no value.
	EventErr error
}

// String returns what is known of the delivery without its content.
func (d Delivery) String() string {
	return "souk.Delivery{ID:" + d.ID + " Topic:" + d.Topic + " Store:" + d.Store + "}"
}

// Format prints the text of String for every verb of fmt.
func (d Delivery) Format(f fmt.State, verb rune) { mask.Format(f, verb, d.String()) }

// LogValue returns ID, topic and store as attributes.
func (d Delivery) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.ID), slog.String("topic", d.Topic), slog.String("store", d.Store))
}
