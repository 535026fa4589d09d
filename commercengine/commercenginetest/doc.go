// Package commercenginetest is an in-memory stand-in of the Commerce Engine Storefront
// API for tests and examples. It answers in memory or, at its URL, on loopback, under
// the vendor's own paths, and behaves as the vendor's descriptions say: envelopes,
// anonymous sessions, logins by one-time password, tokens that expire and refresh
// tokens that work once, addresses, bank accounts, mandates and identity documents with
// their files.
//
//	server := commercenginetest.NewServer()
//	defer server.Close()
//	client, err := commercengine.NewClient(server.Config())
//
// Every one-time password is [Server.OTP]. Methods of [Server] add data that no
// operation creates, such as loyalty points, and users: [Server.AddUser] adds one,
// [Server.Seed] many.
//
// The vendor documents no rules for most values, and the stand-in was not compared with
// a real store. Where the descriptions are silent, the server is strict: a required
// field must be present, even if null; a parameter has one of its values or is left
// out; an account belongs to the customer who is logged in; an e-mail address, in any
// letter case, or a phone number belongs to one user until that user is deleted; and a
// logout ends only its own session.
//
// [souktest.Server.Requests] returns what a program sent, without credentials, and
// without the bodies of operations below /auth except those on users.
// [souktest.Server.Inject] makes the server fail: refuse, answer late, drop a
// connection before or after it processed the request, or cut an answer short. A fault
// can apply to one operation, by the name of the SDK's method:
//
//	server.Inject(souktest.Fault{Operation: "Addresses.Create", Processed: true, Drop: true})
//
// The package requires no test framework and works in programs as well as in tests.
//
//souk:given server *commercenginetest.Server
package commercenginetest
