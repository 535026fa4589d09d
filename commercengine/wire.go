package commercengine

import (
	"bytes"
	"encoding/json"

	"github.com/souk-go/souk/internal/loosejson"
)

// The types of this file decode the public types where the vendor has other names for a
// field. The public types have no UnmarshalJSON of their own: a struct that embeds one
// would be decoded by it, and lose its other fields.

// customerWire is a customer. Later versions of the API call the member business_type
// of its business type.
type customerWire struct {
	Customer
	Business *struct {
		CustomerBusiness
		LaterType string `json:"type"`
	} `json:"business"`
}

func (w *customerWire) plain() Customer {
	c := w.Customer
	if w.Business != nil {
		c.Business = new(w.Business.CustomerBusiness)
		if c.Business.Type == "" {
			c.Business.Type = w.Business.LaterType
		}
	}
	return c
}

// anyUser is a user that is nil if it cannot be read.
type anyUser struct{ user *User }

// UnmarshalJSON decodes any value.
func (u *anyUser) UnmarshalJSON(data []byte) error {
	u.user = nil
	var user *User
	if _, err := loosejson.Unmarshal(data, &user, loosejson.Options{}); err == nil {
		u.user = user
	}
	return nil
}

// reviewWire is a review. The vendor's description spells playback with a leading
// space.
type reviewWire struct {
	Review
	Videos []struct {
		ReviewVideo
		Spaced VideoPlayback `json:" playback"`
	} `json:"videos"`
}

func (w *reviewWire) plain() Review {
	r := w.Review
	if w.Videos != nil {
		r.Videos = make([]ReviewVideo, len(w.Videos))
	}
	for i, video := range w.Videos {
		r.Videos[i] = video.ReviewVideo
		if video.Playback == (VideoPlayback{}) {
			r.Videos[i].Playback = video.Spaced
		}
	}
	return r
}

// documentVerificationWire keeps the whole JSON.
type documentVerificationWire DocumentVerification

func (w *documentVerificationWire) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, (*DocumentVerification)(w)); err != nil {
		return err
	}
	w.Raw = bytes.Clone(data)
	return nil
}

// orNull is a text that is sent as null if empty, for fields that the vendor requires
// but allows to be null.
type orNull string

// MarshalJSON encodes the text, or null.
func (s orNull) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(s))
}

// addressBody is an address in a request, with null for empty optional fields.
type addressBody struct {
	plainAddress
	LastName                *string `json:"last_name"`
	AddressLine2            *string `json:"address_line2"`
	Landmark                *string `json:"landmark"`
	TaxIdentificationNumber *string `json:"tax_identification_number"`
	BusinessName            *string `json:"business_name"`
	Nickname                *string `json:"nickname"`
}

type plainAddress CreateAddressRequest

func addressBodyOf(r *CreateAddressRequest) addressBody {
	return addressBody{
		plainAddress:            plainAddress(*r),
		LastName:                nonEmpty(&r.LastName),
		AddressLine2:            nonEmpty(&r.AddressLine2),
		Landmark:                nonEmpty(&r.Landmark),
		TaxIdentificationNumber: nonEmpty(&r.TaxIdentificationNumber),
		BusinessName:            nonEmpty(&r.BusinessName),
		Nickname:                nonEmpty(&r.Nickname),
	}
}

// nonEmpty returns nil for an empty text.
func nonEmpty(text *string) *string {
	if *text == "" {
		return nil
	}
	return text
}

// MarshalJSON encodes the request, with null for empty optional fields.
func (r CreateAddressRequest) MarshalJSON() ([]byte, error) { return json.Marshal(addressBodyOf(&r)) }

// MarshalJSON encodes the request, with null for empty optional fields.
func (r UpdateAddressRequest) MarshalJSON() ([]byte, error) {
	return CreateAddressRequest(r).MarshalJSON()
}

// request returns the business in a request: null for an empty one, and its address
// without the fields that only the server sets.
func (b *Business) request() any {
	if b.Type == "" && b.Name == "" && b.Metadata == nil && b.RegisteredAddress == nil {
		return json.RawMessage("null")
	}
	body := struct {
		Type              string                `json:"type"`
		Name              string                `json:"name"`
		Metadata          map[string]string     `json:"metadata,omitzero"`
		RegisteredAddress *UpdateAddressRequest `json:"registered_address,omitempty"`
	}{Type: b.Type, Name: b.Name, Metadata: b.Metadata}
	if b.RegisteredAddress != nil {
		body.RegisteredAddress = new(b.RegisteredAddress.registered())
	}
	return body
}

// registered returns the address of a business in a request. It leaves the default
// flags out unless they are true.
func (a *Address) registered() UpdateAddressRequest {
	req := a.UpdateRequest()
	if !a.IsDefaultBilling {
		req.IsDefaultBilling = nil
	}
	if !a.IsDefaultShipping {
		req.IsDefaultShipping = nil
	}
	return req
}

// MarshalJSON encodes the request in the form that the server requires.
func (r UpdateUserRequest) MarshalJSON() ([]byte, error) {
	body := struct {
		FirstName               *orNull                  `json:"first_name,omitempty"`
		LastName                *orNull                  `json:"last_name,omitempty"`
		Email                   *orNull                  `json:"email,omitempty"`
		Phone                   *orNull                  `json:"phone,omitempty"`
		CountryCode             *orNull                  `json:"country_code,omitempty"`
		LoginMethods            []LoginMethod            `json:"login_methods,omitzero"`
		NotificationPreferences *NotificationPreferences `json:"notification_preferences,omitempty"`
		CustomerGroupID         *orNull                  `json:"customer_group_id,omitempty"`
		Business                any                      `json:"business,omitempty"`
	}{
		FirstName:               (*orNull)(r.FirstName),
		LastName:                (*orNull)(r.LastName),
		Email:                   (*orNull)(r.Email),
		Phone:                   (*orNull)(r.Phone),
		CountryCode:             (*orNull)(r.CountryCode),
		LoginMethods:            r.LoginMethods,
		NotificationPreferences: r.NotificationPreferences,
		CustomerGroupID:         (*orNull)(r.CustomerGroupID),
	}
	if r.Business != nil {
		body.Business = r.Business.request()
	}
	return json.Marshal(body)
}
