package shoplazza

import (
	"fmt"
	"log/slog"
	"net/url"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
)

// Callback holds the parameters that a merchant's browser brings to RedirectURL, or to
// the app's own URL when the merchant installs or opens the app.
type Callback struct {
	// Store is the shop, such as "demo" for demo.myshoplaza.com.
	Store string
	// Code is the code for Exchange. It is empty if the app is being installed or
	// opened.
	Code string `json:"-"`
	// State is the state given to AuthCodeURL.
	State string `json:"-"`
	// InstallFrom and StoreID are set if the app is being installed.
	InstallFrom string
	StoreID     string
}

// Format prints the callback without its secrets, for every verb of fmt.
func (c Callback) Format(f fmt.State, verb rune) {
	type plain Callback
	c.Code = mask.Secret(c.Code)
	c.State = mask.Secret(c.State)
	mask.Print(f, verb, plain(c))
}

// LogValue returns the callback without its secrets.
func (c Callback) LogValue() slog.Value { return mask.LogValue(c) }

// ParseCallback verifies the query of a request to RedirectURL: it must be signed with
// the client secret, name a shop of Shoplazza, and hold a code, the state that was
// given to AuthCodeURL, and no error. The callback's Store counts, even if AuthCodeURL
// was called for another one. The signature covers no time, so accept each state once. A
// query that is not proven is [souk.ErrUnauthorized].
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	callback, err := o.ParseInstall(query)
	if err != nil {
		return nil, err
	}
	if err := oauth.CheckState(vendorName, state, callback.State, query); err != nil {
		return nil, err
	}
	return callback, nil
}

// ParseInstall verifies the query of a request to the app's own URL, which has neither
// code nor state: it must be signed with the client secret and name a shop of
// Shoplazza. A query that is not proven is [souk.ErrUnauthorized].
func (o OAuth) ParseInstall(query url.Values) (*Callback, error) {
	shop, ok := ShopOf(query.Get("shop"))
	if !ok {
		return nil, untrusted("the shop is not a domain of the form {shop}" + shopDomain)
	}
	if err := oauth.CheckSignature(vendorName, query, "hmac", o.ClientSecret); err != nil {
		return nil, err
	}
	return &Callback{
		Store:       shop,
		Code:        query.Get("code"),
		State:       query.Get("state"),
		InstallFrom: query.Get("install_from"),
		StoreID:     query.Get("store_id"),
	}, nil
}

// ShopOf returns the shop of a domain, such as "demo" for demo.myshoplaza.com; ok is
// false for any other domain, such as evilmyshoplaza.com or
// demo.myshoplaza.com.evil.example.
func ShopOf(domain string) (shop string, ok bool) {
	return oauth.StoreOf(domain, shopDomain, shopLabel)
}

// untrusted is the error of a query that is not proven to come from Shoplazza.
func untrusted(message string) error { return oauth.Untrusted(vendorName, message) }
