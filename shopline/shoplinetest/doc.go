// Package shoplinetest is an in-memory stand-in of the SHOPLINE Admin REST API for
// tests and examples. It answers under the vendor's own paths, in all versions, and
// behaves as the vendor's pages and recorded answers show: envelopes, nulls, fields
// that differ between end points, Link headers, unique e-mail addresses and phone
// numbers, signed calls for tokens and, on request, the rate limit.
//
//	server := shoplinetest.NewServer()
//	defer server.Close()
//	client, err := shopline.NewClient(server.Config())
//
// The client reaches the server in memory, without a socket. So a server that was
// created in a testing/synctest bubble works there, in fake time. It listens on
// loopback once URL was called.
//
// Requests returns what a program sent. Inject makes the server fail: refuse, answer
// late, drop a connection before or after it processed the request, or cut an answer
// short. Both are described at [souktest.Server]. [Server.Seed] adds customers,
// [Server.NewDelivery] returns what SHOPLINE would deliver, [Server.Authorize] what a
// merchant's browser would bring.
//
// Where the vendor's pages leave something open, the stand-in decides: lists have the
// newest first, since_id names the row after which a list begins, an update with
// addresses replaces the addresses of the customer, and the texts of refusals are its
// own.
//
// The package requires no test framework and works in programs as well as in tests. A
// Server holds everything in memory and scans all rows for each list, which is fast up
// to some ten thousand customers.
//
//souk:given
package shoplinetest
