package xclade

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// Config configures a client. Tenant or BaseURL is required, and exactly one
// credential: Token, TokenSource, Email with Password, or APIKey. The zero value of
// every other field means its default.
//
// No printer, logger or JSON encoder shows the secrets of a Config, even inside a
// struct, slice or map. There are two exceptions, in which fmt calls no method of
// Config: a Config in an unexported field of another struct, and, under a verb such as
// %s that does not fit a pointer, a Config in a struct that a field of the printed
// value points to. Do not print those.
type Config struct {
	// Tenant is the identifier in the xclade dashboard, the first label of
	// {tenant}.api.myxclade.com. It is required unless BaseURL is set.
	Tenant string

	// Token is an admin's JWT. It is not renewed.
	Token string `json:"-"`

	// TokenSource returns admins' JWTs, for programs that renew them themselves.
	TokenSource souk.TokenSource `json:"-"`

	// Email and Password are the credentials of an admin user. The client logs in on
	// first use, renews the token before it expires, and logs in again if it has
	// expired.
	Email    string `json:"-"`
	Password string `json:"-"`

	// APIKey is a secret API key (sk_…), sent with HTTP Basic authentication.
	APIKey string `json:"-"`

	// APIKeyHeader sends APIKey in the header x-api-key instead, as xclade's
	// documentation says. A stock Medusa server does not know that header.
	APIKeyHeader bool

	// BaseURL replaces https://{tenant}.api.myxclade.com. It is a scheme, a host and
	// optionally a path prefix. Plain http is allowed for loopback only, unless
	// AllowHTTP is set.
	BaseURL string `json:"-"`

	// AllowHTTP allows a BaseURL such as http://medusa:9000, for a server in a private
	// network. Anyone who can read that network's traffic sees the credential and all
	// customers.
	AllowHTTP bool

	// Options are the settings that all vendors share. Without a Limiter, calls are
	// paced only after a 429, since xclade publishes no limit.
	souk.Options
}

// String returns the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("xclade.Config{Tenant:%q BaseURL:%q Credential:%s}", c.Tenant, transport.ShownURL(c.BaseURL), c.credential())
}

// Format prints the text of String for every verb of fmt.
func (c Config) Format(f fmt.State, verb rune) { mask.Format(f, verb, c.String()) }

// LogValue returns the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("tenant", c.Tenant),
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
		transport.ShownIf("Email", c.Email),
		"none",
	)
}

// Client speaks to one tenant. It is safe for concurrent use.
type Client struct {
	// Auth logs in and renews tokens.
	Auth *AuthService
	// Customers reads and writes customers.
	Customers *CustomersService
	// Addresses reads and writes the addresses of a customer.
	Addresses *AddressesService
	// CustomerGroups reads and writes customer groups.
	CustomerGroups *CustomerGroupsService

	service service
}

// service holds what all services of a client share.
type service struct {
	transport *transport.Client
}

// NewClient returns a client. The error names every field of the
// configuration that is wrong; nothing is sent.
func NewClient(cfg Config) (*Client, error) {
	var problems transport.Problems
	cfg.check(&problems)
	c := &Client{}
	c.service.transport = transport.New(&vendor, transport.Config{
		BaseURL:    cfg.baseURL(),
		PlainHTTP:  cfg.plainHTTP(),
		Authorizer: cfg.authorizer(c),
		Quotas:     quotas,
		App:        cfg.app(),
		Options:    cfg.Options,
	}, &problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	c.Auth = (*AuthService)(&c.service)
	c.Customers = (*CustomersService)(&c.service)
	c.Addresses = (*AddressesService)(&c.service)
	c.CustomerGroups = (*CustomerGroupsService)(&c.service)
	return c, nil
}

// Format prints the name of the type alone, for every verb of fmt.
func (c Client) Format(f fmt.State, verb rune) { mask.Format(f, verb, "xclade.Client") }

// Quota returns how much of the vendor's limit is left now.
func (c *Client) Quota() souk.Quota { return c.service.transport.Quota() }

// Do sends a request to an end point that this package does not know. The path begins
// with a slash and follows the base URL, such as "/admin/regions". A GET is repeated
// after failures, PUT and DELETE as idempotent operations, all others as writes. query
// is a url.Values or a struct with url tags, body is encoded as JSON, and out receives
// the answer. Each may be nil.
func (c *Client) Do(ctx context.Context, method, path string, query, body, out any) error {
	return c.service.transport.Free(ctx, nil, method, path, query, body, out)
}

var vendor = transport.Vendor{
	Name: "xclade",
	Read: readError,
	Idle: 4 * time.Second, // Node closes a connection that is idle for 5 s

	IDsBegin: []string{"cus_", "cuaddr_", "cusgroup_"},
}

// noLimit sets no pace: xclade publishes none.
var noLimit ratelimit.Limit

// tenantLabel matches a DNS label.
var tenantLabel = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

func (c Config) check(problems *transport.Problems) {
	problems.Require(c.BaseURL != "" || tenantLabel.MatchString(c.Tenant),
		"Tenant", "must be the tenant's identifier, such as 1a2b3c4d: letters, digits and hyphens only")
	problems.Held("TokenSource", c.TokenSource)
	problems.OneCredential("Token, TokenSource, APIKey, or Email with Password",
		c.Token != "", c.TokenSource != nil, c.APIKey != "", c.Email != "" || c.Password != "")
	problems.BareCredential(c.Token, "Token")
	problems.BareCredential(c.APIKey, "APIKey")
	problems.Require((c.Email == "") == (c.Password == ""), "Password", "Email and Password go together")
	problems.Require(!c.APIKeyHeader || c.APIKey != "", "APIKeyHeader", "needs APIKey")
}

// baseURL returns the base URL of the tenant. For an invalid tenant it returns a URL
// without it, so that one mistake is not reported twice.
func (c Config) baseURL() string {
	switch {
	case c.BaseURL != "":
		return c.BaseURL
	case !tenantLabel.MatchString(c.Tenant):
		return "https://api.myxclade.com"
	}
	return "https://" + c.Tenant + ".api.myxclade.com"
}

func (c Config) plainHTTP() transport.PlainHTTP {
	if c.AllowHTTP {
		return transport.HTTPAnywhere
	}
	return transport.HTTPIfAllowed
}

func (c Config) authorizer(client *Client) transport.Authorizer {
	switch {
	case c.APIKey != "" && c.APIKeyHeader:
		return transport.Static("X-Api-Key", c.APIKey)
	case c.APIKey != "":
		return transport.Static("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(c.APIKey+":")))
	case c.TokenSource != nil:
		return transport.Sourced(c.TokenSource, "Authorization", "Bearer ")
	case c.Email != "":
		return transport.Sourced(newLogin(client, c.Email, c.Password), "Authorization", "Bearer ")
	}
	return transport.Static("Authorization", "Bearer "+c.Token)
}

// quotas sets no pace; only a 429 holds calls back, those of all clients.
var quotas = []transport.Quota{{Limit: &noLimit, ByApp: true}}

func (c Config) app() any { return transport.AppOf(c.TokenSource, c.Token, c.APIKey, c.Email) }
