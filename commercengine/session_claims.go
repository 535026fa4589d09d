package commercengine

import (
	"cmp"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Claims holds the claims of a shopper's token. The signature is not verified, so do
// not base authorization on them.
type Claims struct {
	// TokenType is the kind of token, such as "access".
	TokenType string `json:"token_type"`
	// ID is the id of the token.
	ID string `json:"jti"`
	// UserID is the id of the user, for AuthService.GetUser.
	UserID string `json:"ulid"`
	// CustomerID is the id of the customer, for all operations on a customer's data. It
	// is empty while the shopper is anonymous.
	CustomerID      string `json:"customer_id"`
	CustomerGroupID string `json:"customer_group_id"`
	// AnonymousID stays the same when an anonymous shopper logs in.
	AnonymousID string        `json:"anonymous_id"`
	StoreID     string        `json:"store_id"`
	Channel     ClaimsChannel `json:"channel"`
	Username    string        `json:"username"`
	Email       string        `json:"email"`
	Phone       string        `json:"phone"`
	FirstName   string        `json:"first_name"`
	LastName    string        `json:"last_name"`
	IsLoggedIn  bool          `json:"is_logged_in"`
	IsAnonymous bool          `json:"is_anonymous"`
	// ExpiresAt is zero if the token does not say when it expires.
	ExpiresAt time.Time `json:"-"`
}

// ClaimsChannel is the channel that an API key belongs to.
type ClaimsChannel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// ParseClaims reads the claims of an access token without verifying its signature. A
// text that is not a JSON Web Token is [souk.ErrInvalid].
func ParseClaims(accessToken string) (*Claims, error) {
	claims := &Claims{}
	if err := auth.JWTClaims(accessToken, claims); err != nil {
		return nil, newError(&souk.Error{Message: "the token is not a JSON Web Token", Err: souk.ErrInvalid})
	}
	claims.ExpiresAt, _ = auth.JWTExpiry(accessToken)
	return claims, nil
}

// claimsOf returns the claims of a token, nil if they cannot be read.
func claimsOf(token *oauth2.Token) *Claims {
	if token == nil || !auth.IsJWT(token.AccessToken) {
		return nil
	}
	claims, _ := ParseClaims(token.AccessToken)
	return claims
}

// anonymous reports whether the token certainly belongs to an anonymous shopper.
func (c *Claims) anonymous() bool {
	return c != nil && c.IsAnonymous && !c.IsLoggedIn && c.CustomerID == ""
}

// loggedIn reports whether the token belongs to a shopper who is logged in.
func (c *Claims) loggedIn() bool { return c != nil && !c.anonymous() }

// canBe reports whether a call that began for c can go on for later: it must be the
// same shopper, who may have logged in meanwhile, but not out.
func (c *Claims) canBe(later *Claims) bool {
	switch {
	case c == nil || later == nil || c.loggedIn() && later.anonymous():
		return false
	case *c == *later: // one token, whatever it says
		return true
	case c.anonymous() && c.AnonymousID != "" && c.AnonymousID == later.AnonymousID:
		return true
	}
	user := cmp.Or(c.UserID, c.CustomerID)
	return user != "" && user == cmp.Or(later.UserID, later.CustomerID)
}
