// Package commercenginetest is an in-memory stand-in of the Commerce Engine
// Storefront API for tests and examples. It answers in memory, or on loopback to
// whoever asks for its URL, under the vendor's own paths, and behaves as the
// vendor's descriptions say: envelopes, anonymous sessions, logins by one-time
// password, tokens that run out and refresh tokens that work once, addresses, bank
// accounts, mandates and identity documents with their files.
//
//	server := commercenginetest.NewServer()
//	defer server.Close()
//	client, err := commercengine.NewClient(server.Config())
//
// Every one-time password is [Server.OTP]. What has no operation to create it,
// such as loyalty points, is added with methods of [Server], and users can be as
// well: [Server.AddUser] adds one, [Server.Seed] many.
//
// The vendor documents no rules for most values, and nothing here was compared
// with a real store. Where the descriptions are silent the server is strict: a
// field that is required must be there, even if null; a parameter has one of its
// values, or is left out; an account belongs to the customer who is logged in; an
// e-mail address or phone number to one user, in any letter case, until the user is
// deleted; and logging out ends that session and no other.
//
// What a program sent is in [souktest.Server.Requests]: without credentials, and
// without the bodies of operations below /auth other than those about users.
// [souktest.Server.Inject] makes the server fail: refuse, answer late, drop a
// connection before or after it did what was asked, or cut an answer short. A
// fault can be meant for one operation, by the name of the SDK's method:
//
//	server.Inject(souktest.Fault{Operation: "Addresses.Create", Processed: true, Drop: true})
//
// The package needs no test framework and serves programs as well as tests.
//
//souk:given server *commercenginetest.Server
package commercenginetest
