package shopline

import (
	"cmp"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

var oauthVendor = transport.Vendor{
	Name:      "shopline",
	Prefix:    "/admin/oauth",
	RequestID: vendor.RequestID,
	Read:      oauth.OfGrants(readOAuthError),
	Secret:    true,
}

// readOAuthError reads {"code":…,"i18nCode":…,"message":…}, which can come with status
// 200.
func readOAuthError(_ *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	f := frameOf(a.Body)
	if !f.isFailure(a.StatusCode) {
		return transport.Verdict{}
	}
	f.tell(a.StatusCode, e)
	known := refusedGrants[e.Code]
	return transport.Verdict{
		Own:     true,
		Refused: known != nil,
		Class:   cmp.Or(known, grantClass(a.StatusCode, loosejson.Text(f.Code))),
	}
}

// refusedGrants maps the known codes to their classes.
var refusedGrants = map[string]error{
	"STORE_NOT_INSTALL_APP":           souk.ErrReauthorize,
	"APP_AUDIT_NOT_PASS":              souk.ErrForbidden,
	"REQUEST_NOT_IN_APP_IP_WHITELIST": souk.ErrForbidden,
	"REQUEST_FREQUENTLY":              souk.ErrRateLimited,
	"OAUTH_CODE_INVALID":              souk.ErrUnauthorized,
}

// grantClass returns the class of a refusal without a known code: the class of its
// status or, if that is a success, of the code in the body.
func grantClass(status int, code string) error {
	if shutOut[status] != "" {
		return souk.ErrForbidden
	}
	if inner, err := strconv.Atoi(code); err == nil && status/100 == 2 && len(code) == 3 {
		status = inner
	}
	return transport.ClassOf(status)
}

// grant is the answer to a call for a token.
type grant struct {
	frame
	Data struct {
		AccessToken string     `json:"accessToken"`
		ExpireTime  oauth.Text `json:"expireTime"`
		Scope       oauth.Text `json:"scope"`
	} `json:"data"`
}

func (g *grant) Missing() string {
	if loosejson.Text(g.Code) != "200" {
		return "code 200"
	}
	return g.lacks("data.accessToken", g.Data.AccessToken != "")
}

// tokenLife is the lifetime of a token if neither the answer nor the token states it.
const tokenLife = 10 * time.Hour

func (g *grant) token(now time.Time) *oauth2.Token {
	expiry, ok := oauth.Expiry(now, g.Data.ExpireTime)
	if !ok {
		expiry, ok = auth.JWTExpiry(g.Data.AccessToken)
	}
	if !ok {
		expiry = now.Add(tokenLife)
	}
	token := &oauth2.Token{AccessToken: g.Data.AccessToken, TokenType: "Bearer", Expiry: expiry}
	return token.WithExtra(map[string]any{"scope": string(g.Data.Scope)})
}
