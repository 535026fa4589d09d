package canary

import (
	"net/http"
	"reflect"
	"regexp"
	"testing"

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

// live are values of a program that runs, and what it must not show.
type live struct {
	name   string
	values []any
	hidden []string
}

func (l *live) add(values ...any) { l.values = append(l.values, values...) }

// hide notes the tokens of a source and returns it.
func (l *live) hide(t *testing.T, source souk.TokenSource, err error) souk.TokenSource {
	t.Helper()
	require.NoError(t, err)
	token, err := source.Token(t.Context())
	require.NoError(t, err)
	l.hidden = append(l.hidden, token.AccessToken)
	if token.RefreshToken != "" {
		l.hidden = append(l.hidden, token.RefreshToken)
	}
	if refused, ok := source.(interface{ Invalidate(token *oauth2.Token) }); ok {
		refused.Invalidate(token)
	}
	l.add(source)
	return source
}

// offline are options whose HTTP client holds a credential in the open.
var offline = souk.Options{HTTPClient: &http.Client{Transport: openTransport{credential}}, MaxAttempts: 1}

func liveSalla(t *testing.T) *live {
	server := sallatest.NewServer()
	l := &live{name: "salla", hidden: []string{server.Token, server.ClientSecret, credential}}
	oauth := server.OAuth()
	tokens := souk.NewMemoryTokenStore()
	callback, err := oauth.ParseCallback(server.Authorize("state-1"), "state-1")
	require.NoError(t, err)
	l.hidden = append(l.hidden, callback.Code)
	merchant, err := oauth.Install(t.Context(), callback.Code, tokens)
	require.NoError(t, err)
	source, err := oauth.TokenSource(merchant, tokens)
	cfg := server.Config()
	cfg.Token, cfg.TokenSource = "", l.hide(t, source, err)
	for _, cfg := range []salla.Config{server.Config(), cfg, {TokenSource: openSource{credential}, Options: offline}} {
		client, err := salla.NewClient(cfg)
		require.NoError(t, err)
		page, _ := client.Customers.List(t.Context(), salla.ListCustomersRequest{})
		_, err = client.Customers.Get(t.Context(), 1, salla.GetCustomerRequest{})
		walk := client.Customers.Walk(salla.ListCustomersRequest{}, "")
		l.add(cfg, client, *client, client.Customers, client.Users, client.Webhooks, page, err, walk)
	}
	l.add(oauth, callback, server.WebhookConfig(), tokens, souk.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: credential})))
	return l
}

func liveCommerceEngine(t *testing.T) *live {
	server := commercenginetest.NewServer()
	server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: credential})
	own := server.Config()
	own.TokenStore, own.SessionKey = souk.NewMemoryTokenStore(), "shopper"
	l := &live{name: "commercengine", hidden: []string{own.APIKey, credential}}
	first, err := commercengine.NewClient(own)
	require.NoError(t, err)
	tokens, err := first.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: credential})
	require.NoError(t, err)
	l.hidden = append(l.hidden, tokens.AccessToken, tokens.RefreshToken)
	shared, fixed := server.Config(), server.Config()
	shared.TokenSource = l.hide(t, first.Session, nil)
	fixed.APIKey, fixed.Token = "", tokens.AccessToken
	for _, cfg := range []commercengine.Config{own, shared, fixed, {StoreID: "x", TokenSource: openSource{credential}, Options: offline, APIKey: credential}} {
		client, err := commercengine.NewClient(cfg)
		require.NoError(t, err)
		user, _ := client.Auth.GetUser(t.Context(), "someone1")
		_, err = client.Customers.Get(t.Context(), "someone1", commercengine.GetCustomerRequest{})
		l.add(cfg, client, *client, client.Auth, client.Customers, client.Store, client.Session, user, err)
	}
	l.add(tokens, own.TokenStore)
	return l
}

