// Package shoplazza reads and writes customers, their addresses and webhook
// subscriptions through the Admin REST API of Shoplazza, the platform of
// myshoplaza.com (with one z).
//
//	client, err := shoplazza.NewClient(shoplazza.Config{Shop: "demo", Token: os.Getenv("SHOPLAZZA_TOKEN")})
//	if err != nil {
//		return err
//	}
//	customer, created, err := client.Customers.Ensure(ctx, shoplazza.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
//	if err != nil {
//		return err // a *souk.Error, whose class says what to do
//	}
//	slog.Info("ensured", "id", customer.ID, "created", created)
//	for customer, err := range client.Customers.All(ctx, shoplazza.ListCustomersRequest{}) {
//		if err != nil {
//			return err
//		}
//		slog.Info("listed", "id", customer.ID)
//	}
//
// Specifications of "SHOPLINE" that speak of contact_type, subscribed_flag and ids
// that are UUIDs describe Shoplazza. SHOPLINE is another platform, whose servers
// know none of that: see the package shopline.
//
// # By task
//
//   - Create, read and change customers: [CustomersService.Create],
//     [CustomersService.Get], [CustomersService.Update].
//   - Make sure that somebody exists, once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find somebody: [CustomersService.GetByEmail], [CustomersService.GetByPhone].
//   - Read all customers: [CustomersService.All]; go on after a crash:
//     [CustomersService.Walk].
//   - Addresses: [AddressesService].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.ParseCallback],
//     [OAuth.Exchange], [OAuth.SaveToken], [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call what the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/shoplazza/shoplazzatest].
//
// # Credentials
//
// A private app has a token that is copied from the store's admin: give it as
// Token. A public app gets its tokens by [OAuth]: give [OAuth.TokenSource] as
// TokenSource, and the client renews them ahead of time. The scopes
// read_customer and write_customer cover customers and addresses.
//
// # Versions
//
// [Config.Version] is 2022-01 by default. The versions from 2025-06 on have the same
// requests and answers in other spellings: tags as a list, addresses in an object
// of their own, everything in an envelope, no default address beside the others.
// The Go types are the same for all of them, and code that pages with Next or All
// does not change either.
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries, and
// [ParseDelivery] reads one that has come by other ways. Shoplazza deletes a
// subscription after two days of failures.
//
// # Limits
//
// Shoplazza takes 40 requests at once and 2 per second from an app in a store,
// and 80 and 20 per second from all apps in it. All clients of an app and store
// in the process share that pace. A 429 holds all of them back.
//
// # Paging
//
// Version 2022-01 numbers its pages and has no end mark: only an empty page is the
// end, so that a walk asks for one page more than there are. The later versions
// hand out a cursor and say whether more follows. Pages hold 10 customers by
// default, as the server has it, and at most 250, which is what the All methods
// ask for.
//
// # Errors
//
// Every error of a call is a [souk.Error]. Ask for its class with errors.Is: the
// status says little, because Shoplazza answers 400 to a bad token as well as to a
// bad request and, from 2025-06 on, 500 to a request that breaks a rule.
//
//   - [souk.ErrUnauthorized]: the token is missing, wrong or expired; the status is
//     401, or 400 with a text that says so. Or a delivery or callback is not signed
//     by Shoplazza.
//   - [souk.ErrReauthorize]: the app is not installed, so that the shop has no token;
//     or its refresh token is spent or was revoked; or a refresh got no answer, which is
//     not repeated, because a refresh token works once. The message says which. Send the
//     merchant to [OAuth.AuthCodeURL] again, or see [OAuth.RetryRefresh].
//   - [souk.ErrForbidden]: the token lacks the scope of the operation, or the store
//     is not active.
//   - [souk.ErrNotFound]: there is no such customer, address or subscription; from
//     2025-06 on also with status 400 or 500. Or the server has no such operation:
//     its text says "page not found" then.
//   - [souk.ErrAlreadyExists]: the e-mail address or the phone number of a new
//     customer is taken, or the address of a subscription. Not all the words for it
//     are known; with others it is ErrInvalid.
//     [CustomersService.Ensure] does not depend on them.
//   - [souk.ErrInvalid]: the request is wrong. From 2025-06 on that can be a status
//     500, but only with a text that is known to be about the request, such as
//     "Phone is invalid" or "Country can't be blank".
//   - [souk.ErrUnavailable]: the server could not be reached or failed. That includes
//     a status 500 with any other text, and in 2022-01 every 500: the request may
//     have been carried out, so that a write is [souk.ErrOutcomeUnknown] as well.
//   - [souk.ErrUnreadable]: something else came instead of Shoplazza's answer, such as
//     a proxy's page, nothing, a customer without an id or a list without its end.
//     It is never taken for a success, nor its 404 for "not found".
//   - [souk.ErrRateLimited]: a limit was met. RetryAfter says how long to wait.
//
// Shoplazza's own failures are JSON with "errors", a text, a list or an object of
// them, or with "error", a text. They can also come with status 200, and have the
// class that their text stands for.
//
// Message joins several texts of the server by "; ". Fields has those that name a
// field. Code is the code of the versions from 2025-06 on, or the OAuth error, such
// as "invalid_grant"; it is mostly empty. RequestID is Shoplazza's Request-Id. Body
// is empty for the calls of [OAuth], and for a creation with a Password.
//
// # Quirks
//
// There is no way to delete a customer, so there is no such method. E-mail
// address and phone number cannot be changed. Customers are subscribed to
// marketing messages unless AcceptsMarketing and AcceptsSMSMarketing are set to
// new(false).
//
//souk:given ctx context.Context
package shoplazza
