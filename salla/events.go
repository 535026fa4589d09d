package salla

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/phpdate"
	"github.com/souk-go/souk/internal/webhook"
)

// Topic names what happened in a store.
type Topic string

// The events whose data this package decodes. [WebhooksService.Events] lists all that
// Salla has.
const (
	TopicCustomersCreate     Topic = "customer.created"
	TopicCustomersUpdate     Topic = "customer.updated"
	TopicCustomersLogin      Topic = "customer.login"
	TopicCustomersOTPRequest Topic = "customer.otp.request"

	TopicAppInstalled      Topic = "app.installed"
	TopicAppStoreAuthorize Topic = "app.store.authorize"
	TopicAppUpdated        Topic = "app.updated"
	TopicAppUninstalled    Topic = "app.uninstalled"
)

// OTPRequest asks the app to deliver a one-time password that Salla could send to the
// customer neither by e-mail nor by SMS.
type OTPRequest struct {
	Code string `json:"-"`
	// Contact is a mobile number with a plus and the country code, or an e-mail
	// address.
	Contact string `json:"contact"`
}

// Format prints the request without its secret, for every verb of fmt.
func (o OTPRequest) Format(f fmt.State, verb rune) {
	type plain OTPRequest
	o.Code = mask.Secret(o.Code)
	mask.Print(f, verb, plain(o))
}

// LogValue returns the request without its secret.
func (o OTPRequest) LogValue() slog.Value { return mask.LogValue(o) }

// AppEvent describes an app that was installed, updated or uninstalled.
type AppEvent struct {
	ID   int64  `json:"id"`
	Name string `json:"app_name"`
	// Description is called description in some deliveries.
	Description string   `json:"app_description"`
	Type        string   `json:"app_type"`
	Scopes      []string `json:"app_scopes"`
	// InstallationDate is kept as sent.
	InstallationDate string `json:"installation_date"`
	// StoreType is a word such as "demo".
	StoreType string `json:"store_type"`
}

// readEvent decodes the data of an event, nil for an unknown event.
func readEvent(kind Topic, created time.Time, data json.RawMessage) (any, error) {
	switch kind {
	case TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersLogin:
		return webhook.Some(readCustomer(data))
	case TopicCustomersOTPRequest:
		return webhook.Some(readOTP(data))
	case TopicAppStoreAuthorize:
		return webhook.Some(readAuthorization(data, created))
	case TopicAppInstalled, TopicAppUpdated, TopicAppUninstalled:
		return webhook.Some(readApp(data))
	}
	return nil, nil
}

func readCustomer(data json.RawMessage) (*Customer, error) {
	wire, err := webhook.Event[customerWire](vendor.Name, data, "id")
	if err != nil {
		return nil, err
	}
	return new(wire.plain()), nil
}

func readOTP(data json.RawMessage) (*OTPRequest, error) {
	wire, err := webhook.Event[otpWire](vendor.Name, data, "")
	if err != nil {
		return nil, err
	}
	if wire.Code == "" || wire.Contact == "" {
		return nil, webhook.Unreadable(vendor.Name, "the event holds no one-time password")
	}
	return new(wire.plain()), nil
}

func readAuthorization(data json.RawMessage, created time.Time) (*oauth2.Token, error) {
	token, err := readToken(data, created)
	if err != nil { // its text speaks of an answer
		return nil, webhook.Unreadable(vendor.Name, "the event holds no token")
	}
	return token, nil
}

// readApp reads data that may be empty, because the event's name says all.
func readApp(data json.RawMessage) (*AppEvent, error) {
	if webhook.IsEmpty(data) {
		return new(AppEvent), nil
	}
	wire, err := webhook.Event[appEventWire](vendor.Name, data, "")
	if err != nil {
		return nil, err
	}
	return new(wire.plain()), nil
}

// spokenTime is the form of a time in browsers, and in some deliveries.
const spokenTime = "Mon Jan 02 2006 15:04:05 GMT-0700"

// createdAt reads the time of a delivery in any of its forms.
func createdAt(data json.RawMessage) time.Time {
	if t, err := time.Parse(spokenTime, loosejson.Text(data)); err == nil {
		return t
	}
	var t phpdate.Time
	if len(data) == 0 || json.Unmarshal(data, &t) != nil {
		return time.Time{}
	}
	return time.Time(t)
}
