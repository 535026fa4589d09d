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
//   - Make sure that somebody exists, once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find somebody: [CustomersService.GetByEmail], [CustomersService.GetByPhone].
//   - Read all customers: [CustomersService.All]; go on after a crash:
//     [CustomersService.Walk].
//   - Keep somebody from ordering: [CustomersService.Ban], [CustomersService.Unban].
//   - Import and export files: [CustomersService.Import], [ExportsService].
//   - Groups, points and wallets: [CustomerGroupsService], [LoyaltyPointsService],
//     [WalletsService].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.Install],
//     [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call what the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/salla/sallatest].
//
// # Credentials
//
// Give one of these in [Config]: Token, an access token of one store that is not
// renewed, or TokenSource, mostly one of [OAuth.TokenSource], which keeps the
// tokens of a store in a [souk.TokenStore] and renews them a day before they expire.
// The tokens come from [OAuth.Install], or, in Salla's easy mode, from the
// delivery of the event app.store.authorize; see [OAuth.SaveToken].
//
// A refresh token works once. Anyone who sends it a second time loses all tokens of
// the store, and the merchant must install the app again. So a store's tokens must
// live in one TokenStore, which all processes share, and nowhere else. A refresh that
// got no answer is not repeated for the same reason: see [ErrRefreshLost].
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries, and
// [ParseDelivery] reads one that has come by other ways. Salla loses events now and
// then: read the list of customers once a day as well.
//
// # Limits
//
// A store has 120, 360 or 720 requests per minute, by its plan, and one per
// second after they are used up until the minute ends. Clients of one store in
// the process share that, and follow the headers in which Salla says what is
// left. Beside it Salla takes 500 requests per 10 minutes from one IP address
// to all paths under /customers, over all stores; all clients of the process
// share that as well, except those whose BaseURL is a loopback address or a name
// below .test.
//
// # Paging
//
// Lists are paged by number, 15 rows by default and at most 60. Salla shows no
// more than the first 10,000 customers of a list; [CustomersService.Walk] then
// asks for ever shorter runs of days, so that larger stores are listed whole.
//
// # Quirks
//
// Mobile numbers are text in requests and numbers in answers, so that leading
// zeros are lost; [Customer].Mobile is text in both. The country of a number is
// given by its dial code with a plus ("+966"), not by an ISO code. E-mail and
// mobile are unique in a store.
//
// # Errors
//
// Only Salla's own answers count. A success has Salla's envelope, whose success is
// true, and what the operation promises: an object with its id, a page of a list
// with its pagination, a payment with its amount. Calls that return only an error
// also take a 204 without a body. A refusal has success false, an error, or, with
// an HTTP status of success, a status from 400 on in its body. What else comes, even if
// it is the page of a proxy with status 200 or 404, is [souk.ErrUnreadable] and either
// [souk.ErrUnavailable] or, where it says that the request was not passed on, what
// its status stands for.
//
// Reads, updates and deletes are sent again after what leaves open what became of
// them; creations, payments, changes of points, imports and exports are not. Either
// way the error of a write says so as [souk.ErrOutcomeUnknown]. A delete whose repeat
// Salla answers with "not found" has succeeded.
//
// A taken e-mail address or mobile number is [souk.ErrInvalid] like any other wrong
// value. [CustomersService.Ensure] and [CustomersService.Upsert] find out, and are the
// only ones to return [souk.ErrAlreadyExists].
//
// Why a credential is refused, this package's own classes say:
//
//   - [ErrTokenInvalid], [ErrUserDeleted], [ErrGrantInvalid] and [ErrRefreshLost]
//     match [souk.ErrReauthorize]: the app must be installed again or, with
//     [Config.Token], another token be given. A store of which no token is stored is
//     ErrReauthorize alone, and its message says that the app is not installed.
//   - [ErrUserInactive], and a 401 whose text is not known, match
//     [souk.ErrUnauthorized] alone.
//   - [ErrScopeMissing] comes with status 401 and matches [souk.ErrForbidden]. So does
//     403, with which Salla also blocks for a while a caller who made too many errors.
//
// In a [souk.Error] of this package
//
//   - StatusCode is that of HTTP. The status in Salla's body can be another one; it
//     decides where HTTP says 2xx and the body says that the call failed. There 500
//     and more leave open what became of a write, as they do as a status of HTTP.
//   - Code is a word such as "Unauthorized" or "error", a number such as "404", or
//     "invalid_grant" and the like of the token end point. It can be empty.
//   - Message is Arabic unless [Config.Language] says otherwise, and some stay Arabic.
//   - Fields has Salla's names, such as "mobile" or "customers.0", where Salla refused
//     the request, and those in Go, such as "Mobile", where the SDK did.
//   - RequestID is empty: Salla documents none.
//   - Body is empty for the calls of [OAuth] and for most of [WebhooksService], whose
//     answers can hold a token or a secret.
//
//souk:given ctx context.Context
package salla
