// Package commercengine logs shoppers in and reads and writes their data: addresses,
// loyalty points, payment methods and identity documents. It uses the Storefront API of
// Commerce Engine.
//
//	client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", APIKey: os.Getenv("COMMERCENGINE_API_KEY")})
//	if err != nil {
//		return err
//	}
//	otp, err := client.Auth.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210"})
//	if err != nil {
//		return err // a *souk.Error, whose class says what to do
//	}
//	tokens, err := client.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: typed, Token: otp.Token, Action: otp.Action})
//	if err != nil {
//		return err
//	}
//	for address, err := range client.Addresses.All(ctx, tokens.User.CustomerID, commercengine.ListAddressesRequest{}) {
//		if err != nil {
//			return err
//		}
//		slog.Info("listed", "id", address.ID)
//	}
//
// # By task
//
//   - Log a shopper in: [AuthService.LoginWithPhone], [AuthService.LoginWithEmail] or
//     [AuthService.LoginWithWhatsApp], then [AuthService.VerifyOTP]; or
//     [AuthService.LoginWithPassword].
//   - Register a shopper: [AuthService.RegisterWithPhone],
//     [AuthService.RegisterWithEmail], [AuthService.RegisterWithPassword].
//   - See who is logged in, and when that ends: [Session.Claims], [Session.CustomerID],
//     [Session.OnLogout], [AuthService.Logout].
//   - Addresses: [AddressesService.All], [AddressesService.Create],
//     [AddressesService.Update], [AddressesService.Delete].
//   - The shopper's account: [AuthService.GetUser], [AuthService.UpdateUser], passwords
//     and profile images of [AuthService].
//   - Loyalty points: [LoyaltyService].
//   - Cards, bank accounts, credit line and mandates: [PaymentsService].
//   - Identity documents: [KYCService].
//   - The store, countries and pincodes: [StoreService].
//   - Call an end point that the package does not know: [Client.Do],
//     [Client.DoWithAPIKey].
//   - Test without a store: package [github.com/souk-go/souk/commercengine/commercenginetest].
//
// # Credentials
//
// The API is made for shoppers: every token belongs to one shopper, who may be
// anonymous. A client with only an APIKey has a [Session]: it begins anonymous on first
// use, becomes the shopper's when an operation of [AuthService] logs a shopper in, and
// renews its token before that expires. Set [Config.TokenStore] and [Config.SessionKey]
// to keep the session across restarts. Set [Config.Token] or [Config.TokenSource] to
// use tokens from elsewhere. An API key belongs to one store and one of its channels, a
// session to one store and environment.
//
// A call is made for one shopper. If that shopper is logged out after the call began,
// or another one logs in, the call is neither sent nor repeated: see [Session].
//
// Most methods take the id of the customer, [Session.CustomerID]; the methods of
// [AuthService] take the id of the user: a business customer can have several users.
//
// # Limits
//
// Commerce Engine publishes no rate limit, so calls are not paced until the server
// answers 429. Then all clients of the store's API key in the process wait, and keep to
// a pace learned from the server's answers until ten minutes have passed without
// another 429. A Limiter in [Config] sets a pace of your own.
//
// # Paging
//
// Lists have numbered pages, whose sizes the vendor does not document. Most pages name
// the next one. Those of loyalty activities and pincodes do not; these lists end at the
// first empty page.
//
// # Errors
//
// A failed call returns a [*souk.Error]. Its Code is the vendor's code in lower case,
// such as "unauthorized" or "not_found", although the vendor's pages also show codes in
// capitals. Particular to Commerce Engine:
//
//   - [souk.ErrUnauthorized] means that the token is missing, wrong or expired, or that
//     it does not allow the operation. The SDK returns it without sending anything if
//     the session is anonymous and the operation is about a customer.
//   - [souk.ErrReauthorize] means that the shopper was logged out and has to log in
//     again. The session is anonymous by then.
//   - StatusCode is 0 if no session could begin, because the call itself was not sent.
//     The server's answer, such as 401 for a wrong APIKey, is in the text and in the
//     wrapped error: errors.AsType[*souk.Error](e.Err) has its StatusCode and Code.
//   - [souk.ErrForbidden] is rare: the vendor documents 401 for missing rights, but
//     uses 403 in another of its APIs.
//   - [souk.ErrNotFound] means that a row does not exist, that no user has the e-mail
//     address or phone number of a login, or, with 404 or 405, that the server's
//     version of the API lacks the operation.
//   - [souk.ErrAlreadyExists] is a 409, which the vendor does not document, from an
//     operation that creates something, registers a user or changes a user. Most
//     duplicates are [souk.ErrInvalid].
//   - [souk.ErrUnreadable], together with another class, means that the answer did not
//     have the vendor's form: success:true with what the operation is about,
//     success:false with a message, or a code with a message. A gateway's {"message":…}
//     does not have it. A session never ends because of such an answer.
//   - StatusCode can be 200 if the answer says success:false. Code then decides the
//     class: souk.ErrUnauthorized, souk.ErrForbidden, souk.ErrNotFound, or
//     souk.ErrInvalid for all other codes.
//   - Fields has the vendor's name of a field that the server refused ("phone"), and
//     the Go name of a field that the SDK refused ("Phone"). Complaints of the server
//     without a field are under "errors".
//   - RequestID is always empty: Commerce Engine documents none.
//   - Body is empty for operations whose answers can hold a token or a one-time
//     password: all of [AuthService] except those on users.
//
// # Quirks
//
// Every answer is an envelope with a success flag; success:false is an error even with
// status 200, except in [StoreService.Check]. A 401 means missing rights as well as an
// expired token. Phone numbers have 10 digits without the country code; the only
// documented country code is +91, the only documented country India. The current
// description of the API no longer has operations on customers themselves; see
// [CustomersService]. There are no webhooks about customers.
//
// Unlike the other packages, this one has no GetByEmail, GetByPhone, Ensure and Upsert:
// a shopper sees only their own data, so there is nobody to look for.
//
// The vendor describes the API at https://www.commercengine.io/docs/api-reference. This
// package has not been tested against a real store yet. "Inferred" in its documentation
// means that the vendor does not document a fact.
//
//souk:given ctx context.Context, typed string
package commercengine
