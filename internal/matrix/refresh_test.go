package matrix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// renewing is how the tokens of a vendor are renewed.
type renewing struct {
	name   string
	spends bool // the vendor revokes everything for a refresh token that comes twice
	// renewals are the end points for tokens.
	renewals []string
	// refusal and failure are the vendor's own.
	refusal, failure said
	refused          error // the class of refusal, nil where the session goes on without the shopper
	// life is what is left of a token that works and is to be renewed.
	life time.Duration
	// open returns a call that creates something. Its token has this time left.
	open func(t *testing.T, between *between, tokens souk.TokenStore, left time.Duration) func(context.Context) error
}

// said is what somebody says in the place of the end point for tokens. Without a
// status the connection breaks, or could not be had.
type said struct {
	status int
	kind   string
	body   string
	header http.Header
	refuse bool // the connection could not be had
}

func own(status int, body string) said { return said{status: status, body: body} }

// between stands between a client and a stand-in.
type between struct {
	http.RoundTripper
	renewals []string
	observer *souk.Observer

	mu      sync.Mutex
	say     []said   // in the place of the vendor, one by one; the vendor answers when they are used up
	always  bool     // the last of them stays
	renewed []string // the requests for tokens
	others  int
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	a, ok := b.next(r)
	switch {
	case !ok:
		return b.RoundTripper.RoundTrip(r)
	case a.refuse:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	case r.Body != nil:
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	if a.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	kind := a.kind
	if kind == "" {
		kind = "application/json"
	}
	header := a.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", kind)
	return &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

func (b *between) next(r *http.Request) (said, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, path := range b.renewals {
		if !strings.HasSuffix(r.URL.Path, path) {
			continue
		}
		b.renewed = append(b.renewed, path)
		if len(b.say) == 0 {
			return said{}, false
		}
		a := b.say[0]
		if len(b.say) > 1 || !b.always {
			b.say = b.say[1:]
		}
		return a, true
	}
	b.others++
	return said{}, false
}

// count returns how often a token was asked for, and how often something else, and
// begins anew.
func (b *between) count() (renewed, others int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	renewed, others = len(b.renewed), b.others
	b.renewed, b.others = nil, 0
	return renewed, others
}

func (b *between) options() souk.Options {
	return souk.Options{HTTPClient: &http.Client{Transport: b}, Observer: b.observer}
}

// quietTime is how long SHOPLINE wants to be left alone between two new tokens.
const quietTime = time.Hour

var emails atomic.Int64

func newEmail() string { return fmt.Sprintf("a%d@shop.example", emails.Add(1)) }

// age makes the end of the token under a key come in this time.
func age(t *testing.T, tokens souk.TokenStore, key string, left time.Duration) {
	t.Helper()
	require.NoError(t, tokens.Update(t.Context(), key, func(_ context.Context, token *oauth2.Token) (*oauth2.Token, error) {
		token.Expiry = time.Now().Add(left)
		return token, nil
	}))
}

var renewings = []renewing{
	{
		name: "salla", spends: true, renewals: []string{"/oauth2/token"}, life: time.Hour, refused: souk.ErrReauthorize,
		refusal: own(401, `{"error":"invalid_grant","error_description":"no"}`),
		failure: own(500, `{"status":500,"success":false,"error":{"code":"error","message":"oops"}}`),
		open: func(t *testing.T, b *between, tokens souk.TokenStore, left time.Duration) func(context.Context) error {
			server := sallatest.NewServer()
			t.Cleanup(server.Close)
			b.RoundTripper = server.Client().Transport
			app := server.OAuth()
			app.Options = b.options()
			merchant, err := app.Install(t.Context(), server.Authorize("state").Get("code"), tokens)
			require.NoError(t, err)
			age(t, tokens, app.TokenKey(merchant), left)
			cfg := server.Config()
			cfg.Token, cfg.Options = "", b.options()
			cfg.TokenSource, err = app.TokenSource(merchant, tokens)
			require.NoError(t, err)
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)
			return func(ctx context.Context) error {
				_, err := client.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: "VIP"})
				return err
			}
		},
	},
	{
		name: "shoplazza", spends: true, renewals: []string{"/admin/oauth/token"}, life: 2 * time.Minute, refused: souk.ErrReauthorize,
		refusal: own(400, `{"error":"invalid_grant","error_description":"no"}`),
		failure: own(500, `{"errors":["oops"]}`),
		open: func(t *testing.T, b *between, tokens souk.TokenStore, left time.Duration) func(context.Context) error {
			server := shoplazzatest.NewServer()
			t.Cleanup(server.Close)
			b.RoundTripper = server.Client().Transport
			app := server.OAuth()
			app.Options = b.options()
			callback, err := app.ParseCallback(server.Authorize("state"), "state")
			require.NoError(t, err)
			token, err := app.Exchange(t.Context(), callback.Store, callback.Code)
			require.NoError(t, err)
			require.NoError(t, app.SaveToken(t.Context(), callback.Store, tokens, token))
			age(t, tokens, app.TokenKey(callback.Store), left)
			cfg := server.Config()
			cfg.Token, cfg.Options = "", b.options()
			cfg.TokenSource, err = app.TokenSource(callback.Store, tokens)
			require.NoError(t, err)
			client, err := shoplazza.NewClient(cfg)
			require.NoError(t, err)
			return func(ctx context.Context) error {
				_, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: newEmail(), FirstName: "Ada"})
				return err
			}
		},
	},
	{
		name: "shopline", renewals: []string{"/admin/oauth/token/refresh"}, life: 20 * time.Minute, refused: souk.ErrReauthorize,
		refusal: own(200, `{"code":500,"i18nCode":"STORE_NOT_INSTALL_APP","message":"no"}`),
		failure: own(500, `{"errors":"oops"}`),
		open: func(t *testing.T, b *between, tokens souk.TokenStore, left time.Duration) func(context.Context) error {
			server := shoplinetest.NewServer()
			t.Cleanup(server.Close)
			b.RoundTripper = server.Client().Transport
			app := server.OAuth()
			app.Options = b.options()
			callback, err := app.ParseCallback(server.Authorize("state"), "state")
			require.NoError(t, err)
			token, err := app.Exchange(t.Context(), callback.Store, callback.Code)
			require.NoError(t, err)
			require.NoError(t, app.SaveToken(t.Context(), callback.Store, tokens, token))
			time.Sleep(quietTime)
			age(t, tokens, app.TokenKey(callback.Store), left)
			cfg := server.Config()
			cfg.Token, cfg.Options = "", b.options()
			cfg.TokenSource, err = app.TokenSource(callback.Store, tokens)
			require.NoError(t, err)
			client, err := shopline.NewClient(cfg)
			require.NoError(t, err)
			return func(ctx context.Context) error {
				_, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: newEmail()})
				return err
			}
		},
	},
	{
		name: "commercengine", renewals: []string{"/auth/refresh-token"}, life: 20 * time.Second, refused: souk.ErrReauthorize,
		refusal: own(400, `{"success":false,"code":"invalid_refresh_token","message":"no"}`),
		failure: own(500, `{"success":false,"message":"oops"}`),
		open: func(t *testing.T, b *between, tokens souk.TokenStore, left time.Duration) func(context.Context) error {
			server := commercenginetest.NewServer()
			t.Cleanup(server.Close)
			b.RoundTripper = server.Client().Transport
			server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: "secret-1"})
			cfg := server.Config()
			cfg.TokenStore, cfg.SessionKey, cfg.Options = tokens, "shopper", b.options()
			client, err := commercengine.NewClient(cfg)
			require.NoError(t, err)
			_, err = client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "secret-1"})
			require.NoError(t, err)
			age(t, tokens, cfg.TokenKey(), left)
			client, err = commercengine.NewClient(cfg) // which reads what has been aged
			require.NoError(t, err)
			id, err := customerOf(t, tokens, cfg.TokenKey())
			require.NoError(t, err)
			return func(ctx context.Context) error {
				_, err := client.Customers.Get(ctx, id, commercengine.GetCustomerRequest{})
				return err
			}
		},
	},
	{
		name: "xclade", renewals: []string{"/auth/token/refresh", "/auth/user/emailpass"}, life: 2 * time.Minute, refused: souk.ErrUnauthorized,
		refusal: own(401, `{"type":"unauthorized","message":"Invalid email or password"}`),
		failure: own(500, `{"type":"unknown_error","message":"oops"}`),
		open: func(t *testing.T, b *between, _ souk.TokenStore, left time.Duration) func(context.Context) error {
			server := xcladetest.NewServer()
			t.Cleanup(server.Close)
			b.RoundTripper = server.Client().Transport
			cfg := server.Config()
			cfg.Options = b.options()
			client, err := xclade.NewClient(cfg)
			require.NoError(t, err)
			token, err := client.Auth.Login(t.Context(), xclade.LoginRequest{Email: cfg.Email, Password: cfg.Password})
			require.NoError(t, err)
			call := func(ctx context.Context) error {
				_, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: newEmail()})
				return err
			}
			require.NoError(t, call(t.Context()))
			time.Sleep(time.Until(token.ExpiresAt) - left)
			return call
		},
	},
}

