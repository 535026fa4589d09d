package salla

import (
	"encoding/json"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
)

// EventType names what happened in a store.
type EventType string

// The events that this package knows the data of. Salla has more, which
// WebhooksService.Events lists.
const (
	EventCustomerCreated    EventType = "customer.created"
	EventCustomerUpdated    EventType = "customer.updated"
	EventCustomerLogin      EventType = "customer.login"
	EventCustomerOTPRequest EventType = "customer.otp.request"

	EventAppInstalled      EventType = "app.installed"
	EventAppStoreAuthorize EventType = "app.store.authorize"
	EventAppUpdated        EventType = "app.updated"
	EventAppUninstalled    EventType = "app.uninstalled"
)

// Delivery is an event that Salla has delivered.
type Delivery struct {
	// ID is a hash of the body. Salla delivers again what was not answered with
	// 200 or 201 within 30 seconds, and sends no id of its own: keep those of an
	// hour and leave out what has come already.
	ID   string
	Type EventType
	// Merchant is the id of the store.
	Merchant int64
	// CreatedAt is zero where CreatedAtText cannot be read. Where that names no
	// zone it is taken as Riyadh's time.
	CreatedAt time.Time
	// CreatedAtText is the time as sent; Salla has several forms for it.
	CreatedAtText string
	// Event is what happened, by Type: a *Customer for the events of customers,
	// an *OTPRequest, an *oauth2.Token for EventAppStoreAuthorize, see
	// OAuth.SaveToken, or an *AppEvent for the other events of the app. It is nil
	// for all other types. Extra("scope") of a token holds the granted scopes with
	// spaces between.
	Event any
	// Data is what Salla sent of the event, in JSON.
	Data json.RawMessage
}

// OTPRequest is a one-time password that Salla could deliver to the customer
// neither by e-mail nor by SMS, so that the app has to.
type OTPRequest struct {
	Code string `json:"code"`
	// Contact is a mobile number with plus and the country's code, or an e-mail
	// address.
	Contact string `json:"contact"`
}

// UnmarshalJSON reads numbers that may be texts.
func (o *OTPRequest) UnmarshalJSON(data []byte) error {
	type plain OTPRequest
	return json.Unmarshal(data, &struct {
		*plain
		Code    *loosejson.String `json:"code"`
		Contact *loosejson.String `json:"contact"`
	}{(*plain)(o), (*loosejson.String)(&o.Code), (*loosejson.String)(&o.Contact)})
}

// AppEvent is what Salla says about an app that was installed, updated or
// uninstalled.
type AppEvent struct {
	ID   int64  `json:"id"`
	Name string `json:"app_name"`
	// Description is under description in some deliveries.
	Description string   `json:"app_description"`
	Type        string   `json:"app_type"`
	Scopes      []string `json:"app_scopes"`
	// InstallationDate is as sent.
	InstallationDate string `json:"installation_date"`
	// StoreType is a word such as "demo".
	StoreType string `json:"store_type"`
}

// UnmarshalJSON reads the two keys of the description, and scopes as a list or
// as one text.
func (a *AppEvent) UnmarshalJSON(data []byte) error {
	type plain AppEvent
	wire := struct {
		*plain
		ID               *loosejson.Int    `json:"id"`
		Description      *loosejson.String `json:"app_description"`
		OtherDescription loosejson.String  `json:"description"`
		Scopes           loosejson.Strings `json:"app_scopes"`
		InstallationDate *loosejson.String `json:"installation_date"`
	}{
		plain:            (*plain)(a),
		ID:               (*loosejson.Int)(&a.ID),
		Description:      (*loosejson.String)(&a.Description),
		InstallationDate: (*loosejson.String)(&a.InstallationDate),
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if a.Description == "" {
		a.Description = string(wire.OtherDescription)
	}
	a.Scopes = wire.Scopes
	return nil
}

// readEvent reads the data of an event, nil for one that is not known.
func readEvent(kind EventType, data json.RawMessage) (any, error) {
	switch kind {
	case EventCustomerCreated, EventCustomerUpdated, EventCustomerLogin:
		customer := new(Customer)
		return customer, json.Unmarshal(data, customer)
	case EventCustomerOTPRequest:
		otp := new(OTPRequest)
		return otp, json.Unmarshal(data, otp)
	case EventAppStoreAuthorize:
		return readToken(data)
	case EventAppInstalled, EventAppUpdated, EventAppUninstalled:
		return readApp(data)
	}
	return nil, nil
}

// readApp reads data that may be empty, because the type says all.
func readApp(data json.RawMessage) (*AppEvent, error) {
	var app loosejson.Object[AppEvent]
	if data != nil {
		if err := json.Unmarshal(data, &app); err != nil {
			return nil, err
		}
	}
	if app.Value == nil {
		return new(AppEvent), nil
	}
	return app.Value, nil
}

// riyadh is the zone of Salla's stores, which has no summer time.
var riyadh = time.FixedZone("Asia/Riyadh", 3*60*60)

// parseCreatedAt reads the forms that deliveries have for their time.
func parseCreatedAt(text string) time.Time {
	for _, layout := range []string{"Mon Jan 02 2006 15:04:05 GMT-0700", time.DateTime, time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, riyadh); err == nil {
			return t
		}
	}
	return time.Time{}
}
