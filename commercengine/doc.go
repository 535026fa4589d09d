// Package commercengine logs shoppers in and reads and writes what belongs to them:
// addresses, loyalty points, payments and identity documents. It speaks the Storefront
// API of Commerce Engine.
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
//   - Register somebody: [AuthService.RegisterWithPhone],
//     [AuthService.RegisterWithEmail], [AuthService.RegisterWithPassword].
//   - Who is logged in, and when that ends: [Session.Claims], [Session.CustomerID],
//     [Session.OnLogout], [AuthService.Logout].
//   - Addresses: [AddressesService.All], [AddressesService.Create],
//     [AddressesService.Update], [AddressesService.Delete].
//   - The shopper's account: [AuthService.GetUser], [AuthService.UpdateUser], passwords
//     and profile images of [AuthService].
//   - Loyalty points: [LoyaltyService].
//   - Cards, bank accounts, credit line and mandates: [PaymentsService].
//   - Identity documents: [KYCService].
//   - The store, countries and pincodes: [StoreService].
//   - Call what the package does not know: [Client.Do], [Client.DoWithAPIKey].
//   - Test without a store: package [github.com/souk-go/souk/commercengine/commercenginetest].
//
// # Credentials
//
// The API is one for shoppers: every token stands for one of them, who may be
// anonymous. A client with an APIKey alone owns a [Session]: it begins anonymous
// on first use, becomes the shopper's when an operation of [AuthService] logs
// somebody in, and is renewed before its token expires. Give [Config.TokenStore]
// and [Config.SessionKey] to keep it over restarts, and [Config.Token] or
// [Config.TokenSource] to bring tokens from elsewhere. An API key belongs to one
// store and one of its channels, a session to one store and environment.
//
// A call is for one shopper. Where the shopper was logged out since it began, or
// another has logged in, it is neither sent nor repeated: see [Session].
//
// Most paths want the id of the customer, [Session.CustomerID], and those of
// [AuthService] the id of the user: business customers can have several users.
//
// # Limits
//
// Commerce Engine publishes no rate limit, so calls are not paced until the server answers
// 429. Then all clients of the store's API key in the process wait, and keep to a pace that
// is learned from what the server takes, until ten minutes have passed without another 429.
// A Limiter in [Config] sets a pace of your own.
//
// # Paging
//
// Lists are numbered pages, whose sizes the vendor does not document. Most name
// the next page. Loyalty activities and pincodes do not; they end with the first
// empty page.
//
// # Errors
//
// A failed call returns a [*souk.Error]. Its Code is the vendor's in lower case,
// such as "unauthorized" or "not_found", although the vendor's pages spell codes in
// capitals as well. What is particular to Commerce Engine:
//
//   - [souk.ErrUnauthorized] means that the token is missing, wrong or expired, or that
//     it does not allow the operation. The SDK returns it without sending anything
//     when the session is anonymous and the operation is about a customer.
//   - [souk.ErrReauthorize] means that the shopper was logged out and has to log in
//     again. The session is anonymous by then.
//   - StatusCode is 0 where no session could begin, because nothing of the call was
//     sent. What the server said, such as 401 to a wrong APIKey, is in the text and
//     in the error within: errors.AsType[*souk.Error](e.Err) has its StatusCode and
//     Code.
//   - [souk.ErrForbidden] is rare: the vendor documents 401 for missing rights, but its
//     sister API uses 403 as well.
//   - [souk.ErrNotFound] means that a row does not exist, that nobody is known by the
//     e-mail address or phone of a login, or, by 404 or 405, that the server's
//     version of the API lacks the operation.
//   - [souk.ErrAlreadyExists] comes with a 409, which the vendor does not document, of
//     an operation that makes something, registers somebody or changes a user. Most
//     duplicates are [souk.ErrInvalid].
//   - [souk.ErrUnreadable], beside another class, means that the answer was not in the
//     vendor's form, which is success:true with what the operation is about, or
//     success:false with a message, or a code with a message. A gateway's
//     {"message":…} is not in it. A session never ends for such an answer.
//   - StatusCode is 200 where the answer says success:false. Its Code then decides
//     the class: souk.ErrUnauthorized, souk.ErrForbidden, souk.ErrNotFound, and
//     souk.ErrInvalid for all others.
//   - Fields names a field that the server refused as the vendor spells it ("phone"),
//     and one that the SDK refused as Go spells it ("Phone"). What the server says of
//     no field is under "errors".
//   - RequestID is always empty: Commerce Engine documents none.
//   - Body is empty for operations whose answers can hold a token or a one-time
//     password: those of [AuthService] but the ones about users.
//
// # Quirks
//
// Every answer is an envelope with a success flag; success:false is an error
// with status 200 too, but for [StoreService.Check]. A status of 401 stands for
// missing rights as well as for an expired token. Phone numbers have 10 digits
// and no country code, whose only documented value is +91, and India is the only
// documented country. Operations on customers themselves are gone from the
// current description of the API; see [CustomersService]. There are no webhooks
// about customers.
//
// The other packages find a customer by e-mail address or phone number, and make sure
// that one exists. This one has no GetByEmail, GetByPhone, Ensure and Upsert: a shopper
// sees nobody but themselves, so that there is nobody to look for.
//
// The vendor describes the API at https://www.commercengine.io/docs/api-reference.
// Nothing in this package was tried on a real store yet. What its documentation calls
// inferred is not documented by the vendor.
//
//souk:given ctx context.Context, typed string
package commercengine
