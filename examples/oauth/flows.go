package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// flow is how an app is installed at one vendor's stores.
type flow struct {
	Vendor, Title string
	Scopes        []string
	// begin returns where the merchant is sent to.
	begin func(state string) (string, error)
	// finish takes what the merchant comes back with, keeps the token and uses it once.
	finish func(ctx context.Context, query url.Values, state string) (installed, error)
	// agree plays the merchant's part at a stand-in. It is nil at the vendor's.
	agree func(state string) url.Values
	// variables name the app in the environment.
	variables []string
}

// installed is what the last page shows.
type installed struct {
	Store     string
	Customers int
}

func callbackURL(public, vendor string) string { return public + "/callback/" + vendor }

// standInFlows end with the function that is returned.
func standInFlows(public string, tokens souk.TokenStore) ([]*flow, func()) {
	salla, shopline, shoplazza := sallatest.NewServer(), shoplinetest.NewServer(), shoplazzatest.NewServer()
	salla.Seed(12)
	shopline.Seed(7)
	shoplazza.Seed(31)

	first := sallaFlow(salla.OAuth(), tokens, salla.Config()) // which takes no other RedirectURL
	first.agree = salla.Authorize

	shoplineApp := shopline.OAuth()
	shoplineApp.RedirectURL = callbackURL(public, "shopline")
	second := shoplineFlow(shoplineApp, shopline.Config().Handle, tokens, shopline.Config())
	second.agree = shopline.Authorize

	shoplazzaApp := shoplazza.OAuth()
	shoplazzaApp.RedirectURL = callbackURL(public, "shoplazza")
	third := shoplazzaFlow(shoplazzaApp, shoplazza.Config().Shop, tokens, shoplazza.Config())
	third.agree = shoplazza.Authorize

	return []*flow{first, second, third}, func() { salla.Close(); shopline.Close(); shoplazza.Close() }
}

// configured leaves out the vendors of which the environment has nothing, and finds what is
// wrong with the others before a merchant does.
func configured(flows []*flow) ([]*flow, error) {
	var kept []*flow
	var problems []error
	for _, f := range flows {
		if !slices.ContainsFunc(f.variables, func(name string) bool { return os.Getenv(name) != "" }) {
			continue
		}
		kept = append(kept, f)
		if _, err := f.begin("state"); err != nil {
			problems = append(problems, fmt.Errorf("%w\nThe app is the one of %s in the environment", err, strings.Join(f.variables, ", ")))
		}
	}
	if len(kept) == 0 {
		return nil, errors.New("there is no app: set SALLA_CLIENT_ID, SHOPLINE_APP_KEY or SHOPLAZZA_CLIENT_ID, and what belongs to it (see the beginning of main.go)")
	}
	return kept, errors.Join(problems...)
}

// realFlows are those of the apps that the environment names.
func realFlows(public string, tokens souk.TokenStore) []*flow {
	return []*flow{
		sallaFlow(salla.OAuth{
			ClientID: os.Getenv("SALLA_CLIENT_ID"), ClientSecret: os.Getenv("SALLA_CLIENT_SECRET"),
			RedirectURL: callbackURL(public, "salla"), Scopes: []string{"customers.read"},
		}, tokens, salla.Config{}).from("SALLA_CLIENT_ID", "SALLA_CLIENT_SECRET"),
		shoplineFlow(shopline.OAuth{
			ClientID: os.Getenv("SHOPLINE_APP_KEY"), ClientSecret: os.Getenv("SHOPLINE_APP_SECRET"),
			RedirectURL: callbackURL(public, "shopline"), Scopes: []string{"read_customers"},
		}, os.Getenv("SHOPLINE_HANDLE"), tokens, shopline.Config{Handle: os.Getenv("SHOPLINE_HANDLE")}).
			from("SHOPLINE_APP_KEY", "SHOPLINE_APP_SECRET", "SHOPLINE_HANDLE"),
		shoplazzaFlow(shoplazza.OAuth{
			ClientID: os.Getenv("SHOPLAZZA_CLIENT_ID"), ClientSecret: os.Getenv("SHOPLAZZA_CLIENT_SECRET"),
			RedirectURL: callbackURL(public, "shoplazza"), Scopes: []string{"read_customer"},
		}, os.Getenv("SHOPLAZZA_SHOP"), tokens, shoplazza.Config{Shop: os.Getenv("SHOPLAZZA_SHOP")}).
			from("SHOPLAZZA_CLIENT_ID", "SHOPLAZZA_CLIENT_SECRET", "SHOPLAZZA_SHOP"),
	}
}

