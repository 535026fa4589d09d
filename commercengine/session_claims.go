package commercengine

import (
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Claims is what a token says of the shopper it was issued to. Nobody has
// verified its signature: it is good for planning, not for trust.
type Claims struct {
	// TokenType is the kind of token, such as "access".
	TokenType string `json:"token_type"`
	// ID is the id of the token.
	ID string `json:"jti"`
	// UserID is the id of the user, for AuthService.GetUser.
	UserID string `json:"ulid"`
	// CustomerID is the id of the customer, for all that belongs to a customer. It
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
	// ExpiresAt is zero if the token names no end.
	ExpiresAt time.Time `json:"-"`
}

// ClaimsChannel is the channel that an API key belongs to.
type ClaimsChannel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// ParseClaims reads the claims of an access token without verifying it. A text
// that is no JSON Web Token is souk.ErrInvalid.
func ParseClaims(accessToken string) (*Claims, error) {
	claims := &Claims{}
	if err := auth.JWTClaims(accessToken, claims); err != nil {
		return nil, newError(&souk.Error{Message: "the token is no JSON Web Token", Err: souk.ErrInvalid})
	}
	claims.ExpiresAt, _ = auth.JWTExpiry(accessToken)
	return claims, nil
}

// anonymous reports that the token certainly belongs to nobody who has logged in.
func (c *Claims) anonymous() bool { return c.IsAnonymous && !c.IsLoggedIn && c.CustomerID == "" }
