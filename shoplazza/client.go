package shoplazza

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// The known versions of the API, for [Config.Version].
const (
	Version202201 = "2022-01"
	Version202506 = "2025-06"
	Version202601 = "2026-01"
	Version202607 = "2026-07"
)

// DefaultVersion is the version that is used if [Config.Version] is empty.
const DefaultVersion = Version202201

// Config configures a client. Shop or BaseURL is required, and exactly one credential:
// Token or TokenSource. The zero value of every other field means its default.
//
// No printer, logger or JSON encoder shows the secrets of a Config, even inside a
// struct, slice or map. There are two exceptions, in which fmt calls no method of
// Config: a Config in an unexported field of another struct, and, under a verb such as
// %s that does not fit a pointer, a Config in a struct that a field of the printed
// value points to. Do not print those.
type Config struct {
	// Shop is the first label of the store's domain, such as "demo" for
	// demo.myshoplaza.com. It is required unless BaseURL is set.
	Shop string

	// Version is the version of the API: 2022-01, 2025-06 or a later one. Empty means
	// DefaultVersion. All versions have the same Go types; only paging differs, by page
	// number in 2022-01 and by cursor in later versions.
	Version string

	// Token is an access token of a private app, copied from the store's admin, or of a
	// public app. It is not renewed.
	Token string `json:"-"`

	// TokenSource returns tokens; see OAuth.TokenSource.
	TokenSource souk.TokenSource `json:"-"`

	// BaseURL replaces https://{shop}.myshoplaza.com. It is a scheme, a host and
	// optionally a path prefix. Plain http is allowed for loopback only.
	BaseURL string `json:"-"`

	// Options are the settings that all vendors share. Without a Limiter, all clients
	// of the process share Shoplazza's limits: 40 requests at once and 2 per second for
	// an app in a store, 80 and 20 for all apps in it. A Limiter replaces both limits.
	// A wait that the server asks for is kept with any Limiter.
	souk.Options
}

// String returns the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("shoplazza.Config{Shop:%q Version:%q BaseURL:%q Credential:%s}",
		c.Shop, c.version(), transport.ShownURL(c.BaseURL), c.credential())
}

// Format prints the text of String for every verb of fmt.
func (c Config) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("shop", c.Shop),
		slog.String("version", c.version()),
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
	// Addresses reads and writes the addresses of a customer.
	Addresses *AddressesService
	// Webhooks reads and writes webhook subscriptions.
	Webhooks *WebhooksService

	service service
}

// service holds what all services of a client share.
type service struct {
	transport *transport.Client
	// classic says that the version is 2022-01, whose requests differ from those of all
	// later versions.
	classic bool
}

// NewClient returns a client. The error names every field of the
// configuration that is wrong; nothing is sent.
func NewClient(cfg Config) (*Client, error) {
	var problems transport.Problems
	cfg.check(&problems)
	c := &Client{service: service{classic: cfg.version() == Version202201}}
	c.service.transport = transport.New(cfg.vendor(), transport.Config{
		BaseURL:    cfg.baseURL(),
		Prefix:     "/openapi/" + cfg.version(),
		Authorizer: cfg.authorizer(),
		Quotas:     cfg.quotas(),
		App:        cfg.app(),
		Options:    cfg.Options,
	}, &problems)
	if err := problems.Err(vendorName); err != nil {
		return nil, err
	}
	c.Customers = (*CustomersService)(&c.service)
	c.Addresses = (*AddressesService)(&c.service)
	c.Webhooks = (*WebhooksService)(&c.service)
	return c, nil
}

// Format prints the name of the type alone, for every verb of fmt.
func (c Client) Format(f fmt.State, verb rune) { mask.Format(f, verb, "shoplazza.Client") }

// Quota returns how much of the vendor's limit is left now.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know. The path begins
// with a slash and follows /openapi/{version}, such as "/orders". A GET is repeated
// after failures, PUT and DELETE as idempotent operations, all others as writes. query
// is a url.Values or a struct with url tags, body is encoded as JSON, and out receives
// the answer. Each may be nil.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

// The two generations of the API differ in the meaning of status 500.
var (
	classicVendor = &transport.Vendor{Name: vendorName, RequestID: requestID, Read: readClassicError}
	modernVendor  = &transport.Vendor{Name: vendorName, RequestID: requestID, Read: readModernError}
)

const (
	vendorName = "shoplazza"
	requestID  = "Request-Id"
)

func (c Config) vendor() *transport.Vendor {
	if c.version() == Version202201 {
		return classicVendor
	}
	return modernVendor
}

// The limits that Shoplazza publishes.
var (
	appLimit   = ratelimit.Limit{Burst: 40, Rate: 2}
	storeLimit = ratelimit.Limit{Burst: 80, Rate: 20}
)

// shopLabel matches a DNS label.
var shopLabel = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

var versionForm = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)

func (c Config) check(problems *transport.Problems) {
	if c.Shop != "" || c.BaseURL == "" {
		checkShop(c.Shop, problems)
	}
	version := c.version()
	problems.Require(versionForm.MatchString(version) && (version == Version202201 || version >= Version202506),
		"Version", "must be 2022-01, 2025-06 or a later version of the form YYYY-MM")
	problems.OneCredential("Token or TokenSource", c.Token != "", c.TokenSource != nil)
	problems.Held("TokenSource", c.TokenSource)
	problems.BareCredential(c.Token, "Token")
}

func checkShop(shop string, problems *transport.Problems) {
	problems.Require(shopLabel.MatchString(shop), "Shop",
		"must be the store's part of its domain, such as demo for demo.myshoplaza.com: letters, digits and hyphens only")
}

func (c Config) version() string {
	if c.Version == "" {
		return DefaultVersion
	}
	return c.Version
}

func (c Config) baseURL() string {
	if c.BaseURL != "" {
		return strings.TrimSuffix(c.BaseURL, "/")
	}
	return shopURL(c.Shop)
}

// shopURL returns the base URL of a shop. For an invalid shop it returns a URL without
// it, so that one mistake is not reported twice.
func shopURL(shop string) string {
	if !shopLabel.MatchString(shop) {
		return "https://myshoplaza.com"
	}
	return "https://" + strings.ToLower(shop) + shopDomain
}

const shopDomain = ".myshoplaza.com"

func (c Config) authorizer() transport.Authorizer {
	if c.TokenSource != nil {
		return transport.Sourced(c.TokenSource, tokenHeader, "")
	}
	return transport.Static(tokenHeader, c.Token)
}

const tokenHeader = "Access-Token"

// quotas returns the app's bucket in the store and the bucket of all apps in it. A
// Limiter of the user replaces the pace of both.
func (c Config) quotas() []transport.Quota {
	if c.Limiter != nil {
		return bothQuotas[:1]
	}
	return bothQuotas
}

var bothQuotas = []transport.Quota{
	{Bucket: "app", Limit: &appLimit, ByApp: true},
	{Bucket: "store", Limit: &storeLimit},
}

// app names the app that the calls count for.
func (c Config) app() any {
	if source, ok := c.TokenSource.(*oauth.Source); ok {
		return source.App
	}
	return transport.AppOf(c.TokenSource, c.Token)
}