// from notes which variables name the app.
func (f *flow) from(variables ...string) *flow {
	f.variables = variables
	return f
}

func sallaFlow(app salla.OAuth, tokens souk.TokenStore, config salla.Config) *flow {
	finish := func(ctx context.Context, query url.Values, state string) (installed, error) {
		callback, err := app.ParseCallback(query, state)
		if err != nil {
			return installed{}, err
		}
		merchant, err := app.Install(ctx, callback.Code, tokens)
		if err != nil {
			return installed{}, err
		}
		config.Token = ""
		if config.TokenSource, err = app.TokenSource(merchant, tokens); err != nil {
			return installed{}, err
		}
		client, err := salla.NewClient(config)
		if err != nil {
			return installed{}, err
		}
		count, err := client.Customers.Count(ctx)
		return installed{merchant, count}, err
	}
	return &flow{Vendor: "salla", Title: "Salla", Scopes: app.Scopes, begin: app.AuthCodeURL, finish: finish}
}

func shoplineFlow(app shopline.OAuth, handle string, tokens souk.TokenStore, config shopline.Config) *flow {
	finish := func(ctx context.Context, query url.Values, state string) (installed, error) {
		callback, err := app.ParseCallback(query, state)
		if err != nil {
			return installed{}, err
		}
		token, err := app.Exchange(ctx, callback.Store, callback.Code)
		if err != nil {
			return installed{}, err
		}
		if err := app.SaveToken(ctx, callback.Store, tokens, token); err != nil {
			return installed{}, err
		}
		config.Token = ""
		if config.TokenSource, err = app.TokenSource(callback.Store, tokens); err != nil {
			return installed{}, err
		}
		client, err := shopline.NewClient(config)
		if err != nil {
			return installed{}, err
		}
		count, err := client.Customers.Count(ctx)
		return installed{callback.Store, count}, err
	}
	begin := func(state string) (string, error) { return app.AuthCodeURL(handle, state) }
	return &flow{Vendor: "shopline", Title: "SHOPLINE", Scopes: app.Scopes, begin: begin, finish: finish}
}

func shoplazzaFlow(app shoplazza.OAuth, shop string, tokens souk.TokenStore, config shoplazza.Config) *flow {
	finish := func(ctx context.Context, query url.Values, state string) (installed, error) {
		callback, err := app.ParseCallback(query, state)
		if err != nil {
			return installed{}, err
		}
		token, err := app.Exchange(ctx, callback.Store, callback.Code)
		if err != nil {
			return installed{}, err
		}
		if err := app.SaveToken(ctx, callback.Store, tokens, token); err != nil {
			return installed{}, err
		}
		config.Token = ""
		if config.TokenSource, err = app.TokenSource(callback.Store, tokens); err != nil {
			return installed{}, err
		}
		client, err := shoplazza.NewClient(config)
		if err != nil {
			return installed{}, err
		}
		count, err := client.Customers.Count(ctx)
		return installed{callback.Store, count}, err
	}
	begin := func(state string) (string, error) { return app.AuthCodeURL(shop, state) }
	return &flow{Vendor: "shoplazza", Title: "Shoplazza", Scopes: app.Scopes, begin: begin, finish: finish}
}
