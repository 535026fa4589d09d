package shoplazza

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// The token end point refuses a code and a refresh token in the same words. Only
// a new authorization replaces a refresh token.
var (
	exchangeVendor = oauthVendor(souk.ErrUnauthorized)
	refreshVendor  = oauthVendor(souk.ErrReauthorize)
)

func oauthVendor(badGrant error) *transport.Vendor {
	return &transport.Vendor{
		Name:      vendorName,
		RequestID: requestID,
		Read: func(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
			return readOAuthError(call, a, e, badGrant)
		},
	}
}

// readOAuthError reads {"error","error_description"} of RFC 6749, and what the
// API itself sends. badGrant is the class of a code or refresh token that is not
// good.
func readOAuthError(call *transport.Call, a *transport.Answer, e *souk.Error, badGrant error) transport.Verdict {
	v := readError(call, a, e, false)
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if !v.Own || json.Unmarshal(a.Body, &body) != nil || !isErrorCode(body.Error) {
		return v
	}
	e.Code, e.Message = body.Error, body.Description
	switch e.Code {
	case "invalid_grant":
		v.Class = badGrant
	case "invalid_client", "unauthorized_client", "access_denied":
		v.Class = souk.ErrUnauthorized
	}
	return v
}

// secretsOf returns what of a form must not be repeated, plain and as it was sent.
func secretsOf(form url.Values) (secrets []string) {
	for _, name := range []string{"client_secret", "code", "refresh_token"} {
		secrets = append(secrets, form.Get(name), url.QueryEscape(form.Get(name)))
	}
	return secrets
}

// isErrorCode tells the codes of RFC 6749 from Shoplazza's sentences.
func isErrorCode(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// tokenAnswer is the answer of the token end point.
type tokenAnswer struct {
	TokenType    string           `json:"token_type"`
	AccessToken  string           `json:"access_token"`
	RefreshToken string           `json:"refresh_token"`
	ExpiresAt    loosejson.Int    `json:"expires_at"`
	ExpiresIn    loosejson.Int    `json:"expires_in"`
	StoreID      loosejson.String `json:"store_id"`
	StoreName    loosejson.String `json:"store_name"`
	Locale       loosejson.String `json:"locale"`
	Error        mark             `json:"error"`
	Errors       mark             `json:"errors"`
}

// Missing names what the answer lacks of a token.
func (t *tokenAnswer) Missing() string {
	switch {
	case bool(t.Error || t.Errors):
		return "a success"
	case t.AccessToken == "":
		return "access_token"
	}
	return ""
}

func (t *tokenAnswer) token() *oauth2.Token {
	token := &oauth2.Token{
		AccessToken:  t.AccessToken,
		TokenType:    t.TokenType,
		RefreshToken: t.RefreshToken,
		Expiry:       expiry(int64(t.ExpiresAt), int64(t.ExpiresIn)),
	}
	return token.WithExtra(map[string]any{
		"store_id":   string(t.StoreID),
		"store_name": string(t.StoreName),
		"locale":     string(t.Locale),
	})
}

// expiry returns when a token runs out: at Unix seconds, or in so many. No time
// means never.
func expiry(at, in int64) time.Time {
	switch {
	case at > 0:
		return time.Unix(at, 0)
	case in > 0:
		return time.Now().Add(time.Duration(min(in, maxLife)) * time.Second)
	}
	return time.Time{}
}

// maxLife keeps the sum of a time and a life within range: a hundred years.
const maxLife = 100 * 365 * 24 * 60 * 60
