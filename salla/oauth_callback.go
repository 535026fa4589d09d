package salla

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
)

// Callback holds the parameters that a merchant's browser brings to RedirectURL.
type Callback struct {
	// Code is the code for Install or Exchange.
	Code string `json:"-"`
	// State is the state given to AuthCodeURL, without hyphens, which Salla removes.
	State string `json:"-"`
	// Scopes are the scopes that the merchant granted.
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

// ParseCallback verifies the query of a request to RedirectURL: it must hold a code,
// the state that was given to AuthCodeURL, no error, and no parameter twice. Salla signs
// nothing here, so the state is the only proof: accept each state once. A query that is
// not proven is [souk.ErrUnauthorized]. So is the query of an installation that began at
// Salla, whose state the app never issued: send the merchant to AuthCodeURL.
func (o OAuth) ParseCallback(query url.Values, state string) (*Callback, error) {
	if err := oauth.CheckQuery(vendor.Name, query); err != nil {
		return nil, err
	}
	callback := &Callback{
		Code:   query.Get("code"),
		State:  withoutHyphens(query.Get("state")),
		Scopes: strings.Fields(query.Get("scope")),
	}
	if err := oauth.CheckState(vendor.Name, withoutHyphens(state), callback.State, query); err != nil {
		return nil, err
	}
	return callback, nil
}

func withoutHyphens(state string) string { return strings.ReplaceAll(state, "-", "") }