func customerOf(t *testing.T, tokens souk.TokenStore, key string) (string, error) {
	t.Helper()
	token, err := tokens.Load(t.Context(), key)
	require.NoError(t, err)
	claims, err := commercengine.ParseClaims(token.AccessToken)
	if err != nil {
		return "", err
	}
	return claims.CustomerID, nil
}

// What becomes of a refresh.
type aftermath int

const (
	goesOn  aftermath = iota // the refresh is repeated, and then there is a new token
	passing                  // nothing has happened; it is sent again with the next call
	unsure                   // it may have happened: not sent again where the vendor spends refresh tokens
	over                     // the vendor has refused it: not sent again
)

const captive = `<html>log in to the network</html>`

// answers are the rows of what an answer proves, as a token end point gives it.
func (r renewing) answers() map[string]struct {
	say       []said
	aftermath aftermath
} {
	type row = struct {
		say       []said
		aftermath aftermath
	}
	rows := map[string]row{
		"own refusal":                 {[]said{r.refusal}, over},
		"429, once":                   {[]said{{status: 429, header: http.Header{"Retry-After": {"2"}}}}, goesOn},
		"own 500":                     {[]said{r.failure}, unsure},
		"lost":                        {[]said{{}}, unsure},
		"never left":                  {[]said{{refuse: true}}, passing},
		"never left, once":            {[]said{{refuse: true}}, goesOn},
		"foreign 200, page":           {[]said{{status: 200, kind: "text/html", body: captive}}, unsure},
		"foreign 200, {}":             {[]said{{status: 200, body: `{}`}}, unsure},
		"foreign 200, a list":         {[]said{{status: 200, body: `[]`}}, unsure},
		"foreign 200, no token":       {[]said{{status: 200, body: `{"access_token":"","token":"","data":{},"content":{"access_token":""}}`}}, unsure},
		"foreign 200, cut":            {[]said{{status: 200, body: `{"access_token":"abc`}}, unsure},
		"foreign 200, a token as int": {[]said{{status: 200, body: `{"access_token":1,"data":{"accessToken":1},"token":1,"content":{"access_token":1,"refresh_token":2}}`}}, unsure},
	}
	for _, status := range []int{408, 503} {
		rows[fmt.Sprint("anybody's ", status)] = row{[]said{{status: status}}, unsure}
	}
	for _, status := range []int{404, 409, 410, 500, 502, 504, 520, 300, 302, 303} {
		rows[fmt.Sprint("foreign ", status)] = row{[]said{{status: status, kind: "text/html", body: captive, header: http.Header{"Location": {"https://portal.example/"}}}}, unsure}
	}
	for _, status := range []int{400, 401, 403, 405, 407, 413, 418, 431, 451, 307, 308} {
		rows[fmt.Sprint("foreign ", status)] = row{[]said{{status: status, kind: "text/html", body: captive, header: http.Header{"Location": {"https://portal.example/"}}}}, passing}
	}
	return rows
}

