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
// A specification of "SHOPLINE" with the fields contact_type and subscribed_flag, and
// UUIDs as ids, describes Shoplazza. SHOPLINE is another platform and has none of these
// fields: see the package shopline.
//
// # By task
//
//   - Create, read and change customers: [CustomersService.Create],
//     [CustomersService.Get], [CustomersService.Update].
//   - Make sure that a customer exists exactly once: [CustomersService.Ensure],
//     [CustomersService.Upsert].
//   - Find a customer: [CustomersService.GetByEmail], [CustomersService.GetByPhone].
//   - Read all customers: [CustomersService.All]; resume after a crash:
//     [CustomersService.Walk].
//   - Addresses: [AddressesService].
//   - Install the app and keep its tokens: [OAuth.AuthCodeURL], [OAuth.ParseCallback],
//     [OAuth.Exchange], [OAuth.SaveToken], [OAuth.TokenSource].
//   - Receive events: [WebhooksService.Create], [NewWebhookHandler], [ParseDelivery].
//   - Call an end point that the package does not know: [Client.Do].
//   - Test without a store: package [github.com/souk-go/souk/shoplazza/shoplazzatest].
//
// # Credentials
//
// A private app has a token that is copied from the store's admin: set it as Token. A
// public app gets its tokens through [OAuth]: set the result of [OAuth.TokenSource] as
// TokenSource, and the client renews them ahead of time. The scopes read_customer and
// write_customer cover customers and addresses.
//
// # Versions
//
// [Config.Version] is 2022-01 by default. The versions from 2025-06 on have the same
// requests and answers in another form: tags as a list, addresses in a nested object,
// everything in an envelope, no separate default address. The Go types are the same for
// all versions, and code that pages with Next or All works with all of them.
//
// # Webhooks
//
// [WebhooksService] subscribes to events, [NewWebhookHandler] serves the deliveries,
// and [ParseDelivery] reads one that came another way. Shoplazza deletes a subscription
// after two days of failures.
//
// # Limits
//
// Shoplazza accepts 40 requests at once and 2 per second from an app in a store, and 80
// at once and 20 per second from all apps in it. All clients of an app and store in the
// process share these limits. A 429 holds all of them back.
//
// # Paging
//
// Version 2022-01 numbers its pages and does not mark the last one: only an empty page
// is the end, so a walk asks for one page more than there are. Later versions return a
// cursor and say whether more follows. A page has 10 customers by default and at most
// 250; the All and Walk methods ask for 250.
//
// # Errors
//
// A failed call returns a [*souk.Error]. Test its class with errors.Is: the status says
// little, because Shoplazza answers 400 to a bad token as well as to a bad request and,
// from 2025-06 on, 500 to a request that breaks a rule.
//
//   - [souk.ErrUnauthorized]: the token is missing, wrong or expired; the status is
//     401, or 400 with a text that says so. Or a delivery or callback is not signed by
//     Shoplazza.
//   - [souk.ErrReauthorize]: the shop has no token, because the app is not installed;
//     or its refresh token is used up or revoked; or a refresh got no answer and is not
//     repeated, because a refresh token works once. The message says which. Send the
//     merchant to [OAuth.AuthCodeURL] again, or see [OAuth.RetryRefresh].
//   - [souk.ErrForbidden]: the token lacks the scope of the operation, or the store
//     is not active.
//   - [souk.ErrNotFound]: there is no such customer, address or subscription; from
//     2025-06 on also with status 400 or 500. Or the server has no such operation; its
//     text then says "page not found".
//   - [souk.ErrAlreadyExists]: the e-mail address or the phone number of a new customer
//     is taken, or the address of a subscription. Not all of Shoplazza's texts for it
//     are known; with an unknown text it is ErrInvalid. [CustomersService.Ensure] does
//     not depend on the text.
//   - [souk.ErrInvalid]: the request is wrong. From 2025-06 on, the status can be 500,
//     but only with a text that is known to refuse the request, such as "Phone is
//     invalid" or "Country can't be blank".
//   - [souk.ErrUnavailable]: the server could not be reached or failed. That includes
//     status 500 with any other text, and in 2022-01 every 500: the request may have
//     been carried out, so a write is [souk.ErrOutcomeUnknown] as well.
//   - [souk.ErrUnreadable]: the answer does not have Shoplazza's form: a proxy's page,
//     an empty body, a customer without an id or a list without its end. It never
//     counts as a success, nor its 404 as "not found".
//   - [souk.ErrRateLimited]: a limit was exceeded. RetryAfter says how long to wait.
//
// Shoplazza's own failures are JSON with "errors" (a text, a list of texts, or an
// object of either) or with "error" (a text). They can also come with status 200; their
// text then decides the class.
//
// Message joins several texts of the server with "; ". Fields has the texts that name a
// field. Code is the code of the versions from 2025-06 on, or the OAuth error, such as
// "invalid_grant"; it is usually empty. RequestID is Shoplazza's Request-Id. Body is
// empty for the calls of [OAuth], and for a creation with a Password.
//
// # Quirks
//
// Customers cannot be deleted, and their e-mail addresses and phone numbers cannot be
// changed. Customers are subscribed to marketing messages unless AcceptsMarketing and
// AcceptsSMSMarketing are set to new(false).
//
//souk:given ctx context.Context
package shoplazza
