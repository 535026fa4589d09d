package shopline

import "github.com/souk-go/souk/internal/transport"

func (r CreateCustomerRequest) problems() (problems transport.Problems) {
	c := checks{Problems: &problems}
	problems.Require(r.Email != "" || r.Phone != "", "Email", "must not be empty unless Phone is given: SHOPLINE needs one of them")
	c.length("Email", r.Email, 50)
	c.length("Phone", r.Phone, 20)
	c.length("FirstName", r.FirstName, 128)
	c.length("LastName", r.LastName, 128)
	c.gender(r.Gender)
	c.birthday(r.Birthday)
	c.length("Note", r.Note, 1000)
	c.tags(r.Tags)
	c.length("MultipassIdentifier", r.MultipassIdentifier, 100)
	if r.Password != "" || r.PasswordConfirmation != "" {
		c.password(r.Password, r.PasswordConfirmation)
	}
	c.consent("EmailMarketingConsent", r.EmailMarketingConsent)
	c.consent("SMSMarketingConsent", r.SMSMarketingConsent)
	problems.Require(len(r.Addresses) <= maxAddresses, "Addresses", "must be %d addresses at most", maxAddresses)
	for i, address := range r.Addresses {
		address.check(c.each("Addresses", i))
	}
	return problems
}

func (r UpdateCustomerRequest) problems() (problems transport.Problems) {
	problems.RequireChange(r)
	c := checks{Problems: &problems}
	c.optional("Email", r.Email, 50)
	c.optional("Phone", r.Phone, 20)
	c.optional("FirstName", r.FirstName, 128)
	c.optional("LastName", r.LastName, 128)
	if r.Gender != nil {
		c.gender(*r.Gender)
	}
	if r.Birthday != nil {
		c.birthday(*r.Birthday)
	}
	c.optional("Note", r.Note, 1000)
	c.tags(r.Tags)
	c.optional("MultipassIdentifier", r.MultipassIdentifier, 100)
	if r.Password != nil || r.PasswordConfirmation != nil {
		c.password(deref(r.Password), deref(r.PasswordConfirmation))
	}
	c.consent("EmailMarketingConsent", r.EmailMarketingConsent)
	c.consent("SMSMarketingConsent", r.SMSMarketingConsent)
	problems.Require(len(r.Addresses) <= maxAddresses, "Addresses", "must be %d addresses at most", maxAddresses)
	for i, address := range r.Addresses {
		address.check(c.each("Addresses", i))
	}
	return problems
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
