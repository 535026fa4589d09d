package xclade_test

import (
	"testing"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// No key that a real server sends is lost.
func TestFixturesDecodeWhole(t *testing.T) {
	t.Parallel()
	type customer struct {
		Customer xclade.Customer `json:"customer"`
	}
	type address struct {
		Address xclade.Address `json:"address"`
	}
	type group struct {
		CustomerGroup xclade.CustomerGroup `json:"customer_group"`
	}
	for name, into := range map[string]any{
		"customer.json":               new(customer),
		"customer_empty.json":         new(customer),
		"customer_relations.json":     new(customer),
		"customer_fields.json":        new(customer),
		"customers.json":              new(xclade.ListCustomersResponse),
		"address.json":                new(address),
		"address_created.json":        new(customer),
		"address_updated.json":        new(customer),
		"addresses.json":              new(xclade.ListAddressesResponse),
		"customer_group.json":         new(group),
		"customer_group_members.json": new(group),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.DecodeStrict(t, testkit.Fixture(t, name), into)
		})
	}
}
