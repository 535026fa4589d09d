package shoplazza

import "github.com/souk-go/souk/internal/transport"

// CustomerWire is a customer as the versions spell it, for tests of what decodes.
type CustomerWire = customerWire

// FromWire returns customers as users see them.
func FromWire(wire ...CustomerWire) []Customer {
	return transport.Plain(wire, (*CustomerWire).plain)
}
