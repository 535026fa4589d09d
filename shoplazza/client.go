package shoplazza

import (
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

// The versions of the API that are known, for [Config.Version].
const (
	Version202201 = "2022-01"
	Version202506 = "2025-06"
	Version202601 = "2026-01"
	Version202607 = "2026-07"
)

// DefaultVersion is the version that is used unless Config says otherwise.
const DefaultVersion = Version202201

// Config says which store a client speaks to, how it proves who it is and how
// it behaves. Exactly one credential must be given: Token or TokenSource. The
// zero value of every other field is its default.
//
// Printers and loggers show no secrets of a Config, nor does its JSON have them, also
// where a struct, slice or map holds it. Only where fmt asks no method of it, it prints
// all: in an unexported field of another struct, and, with a verb that does not fit, such
// as %s, in a struct to which a field of what is printed points. Do not print those.
type Config struct {
	// Shop is the store's own part of its domain, "demo" for
	// demo.myshoplaza.com. It is required unless BaseURL is set.
	Shop string

	// Version is the version of the API: 2022-01, 2025-06 or a later one.
	// Default DefaultVersion. Requests and answers have the same Go types in all of them;
	// only paging differs, by page number in 2022-01 and by cursor later.
	Version string

	// Token is an access token: of a private app, copied from the store's
	// admin, or of a public app. It is not renewed.
	Token string `json:"-"`

	// TokenSource hands out tokens. OAuth.TokenSource makes one that renews them.
	TokenSource souk.TokenSource `json:"-"`

	// BaseURL replaces https://{shop}.myshoplaza.com: scheme, host and
	// perhaps a prefix of the path. Plain http is for loopback only.
	BaseURL string `json:"-"`

	// Options say how the client behaves, as with every vendor. Without a Limiter
	// all clients of the process keep together within what Shoplazza allows: 40
	// requests at once and 2 per second for an app in a store, 80 and 20 for all
	// apps in it. A Limiter replaces both limits. A wait that the server asks for
	// is kept with any Limiter.
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
	switch {
	case c.Token != "":
		return "Token"
	case c.TokenSource != nil:
		return "TokenSource"
	}
	return "none"
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

// service is what all services of a client share.
type service struct {
	transport *transport.Client
	// classic says that the version is 2022-01, whose requests differ from
	// those of all later versions.
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

// Quota returns what the vendor's limit leaves at the moment.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know. The path
// begins with a slash and follows /openapi/{version}, such as "/orders". A GET
// is repeated after failures, PUT and DELETE as operations that end in the same
// state, all else as writes. The query is a url.Values or a struct with url tags,
// the body a value for JSON; out receives the answer. Each may be nil.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

// The two generations of the API differ in what a status 500 means.
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

// shopLabel is a DNS label.
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

// shopURL is where a shop is served. One that is none gives a URL without it, so that
// one mistake is not reported twice.
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

// quotas are the app's bucket in the store and the one of all apps in it. A
// Limiter of the user's replaces the pace of both.
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
