package salla

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/phpdate"
)

// The types of this file decode the public types where Salla's JSON differs: in form,
// or in the names of fields. Occasional other spellings of values are handled for all
// vendors alike, by loosejson. The public types have no UnmarshalJSON of their own: a
// struct that embeds one would be decoded by it, and lose its other fields.

// spelling is a W, the form in which Salla spells a T.
type spelling[W, T any] interface {
	*W
	plain() T
}

// customerWire is a customer, whose mobile number is a JSON number, whose birthday may
// be misspelled, and whose order sums are requested flat and come nested.
type customerWire struct {
	Customer
	Mobile               loosejson.String   `json:"mobile"`
	Birthday             phpdate.Time       `json:"birthday"`
	Brithday             phpdate.Time       `json:"brithday"`
	CreatedAt            phpdate.Time       `json:"created_at"`
	UpdatedAt            phpdate.Time       `json:"updated_at"`
	LatestPurchase       phpdate.Time       `json:"latest_purchase"`
	OrdersCount          int64              `json:"orders_count"`
	OrdersAmount         json.Number        `json:"orders_amount"`
	CurrentStoreCustomer *storeCustomerWire `json:"current_store_customer"`
}

func (w *customerWire) plain() Customer {
	c := w.Customer
	c.Mobile = string(w.Mobile)
	c.Birthday = time.Time(w.Birthday)
	if c.Birthday.IsZero() {
		c.Birthday = time.Time(w.Brithday)
	}
	c.CreatedAt = time.Time(w.CreatedAt)
	c.UpdatedAt = time.Time(w.UpdatedAt)
	c.LatestPurchase = time.Time(w.LatestPurchase)
	if c.Stats == nil && (w.OrdersCount != 0 || w.OrdersAmount != "") {
		c.Stats = &CustomerStats{OrdersCount: w.OrdersCount, OrdersAmount: w.OrdersAmount}
	}
	if w.CurrentStoreCustomer != nil {
		c.CurrentStoreCustomer = new(w.CurrentStoreCustomer.plain())
	}
	return c
}

func (w *customerWire) id() int64 { return w.ID }

func (w *customerWire) lacks() string { return lackOfID(w.ID) }

type storeCustomerWire struct {
	StoreCustomer
	CreatedAt     phpdate.Time `json:"created_at"`
	UpdatedAt     phpdate.Time `json:"updated_at"`
	LastLoginDate phpdate.Time `json:"last_login_date"`
}

func (w *storeCustomerWire) plain() StoreCustomer {
	c := w.StoreCustomer
	c.CreatedAt = time.Time(w.CreatedAt)
	c.UpdatedAt = time.Time(w.UpdatedAt)
	c.LastLoginDate = time.Time(w.LastLoginDate)
	return c
}

// groupWire is a group, whose only condition may come without a list around it.
type groupWire struct {
	CustomerGroup
	Conditions conditions `json:"conditions"`
}

type conditions []GroupCondition

func (c *conditions) UnmarshalJSON(data []byte) error {
	if data[0] != '{' || len(bytes.Trim(data, "{} \t\r\n")) == 0 {
		return json.Unmarshal(data, (*[]GroupCondition)(c))
	}
	var only GroupCondition
	_, err := loosejson.Decode(data, &only, loosejson.Options{})
	*c = conditions{only}
	return err
}

func (w *groupWire) plain() CustomerGroup {
	g := w.CustomerGroup
	g.Conditions = w.Conditions
	return g
}

func (w *groupWire) id() int64 { return w.ID }

func (w *groupWire) lacks() string { return lackOfID(w.ID) }

// loyaltyPointWire is a change of points, whose ids are numbers.
type loyaltyPointWire struct {
	LoyaltyPoint
	CreatedAt   phpdate.Time `json:"created_at"`
	ExpiryDate  phpdate.Time `json:"expiry_date"`
	UsedAt      phpdate.Time `json:"used_at"`
	OrderID     loosejson.ID `json:"order_id"`
	ReferenceID loosejson.ID `json:"reference_id"`
}

func (w *loyaltyPointWire) plain() LoyaltyPoint {
	p := w.LoyaltyPoint
	p.CreatedAt = time.Time(w.CreatedAt)
	p.ExpiryDate = time.Time(w.ExpiryDate)
	p.UsedAt = time.Time(w.UsedAt)
	p.OrderID, p.ReferenceID = string(w.OrderID), string(w.ReferenceID)
	return p
}

type walletWire struct {
	Wallet
	CreatedAt phpdate.Time `json:"created_at"`
}

// walletTransactionWire is a payment, whose amount has two names.
type walletTransactionWire struct {
	WalletTransaction
	AmountFloat json.Number  `json:"amount_float"`
	Date        phpdate.Time `json:"date"`
	Wallet      walletWire   `json:"wallet"`
}

