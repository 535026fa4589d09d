package shopline

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// OAuth obtains and renews the tokens of a public or custom app for the stores that
// have installed it. One OAuth serves all stores; its methods take the store's handle.
//
//  1. SHOPLINE sends the merchant's browser to the app: ParseInstall.
//  2. The app sends it on to AuthCodeURL.
//  3. SHOPLINE sends it back to RedirectURL: ParseCallback.
//  4. The app gets a token with Exchange and keeps it with SaveToken.
//
// A token is valid for ten hours. There is no refresh token: the app's signature and
// the handle renew the token. So a token store may lose its tokens, as
// [souk.NewMemoryTokenStore] does when the process ends: that costs only one request
// per store as long as the app stays installed.
//
// No printer shows its secret; see [Config].
type OAuth struct {
	// ClientID and ClientSecret are the app key and the app secret in the partner
	// portal.
	ClientID     string
	ClientSecret string `json:"-"`

	// RedirectURL is the URL that SHOPLINE sends the browser back to, as registered in
	// the partner portal.
	RedirectURL string

	// Scopes are the scopes that the app requests, such as "read_customers" and
	// "write_customers".
	Scopes []string

	// BaseURL replaces https://{handle}.myshopline.com for all stores. It is a scheme,
	// a host and optionally a path prefix. Plain http is allowed for loopback only.
	BaseURL string `json:"-"`

	// Options apply to the calls for tokens. Limiter is not used.
	souk.Options
}

// String returns the settings without the secret.
func (o OAuth) String() string {
	return fmt.Sprintf("shopline.OAuth{ClientID:%q RedirectURL:%q Scopes:%q}", o.ClientID, o.RedirectURL, o.Scopes)
}

// Format prints the text of String for every verb of fmt.
func (o OAuth) Format(f fmt.State, verb rune) { mask.Format(f, verb, o.String()) }

// LogValue returns the settings without the secret.
func (o OAuth) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("client_id", o.ClientID),
		slog.String("redirect_url", o.RedirectURL),
		slog.Any("scopes", o.Scopes),
	)
}

// AuthCodeURL returns the URL to send the merchant's browser to. SHOPLINE returns
// state, for ParseCallback. It is required: use a value that nobody can guess and that
// is stored in the browser's session. The error, a [souk.ErrInvalid], names every wrong
// setting.
func (o OAuth) AuthCodeURL(handle, state string) (string, error) {
	var problems transport.Problems
	o.check(handle, &problems)
	transport.CheckBaseURL(storeURL(o.BaseURL, handle), "BaseURL", &problems)
	problems.Require(oauth.IsRedirect(o.RedirectURL), "RedirectURL", "must be an absolute URL")
	problems.Require(len(o.Scopes) > 0, "Scopes", "must name at least one scope, such as read_customers")
	problems.Require(state != "", "state", "must not be empty: it protects the callback from strangers")
	problems.Require(!strings.Contains(state, "&"), "state", "must not contain &, which SHOPLINE's signature cannot protect")
	if err := problems.Err(vendor.Name); err != nil {
		return "", err
	}
	query := "appKey=" + escape(o.ClientID) + "&responseType=code&scope=" + escape(o.Scopes...) +
		"&redirectUri=" + escape(o.RedirectURL) + "&customField=" + escape(state)
	// The query is part of the fragment, from which a script reads it.
	return strings.TrimSuffix(storeURL(o.BaseURL, handle), "/") + "/admin/oauth-web/#/oauth/authorize?" + query, nil
}

// Exchange returns the token for the code of a callback. A code is valid for ten
// minutes and works once, so a lost answer is [souk.ErrOutcomeUnknown]: send the
// merchant through AuthCodeURL again.
func (o OAuth) Exchange(ctx context.Context, handle, code string) (*oauth2.Token, error) {
	var problems transport.Problems
	problems.NotEmpty("code", code)
	body, _ := json.Marshal(map[string]string{"code": code}) // text always has a JSON form
	return o.token(ctx, handle, &transport.Call{
		Route:    "/token/create",
		Body:     transport.Raw{ContentType: contentType.Get("Content-Type"), Bytes: body},
		Problems: problems,
		Secrets:  []string{code},
	}, body)
}

// Refresh returns a new token of a store that has installed the app. The previous one
// works for five more minutes. A refresh soon after another is [souk.ErrRateLimited].
// If the store has removed the app, the error is [souk.ErrReauthorize].
func (o OAuth) Refresh(ctx context.Context, handle string) (*oauth2.Token, error) {
	return o.token(ctx, handle, &transport.Call{Route: "/token/refresh", Repeat: transport.Idempotent}, nil)
}

// token carries out a call whose signature covers its body and the time.
func (o OAuth) token(ctx context.Context, handle string, call *transport.Call, body []byte) (*oauth2.Token, error) {
	o.check(handle, &call.Problems)
	client := o.client(handle, &call.Problems)
	if err := call.Problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	sign := hex.EncodeToString(webhook.Sign(o.ClientSecret, body, []byte(timestamp)))
	call.Method = http.MethodPost
	call.Secrets = append(call.Secrets, o.ClientSecret)
	call.Header = http.Header{
		"Appkey":    {o.ClientID},
		"Timestamp": {timestamp},
		"Sign":      {sign},
	}
	var out grant
	call.Out = &out
	if err := client.Do(ctx, call); err != nil {
		return nil, err
	}
	return out.token(time.Now()), nil
}

func (o OAuth) client(handle string, problems *transport.Problems) *transport.Client {
	baseURL := storeURL(o.BaseURL, handle)
	o.Limiter = nil
	return transport.New(&oauthVendor, transport.Config{
		BaseURL: baseURL,
		Quotas:  oauthQuotas,
		App:     o.ClientID,
		Header:  contentType,
		Options: o.Options,
	}, problems)
}

// oauthQuotas sets no pace, since SHOPLINE publishes no limit here; only a 429 holds
// calls back.
var oauthQuotas = []transport.Quota{{Bucket: "oauth", Limit: new(ratelimit.Limit), ByApp: true}}

func (o OAuth) check(handle string, problems *transport.Problems) {
	problems.Require(handleLabel.MatchString(handle), "handle", handleRule)
	problems.Require(o.ClientID != "" && transport.IsWord(o.ClientID), "ClientID", "must be the app's key, without spaces and line breaks")
	problems.Require(o.ClientSecret != "", "ClientSecret", oauth.NoSecret)
}

// escape encodes texts for a query that a script in the browser reads. The commas
// between them are not escaped.
func escape(texts ...string) string {
	escaped := make([]string, len(texts))
	for i, text := range texts {
		escaped[i] = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
	}
	return strings.Join(escaped, ",")
}
