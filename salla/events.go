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

// readEvent reads the data of an event, nil for one that is not known.
func readEvent(kind EventType, data json.RawMessage) (any, error) {
	switch kind {
	case EventCustomerCreated, EventCustomerUpdated, EventCustomerLogin:
		customer := new(customerWire)
		_, err := loosejson.Decode(data, customer, loosejson.Options{Zone: vendor.Zone})
		return new(customer.plain()), err
	case EventCustomerOTPRequest:
		otp := new(OTPRequest)
		_, err := loosejson.Decode(data, otp, loosejson.Options{})
		return otp, err
	case EventAppStoreAuthorize:
		return readToken(data)
	case EventAppInstalled, EventAppUpdated, EventAppUninstalled:
		return readApp(data)
	}
	return nil, nil
}

// readApp reads data that may be empty, because the type says all.
func readApp(data json.RawMessage) (*AppEvent, error) {
	var app appEventWire
	if data != nil {
		if _, err := loosejson.Decode(data, &app, loosejson.Options{}); err != nil {
			return nil, err
		}
	}
	return new(app.plain()), nil
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
