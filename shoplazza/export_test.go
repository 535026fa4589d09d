package shoplazza

// CustomerWire is a customer as the versions spell it, for tests of what decodes.
type CustomerWire = customerWire

// FromWire returns customers as users see them.
func FromWire(wire ...CustomerWire) []Customer { return plain(wire) }
