package salla

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
)

// Callback is what a merchant's browser brings to RedirectURL.
type Callback struct {
	// Code is what Install and Exchange take.
	Code string `json:"-"`
	// State is that of AuthCodeURL, without its hyphens, which Salla takes out.
	State string `json:"-"`
	// Scopes are those that the merchant has granted.
	Scopes []string
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

// ParseCallback verifies the query of a request to RedirectURL: that it brings a code
// and the state that AuthCodeURL was called with, and no parameter twice. Salla signs
// nothing here, so the state is the only proof: let it do once. A query of a stranger
// is [souk.ErrUnauthorized], and so is that of an installation that begins at Salla,
// whose state the app has never issued: send its merchant to AuthCodeURL.
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	if err := oauth.CheckQuery(vendor.Name, query); err != nil {
		return nil, err
	}
	callback := &Callback{
		Code:   query.Get("code"),
		State:  withoutHyphens(query.Get("state")),
		Scopes: strings.Fields(query.Get("scope")),
	}
	if err := oauth.CheckState(vendor.Name, withoutHyphens(state), callback.State, callback.Code); err != nil {
		return nil, err
	}
	return callback, nil
}

func withoutHyphens(state string) string { return strings.ReplaceAll(state, "-", "") }
