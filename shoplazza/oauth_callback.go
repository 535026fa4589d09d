package shoplazza

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
)

// Callback is what a merchant's browser brings to RedirectURL, or to the app's
// own address when the merchant installs it or opens it.
type Callback struct {
	// Store is the store's own part of its domain, "demo" for demo.myshoplaza.com.
	Store string
	// Code is what Exchange takes. It is empty when the app is installed or opened.
	Code string `json:"-"`
	// State is that of AuthCodeURL.
	State string `json:"-"`
	// InstallFrom and StoreID come when the app is installed.
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

// ParseCallback verifies the query of a request to RedirectURL: that it was
// signed with the client secret, that its shop is one of Shoplazza's, and that
// it brings a code and the state that AuthCodeURL was called with. The shop is the one
// that the Callback names, whichever AuthCodeURL was called with. Shoplazza does not
// sign when, so let a state do once. A query of a stranger is [souk.ErrUnauthorized].
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	callback, err := o.ParseInstall(query)
	if err != nil {
		return nil, err
	}
	if err := oauth.CheckState(vendorName, state, callback.State, callback.Code); err != nil {
		return nil, err
	}
	return callback, nil
}

// ParseInstall verifies the query of a request to the app's own address, which
// has neither a code nor a state: that it was signed with the client secret and
// that its shop is one of Shoplazza's. A query of a stranger is [souk.ErrUnauthorized].
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

// ShopOf returns the store's own part of its domain, "demo" for
// demo.myshoplaza.com; ok is false for any other domain, such as
// evilmyshoplaza.com or demo.myshoplaza.com.evil.example.
func ShopOf(domain string) (shop string, ok bool) {
	shop, ok = strings.CutSuffix(strings.ToLower(domain), shopDomain)
	if !ok || !shopLabel.MatchString(shop) {
		return "", false
	}
	return shop, true
}

// untrusted is the error of something that does not prove to come from Shoplazza.
func untrusted(message string) error { return oauth.Untrusted(vendorName, message) }
