package xcladetest

import (
	"maps"
	"net/http"
	"slices"
)

var addressBody = []member{
	{name: "address_name", check: isText},
	{name: "is_default_shipping", check: isBoolean, notNull: true},
	{name: "is_default_billing", check: isBoolean, notNull: true},
	{name: "company", check: isText},
	{name: "first_name", check: isText},
	{name: "last_name", check: isText},
	{name: "address_1", check: isText},
	{name: "address_2", check: isText},
	{name: "city", check: isText},
	{name: "country_code", check: isText},
	{name: "province", check: isText},
	{name: "postal_code", check: isText},
	{name: "phone", check: isText},
	{name: "metadata", check: isRecord},
	{name: "additional_data", check: isRecord},
}

var addressFilters = []filter{
	{name: "q", kind: bySearch, related: addresses},
	{name: "company"},
	{name: "city"},
	{name: "country_code"},
	{name: "province"},
	{name: "postal_code"},
}

var defaultFlags = []string{"is_default_shipping", "is_default_billing"}

func listAddresses(s *Server, c *call) (any, error) {
	p, err := c.listQuery(addresses, addressFilters, false)
	if err != nil {
		return nil, err
	}
	ofCustomer := func(_ *store, r *record) bool { return r.values["customer_id"] == c.ids[0] }
	return s.store.list(addresses, p, "addresses", ofCustomer)
}

// createAddress answers with the customer, which for a deleted one is nothing,
// although the address is made.
func createAddress(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(addressBody, customers)
	if err != nil {
		return nil, err
	}
	customer := c.ids[0]
	if s.store.lookup(customers, customer) == nil {
		return nil, noRelation("customer_id", customer)
	}
	if err := s.store.unsetDefaults(customer, values); err != nil {
		return nil, err
	}
	row := map[string]any{"is_default_shipping": false, "is_default_billing": false}
	maps.Copy(row, values)
	row["customer_id"] = customer
	s.store.addAddress(row)
	return s.showCustomer(customer, shown), nil
}

// getAddress answers {} for an address that does not exist or is another
// customer's.
func getAddress(s *Server, c *call) (any, error) {
	shown, err := c.selectQuery(addresses)
	if err != nil {
		return nil, err
	}
	if s.store.findAddress(c.ids) == nil {
		return map[string]any{}, nil
	}
	return s.show(addresses, "address", c.ids[1], shown), nil
}

// updateAddress answers as if all were well when there is no such address.
func updateAddress(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(addressBody, customers)
	if err != nil {
		return nil, err
	}
	if r := s.store.findAddress(c.ids); r != nil {
		delete(values, "additional_data")
		if err := s.store.unsetDefaults(c.ids[0], values); err != nil {
			return nil, err
		}
		s.store.update(r, values)
	}
	return s.showCustomer(c.ids[0], shown), nil
}

// deleteAddress deletes the address whosever it is. The customer only decides
// what the answer shows.
func deleteAddress(s *Server, c *call) (any, error) {
	shown, err := c.selectQuery(customers)
	if err != nil {
		return nil, err
	}
	if r := s.store.find(addresses, c.ids[1]); r != nil {
		s.store.removeAddress(r)
	}
	out := deletion{ID: c.ids[1], Object: "customer_address", Deleted: true}
	if parent := s.store.find(customers, c.ids[0]); parent != nil {
		out.Parent = s.store.render(customers, parent, shown)
	}
	return out, nil
}

// findAddress returns the live address with the second id, if it is the first's.
func (st *store) findAddress(ids []string) *record {
	r := st.find(addresses, ids[1])
	if r == nil || r.values["customer_id"] != ids[0] {
		return nil
	}
	return r
}

// unsetDefaults makes room for an address that is to be a default: there is one
// of each kind to a customer. That of a deleted customer is in the way for good.
func (st *store) unsetDefaults(customer string, values map[string]any) error {
	for _, flag := range defaultFlags {
		for _, other := range st.homes[customer] {
			if values[flag] == true && other.values[flag] == true && other.deleted() {
				return refuse(http.StatusBadRequest, "invalid_data",
					"Customer address with customer_id: %s, already exists.", customer)
			}
		}
	}
	for _, flag := range defaultFlags {
		for _, other := range st.addressesOf(customer) {
			if values[flag] == true {
				st.update(other, map[string]any{flag: false})
			}
		}
	}
	return nil
}

func (st *store) addAddress(values map[string]any) {
	r := st.insert(addresses, "cuaddr", values)
	customer := r.text("customer_id")
	st.homes[customer] = append(st.homes[customer], r)
}

// removeAddress removes the row itself. Only with their customer addresses are
// kept, marked as deleted.
func (st *store) removeAddress(r *record) {
	same := func(other *record) bool { return other == r }
	customer := r.text("customer_id")
	st.homes[customer] = slices.DeleteFunc(st.homes[customer], same)
	st.rows[addresses] = slices.DeleteFunc(st.rows[addresses], same)
}
