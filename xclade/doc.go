// Package xclade reads and writes customers, their addresses and customer
// groups through the xclade Admin API, which is the Admin API of Medusa v2.
//
//	client, err := xclade.NewClient(xclade.Config{Tenant: "1a2b3c4d", Token: os.Getenv("XCLADE_TOKEN")})
//
// # Credentials
//
// Give exactly one of these in [Config]: Token (an admin's JWT), TokenSource,
// Email and Password (the client logs in on first use and renews the token
// before it runs out), or APIKey (a secret key, sent by HTTP Basic as Medusa
// wants it; with APIKeyHeader as x-api-key, as xclade's page says).
//
// # Limits
//
// xclade publishes no rate limit, so calls are not paced. When the server
// answers 429 or names a Retry-After, all clients of the process with the same
// tenant and credential wait for it. A query of more than 12 KiB is refused here, because
// the server would drop it without an answer that can be read.
//
// # Paging
//
// Lists are paged by offset, 50 rows by default, with no maximum. The All
// methods walk by id instead where no other order is asked for, so that rows
// that come and go during the walk make it neither repeat nor lose any.
//
// # Quirks
//
// Deleting succeeds for ids that never existed. An e-mail address is unique
// among guests, and apart from that among customers with an account; it is
// compared by letter case. Metadata is merged at its top level: a key set to ""
// is removed, and null for the whole clears it. A server may ignore fields that
// it does not know, or refuse them, depending on its version.
package xclade
