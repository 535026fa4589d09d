package shoplazza_test

import (
	"context"
	"testing"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// renewalServer says which app it has.
type renewalServer struct{ *shoplazzatest.Server }

func (s renewalServer) App() (id, secret string) { return s.ClientID, s.ClientSecret }

func renewalApp(a testkit.RenewalApp) shoplazza.OAuth {
	return shoplazza.OAuth{ClientID: a.ClientID, ClientSecret: a.ClientSecret, BaseURL: a.BaseURL, Options: souk.Options{HTTPClient: a.HTTPClient}}
}

var renewal = testkit.Renewal{
	Start: func() testkit.RenewalServer { return renewalServer{shoplazzatest.NewServer()} },
	Path:  "/admin/oauth/token",
	Install: func(ctx context.Context, s testkit.RenewalServer) (*oauth2.Token, error) {
		server := s.(renewalServer)
		return server.OAuth().Exchange(ctx, "demo", server.Authorize("s").Get("code"))
	},
	TokenKey: func(a testkit.RenewalApp) string { return renewalApp(a).TokenKey("demo") },
	SaveToken: func(ctx context.Context, a testkit.RenewalApp, tokens souk.TokenStore, token *oauth2.Token) error {
		return renewalApp(a).SaveToken(ctx, "demo", tokens, token)
	},
	TokenSource: func(a testkit.RenewalApp, tokens souk.TokenStore) (souk.TokenSource, error) {
		return renewalApp(a).TokenSource("demo", tokens)
	},
	RetryRefresh: func(ctx context.Context, a testkit.RenewalApp, tokens souk.TokenStore) error {
		return renewalApp(a).RetryRefresh(ctx, "demo", tokens)
	},
	Call: func(ctx context.Context, a testkit.RenewalApp, source souk.TokenSource) error {
		client, err := shoplazza.NewClient(shoplazza.Config{TokenSource: source, BaseURL: a.BaseURL, Options: souk.Options{HTTPClient: a.HTTPClient}})
		if err != nil {
			return err
		}
		_, err = client.Customers.Count(ctx)
		return err
	},
}

func TestARefreshThatIsKilled(t *testing.T) { renewal.TestKills(t) }

func TestACrowdRefreshesOnce(t *testing.T) { renewal.TestCrowd(t) }

func TestAStoreThatFailsAtAStep(t *testing.T) { renewal.TestStores(t) }