func (w *walletTransactionWire) plain() WalletTransaction {
	t := w.WalletTransaction
	if t.Amount == "" {
		t.Amount = w.AmountFloat
	}
	t.Date = time.Time(w.Date)
	t.Wallet = w.Wallet.Wallet
	t.Wallet.CreatedAt = time.Time(w.Wallet.CreatedAt)
	return t
}

func (w *walletTransactionWire) id() int64 { return 0 } // it has none

// lacks names the amount if it is missing: without it, nothing says that money was
// moved.
func (w *walletTransactionWire) lacks() string {
	if w.Amount == "" && w.AmountFloat == "" {
		return "data.amount"
	}
	return ""
}

type exportLogWire struct {
	ExportLog
	CreatedAt phpdate.Time `json:"created_at"`
}

func (w *exportLogWire) plain() ExportLog {
	l := w.ExportLog
	l.CreatedAt = time.Time(w.CreatedAt)
	return l
}

// webhookWire is a subscription, whose headers are an object, an empty list, or the
// list that requests have.
type webhookWire struct {
	Webhook
	Headers  webhookHeaders `json:"headers"`
	Security *securityWire  `json:"security"`
}

type securityWire struct {
	WebhookSecurity
	Secret string `json:"secret"`
}

func (w *webhookWire) plain() Webhook {
	hook := w.Webhook
	hook.Headers = w.Headers
	if w.Security != nil {
		hook.Security = &w.Security.WebhookSecurity
		hook.Security.Secret = w.Security.Secret
	}
	return hook
}

func (w *webhookWire) id() int64 { return w.ID }

func (w *webhookWire) lacks() string { return lackOfID(w.ID) }

type webhookHeaders map[string]string

func (h *webhookHeaders) UnmarshalJSON(data []byte) error {
	var list []WebhookHeader
	if json.Unmarshal(data, &list) == nil {
		*h = nil
		for _, header := range list {
			if *h == nil {
				*h = make(webhookHeaders)
			}
			(*h)[header.Key] = header.Value
		}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(h))
}

// userWire is a user, whose store is called merchant or, in older answers, store.
type userWire struct {
	User
	CreatedAt phpdate.Time      `json:"created_at"`
	Merchant  *merchantWire     `json:"merchant"`
	Store     *merchantWire     `json:"store"`
	Context   *tokenContextWire `json:"context"`
}

func (w *userWire) plain() User {
	u := w.User
	u.CreatedAt = time.Time(w.CreatedAt)
	switch {
	case w.Merchant != nil:
		u.Merchant = w.Merchant.plain()
	case w.Store != nil:
		u.Merchant = w.Store.plain()
	}
	if w.Context != nil {
		u.Context = new(w.Context.plain())
	}
	return u
}

type merchantWire struct {
	Merchant
	CreatedAt phpdate.Time `json:"created_at"`
}

func (w *merchantWire) plain() Merchant {
	m := w.Merchant
	m.CreatedAt = time.Time(w.CreatedAt)
	return m
}

// tokenContextWire is what a token allows, whose expiry is in seconds since 1970.
type tokenContextWire struct {
	TokenContext
	ExpiresAt int64 `json:"exp"`
}

func (w *tokenContextWire) plain() TokenContext {
	c := w.TokenContext
	if w.ExpiresAt > 0 {
		c.ExpiresAt = time.Unix(w.ExpiresAt, 0).UTC()
	}
	return c
}

// appEventWire is an event of the app, whose description has two names, and whose
// scopes are a list or one text.
type appEventWire struct {
	AppEvent
	OtherDescription string            `json:"description"`
	Scopes           loosejson.Strings `json:"app_scopes"`
}

func (w *appEventWire) plain() AppEvent {
	a := w.AppEvent
	if a.Description == "" {
		a.Description = w.OtherDescription
	}
	a.Scopes = w.Scopes
	return a
}

// otpWire has the one-time password that the JSON of an OTPRequest leaves out.
type otpWire struct {
	OTPRequest
	Code string `json:"code"`
}

func (w *otpWire) plain() OTPRequest {
	otp := w.OTPRequest
	otp.Code = w.Code
	return otp
}

// receiptWire is {"code", "message"}, or the list with one text that some end points
// send instead. Anything else is read as an empty receipt: what counts is that Salla
// has started.
type receiptWire Receipt

func (r *receiptWire) UnmarshalJSON(data []byte) error {
	*r = receiptWire{}
	if texts := loosejson.Texts(data); len(texts) > 0 {
		r.Message = texts[0]
		return nil
	}
	var object members
	_ = json.Unmarshal(data, &object)
	_ = json.Unmarshal(object["code"], (*loosejson.Int)(&r.Code))
	r.Message = object.text("message")
	return nil
}

// pageLinks is an object, or a list that holds nothing of use.
type pageLinks PageLinks

func (l *pageLinks) UnmarshalJSON(data []byte) error {
	*l = pageLinks{}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return nil
	}
	return json.Unmarshal(data, (*PageLinks)(l))
}
