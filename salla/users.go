package salla

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/phpdate"
	"github.com/souk-go/souk/internal/transport"
)

// User is the user who authorised the app, not necessarily the owner of the store.
type User struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Mobile has the country's code and a plus.
	Mobile string `json:"mobile"`
	// Role is a word such as "user".
	Role string `json:"role"`
	// CreatedAt comes without a zone and is taken as Riyadh's time.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Merchant is the store.
	Merchant Merchant `json:"merchant"`
	// Context is what the token allows, nil where Salla does not send it.
	Context *TokenContext `json:"context,omitempty"`
}

// UnmarshalJSON reads the store under merchant or, as older answers have it,
// under store.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	wire := struct {
		*plain
		ID        *loosejson.Int                 `json:"id"`
		Mobile    *loosejson.String              `json:"mobile"`
		CreatedAt *phpdate.Time                  `json:"created_at"`
		Merchant  loosejson.Object[Merchant]     `json:"merchant"`
		Store     loosejson.Object[Merchant]     `json:"store"`
		Context   loosejson.Object[TokenContext] `json:"context"`
	}{
		plain:     (*plain)(u),
		ID:        (*loosejson.Int)(&u.ID),
		Mobile:    (*loosejson.String)(&u.Mobile),
		CreatedAt: (*phpdate.Time)(&u.CreatedAt),
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.Merchant.Value == nil {
		wire.Merchant = wire.Store
	}
	if wire.Merchant.Value != nil {
		u.Merchant = *wire.Merchant.Value
	}
	u.Context = wire.Context.Value
	return nil
}

// Merchant is a store.
type Merchant struct {
	// ID is the id of the store, which deliveries of webhooks name as well.
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	Avatar   string `json:"avatar"`
	// StoreLocation is latitude and longitude with a comma between.
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

// UnmarshalJSON reads numbers that may be texts, and Salla's dates.
func (m *Merchant) UnmarshalJSON(data []byte) error {
	type plain Merchant
	return json.Unmarshal(data, &struct {
		*plain
		ID               *loosejson.Int    `json:"id"`
		TaxNumber        *loosejson.String `json:"tax_number"`
		CommercialNumber *loosejson.String `json:"commercial_number"`
		CreatedAt        *phpdate.Time     `json:"created_at"`
		OwnerID          *loosejson.Int    `json:"owner_id"`
	}{
		(*plain)(m),
		(*loosejson.Int)(&m.ID),
		(*loosejson.String)(&m.TaxNumber),
		(*loosejson.String)(&m.CommercialNumber),
		(*phpdate.Time)(&m.CreatedAt),
		(*loosejson.Int)(&m.OwnerID),
	})
}

// TokenContext is what an access token allows.
type TokenContext struct {
	// App is the id of the app.
	App string `json:"app"`
	// Scope holds the granted scopes with spaces between.
	Scope string `json:"scope"`
	// ExpiresAt is when the token expires.
	ExpiresAt time.Time `json:"exp,omitzero"`
}

// UnmarshalJSON reads the expiry, which is in seconds since 1970.
func (c *TokenContext) UnmarshalJSON(data []byte) error {
	type plain TokenContext
	wire := struct {
		*plain
		App       *loosejson.String `json:"app"`
		ExpiresAt loosejson.Int     `json:"exp"`
	}{plain: (*plain)(c), App: (*loosejson.String)(&c.App)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.ExpiresAt > 0 {
		c.ExpiresAt = time.Unix(int64(wire.ExpiresAt), 0).UTC()
	}
	return nil
}

// MarshalJSON writes the expiry as it is read.
func (c TokenContext) MarshalJSON() ([]byte, error) {
	var seconds int64
	if !c.ExpiresAt.IsZero() {
		seconds = c.ExpiresAt.Unix()
	}
	return json.Marshal(struct {
		App       string `json:"app"`
		Scope     string `json:"scope"`
		ExpiresAt int64  `json:"exp,omitempty"`
	}{c.App, c.Scope, seconds})
}

// UsersService tells whose token it is.
type UsersService service

// Info returns the user who authorised the app, and the store. It needs no scope.
// It is asked at Config.AccountsURL.
//
// See https://docs.salla.dev/9466620e0.
//
//souk:operation GET /oauth2/user/info
func (s *UsersService) Info(ctx context.Context) (*User, error) {
	var out userInfo
	_, err := s.transport.Beside(&accountsVendor, s.accounts, accountsQuotas).Do(ctx, &transport.Call{
		Method: http.MethodGet,
		Route:  "/oauth2/user/info",
		Repeat: transport.Safe,
		Out:    &out,
	})
	if err != nil {
		return nil, err
	}
	return &out.user, nil
}

// userInfo is a user in Salla's envelope, in its data alone, or without either.
type userInfo struct {
	envelope
	enveloped bool
	user      User
}

func (i *userInfo) UnmarshalJSON(data []byte) error {
	var around struct {
		Success json.RawMessage `json:"success"`
		Status  json.RawMessage `json:"status"`
		Data    json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(data, &around); err != nil {
		return err
	}
	i.enveloped = around.Success != nil || around.Status != nil
	if i.enveloped {
		if err := json.Unmarshal(data, &i.envelope); err != nil {
			return err
		}
	}
	if around.Data != nil {
		data = around.Data
	}
	return json.Unmarshal(data, &i.user)
}

// Missing names what keeps the answer from being a success. Without an envelope it
// must name the store as well: many an object has an id.
func (i *userInfo) Missing() string {
	if i.enveloped {
		if lack := i.envelope.Missing(); lack != "" {
			return lack
		}
		return lackOfID(i.user.ID)
	}
	if i.user.ID <= 0 || i.user.Merchant.ID <= 0 {
		return "the ids of user and store"
	}
	return ""
}