// The table of what an answer proves holds for the end points of tokens: at each vendor
// that renews them, for a token that has run out and for one that still works.
func TestWhatARefreshIsAnswered(t *testing.T) {
	t.Parallel()
	for _, r := range renewings {
		for name, row := range r.answers() {
			t.Run(r.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { r.expired(t, row.say, row.aftermath) })
			})
			t.Run(r.name+"/"+name+"/the token works", func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { r.working(t, row.say, row.aftermath) })
			})
		}
	}
}

func (r renewing) begin(t *testing.T, left time.Duration) (*between, *keeping, func(context.Context) error) {
	t.Helper()
	b, tokens := &between{renewals: r.renewals}, &keeping{TokenStore: souk.NewMemoryTokenStore()}
	call := r.open(t, b, tokens, left)
	b.count()
	tokens.kept = nil
	return b, tokens, call
}

// keeping notes the tokens that are saved.
type keeping struct {
	souk.TokenStore
	kept []*oauth2.Token
}

func (k *keeping) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return k.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if err == nil && token != nil {
			k.kept = append(k.kept, token)
		}
		return token, err
	})
}

func (r renewing) expired(t *testing.T, say []said, aftermath aftermath) {
	b, tokens, call := r.begin(t, -time.Minute)
	b.say, b.always = say, aftermath != goesOn

	err := call(t.Context())

	renewed, others := b.count()
	if aftermath == goesOn {
		require.NoError(t, err)
		assert.Equal(t, 2, renewed)
		return
	}
	require.Error(t, err)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "the call was not sent")
	assert.NotErrorIs(t, err, souk.ErrNotFound)
	assert.NotErrorIs(t, err, souk.ErrInvalid)
	if r.name != "commercengine" || aftermath != over { // which begins an anonymous session
		assert.Zero(t, others, "nothing is sent without a token")
	}
	switch {
	case aftermath == over:
		assert.ErrorIs(t, err, r.refused)
	case aftermath == unsure && r.spends:
		assert.ErrorIs(t, err, souk.ErrReauthorize)
		assert.Equal(t, 1, renewed)
	default:
		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.NotErrorIs(t, err, souk.ErrReauthorize)
		assert.NotErrorIs(t, err, souk.ErrUnauthorized)
	}
	if r.name != "commercengine" || aftermath != over { // whose session is an anonymous one then
		for _, token := range tokens.kept {
			assert.Equal(t, tokens.kept[0].AccessToken, token.AccessToken, "only the mark comes and goes")
		}
	}

	// The vendor is back.
	b.say = nil
	time.Sleep(quietTime)
	err = call(t.Context())
	renewed, _ = b.count()
	switch {
	case aftermath == unsure && r.spends, aftermath == over && r.spends:
		assert.ErrorIs(t, err, souk.ErrReauthorize)
		assert.Zero(t, renewed, "what may be spent, or is, is not sent again")
	case aftermath == over && r.name == "commercengine":
		assert.ErrorIs(t, err, souk.ErrUnauthorized)
	default:
		assert.NoError(t, err)
		assert.Equal(t, 1, renewed)
	}
}

