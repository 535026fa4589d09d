package transport

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/ratelimit"
)

// The defaults of a Config.
const (
	DefaultAttemptTimeout = 30 * time.Second
	DefaultMaxAttempts    = 4
	DefaultMaxRetryWait   = time.Minute
)

// Config holds the settings of a client, as a vendor package derives them from its
// user's.
type Config struct {
	// BaseURL is a scheme, a host and optionally a prefix. Vendor.Prefix is appended.
	BaseURL string
	// Prefix overrides Vendor.Prefix if the path holds a version or a store.
	Prefix string
	// Authorizer puts the credential on each attempt, nil for none.
	Authorizer Authorizer
	// Quotas are waited for in this order, the narrowest first. App is their owner: any
	// comparable value, or nil or "" if they are shared by all.
	Quotas []Quota
	App    any
	// Header is sent with every call.
	Header http.Header
	// PlainHTTP says where BaseURL may be plain http.
	PlainHTTP PlainHTTP

	// Options are the user's, with the defaults above for zero values.
	souk.Options
}

// PlainHTTP says where a base URL may be plain http. Loopback addresses always may.
type PlainHTTP int

// The places for plain http.
const (
	HTTPOnLoopback PlainHTTP = iota
	HTTPIfAllowed            // on loopback only, until the user's AllowHTTP is set
	HTTPAnywhere             // which it is
)

// Client sends calls to one vendor with one credential. It is safe for
// concurrent use and holds no connection and no goroutine of its own.
type Client struct {
	vendor         *Vendor
	httpClient     *http.Client
	authorizer     Authorizer
	logger         *slog.Logger
	observer       *souk.Observer
	limiter        ratelimit.Limiter
	quotas         []Quota
	app            any // whose quotas they are
	header         http.Header
	scheme         string
	host           string
	store          string // the place, and what the base URL has before the prefix
	prefix         string
	bare           bool // the vendor has no prefix
	userAgent      string
	attemptTimeout time.Duration
	maxRetryWait   time.Duration
	maxAttempts    int
}

// New returns a client. It adds what is wrong with the configuration to problems, which
// may already hold some.
func New(vendor *Vendor, cfg Config, problems *Problems) *Client {
	base := checkBaseURL(cfg.BaseURL, cfg.PlainHTTP, problems)
	problems.Require(cfg.AttemptTimeout >= 0, "AttemptTimeout", "must not be negative; 0 means %s", DefaultAttemptTimeout)
	problems.Require(cfg.MaxAttempts >= 0, "MaxAttempts", "must not be negative; 0 means %d, 1 no repeats", DefaultMaxAttempts)
	problems.Require(cfg.MaxRetryWait >= 0, "MaxRetryWait", "must not be negative; 0 means %s", DefaultMaxRetryWait)
	problems.Limiter("Limiter", cfg.Limiter)
	problems.Require(headerValue(cfg.UserAgent), "UserAgent", "must not contain control characters")
	if !problems.Empty() {
		return nil
	}
	prefix := cfg.Prefix
	if prefix == "" {
		prefix = vendor.Prefix
	}
	c := &Client{
		vendor:         vendor,
		httpClient:     cfg.HTTPClient,
		authorizer:     cfg.Authorizer,
		logger:         cfg.Logger,
		observer:       cfg.Observer,
		limiter:        cfg.Limiter,
		quotas:         cfg.Quotas,
		app:            cfg.App,
		header:         cfg.Header,
		userAgent:      orDefault(cfg.UserAgent, DefaultUserAgent),
		attemptTimeout: orDefault(cfg.AttemptTimeout, DefaultAttemptTimeout),
		maxRetryWait:   orDefault(cfg.MaxRetryWait, DefaultMaxRetryWait),
		maxAttempts:    orDefault(cfg.MaxAttempts, DefaultMaxAttempts),
	}
	c.at(base, prefix)
	return c
}

// Quota returns the state of the first quota, the app's quota at the store.
func (c *Client) Quota() souk.Quota {
	if len(c.quotas) == 0 {
		return souk.Quota{}
	}
	q := &c.quotas[0]
	return souk.Quota(ratelimit.For(c.key(q), *q.Limit).Quota())
}

// Do carries out a call. The error is a *souk.Error, or a *souk.RowError if the
// answer's object cannot be read.
func (c *Client) Do(ctx context.Context, call *Call) error {
	x, failure := c.prepare(ctx, call)
	if failure != nil {
		notSent(ctx)
		return c.fail(call, failure)
	}
	err := x.do()
	x.recycle() // not where a function of the user's panics
	return err
}

