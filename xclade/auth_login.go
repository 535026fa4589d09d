package xclade

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// refreshEarly is how long before its end a token is renewed.
const refreshEarly = 5 * time.Minute

// newLogin returns a token source that logs in on first use, renews the token
// while it is valid and logs in again when it is not.
func newLogin(client *Client, email, password string) *auth.Refresher {
	return auth.NewRefresher(auth.Options{
		Key:     "login",
		Early:   refreshEarly,
		Secrets: []string{password},
		Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			if current != nil && current.Expiry.After(time.Now()) {
				token, err := client.Auth.Refresh(ctx, RefreshRequest{Token: current.AccessToken})
				if err == nil || !errors.Is(err, souk.ErrUnauthorized) || errors.Is(err, souk.ErrUnreadable) { // a proxy's 401 says nothing of the token
					return oauthToken(token), err
				}
			}
			token, err := client.Auth.Login(ctx, LoginRequest{Email: email, Password: password})
			return oauthToken(token), err
		},
	})
}

func oauthToken(t *AuthToken) *oauth2.Token {
	if t == nil {
		return nil
	}
	return &oauth2.Token{AccessToken: t.Token, TokenType: "Bearer", Expiry: t.ExpiresAt}
}
