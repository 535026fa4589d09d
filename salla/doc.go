// Package salla reads and writes the customers of a Salla store, their groups,
// loyalty points and wallets, through the Salla Merchant API v2.
//
//	client, err := salla.NewClient(salla.Config{Token: os.Getenv("SALLA_TOKEN")})
//	if err != nil {
//		return err
//	}
//	customer, created, err := client.Customers.Ensure(ctx, salla.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
//	if err != nil {
//		return err // a *souk.Error, whose class says what to do
//	}
//	slog.Info("ensured", "id", customer.ID, "created", created)
//	for customer, err := range client.Customers.All(ctx, salla.ListCustomersRequest{}) {
//		if err != nil {
//			return err
//		}
//		slog.Info("listed", "id", customer.ID)
//	}
//
// # By task
//
//   - Create, read, change and delete customers: [CustomersService.Create],
//     [CustomersService.Get], [CustomersService.Update], [CustomersService.Delete].
//   - Make sure that a customer exists exactly once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find a customer: [CustomersService.GetByEmail], [CustomersService.GetByPhone].
//   - Read all customers: [CustomersService.All]; resume after a crash:
//     [CustomersService.Walk].
//   - Keep a customer from ordering: [CustomersService.Ban], [CustomersService.Unban].
//   - Import and export files: [CustomersService.Import], [ExportsService].
//   - Groups, points and wallets: [CustomerGroupsService], [LoyaltyPointsService],
//     [WalletsService].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.Install],
//     [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call an end point that the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/salla/sallatest].
//
// # Credentials
//
// Set one of these in [Config]: Token, an access token of one store that is not
// renewed, or TokenSource, usually the result of [OAuth.TokenSource], which keeps the
// tokens of a store in a [souk.TokenStore] and renews them a day before they expire.
// The tokens come from [OAuth.Install] or, in Salla's easy mode, from the delivery of
// the event app.store.authorize; see [OAuth.SaveToken].
//
// A refresh token works once. If it is sent a second time, Salla revokes all tokens of
// the store, and the merchant must install the app again. So keep a store's tokens in
// one TokenStore, which all processes share, and nowhere else. For the same reason, a
// refresh that got no answer is not repeated: see [ErrRefreshLost].
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries,
// and [ParseDelivery] reads one that came another way. Salla occasionally loses events:
// read the list of customers once a day as well.
//
// # Limits
//
// A store has 120, 360 or 720 requests per minute, depending on its plan, and one per
// second after they are used up until the minute ends. All clients of a store in the
// process share this limit, and follow the headers in which Salla states what is left.
// In addition, Salla accepts 500 requests per 10 minutes from one IP address to all
// paths under /customers, over all stores; all clients of the process share this limit
// as well, except those whose BaseURL is a loopback address or a name below .test.
//
// # Paging
//
// Lists are paged by number, with 15 rows per page by default and at most 60. Salla
// lists only the first 10,000 customers; [CustomersService.Walk] splits a longer list
// into date ranges, so that it is complete.
//
// # Quirks
//
// Mobile numbers are text in requests and numbers in answers, so leading zeros are
// lost; [Customer].Mobile is text in both. The country of a number is given by its dial
// code with a plus ("+966"), not by an ISO code. E-mail addresses and mobile numbers
// are unique in a store.
//
// # Errors
//
// Only Salla's own answers count. A success has Salla's envelope with success true, and
// what the operation promises: an object with its id, a page of a list with its
// pagination, a payment with its amount. Calls that return only an error also accept a
// 204 without a body. A refusal has success false, an error, or, with a 2xx HTTP
// status, a status of 400 or more in its body. Any other answer, even a proxy's page
// with status 200 or 404, is [souk.ErrUnreadable] together with the class of its status
// if that means that the request was not passed on, and otherwise with
// [souk.ErrUnavailable].
//
// Reads, updates and deletes are repeated if their outcome is unknown; creations,
// payments, changes of points, imports and exports are not. A write whose outcome stays
// unknown is [souk.ErrOutcomeUnknown]. A delete whose repeat Salla answers with "not
// found" has succeeded.
//
// A taken e-mail address or mobile number is [souk.ErrInvalid] like any other wrong
// value. Only [CustomersService.Ensure] and [CustomersService.Upsert] distinguish the
// two and return [souk.ErrAlreadyExists].
//
// This package's own classes say why a credential was refused:
//
//   - [ErrTokenInvalid], [ErrUserDeleted], [ErrGrantInvalid] and [ErrRefreshLost] match
//     [souk.ErrReauthorize]: the app must be installed again or, with [Config.Token],
//     another token must be set. A store without a stored token is ErrReauthorize
//     alone, and the message says that the app is not installed.
//   - [ErrUserInactive], and a 401 with an unknown text, match [souk.ErrUnauthorized]
//     alone.
//   - [ErrScopeMissing] comes with status 401 and matches [souk.ErrForbidden]. So does
//     403, which Salla also sends for a while to a caller who made too many errors.
//
// In a [souk.Error] of this package
//
//   - StatusCode is the HTTP status. The status in Salla's body can differ; it decides
//     if the HTTP status is 2xx and the body reports a failure. In that case, too, a
//     status of 500 or more leaves the outcome of a write unknown.
//   - Code is a word such as "Unauthorized" or "error", a number such as "404", or an
//     OAuth code such as "invalid_grant". It can be empty.
//   - Message is in Arabic unless [Config.Language] says otherwise; some messages are
//     always in Arabic.
//   - Fields has Salla's names, such as "mobile" or "customers.0", if Salla refused the
//     request, and names in Go, such as "Mobile", if the SDK did.
//   - RequestID is empty: Salla documents none.
//   - Body is empty for the calls of [OAuth] and for most of [WebhooksService], whose
//     answers can hold a token or a secret.
//
//souk:given ctx context.Context
package salla
