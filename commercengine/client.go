package commercengine

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"regexp"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// Environment is an installation of the vendor's API.
type Environment string

// The environments.
const (
	Production Environment = "production"
	Staging    Environment = "staging"
)

// Config configures a client. StoreID is required, and at least one of APIKey, Token
// and TokenSource. The zero value of every other field means its default.
//
// No printer, logger or JSON encoder shows the secrets of a Config, even inside a
// struct, slice or map. There are two exceptions, in which fmt calls no method of
// Config: a Config in an unexported field of another struct, and, under a verb such as
// %s that does not fit a pointer, a Config in a struct that a field of the printed
// value points to. Do not print those.
type Config struct {
	// StoreID is the store's identifier in the admin portal, such as x2yh61zw4k.
	StoreID string

	// APIKey is a key of the store and one of its channels. Operations on the store
	// itself need it. Without Token and TokenSource, the client also has a Session,
	// which begins anonymously with this key.
	APIKey string `json:"-"`

	// Environment is the installation to call, by default Production.
	Environment Environment

	// Token is an access token. It is not renewed.
	Token string `json:"-"`

	// TokenSource returns access tokens. It can be the Session of another client of the
	// same store and environment, which both clients then share. If the source has a
	// method Invalidate, it is called for every token that a 401 refuses, which may
	// also mean missing rights. A call is not repeated with another shopper's token: it
	// fails with souk.ErrUnauthorized or, if the new token is anonymous, with
	// souk.ErrReauthorize.
	TokenSource souk.TokenSource `json:"-"`

	// TokenStore keeps the tokens of the client's own Session, under TokenKey, for
	// later runs and other processes. By default they end with the client. If a store
	// loses them, as one in memory does when the process ends, the shopper is anonymous
	// and has to log in again.
	TokenStore souk.TokenStore `json:"-"`

	// SessionKey names the Session in TokenStore, one key per shopper. It is required
	// with TokenStore.
	SessionKey string

	// BaseURL replaces the URL of the Environment, such as
	// https://prod.api.commercengine.io. It is a scheme, a host and optionally a path
	// prefix; /api/v1/{store}/storefront is appended. Plain http is allowed for
	// loopback only.
	BaseURL string `json:"-"`

	// Options are the settings that all vendors share. Without a Limiter, calls are not
	// paced until the server answers 429, since Commerce Engine publishes no limit.
	souk.Options
}

// TokenKey returns the key of the session's tokens in TokenStore:
//
//	commercengine.<StoreID>.<Environment>.<SessionKey>
//
// Delete it from the TokenStore to forget the shopper.
func (c Config) TokenKey() string {
	return vendor.Name + "." + c.StoreID + "." + string(c.environment()) + "." + c.SessionKey
}

// String returns the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("commercengine.Config{StoreID:%q Environment:%q BaseURL:%q Credential:%s}",
		c.StoreID, c.environment(), transport.ShownURL(c.BaseURL), c.credential())
}

// Format prints the text of String for every verb of fmt.
func (c Config) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("store_id", c.StoreID),
		slog.String("environment", string(c.environment())),
		slog.String("base_url", transport.ShownURL(c.BaseURL)),
		slog.String("credential", c.credential()),
	)
}

// credential names the kind of credential that is set.
func (c Config) credential() string {
	return cmp.Or(
		transport.ShownIf("Token", c.Token),
		transport.ShownIf("TokenSource", c.TokenSource),
		transport.ShownIf("APIKey", c.APIKey),
		"none",
	)
}

// Client speaks to one store on behalf of one shopper. It is safe for concurrent use,
// and cheap: a program that serves many shoppers makes a client for each.
type Client struct {
	// Session holds the tokens of the shopper. It is nil for a client with Token,
	// or with a TokenSource that is not a Session.
	Session *Session

	// Auth signs shoppers in and out, and reads and writes their profiles.
	Auth *AuthService
	// Customers reads and writes customers, their reviews and sellers.
	Customers *CustomersService
	// Addresses reads and writes the addresses of a customer.
	Addresses *AddressesService
	// Loyalty reads the loyalty points of a customer.
	Loyalty *LoyaltyService
	// Payments reads and writes saved cards and payment methods, bank accounts,
	// mandates and the credit line of a customer.
	Payments *PaymentsService
	// KYC reads and writes the identity documents of a customer.
	KYC *KYCService
	// Store reads data about the store, countries and pincodes.
	Store *StoreService

	service service
}

// service holds what all services of a client share.
type service struct {
	transport *transport.Client // with the shopper's token
	key       *apiKey           // nil if there is none
	session   *Session          // nil if the tokens are somebody else's
	shopper   *shopper          // whose tokens calls carry
}

// secrets returns the client's credentials that the server may repeat in an answer.
func (s *service) secrets() (secrets []string) {
	if s.key != nil {
		secrets = append(secrets, transport.SecretsOf(s.key.Authorizer)...)
	}
	if s.session.valid() {
		return append(secrets, s.session.refresher.Secrets()...)
	}
	return append(secrets, transport.SecretsOf(s.shopper.Authorizer)...)
}

// apiKey is the credential of calls that need no shopper. It is held by pointer, so
// that fmt prints only an address if it prints a client's fields.
type apiKey struct {
	transport.Authorizer
	service *service
}

// Secrets returns all of the client's credentials, not only the key.
func (k *apiKey) Secrets() []string { return k.service.secrets() }

const noAPIKey = "is required in Config for this operation"

// keyed makes the call carry the API key, and notes a problem if there is none.
func (s *service) keyed(call *transport.Call) *transport.Call {
	if s.key == nil {
		call.Problems.Add("APIKey", noAPIKey)
		return call
	}
	call.Credential = s.key
	return call
}

