package commercenginetest

var addressTexts = []string{"first_name", "country_code", "email", "address_line1", "pincode", "city", "state", "country"}

var addressNulls = []string{"last_name", "address_line2", "landmark", "tax_identification_number", "business_name"}

// checkAddress notes what is wrong with an address of either form.
func checkAddress(f findings, address object) {
	f.required(address, "first_name", "email", "address_line1", "pincode", "city", "state", "country")
	f.phone(address)
}

func (c *call) checkAddress() error {
	f := findings{}
	checkAddress(f, c.body)
	f.required(c.body, addressTexts...)
	f.nullable(c.body, addressNulls...)
	return f.err()
}

func (s *Server) addAddress(d *customerData, fields object) object {
	address := addressOf(fields)
	address["id"] = s.store.id("ADDR")
	address["is_phone_verified"], address["is_email_verified"] = false, false
	for _, mark := range defaultMarks {
		address[mark] = false
	}
	d.addresses = append(d.addresses, address)
	d.mark(address, fields)
	return address
}

var defaultMarks = []string{"is_default_billing", "is_default_shipping"}

// addressOf picks what a customer says of an address.
func addressOf(fields object) object {
	address := object{"nickname": nil}
	for _, name := range addressNulls {
		address[name] = nil
	}
	for name, value := range pick(fields, append(append([]string{"phone", "nickname"}, addressTexts...), addressNulls...)...) {
		address[name] = value
	}
	return address
}

// mark sets the marks for the default addresses, which one address has each.
func (d *customerData) mark(address, fields object) {
	for _, mark := range defaultMarks {
		set, said := fields[mark].(bool)
		if set {
			for _, other := range d.addresses {
				other[mark] = false
			}
		}
		if said {
			address[mark] = set
		}
	}
}

func listAddresses(_ *Server, c *call) (any, error) {
	part, pagination, err := page(c, c.data().addresses)
	return object{"addresses": part, "pagination": pagination}, err
}

func createAddress(s *Server, c *call) (any, error) {
	if err := c.checkAddress(); err != nil {
		return nil, err
	}
	return object{"address": s.addAddress(c.data(), c.body)}, nil
}

func getAddress(_ *Server, c *call) (any, error) {
	address, err := c.data().addresses.find(c.ids[1])
	return object{"address": address}, err
}

func updateAddress(_ *Server, c *call) (any, error) {
	address, err := c.data().addresses.find(c.ids[1])
	if err != nil {
		return nil, err
	}
	if err := c.checkAddress(); err != nil {
		return nil, err
	}
	for name, value := range addressOf(c.body) {
		address[name] = value
	}
	c.data().mark(address, c.body)
	return object{"address": address}, nil
}

func deleteAddress(_ *Server, c *call) (any, error) {
	return nil, c.data().addresses.remove(c.ids[1])
}
