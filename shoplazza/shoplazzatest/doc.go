// Package shoplazzatest is an in-memory stand-in of the Shoplazza Admin API for tests
// and examples. It answers under the vendor's own paths, in all versions, and behaves
// as the vendor's pages say: defaults, unique e-mail addresses and phone numbers,
// validation with the documented messages, pages and cursors, flat and wrapped bodies,
// tokens that rotate and, on request, the rate limits.
//
//	server := shoplazzatest.NewServer()
//	defer server.Close()
//	client, err := shoplazza.NewClient(server.Config())
//
// This client reaches the server in memory, without a socket, even in testing/synctest.
// The server listens on loopback once URL is called.
//
// Requests returns what a program sent. Inject makes the server fail: refuse, answer
// late, drop a connection before or after it processed the request, or cut an answer
// short; see [souktest.Server]. [Server.NewDelivery] makes signed deliveries of
// webhooks.
//
// Where the pages leave something open, the stand-in decides: lists have the
// newest first, an address update keeps what it leaves out, and from 2025-06 on
// a taken e-mail address and an unknown id are a status 500.
//
// The package requires no test framework and works in programs as well as in tests. A
// Server holds everything in memory and scans all rows for each list, which is fast up
// to some ten thousand customers.
//
//souk:given
package shoplazzatest
