package salla_test

import (
	"context"
	"testing"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

// renewalServer says which app it has.
type renewalServer struct{ *sallatest.Server }

func (s renewalServer) App() (id, secret string) { return s.ClientID, s.ClientSecret }

func renewalApp(a testkit.RenewalApp) salla.OAuth {
	return salla.OAuth{ClientID: a.ClientID, ClientSecret: a.ClientSecret, BaseURL: a.BaseURL, Options: souk.Options{HTTPClient: a.HTTPClient}}
}

var renewal = testkit.Renewal{
	Start: func() testkit.RenewalServer { return renewalServer{sallatest.NewServer()} },
	Path:  "/oauth2/token",
	Install: func(ctx context.Context, s testkit.RenewalServer) (*oauth2.Token, error) {
		server := s.(renewalServer)
		return server.OAuth().Exchange(ctx, server.Authorize("state").Get("code"))
	},
	TokenKey: func(a testkit.RenewalApp) string { return renewalApp(a).TokenKey(merchant) },
	SaveToken: func(ctx context.Context, a testkit.RenewalApp, tokens souk.TokenStore, token *oauth2.Token) error {
		return renewalApp(a).SaveToken(ctx, merchant, tokens, token)
	},
	TokenSource: func(a testkit.RenewalApp, tokens souk.TokenStore) (souk.TokenSource, error) {
		return renewalApp(a).TokenSource(merchant, tokens)
	},
	RetryRefresh: func(ctx context.Context, a testkit.RenewalApp, tokens souk.TokenStore) error {
		return renewalApp(a).RetryRefresh(ctx, merchant, tokens)
	},
	Call: func(ctx context.Context, a testkit.RenewalApp, source souk.TokenSource) error {
		client, err := salla.NewClient(salla.Config{TokenSource: source, BaseURL: a.BaseURL, Options: souk.Options{HTTPClient: a.HTTPClient}})
		if err != nil {
			return err
		}
		_, err = client.Webhooks.Events(ctx)
		return err
	},
}

func TestARefreshThatIsKilled(t *testing.T) { renewal.TestKills(t) }

func TestACrowdRefreshesOnce(t *testing.T) { renewal.TestCrowd(t) }

func TestAStoreThatFailsAtAStep(t *testing.T) { renewal.TestStores(t) }
