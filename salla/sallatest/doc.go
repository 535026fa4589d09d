// Package sallatest is an in-memory stand-in of the Salla Merchant API for tests
// and examples. It serves the vendor's own paths, with a client of
// [Server.Config] without a socket and at [souktest.Server.URL] on loopback, and
// answers as Salla does: with its envelopes, whose status is not always that of
// HTTP, with mobile numbers that are numbers, PHP's dates, empty lists for empty
// objects, links in lists, and texts in Arabic.
//
//	server := sallatest.NewServer()
//	defer server.Close()
//	client, err := salla.NewClient(server.Config())
//
// E-mail addresses and mobile numbers are unique. Lists have pages and end at
// 10,000 customers. Access tokens run out, refresh tokens work once, and using
// one again revokes all tokens of the store. [Server.EnforceLimits] turns on the
// limit of requests per minute, with its headers and 429.
//
// What a program sent is in [souktest.Server.Requests]. [souktest.Server.Inject] makes
// the server fail: refuse, answer late, drop a connection before or after it did what
// was asked, or cut an answer short. [Server.NewDelivery] makes signed deliveries of
// webhooks.
//
// The package needs no test framework and serves programs as well as tests.
//
//souk:given
package sallatest