// NewClient returns a client. The error names every field of the
// configuration that is wrong; nothing is sent.
func NewClient(cfg Config) (*Client, error) {
	var problems transport.Problems
	cfg.check(&problems)
	c := &Client{}
	c.Session = cfg.session(&c.service)
	shopper := &shopper{Authorizer: cfg.authorizer(), service: &c.service}
	client := transport.New(&vendor, transport.Config{
		BaseURL:    cfg.baseURL(),
		Prefix:     "/api/v1/" + cfg.StoreID + "/storefront",
		Authorizer: shopper.any(),
		Quotas:     quotas,
		App:        cfg.app(),
		Options:    cfg.Options,
	}, &problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	c.service = service{transport: client, key: cfg.key(&c.service), session: c.Session, shopper: shopper}
	c.Auth = (*AuthService)(&c.service)
	c.Customers = (*CustomersService)(&c.service)
	c.Addresses = (*AddressesService)(&c.service)
	c.Loyalty = (*LoyaltyService)(&c.service)
	c.Payments = (*PaymentsService)(&c.service)
	c.KYC = (*KYCService)(&c.service)
	c.Store = (*StoreService)(&c.service)
	return c, nil
}

// Format prints the name of the type alone, for every verb of fmt.
func (c Client) Format(f fmt.State, verb rune) { mask.Format(f, verb, "commercengine.Client") }

// Quota returns how much of the vendor's limit is left now.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know, with the
// shopper's token. The path begins with a slash and follows the store's part of the
// URL, such as "/carts". A GET is repeated after failures, PUT and DELETE as idempotent
// operations, all others as writes. query is a url.Values or a struct with url tags,
// body is encoded as JSON, and out receives the whole answer, including the envelope.
// Each may be nil. An answer with success:false is an error.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

// DoWithAPIKey is like [Client.Do], with the API key of Config in place of the
// shopper's token. Use it for end points that need no shopper, such as
// "/catalog/products". Without an APIKey it is [souk.ErrInvalid].
func (c *Client) DoWithAPIKey(ctx context.Context, method, path string, query, body, out any) error {
	if c.service.key == nil {
		var problems transport.Problems
		problems.Add("APIKey", noAPIKey)
		return problems.Err(vendor.Name)
	}
	return c.service.transport.Free(ctx, c.service.key, method, path, query, body, out)
}

var vendor = transport.Vendor{
	Name: "commercengine",
	Read: readError,
}

// noLimit sets no pace: Commerce Engine publishes none.
var noLimit ratelimit.Limit

var storeID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (c Config) check(problems *transport.Problems) {
	problems.Require(storeID.MatchString(c.StoreID),
		"StoreID", "must be the store's identifier in the admin portal, such as x2yh61zw4k")
	problems.Require(c.environment() == Production || c.environment() == Staging,
		"Environment", "must be production or staging")
	problems.Require(c.APIKey != "" || c.Token != "" || c.TokenSource != nil,
		"APIKey", "is required to begin an anonymous session, unless Token or TokenSource is set")
	problems.Require(c.Token == "" || c.TokenSource == nil, "Token", "excludes TokenSource")
	shared, isSession := c.TokenSource.(*Session)
	if !isSession {
		problems.Held("TokenSource", c.TokenSource)
	}
	problems.Held("TokenStore", c.TokenStore)
	problems.Require(!isSession || shared.valid(), "TokenSource", "is the Session of a client that has none")
	problems.Require(!isSession || !shared.valid() || shared.storeID == c.StoreID && shared.environment == c.environment(),
		"TokenSource", "is the Session of another store or environment: a session belongs to one")
	problems.BareCredential(c.APIKey, "APIKey")
	problems.BareCredential(c.Token, "Token")
	problems.Require(c.TokenStore == nil || c.ownsSession(),
		"TokenStore", "is for the client's own session, which a client with Token or TokenSource does not have")
	problems.Require(c.TokenStore == nil || c.SessionKey != "",
		"SessionKey", "must name the session in TokenStore: one key per shopper")
}

func (c Config) environment() Environment {
	if c.Environment == "" {
		return Production
	}
	return c.Environment
}

func (c Config) baseURL() string {
	switch {
	case c.BaseURL != "":
		return c.BaseURL
	case c.environment() == Staging:
		return "https://staging.api.commercengine.io"
	}
	return "https://prod.api.commercengine.io"
}

func (c Config) ownsSession() bool { return c.Token == "" && c.TokenSource == nil }

func (c Config) session(s *service) *Session {
	if c.ownsSession() {
		return newSession(s, &c)
	}
	shared, _ := c.TokenSource.(*Session)
	return shared
}

// authorizer returns the credential of a client without a session.
func (c Config) authorizer() transport.Authorizer {
	if c.TokenSource != nil {
		return transport.Sourced(c.TokenSource, "Authorization", "Bearer ")
	}
	return transport.Static("Authorization", "Bearer "+c.Token)
}

func (c Config) key(s *service) *apiKey {
	if c.APIKey == "" {
		return nil
	}
	return &apiKey{transport.Static("X-Api-Key", c.APIKey), s}
}

// quotas sets no pace; only a 429 holds calls back, those of all clients.
var quotas = []transport.Quota{{Limit: &noLimit, ByApp: true}}

// app names the owner of the quota: an API key or token at one store, since all stores
// have the same host.
func (c Config) app() any {
	if c.APIKey != "" || c.Token != "" {
		return transport.AppOf(nil, c.StoreID, c.APIKey, c.Token)
	}
	return struct {
		store string
		app   any
	}{c.StoreID, transport.AppOf(c.TokenSource)}
}
