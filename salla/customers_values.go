package salla

import (
	"encoding/json"
	"time"
)

// CustomerURLs holds the addresses of pages about a customer.
type CustomerURLs struct {
	// Customer is the profile in the shop, Admin the page in the dashboard.
	Customer string `json:"customer"`
	Admin    string `json:"admin"`
	// The others belong to a schema that all Salla objects share.
	DigitalContent string `json:"digital_content,omitempty"`
	Rating         string `json:"rating,omitempty"`
	Checkout       string `json:"checkout,omitempty"`
}

// CustomerStats are sums over the orders of a customer.
type CustomerStats struct {
	OrdersCount int64 `json:"orders_count"`
	// OrdersAmount is in the currency of the store.
	OrdersAmount json.Number `json:"orders_amount"`
}

// StoreCustomer holds what the store itself knows about a customer.
type StoreCustomer struct {
	ID int64 `json:"id"`
	// ApprovalStatus is a number that Salla does not explain; 1 has been seen.
	ApprovalStatus int64     `json:"approval_status"`
	Reason         string    `json:"reason,omitempty"`
	CreatedAt      time.Time `json:"created_at,omitzero"`
	UpdatedAt      time.Time `json:"updated_at,omitzero"`
	// LastLoginDate is zero for a customer who never logged in.
	LastLoginDate time.Time `json:"last_login_date,omitzero"`
}

// CustomerSource is the device from which a customer did something.
type CustomerSource struct {
	// Device is a word such as "desktop".
	Device    string `json:"device"`
	UserAgent string `json:"user-agent"`
	IP        string `json:"ip"`
}

// Gender is the gender of a customer, empty where it is not known.
type Gender string

// The genders that Salla knows.
const (
	GenderMale   Gender = "male"
	GenderFemale Gender = "female"
)

// CustomerField names an optional field that Salla returns on request.
type CustomerField string

// The optional fields of customers. Only Get returns those in the second group.
const (
	FieldIsBlocked              CustomerField = "is_blocked"
	FieldIsWhitelisted          CustomerField = "is_whitelisted"
	FieldBlockReason            CustomerField = "block_reason"
	FieldIsInactive             CustomerField = "is_inactive"
	FieldTotalPoints            CustomerField = "total_points"
	FieldCountryID              CustomerField = "country_id"
	FieldCustomFields           CustomerField = "custom_fields"
	FieldCurrentStoreCustomer   CustomerField = "current_store_customer"
	FieldIsOrdersRated          CustomerField = "is_orders_rated"
	FieldIsNotificationsEnabled CustomerField = "is_notifications_enabled"

	FieldOrdersCount         CustomerField = "orders_count"
	FieldOrdersAmount        CustomerField = "orders_amount"
	FieldOrdersAverage       CustomerField = "orders_average"
	FieldOrdersCompleteRatio CustomerField = "orders_complete_ratio"
	FieldOrdersCancelRatio   CustomerField = "orders_cancel_ratio"
	FieldOrdersCancel        CustomerField = "orders_cancel"
	FieldLatestPurchase      CustomerField = "latest_purchase"
	FieldAbandonedCartsItems CustomerField = "abandoned_carts_items"
	FieldWalletBalance       CustomerField = "wallet_balance"
)