// Check returns what is wrong with a call, as Do would before sending anything. It is
// for methods that make several calls from one request.
func (c *Client) Check(ctx context.Context, call *Call) error {
	if _, failure := c.prepare(ctx, call); failure != nil {
		notSent(ctx)
		return c.fail(call, failure)
	}
	return nil
}

// fail completes e with what is known about the call.
func (c *Client) fail(call *Call, e *souk.Error) error {
	e.Vendor = c.vendor.Name
	e.Method = call.Method
	e.Route = call.Route
	if c.vendor.Secret || call.Secret {
		e.Body = nil
	}
	return e
}

func (c *Client) prepare(ctx context.Context, call *Call) (*exchange, *souk.Error) {
	if ctx == nil || percall.From(ctx).NilContext {
		return nil, errNilContext()
	}
	problems := &call.Problems
	target := c.target(call, problems)
	c.checkAsked(ctx, call)
	body, contentType := encodeBody(call, problems)
	if !problems.Empty() {
		return nil, problems.failure()
	}
	if err := ctx.Err(); err != nil {
		return nil, &souk.Error{Err: err}
	}
	x := newExchange(ctx, c, call, target, body, contentType)
	x.encoded, _ = body.([]byte)
	return x, nil
}

// at sets the URL of the client. The host is normalized, so that two clients of one
// store share its quota however their users have written it.
func (c *Client) at(base *url.URL, prefix string) {
	path := strings.TrimSuffix(base.EscapedPath(), "/")
	c.scheme = base.Scheme
	c.host = hostOf(base)
	c.store = placeOf(base) + path
	c.prefix = path + prefix
	c.bare = prefix == ""
}

// placeOf returns the host of u with its port, one text for all spellings: a name may end
// with a dot, and a port begin with a zero.
func placeOf(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port, _ := strconv.Atoi(u.Port())
	if port == 0 || port == map[string]int{"https": 443, "http": 80}[u.Scheme] {
		return name
	}
	return name + ":" + strconv.Itoa(port)
}

// hostOf returns the normalized host of u with its port.
func hostOf(u *url.URL) string {
	port := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(u.Host), port), ":")
}

// Beside returns a client with the same settings for another end point of the vendor,
// whose base URL was checked with [CheckBaseURL].
func (c *Client) Beside(vendor *Vendor, baseURL string, quotas []Quota) *Client {
	other := *c
	other.vendor, other.quotas, other.app = vendor, quotas, nil
	base, _ := url.Parse(baseURL)
	other.at(base, vendor.Prefix)
	return &other
}

// CheckBaseURL notes what is wrong with the base URL in a field.
func CheckBaseURL(text, field string, problems *Problems) {
	var found Problems
	checkBaseURL(text, HTTPOnLoopback, &found)
	for _, wrong := range found.of("BaseURL") {
		problems.Add(field, "%s", wrong)
	}
}

func checkBaseURL(text string, plain PlainHTTP, problems *Problems) *url.URL {
	base, err := url.Parse(text)
	if err != nil || base.Hostname() == "" {
		problems.Add("BaseURL", "must be an absolute URL such as https://shop.example")
		return &url.URL{}
	}
	problems.Require(isHost(base), "BaseURL", "must have a host without blanks or invisible characters, and a port of at most 65535")
	unless := map[PlainHTTP]string{HTTPIfAllowed: ", unless AllowHTTP is set"}[plain]
	problems.Require(base.Scheme == "https" || base.Scheme == "http" && (plain == HTTPAnywhere || isLoopback(base.Hostname())),
		"BaseURL", "must use https; plain http is for loopback addresses only%s", unless)
	problems.Require(base.User == nil, "BaseURL", "must not contain credentials")
	problems.Require(base.RawQuery == "" && base.Fragment == "" && !base.ForceQuery,
		"BaseURL", "must not contain a query or a fragment")
	path := base.EscapedPath()
	problems.Require(escaped(path) && !strays(path), "BaseURL", "must not contain %s", straying)
	return base
}

func isHost(base *url.URL) bool {
	_, err := strconv.ParseUint(cmp.Or(base.Port(), "443"), 10, 16)
	return err == nil && !strings.ContainsFunc(base.Hostname(), func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func headerValue(text string) bool {
	return !strings.ContainsFunc(text, unicode.IsControl)
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
