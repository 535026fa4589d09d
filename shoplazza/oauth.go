package shoplazza

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// OAuth obtains tokens for a public app: send the merchant to AuthCodeURL, take the
// code from the callback with ParseCallback, exchange it for a token with Exchange,
// save that with SaveToken, and set the result of TokenSource in Config.
//
// The parameter shop is the first label of the store's domain, such as "demo" for
// demo.myshoplaza.com.
//
// Keep tokens in a [souk.TokenStore] that outlasts the process: if they are lost, the
// merchant has to authorize the app again. The token store holds one token per app and
// shop.
//
// No printer shows its secret; see [Config].
type OAuth struct {
	// ClientID and ClientSecret identify the app.
	ClientID     string
	ClientSecret string `json:"-"`
	// RedirectURL is the URL that the merchant comes back to with a code.
	RedirectURL string
	// Scopes are the scopes that the app requests, such as "read_customer" and
	// "write_customer".
	Scopes []string
	// BaseURL replaces https://{shop}.myshoplaza.com for all shops. Plain http is
	// allowed for loopback only.
	BaseURL string `json:"-"`

	// Options apply to the calls for tokens. Limiter is not used.
	souk.Options
}

// String returns the configuration without its secrets.
func (o OAuth) String() string {
	return fmt.Sprintf("shoplazza.OAuth{ClientID:%q RedirectURL:%q Scopes:%q BaseURL:%q}",
		o.ClientID, o.RedirectURL, o.Scopes, transport.ShownURL(o.BaseURL))
}

// Format prints the text of String for every verb of fmt.
func (o OAuth) Format(f fmt.State, verb rune) { mask.Format(f, verb, o.String()) }

// LogValue returns the configuration without its secrets.
func (o OAuth) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("client_id", o.ClientID),
		slog.String("redirect_url", o.RedirectURL),
		slog.Any("scopes", o.Scopes),
		slog.String("base_url", transport.ShownURL(o.BaseURL)),
	)
}

// AuthCodeURL returns the URL to send the merchant to. state is required: it comes back
// in the callback. Use a value that nobody can guess and that is stored in the
// merchant's session. The error, a [souk.ErrInvalid], names every wrong field.
func (o OAuth) AuthCodeURL(shop, state string) (string, error) {
	var problems transport.Problems
	checkShop(shop, &problems)
	problems.NotEmpty("ClientID", o.ClientID)
	o.checkRedirect(&problems)
	transport.CheckBaseURL(o.baseURL(shop), "BaseURL", &problems)
	problems.Require(state != "", "state", "must not be empty: it protects the callback from strangers")
	if err := problems.Err(vendorName); err != nil {
		return "", err
	}
	query := url.Values{
		"client_id":     {o.ClientID},
		"scope":         {strings.Join(o.Scopes, " ")},
		"redirect_uri":  {o.RedirectURL},
		"response_type": {"code"},
		"state":         {state},
	}
	return o.baseURL(shop) + "/admin/oauth/authorize?" + query.Encode(), nil
}

// Exchange returns the token for a code from the callback. A code works once. Extra of
// the token holds "store_id", "store_name" and "locale". An invalid code is
// [souk.ErrUnauthorized]. If the answer is lost, the error is [souk.ErrOutcomeUnknown],
// and the merchant has to go through AuthCodeURL again.
func (o OAuth) Exchange(ctx context.Context, shop, code string) (*oauth2.Token, error) {
	var problems transport.Problems
	problems.NotEmpty("code", code)
	o.checkRedirect(&problems)
	return o.token(ctx, shop, problems, url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {o.RedirectURL},
	})
}

// Refresh returns a new token for a refresh token, with the same or a new refresh
// token. A refresh token that is used up or revoked is [souk.ErrReauthorize]. A token
// source calls Refresh by itself; a program that has one must not, since a refresh
// token works once. If the answer is lost, the error is [souk.ErrOutcomeUnknown].
func (o OAuth) Refresh(ctx context.Context, shop, refreshToken string) (*oauth2.Token, error) {
	var problems transport.Problems
	problems.NotEmpty("refreshToken", refreshToken)
	token, err := o.token(ctx, shop, problems, url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {refreshToken},
	})
	if err != nil {
		return nil, err
	}
	if token.RefreshToken == "" {
		token.RefreshToken = refreshToken
	}
	return token, nil
}

// token posts a form to the token end point. That is a write, which is not repeated if
// its answer is lost: it may have used up the code.
func (o OAuth) token(ctx context.Context, shop string, problems transport.Problems, form url.Values) (*oauth2.Token, error) {
	o.check(shop, &problems)
	vendor := exchangeVendor
	if form.Has("refresh_token") {
		vendor = refreshVendor
	}
	client := o.client(shop, vendor, &problems)
	if err := problems.Err(vendorName); err != nil {
		return nil, err
	}
	form.Set("client_id", o.ClientID)
	form.Set("client_secret", o.ClientSecret)
	var answer tokenAnswer
	err := client.Do(ctx, &transport.Call{
		Method:    http.MethodPost,
		Route:     "/admin/oauth/token",
		Body:      transport.Raw{ContentType: "application/x-www-form-urlencoded", Bytes: []byte(form.Encode())},
		Anonymous: true,
		Secret:    true,
		Secrets:   []string{form.Get("code")},
		Out:       &answer,
	})
	if err != nil {
		return nil, err
	}
	return answer.token(), nil
}

func (o OAuth) client(shop string, vendor *transport.Vendor, problems *transport.Problems) *transport.Client {
	options := o.Options
	options.Limiter = nil // it is for the API
	return transport.New(vendor, transport.Config{
		BaseURL: o.baseURL(shop),
		Quotas:  oauthQuotas,
		App:     o.ClientID,
		Options: options,
	}, problems)
}

// oauthQuotas sets no pace, since Shoplazza publishes none for tokens; only a 429 holds
// calls back.
var oauthQuotas = []transport.Quota{{Bucket: "oauth", Limit: new(ratelimit.Limit), ByApp: true}}

// check notes what a token request requires and does not have.
func (o OAuth) check(shop string, problems *transport.Problems) {
	checkShop(shop, problems)
	problems.NotEmpty("ClientID", o.ClientID)
	problems.NotEmpty("ClientSecret", o.ClientSecret)
}

func (o OAuth) checkRedirect(problems *transport.Problems) {
	problems.Require(oauth.IsRedirect(o.RedirectURL), "RedirectURL", "must be an absolute URL")
}

func (o OAuth) baseURL(shop string) string {
	if o.BaseURL != "" {
		return strings.TrimSuffix(o.BaseURL, "/")
	}
	return shopURL(shop)
}
