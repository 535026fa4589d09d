// Package xcladetest is an in-memory stand-in of the xclade Admin API for
// tests and examples. It answers under the vendor's own paths, in memory or on
// loopback, and behaves as the server behind xclade, Medusa v2 (2.21), does: defaults,
// soft deletes, the merging of metadata, unique e-mails, strict bodies, field
// selection, filters, paging, and the answers to mistakes, odd ones included.
//
//	server := xcladetest.NewServer()
//	defer server.Close()
//	client, err := xclade.NewClient(server.Config())
//
// What a program sent is in [souktest.Server.Requests]. [souktest.Server.Inject] makes
// requests fail, all or those of one method of the SDK, such as "Customers.Create":
// refuse, answer late, drop a connection before or after it did what was asked, or
// cut an answer short.
//
// A client with [Server.Config] needs no socket and works within testing/synctest.
// [souktest.Server.URL] is for other processes.
//
// What the real server leaves to chance, the stand-in decides: embedded rows come
// in the order of writing, rows that an order does not tell apart in the order of
// creation. Sessions, the Store API and all other parts of the Admin API are
// missing.
//
// The package needs no test framework and serves programs as well as tests. A
// Server holds everything in memory and looks at every row for each list, which
// is quick up to some ten thousand customers.
//
//souk:given
package xcladetest
