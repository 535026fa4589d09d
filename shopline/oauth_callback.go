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

// Callback holds the parameters that a merchant's browser brings to RedirectURL, or to
// the app's own URL when the merchant installs or opens the app.
type Callback struct {
	// Store is the handle of the store.
	Store string
	// Code is the code for Exchange. It is empty if the app is being installed or
	// opened.
	Code string `json:"-"`
	// State is the state given to AuthCodeURL.
	State string `json:"-"`
	// Lang is the merchant's language, such as "en" or "zh-hans-cn". It is set if an
	// embedded app is being opened.
	Lang string
	// SignedAt is when SHOPLINE signed the query.
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

// maxAge is the largest accepted age of a signed query, and difference between the
// clocks.
const maxAge = 10 * time.Minute

// ParseCallback verifies the query of a request to RedirectURL: SHOPLINE must have
// signed it for this app within the last ten minutes, and it must hold a code, the state
// that was given to AuthCodeURL, and no error. The callback's Store counts, even if
// AuthCodeURL was called for another one. A query that is not proven is
// [souk.ErrUnauthorized].
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	callback, err := o.ParseInstall(query)
	if err != nil {
		return nil, err
	}
	if err := oauth.CheckState(vendor.Name, state, callback.State, query); err != nil {
		return nil, err
	}
	return callback, nil
}

// ParseInstall verifies the query of a request to the app's own URL, which has neither
// code nor state: SHOPLINE must have signed it for this app within the last ten
// minutes. A query that is not proven is [souk.ErrUnauthorized].
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

// untrusted is the error of a query that is not proven to come from SHOPLINE.
func untrusted(message string) error { return oauth.Untrusted(vendor.Name, message) }
