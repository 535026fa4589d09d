package salla

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// User is the user who authorised the app, not necessarily the owner of the store.
type User struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Mobile has a plus and the country code.
	Mobile string `json:"mobile"`
	// Role is a word such as "user".
	Role string `json:"role"`
	// CreatedAt comes without a zone and is taken as Riyadh's time.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Merchant is the store.
	Merchant Merchant `json:"merchant"`
	// Context is what the token allows, nil if Salla does not send it.
	Context *TokenContext `json:"context,omitempty"`
}

// Merchant is a store.
type Merchant struct {
	// ID is the id of the store, which webhook deliveries name as well.
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	Avatar   string `json:"avatar"`
	// StoreLocation is latitude and longitude, separated by a comma.
	StoreLocation string `json:"store_location"`
	Plan          Plan   `json:"plan"`
	// Status is a word such as "active".
	Status string `json:"status"`
	// Domain is the address of the shop.
	Domain           string `json:"domain"`
	TaxNumber        string `json:"tax_number"`
	CommercialNumber string `json:"commercial_number"`
	// CreatedAt comes without a zone and is taken as Riyadh's time.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// OwnerID and OwnerName are in older answers only.
	OwnerID   int64  `json:"owner_id,omitempty"`
	OwnerName string `json:"owner_name,omitempty"`
}

// TokenContext is what an access token allows.
type TokenContext struct {
	// App is the id of the app.
	App string `json:"app"`
	// Scope holds the granted scopes, separated by spaces.
	Scope string `json:"scope"`
	// ExpiresAt is when the token expires.
	ExpiresAt time.Time `json:"exp,omitzero"`
}

// UsersService says whom the token belongs to.
type UsersService service

// Info returns the user who authorised the app, and the store. It needs no scope. The
// request goes to [Config.AccountsURL].
//
// See https://docs.salla.dev/9466620e0.
//
//souk:operation GET /oauth2/user/info
func (s *UsersService) Info(ctx context.Context) (*User, error) {
	return info(ctx, s.transport.Beside(&accountsVendor, s.accounts, accountsQuotas), nil)
}

// info asks whom the token of the credential, or else of the client, belongs to.
func info(ctx context.Context, c *transport.Client, credential transport.Authorizer) (*User, error) {
	var out userInfo
	err := c.Do(ctx, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/oauth2/user/info",
		Repeat:     transport.Safe,
		Credential: credential,
		Out:        &out,
	})
	if err != nil {
		return nil, err
	}
	return new(out.user().plain()), nil
}

// userInfo is a user in Salla's envelope, in the member data alone, or bare.
type userInfo struct {
	Success *loosejson.Bool `json:"success"`
	Status  *status         `json:"status"`
	Data    *userWire       `json:"data"`
	userWire
}

// Row returns the type of the whole: the user can be anywhere.
func (*userInfo) Row() (reflect.Type, int) { return reflect.TypeFor[userInfo](), 0 }

// RowID says that the whole has no id.
func (*userInfo) RowID() string { return "" }

func (i *userInfo) user() *userWire {
	if i.Data != nil {
		return i.Data
	}
	return &i.userWire
}

// Missing names what the answer lacks to be a success. Without an envelope it must name
// the store as well: many objects have an id.
func (i *userInfo) Missing() string {
	user := i.user().plain()
	if i.Success == nil && i.Status == nil {
		if user.ID <= 0 || user.Merchant.ID <= 0 {
			return "the ids of user and store"
		}
		return ""
	}
	var around envelope
	if i.Success != nil {
		around.Success = *i.Success
	}
	if i.Status != nil {
		around.Status = *i.Status
	}
	if lack := around.Missing(); lack != "" {
		return lack
	}
	return lackOfID(user.ID)
}
