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
// If your customers have the fields contact_type and subscribed_flag, and UUIDs as ids,
// they come from Shoplazza, another platform with a similar API: see the package
// shoplazza. SHOPLINE has none of these fields.
//
// # By task
//
//   - Create, read, change and delete customers: [CustomersService.Create],
//     [CustomersService.Get], [CustomersService.Update], [CustomersService.Delete].
//   - Make sure that a customer exists exactly once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find a customer: [CustomersService.GetByEmail], [CustomersService.GetByPhone],
//     [CustomersService.Search].
//   - Read all customers: [CustomersService.All]; resume after a crash:
//     [CustomersService.Walk].
//   - Subscribe and unsubscribe: EmailMarketingConsent of [UpdateCustomerRequest].
//   - Invite and activate accounts: [CustomersService.SendInvite],
//     [CustomersService.CreateActivationURL].
//   - Addresses and groups: [AddressesService], [CustomerGroupsService].
//   - Orders of a customer: [CustomersService.ListOrders].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.ParseCallback],
//     [OAuth.Exchange], [OAuth.SaveToken], [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call an end point that the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/shopline/shoplinetest].
//
// # Credentials
//
// A private app, developed by a store for itself, has a token that is valid for three
// years: set it as Token. Public and custom apps get a token through [OAuth] that is
// valid for ten hours: set the result of [OAuth.TokenSource] as TokenSource, and the
// client renews it ahead of time. The scopes read_customers and write_customers cover
// all operations here; the orders of a customer may need read_orders.
//
// # Versions
//
// The version is part of every path. It is [DefaultVersion] unless [Config.Version]
// names another one, in the form vYYYYMMDD. A version is served for about a year.
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries,
// and [ParseDelivery] reads one that came another way. SHOPLINE may deliver an event
// twice or not at all, and deletes a subscription after 19 failures in a row.
//
// # Limits
//
// SHOPLINE accepts 40 requests at once and 4 per second per app and store. All clients
// of an app and store in the process share this limit, so that none of them gets a 429.
// Stores of the Enterprise plan have no such limit: see [Config.Enterprise]. With
// status 423 and 433 to 436, SHOPLINE blocks the caller: such calls are never repeated,
// and the program should stop.
//
// # Paging
//
// Lists are paged by a cursor in the Link header. A page has 50 rows by default and at
// most 250, or 100 for orders; the All and Walk methods ask for the maximum. Only the
// cursor is taken from the header: the client never follows a link to another host. The
// cursor contains the filters of the list.
//
// # Errors
//
// A failed call returns a [*souk.Error] with the classes of package souk. An answer
// counts as SHOPLINE's only if it has SHOPLINE's form, whatever its status: a customer
// with an id, a list, a number, or a failure with "errors" or with a code and a
// message. Anything else, such as a web page, comes from a proxy. It is
// [souk.ErrUnreadable] together with another class: if that is [souk.ErrUnauthorized],
// [souk.ErrForbidden] or [souk.ErrInvalid], the call was not carried out; if the error
// also matches [souk.ErrOutcomeUnknown], a write may have been.
//
// The meaning of the classes:
//
//   - [souk.ErrNotFound]: SHOPLINE says so (404 with "errors"). A proxy's 404 is not
//     one.
//   - [souk.ErrAlreadyExists]: creating or updating a customer was refused because the
//     e-mail address or the phone number is taken. SHOPLINE's texts are not documented,
//     so a refusal that does not clearly say so is [souk.ErrInvalid].
//     [CustomersService.Ensure] does not depend on the text.
//   - [souk.ErrForbidden]: the token lacks a scope (403), the store is frozen because a
//     bill was not paid (402) or locked (423), a security rule blocks the caller (433
//     to 436), or the end point is not open to the app or store (501).
//   - [souk.ErrInvalid] with the status 200: the answer holds errors.
//   - [souk.ErrRateLimited]: a limit was exceeded (429). SHOPLINE does not say how long
//     to wait, so RetryAfter can be 0.
//   - [souk.ErrReauthorize]: the app was never installed in the store, or the store has
//     removed it. The message says which.
//
// The calls of [OAuth] can fail with status 200, and their errors keep no Body. Of
// their codes STORE_NOT_INSTALL_APP is ErrReauthorize, APP_AUDIT_NOT_PASS and
// REQUEST_NOT_IN_APP_IP_WHITELIST are ErrForbidden, REQUEST_FREQUENTLY (a refresh soon
// after another) is ErrRateLimited, and OAUTH_CODE_INVALID is [souk.ErrUnauthorized]. A
// call without a token is not sent. It fails with ErrReauthorize, ErrForbidden,
// ErrUnauthorized or [souk.ErrUnavailable], and its Err holds the error of the call for
// the token.
//
// Code is the i18nCode of a call of OAuth, or a number from the Admin API. RequestID is
// the traceId that identifies the request to SHOPLINE's support.
//
// # Quirks
//
// Any field of an answer may be null or missing; both give the zero value. Ids are
// texts, except those of webhooks, which are integers. The default flag is called
// "default" in the addresses of a customer and "def" in answers of the address end
// points, which is why there are two types, [CustomerAddress] and [Address]. Gender is
// a number in requests and a word in answers. A phone number is 00, the country code
// and the number, as in 0085253657436.
//
//souk:given ctx context.Context
package shopline