func (r renewing) working(t *testing.T, say []said, aftermath aftermath) {
	b, tokens, call := r.begin(t, r.life)
	b.say, b.always = say, aftermath != goesOn

	for range 2 {
		err := call(t.Context())
		if r.name == "commercengine" && aftermath == over {
			assert.ErrorIs(t, err, souk.ErrUnauthorized, "the shopper is logged out")
			continue
		}
		require.NoError(t, err)
	}

	renewed, others := b.count()
	if r.name == "commercengine" && aftermath == over {
		return
	}
	assert.Equal(t, 2, others)
	if r.spends && aftermath != goesOn && aftermath != passing {
		assert.Equal(t, 1, renewed)
	}
	if aftermath != goesOn && len(tokens.kept) > 0 {
		first, last := tokens.kept[0], tokens.kept[len(tokens.kept)-1]
		assert.Equal(t, first.AccessToken, last.AccessToken, "only the mark comes and goes")
	}
}

// An observer that panics while a token is renewed does not lose the token: its panic
// reaches the caller when the token is saved.
func TestAnObserverThatPanicsLosesNoToken(t *testing.T) {
	t.Parallel()
	for _, r := range renewings {
		var broken bool
		boom := func(route string) {
			if broken && slices.ContainsFunc(r.renewals, func(path string) bool { return strings.HasSuffix(path, route) }) {
				panic("boom")
			}
		}
		for name, observer := range map[string]*souk.Observer{
			"CallStart":    {CallStart: func(_ context.Context, c souk.Call) context.Context { boom(c.Route); return nil }},
			"AttemptStart": {AttemptStart: func(_ context.Context, a souk.Attempt, _ http.Header) context.Context { boom(a.Route); return nil }},
			"Attempt":      {Attempt: func(_ context.Context, a souk.Attempt) { boom(a.Route) }},
			"CallEnd":      {CallEnd: func(_ context.Context, c souk.Call, _ error) { boom(c.Route) }},
		} {
			t.Run(r.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := &between{renewals: r.renewals, observer: observer}
					call := r.open(t, b, souk.NewMemoryTokenStore(), 0)
					b.count()
					broken = true
					assert.PanicsWithValue(t, "boom", func() { _ = call(t.Context()) })
					broken = false

					err := call(t.Context())

					require.NoError(t, err)
					renewed, others := b.count()
					assert.Equal(t, 1, renewed)
					assert.Equal(t, 1, others)
				})
			})
		}
	}
}
