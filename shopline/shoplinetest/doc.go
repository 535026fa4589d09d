// Package shoplinetest is an in-memory stand-in of the SHOPLINE Admin REST API
// for tests and examples. It answers under the vendor's own paths, in all versions
// at once, and behaves as the vendor's pages and recorded answers say: envelopes,
// nulls, fields that differ from one end point to the next, Link headers, unique
// e-mail addresses and phone numbers, signed calls for tokens and, when asked to,
// the limit.
//
//	server := shoplinetest.NewServer()
//	defer server.Close()
//	client, err := shopline.NewClient(server.Config())
//
// The client reaches the server in memory, without a socket. So a server that was
// made within testing/synctest works there, in fake time. It listens on loopback once
// its URL was asked for.
//
// What a program sent is in Requests. Inject makes the server fail: refuse, answer
// late, drop a connection before or after it did what was asked, or cut an answer
// short. Both are described at [souktest.Server]. [Server.Seed] adds customers,
// [Server.NewDelivery] makes what SHOPLINE would deliver, [Server.Authorize] what a
// merchant's browser would bring.
//
// Where the vendor's pages leave something open, the stand-in decides: lists
// have the newest first, since_id names the row behind which a list begins, an
// update replaces the addresses of a customer when it has any, and the texts of
// refusals are its own.
//
// The package needs no test framework and serves programs as well as tests. A
// Server holds everything in memory and looks at every row for each list, which
// is quick up to some ten thousand customers.
//
//souk:given
package shoplinetest
