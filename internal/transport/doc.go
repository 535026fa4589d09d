// Package transport carries one call to a vendor: it encodes the request,
// runs the attempts under quota and with a fresh token, and turns the answer
// into a value or a typed error.
//
// What differs between vendors arrives as values: a [Vendor] describes the
// API, a [Config] what its user set, a [Call] one operation. The order in
// which an attempt passes the layers is written down in exchange.RoundTrip.
package transport
