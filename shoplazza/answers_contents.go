package shoplazza

import (
	"reflect"

	"github.com/souk-go/souk/internal/transport"
)

// promise says what an answer must hold to be a success of its operation.
type promise struct {
	member string
	kept   func(*contents) bool
	names  func(*contents, *transport.Names)
	row    reflect.Type                // of what the operation is about, nil for a number
	room   func(c *contents, rows int) // sets it aside for a page
}

// Row returns the type of what the operation is about.
func (p promise) Row() (reflect.Type, int) { return p.row, 0 }

// promised is a promise of a T.
type promised[T any] struct {
	promise
	held func(*contents) T // what is promised, of an answer that keeps it
}

var (
	aCustomer = promised[*Customer]{promise{
		member: "customer.id", row: reflect.TypeFor[customerWire](),
		kept: func(c *contents) bool { return c.Customer != nil && c.Customer.ID != "" },
		names: func(c *contents, n *transport.Names) {
			n.Object(0, "customer.id", transport.Deref(c.Customer).ID)
		},
	}, func(c *contents) *Customer { return new(c.Customer.plain()) }}
	anAddress = promised[*Address]{promise{
		member: "address.id", row: reflect.TypeFor[Address](),
		kept: func(c *contents) bool { return c.Address != nil && c.Address.ID != "" },
		names: func(c *contents, n *transport.Names) {
			address := transport.Deref(c.Address)
			n.Parent("address.customer_id", address.CustomerID)
			n.Object(1, "address.id", address.ID)
		},
	}, func(c *contents) *Address { return c.Address }}
	aWebhook = promised[*Webhook]{promise{
		member: "webhook.id", row: reflect.TypeFor[Webhook](),
		kept: func(c *contents) bool { return c.Webhook != nil && c.Webhook.ID != "" },
		names: func(c *contents, n *transport.Names) {
			n.Object(0, "webhook.id", transport.Deref(c.Webhook).ID)
		},
	}, func(c *contents) *Webhook { return c.Webhook }}
	aPageOfCustomers = promised[[]Customer]{promise{
		member: "customers", row: reflect.TypeFor[customerWire](),
		kept: func(c *contents) bool { return transport.Listed(c.Customers) },
		room: func(c *contents, rows int) { c.Customers = transport.Borrow[customerWire](rows) },
	}, func(c *contents) []Customer {
		customers := transport.Plain(c.Customers, (*customerWire).plain)
		transport.GiveBack(c.Customers)
		return customers
	}}
	aPageOfAddresses = promised[[]Address]{promise{
		member: "addresses", row: reflect.TypeFor[Address](),
		kept: func(c *contents) bool { return transport.Listed(c.Addresses) },
		names: func(c *contents, n *transport.Names) {
			for i := range c.Addresses {
				n.Parent("addresses.customer_id", c.Addresses[i].CustomerID)
			}
		},
		room: func(c *contents, rows int) { c.Addresses = transport.Room[Address](rows) },
	}, func(c *contents) []Address { return c.Addresses }}
	aPageOfWebhooks = promised[[]Webhook]{promise{
		member: "webhooks", row: reflect.TypeFor[Webhook](),
		kept: func(c *contents) bool { return transport.Listed(c.Webhooks) },
		room: func(c *contents, rows int) { c.Webhooks = transport.Room[Webhook](rows) },
	}, func(c *contents) []Webhook { return c.Webhooks }}
	aNumber = promise{member: "count", kept: func(c *contents) bool { return c.Count.told }}
)
