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
//   - Make sure that a customer exists exactly once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find a customer: [CustomersService.GetByEmail], [CustomersService.GetByPhone];
//     find many by conditions: [CustomerFilter].
//   - Read all customers: [CustomersService.All]; resume after a crash:
//     [CustomersService.Walk].
//   - Addresses: [AddressesService].
//   - Groups and their members: [CustomerGroupsService], [CustomersService.UpdateGroups].
//   - Clear a field, or leave it alone: [Nullable].
//   - Get a token for another program: [AuthService.Login].
//   - Call an end point that the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/xclade/xcladetest].
//
// # Credentials
//
// Set exactly one of these in [Config]: Token (an admin's JWT), TokenSource, Email and
// Password (the client logs in on first use and renews the token before it expires), or
// APIKey (a secret key, sent with HTTP Basic authentication as Medusa requires, or with
// APIKeyHeader as x-api-key, as xclade's documentation says).
//
// # Limits
//
// xclade publishes no rate limit, so calls are not paced until the server answers 429.
// Then all clients of the process with the same tenant and credential wait, and keep to
// a pace learned from the server's answers until ten minutes have passed without
// another 429. A Limiter in [Config] sets a pace of your own. A query of more than 12
// KiB is [souk.ErrInvalid], because the server would drop it without a readable answer.
//
// # Paging
//
// Lists are paged by offset. A page has 50 rows by default and at most 10,000; the All
// and Walk methods ask for 1,000. By default they read by ascending id, so that rows
// that are added or deleted during a walk cause no others to be repeated or missed,
// even if the walk is resumed from its position.
//
// # Quirks
//
// Deleting succeeds for ids that never existed. An e-mail address is unique among
// guests, and separately among customers with an account; the comparison is
// case-sensitive. Metadata is merged at its top level: a key set to "" is removed, and
// null clears the whole. Depending on its version, a server ignores unknown fields or
// refuses them.
//
// # Errors
//
// A failed call returns a [*souk.Error]. Only Medusa's own answers count: a success
// must hold the object with its id, the list with count, offset and limit, or "deleted"
// with the id; a refusal is JSON with "type" and "message". Anything else, even with
// status 200 or 404, came from a server in between and is [souk.ErrUnreadable] together
// with another class.
//
//   - [souk.ErrAlreadyExists]: the e-mail address or the group's name is taken. Medusa
//     has no status for it: it is a 400 that says so to the creation or update of a
//     customer or group, or a 422 of the type "duplicate_error".
//   - [souk.ErrNotFound]: the type "not_found". For some calls the server answers {}
//     with status 200 instead: reading, creating or updating an address, and changing
//     members without any to add. If the server has no such route, the message is
//     "there is no such route". Deleting an unknown id is not an error.
//   - [souk.ErrInvalid]: 400, 413 for a body that is too large, 431 for a head that is
//     too large, and a 500 of any type but "unknown_error", with which Medusa refuses a
//     request. Requests that are known to fail with "unknown_error" are not sent: an
//     Order by an unknown field, a NUL in a text, a malformed Regexp.
//   - [souk.ErrUnauthorized]: 401, or a log-in that succeeds without a usable token,
//     for example if a second factor is required.
//   - [souk.ErrForbidden]: 403. Only servers with role-based access control send it.
//   - [souk.ErrRateLimited]: 429. Medusa itself has no limit and states no wait.
//   - [souk.ErrUnavailable]: all other statuses of 500 and more, most answers that are
//     not Medusa's, and 409, which means that two writes collided in the database:
//     nothing was written, and the client does not repeat the write.
//   - [souk.ErrOutcomeUnknown]: a write was sent, and no answer from Medusa confirmed
//     or refused it. Creations are not repeated; [CustomersService.Ensure] looks for
//     the customer.
//
// [souk.ErrReauthorize] never occurs. Code is Medusa's type, such as "invalid_data" or
// "not_found"; it is empty for a bad token and for answers that are not Medusa's.
// Fields is set only if the SDK refused the request: the server names no fields.
// RequestID is empty: xclade sends none.
//
//souk:given ctx context.Context
package xclade
