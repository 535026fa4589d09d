package shopline

import (
	"encoding/json"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
)

// CustomerEvent says that a customer was created, changed, enabled or disabled.
type CustomerEvent struct {
	Customer
}

// CustomerDeletedEvent says that a customer was deleted.
type CustomerDeletedEvent struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	NickName  string    `json:"nick_name"`
	Phone     string    `json:"phone"`
	UpdatedAt time.Time `json:"updated_at"`
}

// MarketingConsentEvent says that a customer has subscribed or unsubscribed.
type MarketingConsentEvent struct {
	Customer
	Action MarketingAction `json:"subscribeActionType"`
}

// MarketingAction is what a customer has done. Other values than the constants
// decode as they are.
type MarketingAction int

// What a customer can have done.
const (
	MarketingMailOn  MarketingAction = 1
	MarketingSMSOn   MarketingAction = 2
	MarketingMailOff MarketingAction = 3
	MarketingSMSOff  MarketingAction = 4
)

// UnmarshalJSON decodes a number or a text of digits.
func (a *MarketingAction) UnmarshalJSON(data []byte) error { return decodeInt(data, a) }

// CustomerGroupEvent says that a group was created, changed or deleted.
type CustomerGroupEvent struct {
	CustomerGroup
}

// CustomersRedactEvent asks the app to erase what it keeps of a customer.
type CustomersRedactEvent struct {
	Customer RedactedCustomer `json:"customer"`
	// OrdersToRedact are the names of the orders to erase: "#72348".
	OrdersToRedact []string `json:"orders_to_redact"`
	ShopDomain     string   `json:"shop_domain"`
	ShopID         string   `json:"shop_id"`
	// UpdateTime is as SHOPLINE sends it; its form is not documented.
	UpdateTime string `json:"update_time"`
}

// RedactedCustomer is a customer whose data are to be erased.
type RedactedCustomer struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// UnmarshalJSON decodes the event. The id of the store and the time may be text
// or number.
func (e *CustomersRedactEvent) UnmarshalJSON(data []byte) error {
	type plain CustomersRedactEvent
	return json.Unmarshal(data, &struct {
		*plain
		ShopID     *loosejson.String `json:"shop_id"`
		UpdateTime *loosejson.String `json:"update_time"`
	}{(*plain)(e), (*loosejson.String)(&e.ShopID), (*loosejson.String)(&e.UpdateTime)})
}

// newEvent returns what an event of this topic decodes into, nil if that is not
// known.
func newEvent(topic Topic) any {
	switch topic {
	case TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersEnable, TopicCustomersDisable:
		return &CustomerEvent{}
	case TopicCustomersDelete:
		return &CustomerDeletedEvent{}
	case TopicMarketingConsentUpdate:
		return &MarketingConsentEvent{}
	case TopicCustomerGroupsCreate, TopicCustomerGroupsUpdate, TopicCustomerGroupsDelete:
		return &CustomerGroupEvent{}
	case TopicCustomersRedact:
		return &CustomersRedactEvent{}
	}
	return nil
}
