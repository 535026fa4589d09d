package shoplazza

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// The token end point refuses a code and a refresh token with the same words. A refused
// refresh token can only be replaced by a new authorization.
var (
	exchangeVendor = oauthVendor(souk.ErrUnauthorized)
	refreshVendor  = oauthVendor(souk.ErrReauthorize)
)

func oauthVendor(badGrant error) *transport.Vendor {
	return &transport.Vendor{
		Name:      vendorName,
		RequestID: requestID,
		Read: oauth.OfGrants(func(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
			return readOAuthError(call, a, e, badGrant)
		}),
	}
}

// readOAuthError reads {"error","error_description"} of RFC 6749, and the failures of
// the API itself. badGrant is the class of an invalid code or refresh token.
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
		if errors.Is(badGrant, souk.ErrReauthorize) {
			e.Message = strings.TrimSuffix("the refresh token is spent or was revoked: "+body.Description, ": ")
		}
	case "invalid_client", "unauthorized_client", "access_denied":
		v.Class = souk.ErrUnauthorized
	}
	return v
}

// isErrorCode distinguishes a code of RFC 6749 from a sentence of Shoplazza's.
func isErrorCode(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// tokenAnswer is the answer of the token end point. Only the access token is required.
type tokenAnswer struct {
	AccessToken  string     `json:"access_token"`
	RefreshToken oauth.Text `json:"refresh_token"`
	TokenType    oauth.Text `json:"token_type"`
	ExpiresAt    oauth.Text `json:"expires_at"`
	ExpiresIn    oauth.Text `json:"expires_in"`
	StoreID      oauth.Text `json:"store_id"`
	StoreName    oauth.Text `json:"store_name"`
	Locale       oauth.Text `json:"locale"`
	Error        mark       `json:"error"`
	Errors       mark       `json:"errors"`
}

// Missing names what the answer lacks to be a success.
func (t *tokenAnswer) Missing() string {
	switch {
	case bool(t.Error || t.Errors):
		return "a success"
	case t.AccessToken == "":
		return "access_token"
	}
	return ""
}

// token returns the token. It has no expiry if the answer states none: Shoplazza does
// not document a lifetime.
func (t *tokenAnswer) token() *oauth2.Token {
	expiry, _ := oauth.Expiry(time.Now(), t.ExpiresAt, t.ExpiresIn)
	token := &oauth2.Token{
		AccessToken:  t.AccessToken,
		TokenType:    string(t.TokenType),
		RefreshToken: string(t.RefreshToken),
		Expiry:       expiry,
	}
	return token.WithExtra(map[string]any{
		"store_id":   string(t.StoreID),
		"store_name": string(t.StoreName),
		"locale":     string(t.Locale),
	})
}
