// Package shoplazzatest is an in-memory stand-in of the Shoplazza Admin API for
// tests and examples. It answers under the vendor's own paths, in all versions at
// once, and behaves as the vendor's pages say: defaults, unique e-mail addresses
// and phone numbers, validation with the documented messages, pages and cursors,
// flat and wrapped bodies, tokens that rotate, and, when asked to, the limits.
//
//	server := shoplazzatest.NewServer()
//	defer server.Close()
//	client, err := shoplazza.NewClient(server.Config())
//
// That client reaches the server in memory, without a socket, also within
// testing/synctest. For everybody else the server listens on loopback once its URL
// is asked for.
//
// What a program sent is in the server's Requests. Inject makes the server fail:
// refuse, answer late, drop a connection before or after it did what was asked, or
// cut an answer short; see [souktest.Server]. [Server.NewDelivery] makes signed
// deliveries of webhooks.
//
// Where the pages leave something open, the stand-in decides: lists have the
// newest first, an address update keeps what it leaves out, and from 2025-06 on
// a taken e-mail address and an unknown id are a status 500.
//
// The package needs no test framework and serves programs as well as tests. A
// Server holds everything in memory and looks at every row for each list, which
// is quick up to some ten thousand customers.
//
//souk:given
package shoplazzatest
