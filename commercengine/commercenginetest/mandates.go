package commercenginetest

func listMandates(_ *Server, c *call) (any, error) {
	return object{"mandates": append(rows{}, c.data().mandates...)}, nil
}

func createMandate(s *Server, c *call) (any, error) {
	f := findings{}
	f.required(c.body, "payment_method_type", "payment_method", "service_provider_slug", "gateway_reference_id",
		"bank_ifsc", "bank_account_number", "bank_beneficiary_name")
	if err := f.err(); err != nil {
		return nil, err
	}
	// The provider would confirm it; here it is active at once.
	mandate := object{
		"id": s.store.id("MAND"), "mandate_type": "recurring", "status": "active", "max_amount": 15000, "frequency": "as_presented",
		"start_date": stamp(c.now), "end_date": stamp(c.now.AddDate(1, 0, 0)), "gateway": c.body["service_provider_slug"],
		"gateway_reference_id": c.body["gateway_reference_id"], "block_fund": false, "revokable_by_customer": true, "currency": "INR",
		"payment_info": object{
			"payment_method_type": c.body["payment_method_type"], "payment_method": c.body["payment_method"],
			"bank_details": object{
				"account_number": c.body["bank_account_number"], "ifsc": c.body["bank_ifsc"],
				"beneficiary_name": c.body["bank_beneficiary_name"],
			},
		},
		"created_at": stamp(c.now), "modified_at": stamp(c.now), "activated_at": stamp(c.now), "last_activated_at": stamp(c.now),
	}
	c.data().mandates = append(c.data().mandates, mandate)
	return object{"mandate": mandate}, nil
}

func getMandate(_ *Server, c *call) (any, error) {
	mandate, err := c.data().mandates.find(c.ids[1])
	return object{"mandate": mandate}, err
}

func updateMandate(_ *Server, c *call) (any, error) {
	mandate, err := c.turn("active", "active")
	if err != nil {
		return nil, err
	}
	if amount, ok := c.body["max_amount"].(float64); ok {
		mandate["max_amount"] = amount
	}
	if end := text(c.body, "end_at"); end != "" {
		mandate["end_date"] = end
	}
	return object{"mandate": mandate}, nil
}

func pauseMandate(_ *Server, c *call) (any, error) {
	mandate, err := c.turn("paused", "active")
	return object{"mandate": mandate}, err
}

func resumeMandate(_ *Server, c *call) (any, error) {
	mandate, err := c.turn("active", "paused")
	if err == nil {
		mandate["last_activated_at"] = stamp(c.now)
	}
	return object{"mandate": mandate}, err
}

func revokeMandate(_ *Server, c *call) (any, error) {
	mandate, err := c.turn("revoked", "active", "paused")
	return object{"mandate": mandate}, err
}

// turn brings a mandate from one of some states into another.
func (c *call) turn(to string, from ...any) (object, error) {
	mandate, err := c.data().mandates.find(c.ids[1])
	if err != nil {
		return nil, err
	}
	for _, status := range from {
		if mandate["status"] == status {
			mandate["status"] = to
			mandate["modified_at"] = stamp(c.now)
			return mandate, nil
		}
	}
	return nil, invalidField("status", "does not allow this")
}
