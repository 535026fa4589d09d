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

// vendor describes the token end point. What it says of the secrets in the form
// is masked, should it repeat them.
func (o OAuth) vendor(form url.Values) *transport.Vendor {
	secrets := []string{o.ClientSecret, form.Get("code"), form.Get("refresh_token")}
	badGrant := souk.ErrUnauthorized
	if form.Has("refresh_token") { // that only a new authorization replaces
		badGrant = souk.ErrReauthorize
	}
	vendor := newVendor(func(a *transport.Answer, e *souk.Error) transport.Verdict {
		v := readOAuthError(a, e, badGrant)
		maskAll(e, secrets)
		return v
	})
	vendor.Secret = true
	return vendor
}

func maskAll(e *souk.Error, secrets []string) {
	var pairs []string
	for _, secret := range secrets {
		if secret != "" {
			pairs = append(pairs, secret, "[masked]")
		}
	}
	mask := strings.NewReplacer(pairs...)
	e.Message = mask.Replace(e.Message)
	for _, texts := range e.Fields {
		for i := range texts {
			texts[i] = mask.Replace(texts[i])
		}
	}
}

// readOAuthError reads {"error","error_description"} of RFC 6749, and what the
// API itself sends. badGrant is the class of a code or refresh token that is not
// good.
func readOAuthError(a *transport.Answer, e *souk.Error, badGrant error) transport.Verdict {
	readBody(a.Body, e)
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(a.Body, &body) == nil && isErrorCode(body.Error) {
		e.Code, e.Message = body.Error, body.Description
	}
	v := transport.Verdict{Class: classOf(a.StatusCode, e)}
	switch e.Code {
	case "invalid_grant":
		v.Class = badGrant
	case "invalid_client", "unauthorized_client", "access_denied":
		v.Class = souk.ErrUnauthorized
	}
	return v
}

// isErrorCode tells the codes of RFC 6749 from Shoplazza's sentences.
func isErrorCode(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// tokenAnswer is the answer of the token end point.
type tokenAnswer struct {
	oauth2.Token
}

func (t *tokenAnswer) UnmarshalJSON(data []byte) error {
	var body struct {
		TokenType    string           `json:"token_type"`
		AccessToken  string           `json:"access_token"`
		RefreshToken string           `json:"refresh_token"`
		ExpiresAt    loosejson.Int    `json:"expires_at"`
		ExpiresIn    loosejson.Int    `json:"expires_in"`
		StoreID      loosejson.String `json:"store_id"`
		StoreName    loosejson.String `json:"store_name"`
		Locale       loosejson.String `json:"locale"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	if body.AccessToken == "" {
		return errNoMember
	}
	token := oauth2.Token{
		AccessToken:  body.AccessToken,
		TokenType:    body.TokenType,
		RefreshToken: body.RefreshToken,
		Expiry:       expiry(int64(body.ExpiresAt), int64(body.ExpiresIn)),
	}
	t.Token = *token.WithExtra(map[string]any{
		"store_id":   string(body.StoreID),
		"store_name": string(body.StoreName),
		"locale":     string(body.Locale),
	})
	return nil
}

func (t *tokenAnswer) token() *oauth2.Token { return &t.Token }

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
