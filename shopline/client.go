package shopline

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// DefaultVersion is the version of the API that is used if [Config.Version] is empty.
// By SHOPLINE's release schedule it is served until June 2027.
const DefaultVersion = "v20260601"

// Config configures a client. Handle or BaseURL is required, and exactly one
// credential: Token or TokenSource. The zero value of every other field means its
// default.
//
// No printer, logger or JSON encoder shows the secrets of a Config, even inside a
// struct, slice or map. There are two exceptions, in which fmt calls no method of
// Config: a Config in an unexported field of another struct, and, under a verb such as
// %s that does not fit a pointer, a Config in a struct that a field of the printed
// value points to. Do not print those.
type Config struct {
	// Handle is the first label of the store's domain, such as open001 for
	// open001.myshopline.com. It is required unless BaseURL is set.
	Handle string

	// Version is the version of the API, in the form vYYYYMMDD. Empty means
	// DefaultVersion.
	Version string

	// Token is the access token of a private app. It is not renewed.
	Token string `json:"-"`

	// TokenSource returns tokens; see OAuth.TokenSource.
	TokenSource souk.TokenSource `json:"-"`

	// Enterprise says that the store has the Enterprise plan, for which SHOPLINE has no
	// rate limit. Its calls are not paced; a 429 still holds all of them back for a
	// while.
	Enterprise bool

	// BaseURL replaces https://{handle}.myshopline.com. It is a scheme, a host and
	// optionally a path prefix. Plain http is allowed for loopback only.
	BaseURL string `json:"-"`

	// Options are the settings that all vendors share. A Limiter replaces SHOPLINE's
	// published limit, the only one there is; a 429 still holds back all clients of the
	// app and store.
	souk.Options
}

// String returns the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("shopline.Config{Handle:%q Version:%q BaseURL:%q Credential:%s}",
		c.Handle, c.version(), transport.ShownURL(c.BaseURL), c.credential())
}

// Format prints the text of String for every verb of fmt.
func (c Config) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("handle", c.Handle),
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
	// CustomerGroups reads and writes customer groups.
	CustomerGroups *CustomerGroupsService
	// SocialLogins reads and writes the store's configurations for login through other
	// platforms.
	SocialLogins *SocialLoginsService
	// Webhooks subscribes to events.
	Webhooks *WebhooksService

	service service
}

// service holds what all services of a client share.
type service struct {
	transport *transport.Client
	version   string
}

// NewClient returns a client. The error names every field of the
// configuration that is wrong; nothing is sent.
func NewClient(cfg Config) (*Client, error) {
	var problems transport.Problems
	cfg.check(&problems)
	c := &Client{service: service{version: cfg.version()}}
	c.service.transport = transport.New(&vendor, transport.Config{
		BaseURL:    cfg.baseURL(),
		Prefix:     "/admin/openapi/" + cfg.version(),
		Authorizer: cfg.authorizer(),
		Quotas:     cfg.quotas(),
		App:        cfg.app(),
		Header:     contentType,
		Options:    cfg.Options,
	}, &problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	c.Customers = (*CustomersService)(&c.service)
	c.Addresses = (*AddressesService)(&c.service)
	c.CustomerGroups = (*CustomerGroupsService)(&c.service)
	c.SocialLogins = (*SocialLoginsService)(&c.service)
	c.Webhooks = (*WebhooksService)(&c.service)
	return c, nil
}

// Format prints the name of the type alone, for every verb of fmt.
func (c Client) Format(f fmt.State, verb rune) { mask.Format(f, verb, "shopline.Client") }

// Quota returns how much of the vendor's limit is left now.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know. The path begins
// with a slash and follows the version, such as "/orders.json". A GET is repeated after
// failures, PUT and DELETE as idempotent operations, all others as writes. query is a
// url.Values or a struct with url tags, body is encoded as JSON, and out receives the
// answer. Each may be nil.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

var vendor = transport.Vendor{
	Name:      "shopline",
	RequestID: "Traceid",
	Read:      readError,
}

// contentType is sent with every call, even a GET, as SHOPLINE requires.
var contentType = http.Header{"Content-Type": {"application/json; charset=utf-8"}}

// SHOPLINE's limit per app and store. Stores of the Enterprise plan have no pace; only
// a 429 holds calls back.
var (
	standardLimit   = ratelimit.Limit{Burst: 40, Rate: 4}
	enterpriseLimit ratelimit.Limit
)

var (
	handleLabel   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	versionFormat = regexp.MustCompile(`^v\d{8}$`)
)

const handleRule = "must be the first label of the store's domain, such as open001 of open001.myshopline.com: " +
	"lower-case letters, digits and hyphens only"

const versionRule = "must be a version of the form vYYYYMMDD, such as DefaultVersion"

func (c Config) check(problems *transport.Problems) {
	problems.Require(handleLabel.MatchString(c.Handle) || c.Handle == "" && c.BaseURL != "", "Handle", handleRule)
	problems.Require(versionFormat.MatchString(c.version()), "Version", versionRule)
	problems.OneCredential("Token or TokenSource", c.Token != "", c.TokenSource != nil)
	problems.Held("TokenSource", c.TokenSource)
	problems.BareCredential(c.Token, "Token")
}

func (c Config) version() string {
	if c.Version != "" {
		return c.Version
	}
	return DefaultVersion
}

func (c Config) baseURL() string { return storeURL(c.BaseURL, c.Handle) }

// storeURL returns the base URL of a store. For an invalid handle it returns a URL
// without it, so that one mistake is not reported twice.
func storeURL(baseURL, handle string) string {
	if baseURL != "" {
		return baseURL
	}
	if !handleLabel.MatchString(handle) {
		return "https://myshopline.com"
	}
	return "https://" + handle + ".myshopline.com"
}

func (c Config) authorizer() transport.Authorizer {
	if c.TokenSource != nil {
		return transport.Sourced(c.TokenSource, "Authorization", "Bearer ")
	}
	return transport.Static("Authorization", "Bearer "+c.Token)
}

func (c Config) quotas() []transport.Quota {
	if c.Enterprise {
		return enterpriseQuotas
	}
	return standardQuotas
}

var (
	standardQuotas   = []transport.Quota{{Limit: &standardLimit, ByApp: true}}
	enterpriseQuotas = []transport.Quota{{Bucket: "enterprise", Limit: &enterpriseLimit, ByApp: true}}
)

// app names the owner of the quota: an app, whichever of its tokens is in use.
func (c Config) app() any {
	if source, ok := c.TokenSource.(*oauth.Source); ok {
		return source.App
	}
	return transport.AppOf(c.TokenSource, c.Token)
}
