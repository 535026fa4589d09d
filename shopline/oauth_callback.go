package shopline

import (
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
)

// Callback is what a merchant's browser brings to RedirectURL, or to the app's
// own address when the merchant installs it or opens it.
type Callback struct {
	// Store is the handle of the store.
	Store string
	// Code is what Exchange takes. It is empty when the app is installed or opened.
	Code string `json:"-"`
	// State is that of AuthCodeURL.
	State string `json:"-"`
	// Lang is the merchant's language, such as "en" or "zh-hans-cn". It is there
	// when an embedded app is opened.
	Lang string
	// SignedAt is when SHOPLINE has signed this.
	SignedAt time.Time
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

// maxAge is how old a signed query may be, and how far the clocks may differ.
const maxAge = 10 * time.Minute

// ParseCallback verifies the query of a request to RedirectURL: that SHOPLINE has
// signed it for this app within the last ten minutes, and that it brings a code
// and the state that AuthCodeURL was called with. The store is the one that the
// Callback names, whichever AuthCodeURL was called with. A query of a stranger is
// [souk.ErrUnauthorized].
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	callback, err := o.ParseInstall(query)
	if err != nil {
		return nil, err
	}
	if err := oauth.CheckState(vendor.Name, state, callback.State, callback.Code); err != nil {
		return nil, err
	}
	return callback, nil
}

// ParseInstall verifies the query of a request to the app's own address, which
// has neither a code nor a state: that SHOPLINE has signed it for this app
// within the last ten minutes. A query of a stranger is [souk.ErrUnauthorized].
func (o OAuth) ParseInstall(query url.Values) (*Callback, error) {
	if err := oauth.CheckSignature(vendor.Name, query, "sign", o.ClientSecret); err != nil {
		return nil, err
	}
	milliseconds, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	signedAt := time.UnixMilli(milliseconds)
	switch {
	case err != nil:
		return nil, untrusted("the query holds no timestamp in milliseconds")
	case time.Since(signedAt).Abs() > maxAge:
		return nil, untrusted("the query was signed more than 10 minutes ago, or the clock is wrong")
	case query.Get("appkey") != o.ClientID:
		return nil, untrusted("the query is for another app")
	case !handleLabel.MatchString(query.Get("handle")):
		return nil, untrusted("the query holds no handle of a store")
	}
	return &Callback{
		Store:    query.Get("handle"),
		Code:     query.Get("code"),
		State:    query.Get("customField"),
		Lang:     query.Get("lang"),
		SignedAt: signedAt,
	}, nil
}

// untrusted is the error of something that does not prove to come from SHOPLINE.
func untrusted(message string) error { return oauth.Untrusted(vendor.Name, message) }
