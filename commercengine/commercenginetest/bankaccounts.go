package commercenginetest

var accountTexts = []string{"account_name", "account_number", "ifsc_code", "bank_name"}

func listBankAccounts(_ *Server, c *call) (any, error) {
	f := findings{}
	f.oneOf(c, "account_type", "inbound", "outbound")
	if err := f.err(); err != nil {
		return nil, err
	}
	accounts := rows{}
	for _, account := range c.data().accounts {
		if wanted := c.query.Get("account_type"); wanted == "" || wanted == account["account_type"] {
			accounts = append(accounts, account)
		}
	}
	return object{"bank_accounts": accounts}, nil
}

func createBankAccount(s *Server, c *call) (any, error) {
	f := findings{}
	account := object{
		"id": s.store.id("BANK"), "account_type": c.body["account_type"], "is_default": false, "is_verified": false,
		"created_at": stamp(c.now), "modified_at": stamp(c.now),
	}
	switch text(c.body, "account_type") {
	case "outbound":
		f.required(c.body, accountTexts...)
		for name, value := range pick(c.body, accountTexts...) {
			account[name] = value
		}
	case "inbound":
		f.required(c.body, "service_provider_slug")
		account["account_name"], account["bank_name"] = "Virtual account", text(c.body, "service_provider_slug")
		account["account_number"], account["ifsc_code"] = "222333"+text(account, "id")[20:], "RATN0VAAPIS"
	default:
		f["account_type"] = []string{"must be inbound or outbound"}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	c.data().accounts = append(c.data().accounts, account)
	c.data().markAccount(account, c.body)
	return object{"bank_account": account}, nil
}

// markAccount sets the mark for the default account, which one account has.
func (d *customerData) markAccount(account, fields object) {
	set, said := fields["is_default"].(bool)
	if set {
		for _, other := range d.accounts {
			other["is_default"] = false
		}
	}
	if said {
		account["is_default"] = set
	}
}

func getBankAccount(_ *Server, c *call) (any, error) {
	account, err := c.data().accounts.find(c.ids[1])
	return object{"bank_account": account}, err
}

func updateBankAccount(_ *Server, c *call) (any, error) {
	account, err := c.data().accounts.find(c.ids[1])
	if err != nil {
		return nil, err
	}
	if c.body["account_type"] != account["account_type"] {
		return nil, invalidField("account_type", "must be that of the account")
	}
	changes := pick(c.body, accountTexts...)
	if account["account_type"] == "inbound" && len(changes) > 0 {
		return nil, invalidField("account_type", "must be outbound")
	}
	for name, value := range changes {
		account[name] = value
	}
	c.data().markAccount(account, c.body)
	account["modified_at"] = stamp(c.now)
	return object{"bank_account": account}, nil
}

func deleteBankAccount(_ *Server, c *call) (any, error) {
	return nil, c.data().accounts.remove(c.ids[1])
}

func verifyBankAccount(_ *Server, c *call) (any, error) {
	account, err := c.data().accounts.find(c.ids[1])
	if err != nil {
		return nil, err
	}
	verified, ok := c.body["is_verified"].(bool)
	if !ok {
		return nil, invalidField("is_verified", "is required")
	}
	account["is_verified"] = verified
	account["modified_at"] = stamp(c.now)
	return object{"bank_account": account}, nil
}
