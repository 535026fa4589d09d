package commercenginetest

// data is the customer whom the path names; the credential has been checked.
func (c *call) data() *customerData { return c.session.user.customer }

// customerDetail is a customer in the words of the customer operations.
func customerDetail(u *user) any {
	detail := pick(u.fields, "first_name", "last_name", "country_code", "phone", "email", "is_phone_verified", "is_email_verified")
	detail["id"] = u.customer.id
	detail["business"] = nil
	if u.customer.business != nil {
		detail["business"] = u.customer.business
	}
	return object{"customer_detail": detail}
}

func createCustomer(s *Server, c *call) (any, error) {
	u := c.session.user
	if u == nil {
		return nil, unauthorized()
	}
	if address, ok := c.body["address"].(object); ok {
		f := findings{}
		checkAddress(f, address)
		if err := f.err(); err != nil {
			return nil, err
		}
		s.addAddress(u.customer, address)
	}
	if business, ok := c.body["business"].(object); ok {
		u.customer.business = pick(business, "business_type", "name", "pan_number", "gstin")
	}
	return customerDetail(u), nil
}

func getCustomer(_ *Server, c *call) (any, error) { return customerDetail(c.session.user), nil }

func updateCustomer(_ *Server, c *call) (any, error) {
	business, ok := c.body["business"].(object)
	if !ok {
		return nil, invalidField("business", "is required")
	}
	c.data().business = pick(business, "business_type", "name", "pan_number", "gstin")
	return customerDetail(c.session.user), nil
}
