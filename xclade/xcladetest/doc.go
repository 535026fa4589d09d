// Package xcladetest is an in-memory stand-in of the xclade Admin API for tests and
// examples. It answers under the vendor's own paths, in memory or on loopback, and
// behaves like the server behind xclade, Medusa v2 (2.21): defaults, soft deletes,
// merging of metadata, unique e-mail addresses, strict bodies, field selection,
// filters, paging, and the answers to mistakes, even odd ones.
//
//	server := xcladetest.NewServer()
//	defer server.Close()
//	client, err := xclade.NewClient(server.Config())
//
// [souktest.Server.Requests] returns what a program sent. [souktest.Server.Inject]
// makes requests fail, all or those of one method of the SDK, such as
// "Customers.Create": refuse, answer late, drop a connection before or after it
// processed the request, or cut an answer short.
//
// A client with [Server.Config] uses no socket and works in testing/synctest.
// [souktest.Server.URL] is for other processes.
//
// The stand-in fixes what the real server leaves to chance: embedded rows come in the
// order of writing, rows that are equal in an order come in the order of creation.
// Sessions, the Store API and all other parts of the Admin API are missing.
//
// The package requires no test framework and works in programs as well as in tests. A
// Server holds everything in memory and scans all rows for each list, which is fast up
// to some ten thousand customers.
//
//souk:given
package xcladetest