func liveShopline(t *testing.T) *live {
	server := shoplinetest.NewServer()
	l := &live{name: "shopline", hidden: []string{server.Token, server.ClientSecret, credential}}
	oauth := server.OAuth()
	tokens := souk.NewMemoryTokenStore()
	callback, err := oauth.ParseCallback(server.Authorize("state-1"), "state-1")
	require.NoError(t, err)
	token, err := oauth.Exchange(t.Context(), callback.Store, callback.Code)
	require.NoError(t, err)
	require.NoError(t, oauth.SaveToken(t.Context(), callback.Store, tokens, token))
	l.hidden = append(l.hidden, callback.Code, "state-1")
	source, err := oauth.TokenSource(callback.Store, tokens)
	cfg := server.Config()
	cfg.Token, cfg.TokenSource = "", l.hide(t, source, err)
	for _, cfg := range []shopline.Config{server.Config(), cfg, {Handle: "x", TokenSource: openSource{credential}, Options: offline}} {
		client, err := shopline.NewClient(cfg)
		require.NoError(t, err)
		page, _ := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})
		_, err = client.Customers.Get(t.Context(), "1", shopline.GetCustomerRequest{})
		l.add(cfg, client, *client, client.Customers, client.SocialLogins, page, err, client.Customers.Walk(shopline.ListCustomersRequest{}, ""))
	}
	l.add(oauth, callback, server.WebhookConfig(), tokens)
	return l
}

func liveShoplazza(t *testing.T) *live {
	server := shoplazzatest.NewServer()
	l := &live{name: "shoplazza", hidden: []string{server.Token, server.ClientSecret, credential}}
	oauth := server.OAuth()
	tokens := souk.NewMemoryTokenStore()
	callback, err := oauth.ParseCallback(server.Authorize("state-1"), "state-1")
	require.NoError(t, err)
	token, err := oauth.Exchange(t.Context(), callback.Store, callback.Code)
	require.NoError(t, err)
	require.NoError(t, oauth.SaveToken(t.Context(), callback.Store, tokens, token))
	l.hidden = append(l.hidden, callback.Code, "state-1")
	source, err := oauth.TokenSource(callback.Store, tokens)
	cfg := server.Config()
	cfg.Token, cfg.TokenSource = "", l.hide(t, source, err)
	for _, cfg := range []shoplazza.Config{server.Config(), cfg, {Shop: "x", TokenSource: openSource{credential}, Options: offline}} {
		client, err := shoplazza.NewClient(cfg)
		require.NoError(t, err)
		page, _ := client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{})
		_, err = client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})
		l.add(cfg, client, *client, client.Customers, client.Webhooks, page, err, client.Customers.Walk(shoplazza.ListCustomersRequest{}, ""))
	}
	l.add(oauth, callback, server.WebhookConfig(), tokens, &souk.UnsavedError{Token: token})
	return l
}

func liveXclade(t *testing.T) *live {
	server := xcladetest.NewServer()
	own := server.Config()
	token := server.NewToken()
	l := &live{name: "xclade", hidden: []string{own.Password, token, credential}}
	fixed := server.Config()
	fixed.Email, fixed.Password, fixed.Token = "", "", token
	for _, cfg := range []xclade.Config{own, fixed, {Tenant: "x", TokenSource: openSource{credential}, Options: offline}, {Tenant: "x", APIKey: credential, Options: offline}} {
		client, err := xclade.NewClient(cfg)
		require.NoError(t, err)
		page, _ := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
		_, err = client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})
		l.add(cfg, client, *client, client.Customers, client.Auth, page, err, client.Customers.Walk(xclade.ListCustomersRequest{}, ""))
	}
	return l
}

// running are what holds its secrets in no field of its own, so that they are not even
// printed from an unexported field of another struct.
var running = regexp.MustCompile(` \*.*(Client|Service|Session|Source|Error)$`)

func TestNothingThatRunsIsPrinted(t *testing.T) {
	t.Parallel()
	for _, open := range []func(*testing.T) *live{liveSalla, liveCommerceEngine, liveShopline, liveShoplazza, liveXclade} {
		l := open(t)
		for _, v := range l.values {
			if v == nil {
				continue
			}
			p := &printing{name: l.name + " " + reflect.TypeOf(v).String(), hidden: l.hidden}
			p.print(t, reflect.ValueOf(v))
			if running.MatchString(p.name) {
				p.verbs(t, struct{ held any }{v})
			}
		}
	}
}
