package shopline

import (
	"time"

	"github.com/souk-go/souk/internal/webhook"
)

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

// MarketingAction is what a customer did. Values without a constant decode as they are.
type MarketingAction int

// The actions.
const (
	MarketingMailOn  MarketingAction = 1
	MarketingSMSOn   MarketingAction = 2
	MarketingMailOff MarketingAction = 3
	MarketingSMSOff  MarketingAction = 4
)

// CustomersRedactEvent asks the app to erase what it stores about a customer.
type CustomersRedactEvent struct {
	Customer RedactedCustomer `json:"customer"`
	// OrdersToRedact lists the names of the orders to erase, such as "#72348".
	OrdersToRedact []string `json:"orders_to_redact"`
	ShopDomain     string   `json:"shop_domain"`
	ShopID         string   `json:"shop_id"`
	// UpdateTime is kept as sent; its form is not documented.
	UpdateTime string `json:"update_time"`
}

// RedactedCustomer is a customer whose data is to be erased.
type RedactedCustomer struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// readEvent decodes the body of an event, nil for an unknown topic.
func readEvent(topic Topic, body []byte) (any, error) {
	switch topic {
	case TopicCustomersCreate, TopicCustomersUpdate, TopicCustomersEnable, TopicCustomersDisable:
		return webhook.Some(webhook.Event[Customer](vendor.Name, body, "id"))
	case TopicCustomersDelete:
		return webhook.Some(webhook.Event[CustomerDeletedEvent](vendor.Name, body, "id"))
	case TopicMarketingConsentUpdate:
		return webhook.Some(webhook.Event[MarketingConsentEvent](vendor.Name, body, "id"))
	case TopicCustomerGroupsCreate, TopicCustomerGroupsUpdate, TopicCustomerGroupsDelete:
		return webhook.Some(webhook.Event[CustomerGroup](vendor.Name, body, "id"))
	case TopicCustomersRedact:
		return webhook.Some(readRedact(body))
	}
	return nil, nil
}

// readRedact decodes a redact event, which must name a customer.
func readRedact(body []byte) (*CustomersRedactEvent, error) {
	event, err := webhook.Event[CustomersRedactEvent](vendor.Name, body, "")
	if err == nil && event.Customer == (RedactedCustomer{}) {
		return nil, webhook.Unreadable(vendor.Name, "the event names no customer")
	}
	return event, err
}
