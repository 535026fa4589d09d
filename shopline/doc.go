// Package shopline reads and writes customers, their addresses, customer
// groups and webhooks through the Admin REST API of SHOPLINE, the platform of
// myshopline.com.
//
//	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: os.Getenv("SHOPLINE_TOKEN")})
//	if err != nil {
//		return err
//	}
//	customer, created, err := client.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
//	if err != nil {
//		return err // a *souk.Error, whose class says what to do
//	}
//	slog.Info("ensured", "id", customer.ID, "created", created)
//	for customer, err := range client.Customers.All(ctx, shopline.ListCustomersRequest{}) {
//		if err != nil {
//			return err
//		}
//		slog.Info("listed", "id", customer.ID)
//	}
//
// Customers with contact_type, subscribed_flag and ids that are UUIDs are those of
// Shoplazza, another platform with a similar API: see the package shoplazza.
// SHOPLINE's servers know none of those fields.
//
// # By task
//
//   - Create, read, change and delete customers: [CustomersService.Create],
//     [CustomersService.Get], [CustomersService.Update], [CustomersService.Delete].
//   - Make sure that somebody exists, once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find somebody: [CustomersService.GetByEmail], [CustomersService.GetByPhone],
//     [CustomersService.Search].
//   - Read all customers: [CustomersService.All]; go on after a crash:
//     [CustomersService.Walk].
//   - Subscribe and unsubscribe: EmailMarketingConsent of [UpdateCustomerRequest].
//   - Invite and activate accounts: [CustomersService.SendInvite],
//     [CustomersService.CreateActivationURL].
//   - Addresses and groups: [AddressesService], [CustomerGroupsService].
//   - Orders of a customer: [CustomersService.ListOrders].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.ParseCallback],
//     [OAuth.Exchange], [OAuth.SaveToken], [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call what the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/shopline/shoplinetest].
//
// # Credentials
//
// An app that a store has developed for itself (a private app) has a token that
// lives for three years: give it as Token. Public and custom apps get a token by
// [OAuth] that lives for ten hours: give [OAuth.TokenSource] as TokenSource, and
// the client renews it ahead of time. The scopes read_customers and
// write_customers cover all operations here; the orders of a customer may need
// read_orders.
//
// # Versions
//
// The version is part of every path. It is [DefaultVersion] unless [Config.Version]
// names another one, as vYYYYMMDD. A version is served for about a year.
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries, and
// [ParseDelivery] reads one that has come by other ways. SHOPLINE can deliver twice, or
// not at all, and deletes a subscription after 19 failures in a row.
//
// # Limits
//
// SHOPLINE takes 40 requests at once and 4 per second per app and store. All
// clients of an app and store in the process share that pace, so that none of
// them meets a 429. Stores of the Enterprise plan have no such limit: see
// [Config.Enterprise]. After a 423, or one of 433 to 436, SHOPLINE has shut the
// caller out: such calls are never repeated, and the program should stop.
//
// # Paging
//
// Lists are paged by a cursor that comes in the Link header, 50 rows by default
// and at most 250, orders at most 100; the methods that walk a list ask for the
// most. Only the cursor is taken out of the header: the client never follows it to
// another host. The filters of a list are in its cursor.
//
// # Errors
//
// A failed call returns a [*souk.Error], whose classes are those of package souk.
// Only what has SHOPLINE's form is taken for SHOPLINE's answer, whatever its status:
// a customer with an id, a list, a number, or a failure with "errors", or with a code
// and a message. Anything else, such as a web page, comes from a proxy on the way. It
// is [souk.ErrUnreadable] beside another class: the call was not carried out if that
// is [souk.ErrUnauthorized], [souk.ErrForbidden] or [souk.ErrInvalid]; a write may
// have been if [souk.ErrOutcomeUnknown] is there, too.
//
// At SHOPLINE the classes mean:
//
//   - [souk.ErrNotFound]: SHOPLINE says so (404 with "errors"). No proxy's 404 is one.
//   - [souk.ErrAlreadyExists]: creating or updating a customer was refused because
//     the e-mail address or the phone number is taken. SHOPLINE's texts are not
//     documented, so a refusal that does not say so plainly is [souk.ErrInvalid].
//     [CustomersService.Ensure] does not depend on the text.
//   - [souk.ErrForbidden]: the token lacks a scope (403), the store is frozen because
//     a bill was not paid (402) or locked (423), a security rule has shut the caller
//     out (433 to 436), or the end point is not open to the app or store (501).
//   - [souk.ErrInvalid] with the status 200: the answer speaks of errors.
//   - [souk.ErrRateLimited]: a limit was met (429). SHOPLINE does not say how long
//     to wait, so RetryAfter can be 0.
//   - [souk.ErrReauthorize]: the app is not installed in the store, or the store has
//     removed it. The message says which.
//
// The calls of [OAuth] can fail with status 200, and their errors keep no Body. Of
// their codes STORE_NOT_INSTALL_APP is ErrReauthorize, APP_AUDIT_NOT_PASS and
// REQUEST_NOT_IN_APP_IP_WHITELIST are ErrForbidden, REQUEST_FREQUENTLY (a refresh soon
// after another) is ErrRateLimited, and OAUTH_CODE_INVALID is [souk.ErrUnauthorized].
// A call that gets no token is sent to no store. It fails with ErrReauthorize,
// ErrForbidden, ErrUnauthorized or [souk.ErrUnavailable], and errors.As finds behind
// its own error that of the call for the token.
//
// Code is the i18nCode of a call of OAuth, or a number of the Admin API. RequestID is
// the traceId by which SHOPLINE's support finds the request.
//
// # Quirks
//
// An answer holds null, or leaves a field out, wherever it likes; both are the
// zero value here. Ids are strings, those of webhooks are integers. The default
// flag is "default" in the addresses of a customer and "def" in answers of the
// address end points, which is why there are two types, [CustomerAddress] and
// [Address]. Gender is a number in requests and a word in answers. A phone number
// is 00, the country code and the number, as in 0085253657436.
//
//souk:given ctx context.Context
package shopline
