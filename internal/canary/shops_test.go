package canary

import (
	"testing"

	"github.com/stretchr/testify/require"

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

var shops = []*shop{
	{"salla", openSalla, func(status int, text string) any {
		return map[string]any{
			"success": false, "status": status,
			"error": map[string]any{"code": text, "message": text, "fields": map[string][]string{text: {text}}},
		}
	}},
	{"commercengine", openCommerceEngine, func(_ int, text string) any {
		return map[string]any{"success": false, "code": text, "message": text, "errors": map[string]any{text: text}}
	}},
	{"shopline", openShopline, func(_ int, text string) any {
		return map[string]any{"errors": map[string]any{text: []string{text}}, "code": text, "i18nCode": text, "message": text}
	}},
	{"shoplazza", openShoplazza, func(_ int, text string) any {
		return map[string]any{"errors": map[string]any{text: []string{text}}, "error": text, "error_description": text}
	}},
	{"xclade", openXclade, func(_ int, text string) any {
		return map[string]any{"type": "invalid_data", "code": text, "message": text}
	}},
}

func openSalla(t *testing.T, w *watch) []client {
	s := sallatest.NewServer()
	app, first := s.OAuth(), s.Config()
	var ofApp, ofFirst *hostile
	app.Options, ofApp = w.options(s.Client().Transport)
	first.Options, ofFirst = w.options(s.Client().Transport)
	second := salla.Config{BaseURL: first.BaseURL, TokenSource: must(app.TokenSource(s.Merchant, newExpired())), Options: app.Options}
	ofTheApp := []string{s.ClientSecret, canaries.Token, canaries.RefreshToken}
	return []client{
		{app, ofApp, []string{s.ClientSecret}, nil},
		{must(salla.NewClient(first)), ofFirst, []string{s.Token}, nil},
		{must(salla.NewClient(second)), ofApp, ofTheApp, nil},
	}
}

func openCommerceEngine(t *testing.T, w *watch) []client {
	s := commercenginetest.NewServer()
	s.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: canaries.Password})
	first, second := s.Config(), s.Config()
	var ofFirst, ofSecond *hostile
	first.Options, ofFirst = w.options(s.Client().Transport)
	second.Options, ofSecond = w.options(s.Client().Transport)
	shopper := must(commercengine.NewClient(first))
	tokens, err := shopper.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: canaries.Password})
	require.NoError(t, err)
	second.Token = tokens.AccessToken
	return []client{
		{shopper, ofFirst, []string{first.APIKey}, []string{tokens.AccessToken, tokens.RefreshToken}},
		{must(commercengine.NewClient(second)), ofSecond, []string{second.APIKey, second.Token}, nil},
	}
}

func openShopline(t *testing.T, w *watch) []client {
	s := shoplinetest.NewServer()
	app, first := s.OAuth(), s.Config()
	var ofApp, ofFirst *hostile
	app.Options, ofApp = w.options(s.Client().Transport)
	first.Options, ofFirst = w.options(s.Client().Transport)
	second := shopline.Config{BaseURL: first.BaseURL, TokenSource: must(app.TokenSource(s.Handle, newExpired())), Options: app.Options}
	return []client{
		{app, ofApp, []string{s.ClientSecret}, nil},
		{must(shopline.NewClient(first)), ofFirst, []string{s.Token}, nil},
		{must(shopline.NewClient(second)), ofApp, []string{s.ClientSecret, canaries.Token}, nil},
	}
}

func openShoplazza(t *testing.T, w *watch) []client {
	s := shoplazzatest.NewServer()
	app, first := s.OAuth(), s.Config()
	var ofApp, ofFirst *hostile
	app.Options, ofApp = w.options(s.Client().Transport)
	first.Options, ofFirst = w.options(s.Client().Transport)
	second := shoplazza.Config{
		BaseURL: first.BaseURL, Version: shoplazza.Version202506, TokenSource: must(app.TokenSource("demo", newExpired())), Options: app.Options,
	}
	return []client{
		{app, ofApp, []string{s.ClientSecret}, nil},
		{must(shoplazza.NewClient(first)), ofFirst, []string{s.Token}, nil},
		{must(shoplazza.NewClient(second)), ofApp, []string{s.ClientSecret, canaries.Token, canaries.RefreshToken}, nil},
	}
}

func openXclade(t *testing.T, w *watch) []client {
	s := xcladetest.NewServer()
	first := s.Config()
	second := xclade.Config{BaseURL: first.BaseURL, APIKey: s.NewAPIKey()}
	var ofFirst, ofSecond *hostile
	first.Options, ofFirst = w.options(s.Client().Transport)
	second.Options, ofSecond = w.options(s.Client().Transport)
	admin := must(xclade.NewClient(first))
	_, err := admin.Customers.List(t.Context(), xclade.ListCustomersRequest{}) // logs in
	require.NoError(t, err)
	return []client{
		{admin, ofFirst, []string{first.Password}, nil},
		{must(xclade.NewClient(second)), ofSecond, []string{second.APIKey}, nil},
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
