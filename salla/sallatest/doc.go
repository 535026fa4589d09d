// Package sallatest is an in-memory stand-in of the Salla Merchant API for tests and
// examples. It serves the vendor's own paths, without a socket to a client of
// [Server.Config], and on loopback at [souktest.Server.URL]. It answers as Salla does:
// with envelopes whose status can differ from the HTTP status, mobile numbers that are
// JSON numbers, PHP's dates, empty lists for empty objects, links in lists, and texts
// in Arabic.
//
//	server := sallatest.NewServer()
//	defer server.Close()
//	client, err := salla.NewClient(server.Config())
//
// E-mail addresses and mobile numbers are unique. Lists have pages and end at 10,000
// customers. Access tokens expire, refresh tokens work once, and using one again
// revokes all tokens of the store. [Server.EnforceLimits] turns on the limit of
// requests per minute, with its headers and 429.
//
// [souktest.Server.Requests] returns what a program sent. [souktest.Server.Inject]
// makes the server fail: refuse, answer late, drop a connection before or after it
// processed the request, or cut an answer short. [Server.NewDelivery] makes signed
// deliveries of webhooks.
//
// The package requires no test framework and works in programs as well as in tests.
//
//souk:given
package sallatest
