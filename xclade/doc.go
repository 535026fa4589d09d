// Package xclade reads and writes customers, their addresses and customer
// groups through the xclade Admin API, which is the Admin API of Medusa v2.
//
//	client, err := xclade.NewClient(xclade.Config{Tenant: "1a2b3c4d", Token: os.Getenv("XCLADE_TOKEN")})
//	if err != nil {
//		return err
//	}
//	customer, created, err := client.Customers.Ensure(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
//	if err != nil {
//		return err // a *souk.Error, whose class says what to do
//	}
//	slog.Info("ensured", "id", customer.ID, "created", created)
//	for customer, err := range client.Customers.All(ctx, xclade.ListCustomersRequest{}) {
//		if err != nil {
//			return err
//		}
//		slog.Info("listed", "id", customer.ID)
//	}
//
// # By task
//
//   - Create, read, change and delete customers: [CustomersService.Create], [CustomersService.Get],
//     [CustomersService.Update], [CustomersService.Delete].
//   - Make sure that somebody exists, once: [CustomersService.Ensure], [CustomersService.Upsert].
//   - Find somebody: [CustomersService.GetByEmail], [CustomersService.GetByPhone]; many, by
//     conditions: [CustomerFilter].
//   - Read all customers: [CustomersService.All]; go on after a crash: [CustomersService.Walk].
//   - Addresses: [AddressesService].
//   - Groups and their members: [CustomerGroupsService], [CustomersService.UpdateGroups].
//   - Clear a field, or leave it alone: [Nullable].
//   - Get a token for another program: [AuthService.Login].
//   - Call what the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/xclade/xcladetest].
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
// xclade publishes no rate limit, so calls are not paced until the server answers 429.
// Then all clients of the process with the same tenant and credential wait, and keep to a
// pace that is learned from what the server takes, until ten minutes have passed without
// another 429. A Limiter in [Config] sets a pace of your own. A query of more than 12 KiB is
// refused here, because the server would drop it without an answer that can be read.
//
// # Paging
//
// Lists are paged by offset, 50 rows by default and at most 10,000 here. The All and
// Walk methods ask for 1,000. Where no other order is asked for they go by ascending
// id, so that rows that come and go during the walk make it neither repeat nor lose
// any, even if it is left and goes on from its position.
//
// # Quirks
//
// Deleting succeeds for ids that never existed. An e-mail address is unique
// among guests, and apart from that among customers with an account; the
// comparison is case-sensitive. Metadata is merged at its top level: a key set to ""
// is removed, and null for the whole clears it. A server may ignore fields that
// it does not know, or refuse them, depending on its version.
//
// # Errors
//
// Every error holds a *[souk.Error]. Only Medusa's own answers count: a success must hold
// the object with its id, the list with count, offset and limit, or "deleted" with the
// id; a refusal is JSON with "type" and "message". Anything else, even if its status is
// 200 or 404, came from something in between and is [souk.ErrUnreadable] beside another class.
//
//   - [souk.ErrAlreadyExists]: the e-mail address or the group's name is taken. Medusa
//     has no status for it: a 400 that says so to the creation or update of a customer or
//     group is one, and so is a 422 of the type "duplicate_error".
//   - [souk.ErrNotFound]: the type "not_found". Some calls get {} with status 200 instead,
//     and say the same: reading an address, creating or updating one, and the changes of
//     members with nothing to add. A server that has no such route answers with a page
//     that names it; "there is no such route" is then in the message. Deleting an unknown
//     id is no error.
//   - [souk.ErrInvalid]: 400, 413 for a body that is too large, 431 for a head that is, and
//     a 500 of any type but "unknown_error", by which Medusa means the request. Requests
//     on which it is known to fail with "unknown_error" are refused before they are sent:
//     an Order by an unknown field, a NUL in a text, a malformed Regexp.
//   - [souk.ErrUnauthorized]: 401, or a log-in that succeeds but brings no token, as
//     where a second factor is required.
//   - [souk.ErrForbidden]: 403. Only servers with role-based access control send it.
//   - [souk.ErrRateLimited]: 429. Medusa itself has no limit and names no wait.
//   - [souk.ErrUnavailable]: everything else from 500 on, what is not Medusa's answer where
//     one was due, and 409, which stands for two writes that met in the database: nothing
//     was written, and the client does not repeat it.
//   - [souk.ErrOutcomeUnknown]: a write was sent, and no answer of Medusa's says what became
//     of it. Creations are not sent again then; [CustomersService.Ensure] looks for the customer.
//
// [souk.ErrReauthorize] never comes. Code is Medusa's type, such as "invalid_data" or
// "not_found"; it is empty for a bad token and for what others send. Fields is set
// only where the SDK refused the request: the server names no fields. RequestID is
// empty: xclade sends none.
//
//souk:given ctx context.Context
package xclade
