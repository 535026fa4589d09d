package salla

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/phpdate"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// The hosts of Salla.
const (
	defaultBaseURL     = "https://api.salla.dev"
	defaultAccountsURL = "https://accounts.salla.sa"
)

// Config configures a client. Exactly one credential is required: Token or TokenSource.
// The zero value of every other field means its default.
//
// No printer, logger or JSON encoder shows the secrets of a Config, even inside a
// struct, slice or map. There are two exceptions, in which fmt calls no method of
// Config: a Config in an unexported field of another struct, and, under a verb such as
// %s that does not fit a pointer, a Config in a struct that a field of the printed
// value points to. Do not print those.
type Config struct {
	// Token is an access token of the store. It is not renewed.
	Token string `json:"-"`

	// TokenSource returns tokens of the store; see OAuth.TokenSource.
	TokenSource souk.TokenSource `json:"-"`

	// Plan is the plan of the store, which sets its limit of requests per minute. If
	// empty, the limit of the lowest plan is used until the server's headers say what
	// it is.
	Plan Plan

	// Merchant is the id of the store, in digits, as OAuth.Install returns it and as
	// Delivery.Store has it. Clients with the same Merchant share the limit per minute.
	// If empty, the id known to a TokenSource made by OAuth is used; with any other
	// credential, clients with the same Token or TokenSource share the limit. If the id
	// is known, positions of walks are valid for this store only.
	Merchant string

	// Language is the ISO code of the language of the answers, such as "en". Empty
	// means Salla's default, Arabic.
	Language string

	// BaseURL replaces https://api.salla.dev. It is a scheme, a host and optionally a
	// path prefix; /admin/v2 is appended. Plain http is allowed for loopback only. A
	// loopback address or a name below .test has no limit per IP address.
	BaseURL string `json:"-"`

	// AccountsURL replaces https://accounts.salla.sa, the host of Users.Info. If it is
	// empty and BaseURL is set, BaseURL is used, so that the token is sent to no other
	// host.
	AccountsURL string `json:"-"`

	// IPLimiter replaces the limit per IP address, 500 requests to /customers in 10
	// minutes, which all clients of the process share. It is for processes that share
	// an address, such as a cluster behind one gateway: package fleet has one. A wait
	// that the server asks for is kept with any IPLimiter.
	IPLimiter souk.Limiter `json:"-"`

	// Options are the settings that all vendors share. A Limiter replaces the store's
	// limit per minute; the limit per IP address stays.
	souk.Options
}

// Plan is a merchant's subscription plan.
type Plan string

// The plans with their requests per minute. Salla publishes no limit for other plans.
const (
	PlanPlus    Plan = "plus"    // 120
	PlanPro     Plan = "pro"     // 360
	PlanSpecial Plan = "special" // 720
)

// String returns the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("salla.Config{Merchant:%q Plan:%q BaseURL:%q Credential:%s}",
		c.Merchant, c.Plan, transport.ShownURL(c.BaseURL), c.credential())
}

// Format prints the text of String for every verb of fmt.
func (c Config) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("merchant", c.Merchant),
		slog.String("plan", string(c.Plan)),
		slog.String("base_url", transport.ShownURL(c.BaseURL)),
		slog.String("credential", c.credential()),
	)
}

// credential names the kind of credential that is set.
func (c Config) credential() string {
	return cmp.Or(transport.ShownIf("Token", c.Token), transport.ShownIf("TokenSource", c.TokenSource), "none")
}

// Client speaks to one store. It is safe for concurrent use.
type Client struct {
	// Customers reads and writes customers.
	Customers *CustomersService
	// CustomerGroups reads and writes customer groups.
	CustomerGroups *CustomerGroupsService
	// LoyaltyPoints reads and changes the loyalty points of customers.
	LoyaltyPoints *LoyaltyPointsService
	// Wallets pays into and out of the wallets of customers.
	Wallets *WalletsService
	// Exports starts exports and lists those that were made.
	Exports *ExportsService
	// Webhooks reads and writes webhook subscriptions.
	Webhooks *WebhooksService
	// Users says whom the token belongs to.
	Users *UsersService

	service service
}

// service holds what all services of a client share.
type service struct {
	transport *transport.Client
	accounts  string // the base URL of Users
	store     string // the id of the store, empty where it is not known
}

// NewClient returns a client. The error names every field of the
// configuration that is wrong; nothing is sent.
func NewClient(cfg Config) (*Client, error) {
	var problems transport.Problems
	cfg.check(&problems)
	c := &Client{}
	c.service.transport = transport.New(&vendor, cfg.transport(), &problems)
	if cfg.AccountsURL != "" {
		transport.CheckBaseURL(cfg.AccountsURL, "AccountsURL", &problems)
	}
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	c.service.accounts = cfg.accountsURL()
	c.service.store = cfg.merchant()
	c.Customers = (*CustomersService)(&c.service)
	c.CustomerGroups = (*CustomerGroupsService)(&c.service)
	c.LoyaltyPoints = (*LoyaltyPointsService)(&c.service)
	c.Wallets = (*WalletsService)(&c.service)
	c.Exports = (*ExportsService)(&c.service)
	c.Webhooks = (*WebhooksService)(&c.service)
	c.Users = (*UsersService)(&c.service)
	return c, nil
}

// Format prints the name of the type alone, for every verb of fmt.
func (c Client) Format(f fmt.State, verb rune) { mask.Format(f, verb, "salla.Client") }

