package salla

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/transport"
)

const tokenRoute = "/oauth2/token"

// token asks the token end point for a token, in exchange for a code or a refresh
// token, and with the app's credentials in the body. It is a write: either works once.
func (o OAuth) token(ctx context.Context, problems transport.Problems, spent string, form url.Values) (*oauth2.Token, error) {
	client := o.client(&problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	form.Set("client_id", o.ClientID)
	form.Set("client_secret", o.ClientSecret)
	var answer tokenAnswer
	_, err := client.Do(ctx, &transport.Call{
		Method:    http.MethodPost,
		Route:     tokenRoute,
		Body:      transport.Raw{ContentType: "application/x-www-form-urlencoded", Bytes: []byte(form.Encode())},
		Anonymous: true,
		Out:       &answer,
		Secret:    true,
		Secrets:   []string{o.ClientSecret, spent},
	})
	if err != nil {
		return nil, err
	}
	return answer.token(time.Now()), nil
}

// client speaks to the token end point, which publishes no limit.
func (o OAuth) client(problems *transport.Problems) *transport.Client {
	options := o.Options
	options.Limiter = nil
	return transport.New(&accountsVendor, transport.Config{
		BaseURL: o.baseURL(),
		Quotas:  accountsQuotas,
		Options: options,
	}, problems)
}

// tokenAnswer is a token as Salla spells it, at its end point and in deliveries.
// Members that can be done without have any form: a pair of tokens must not be
// lost for them, since the one before is used up.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    text   `json:"token_type"`
	Scope        text   `json:"scope"`
	Expires      text   `json:"expires"`
	ExpiresIn    text   `json:"expires_in"`
}

// Missing names what keeps the answer from being a success.
func (a *tokenAnswer) Missing() string {
	if a.AccessToken == "" {
		return "access_token"
	}
	return ""
}

func (a tokenAnswer) token(now time.Time) *oauth2.Token {
	token := &oauth2.Token{
		AccessToken:  a.AccessToken,
		RefreshToken: a.RefreshToken,
		TokenType:    string(a.TokenType),
		Expiry:       a.expiry(now),
	}
	return token.WithExtra(map[string]any{"scope": string(a.Scope)})
}

// tokenLife is how long Salla says a token lives, where an answer does not.
const tokenLife = 14 * 24 * time.Hour

// firstAbsolute is the number from which on an expiry is seconds since 1970.
// Below, it is seconds from now: Salla has both under both keys.
const firstAbsolute = 1_000_000_000

// lastAbsolute is the end of the year 9999, the last moment that JSON can hold.
const lastAbsolute = 253_402_300_799

// longestLife keeps nonsense from overflowing.
const longestLife = 10 * 365 * 24 * time.Hour

func (a tokenAnswer) expiry(now time.Time) time.Time {
	for _, number := range []text{a.ExpiresIn, a.Expires} {
		seconds, err := json.Number(number).Float64()
		switch {
		case err != nil || !(seconds > 0):
			continue
		case seconds > firstAbsolute && seconds <= lastAbsolute:
			return time.Unix(int64(seconds), 0)
		case seconds <= longestLife.Seconds():
			return now.Add(time.Duration(seconds) * time.Second)
		}
	}
	return now.Add(tokenLife)
}

func readToken(data []byte, now time.Time) (*oauth2.Token, error) {
	var answer tokenAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.Missing() != "" {
		return nil, errors.New("no access token")
	}
	return answer.token(now), nil
}