// Quota returns how much of the vendor's limit is left now.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know. The path begins
// with a slash and follows /admin/v2, such as "/orders". A GET is repeated after
// failures, PUT and DELETE as idempotent operations, all others as writes. query is a
// url.Values or a struct with url tags, body is encoded as JSON, and out receives the
// whole answer, an object with the members status, success and data. Each may be nil.
// With a 2xx status, any JSON or an empty body is a success, unless it has Salla's form
// of a failure.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

var vendor = transport.Vendor{
	Name:   "salla",
	Prefix: "/admin/v2",
	Zone:   phpdate.Riyadh(),
	Read:   readError,
}

// accountsVendor describes the host of users and tokens, whose paths have no prefix, and
// tokenVendor its token end point.
var (
	accountsVendor = transport.Vendor{Name: "salla", Read: readError}
	tokenVendor    = transport.Vendor{Name: "salla", Read: oauth.OfGrants(readError)}
)

// The limits that Salla publishes.
var (
	planLimits = map[Plan]*ratelimit.Limit{
		"":          perMinute(120),
		PlanPlus:    perMinute(120),
		PlanPro:     perMinute(360),
		PlanSpecial: perMinute(720),
	}
	// customersLimit never sends more than 500 requests in any 10 minutes,
	// wherever the server's 10 minutes begin.
	customersLimit = ratelimit.Limit{Burst: 3, Rate: 497.0 / 600, Horizon: 10 * time.Minute}
	// noLimit sets no pace; only a 429 holds calls back.
	noLimit ratelimit.Limit
)

func perMinute(requests int) *ratelimit.Limit {
	return &ratelimit.Limit{
		Window:      ratelimit.Window{Requests: requests, Period: time.Minute, Overflow: 1},
		ReadHeaders: true,
	}
}

func (c Config) check(problems *transport.Problems) {
	problems.OneCredential("Token or TokenSource", c.Token != "", c.TokenSource != nil)
	problems.Held("TokenSource", c.TokenSource)
	problems.BareCredential(c.Token, "Token")
	problems.Require(planLimits[c.Plan] != nil, "Plan", `must be "plus", "pro", "special" or empty`)
	problems.Limiter("IPLimiter", c.IPLimiter)
	problems.Require(c.Merchant == "" || isID(c.Merchant), "Merchant", "must be the id of the store, in digits; empty means that it is not known")
	problems.Require(transport.IsWord(c.Language), "Language", `must be an ISO code such as "en"`)
}

func (c Config) transport() transport.Config {
	return transport.Config{
		BaseURL:    c.baseURL(),
		Authorizer: c.authorizer(),
		Quotas:     c.quotas(),
		App:        c.app(),
		Header:     c.header(),
		Options:    c.Options,
	}
}

func (c Config) authorizer() transport.Authorizer {
	if c.TokenSource != nil {
		return transport.Sourced(c.TokenSource, "Authorization", "Bearer ")
	}
	return transport.Static("Authorization", "Bearer "+c.Token)
}

func (c Config) header() http.Header {
	if c.Language == "" {
		return nil
	}
	return http.Header{"Accept-Language": {c.Language}}
}

func (c Config) baseURL() string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	return defaultBaseURL
}

func (c Config) accountsURL() string {
	switch {
	case c.AccountsURL != "":
		return c.AccountsURL
	case c.BaseURL != "":
		return c.BaseURL
	}
	return defaultAccountsURL
}

// quotas returns the store's limit per minute and the limit per IP address.
func (c Config) quotas() []transport.Quota {
	quotas := planQuotas[c.Plan]
	if isStandIn(hostOf(c.baseURL())) {
		quotas = unlimitedQuotas[c.Plan]
	}
	if c.IPLimiter == nil {
		return quotas
	}
	quotas = slices.Clone(quotas)
	for i := range quotas {
		if quotas[i].Shared {
			quotas[i].Limiter = c.IPLimiter
		}
	}
	return quotas
}

// Stand-ins have no limit per IP address.
var (
	planQuotas      = quotasOf(&customersLimit)
	unlimitedQuotas = quotasOf(&noLimit)
)

func quotasOf(perIP *ratelimit.Limit) map[Plan][]transport.Quota {
	quotas := make(map[Plan][]transport.Quota, len(planLimits))
	for plan, limit := range planLimits {
		quotas[plan] = []transport.Quota{
			{Bucket: "plan", Limit: limit, ByApp: true},
			{Bucket: "customers", Limit: perIP, Route: "/customers", Shared: true},
		}
	}
	return quotas
}

// accountsQuotas are the quotas of the accounts host, which publishes no limit.
var accountsQuotas = []transport.Quota{{Bucket: "accounts", Limit: &noLimit}}

// app names whose limit per minute the client uses.
func (c Config) app() any {
	if merchant := c.merchant(); merchant != "" {
		return merchant
	}
	return transport.AppOf(c.TokenSource, c.Token)
}

// merchant returns the id of the store, "" if it is not known.
func (c Config) merchant() string {
	if source, ok := c.TokenSource.(*oauth.Source); ok && c.Merchant == "" {
		merchant, _ := source.App.(string)
		return merchant
	}
	return c.Merchant
}

func hostOf(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// isStandIn reports whether host cannot be Salla's: a loopback address, or a name below
// .test, which is reserved for tests.
func isStandIn(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback() || strings.HasSuffix(name, ".test")
}
