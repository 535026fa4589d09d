package shopline

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/transport"
)

// checks notes what is wrong with the fields of a request. Lengths count
// characters, not bytes.
type checks struct{ transport.Part }

func checksOf(problems *transport.Problems) checks {
	return checks{transport.Part{Problems: problems}}
}

func (c checks) length(field, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		c.Add(field, "must have at most %d characters", most)
	}
}

// optional is length for a field that may be left out.
func (c checks) optional(field string, text *string, most int) {
	if text != nil {
		c.length(field, *text, most)
	}
}

// each returns the checks for an element of a list.
func (c checks) each(list string, i int) checks {
	c.List, c.Index = list, i
	return c
}

// ids checks a list of ids that is sent as one text with commas, or as JSON.
func (c checks) ids(field string, ids []string) {
	c.Require(len(ids) > 0, field, "must name at least one id")
	c.IDs(field, ids)
}

// optionalID checks an id in a body that may be left out.
func (c checks) optionalID(field, id string) {
	c.length(field, id, 64)
	if id != "" {
		c.ID(field, id)
	}
}

// since checks the id after which a list begins. 0 is before all ids.
func (c checks) since(id string) {
	if id != "" && id != "0" {
		c.ID("SinceID", id)
	}
}

// fields checks the names of fields to select.
func (c checks) fields(names []string) {
	c.Require(!slices.ContainsFunc(names, isUnlistable), "Fields", "must hold names without commas and spaces, none of them empty")
}

// isUnlistable reports whether text cannot be an element of a list that is sent as one
// text with commas.
func isUnlistable(text string) bool { return text == "" || strings.ContainsAny(text, ", ") }

// birthday checks a date in SHOPLINE's form. An empty text clears the field.
func (c checks) birthday(text string) {
	_, err := time.Parse("20060102", text)
	c.Require(text == "" || err == nil, "Birthday", "must be a date of the form YYYYMMDD")
}

func (c checks) gender(g GenderCode) {
	c.Require(g >= GenderCodeUnknown && g <= GenderCodeSecret, "Gender", "must be between 0 and 3: unknown, male, female, secret")
}

// password checks a password and its repetition, if there is one.
func (c checks) password(password, confirmation string) {
	n := utf8.RuneCountInString(password)
	c.Require(n >= 6 && n <= 18, "Password", "must have 6 to 18 characters")
	c.Require(confirmation == "" || confirmation == password, "PasswordConfirmation", "must be equal to Password")
}

func (r CreateCustomerRequest) check(problems *transport.Problems) {
	c := checksOf(problems)
	problems.Require(r.Email != "" || r.Phone != "", "Email", "Email or Phone is required")
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
	problems.Require(len(r.Addresses) <= maxAddresses, "Addresses", "must be at most %d addresses", maxAddresses)
	for i, address := range r.Addresses {
		address.check(c.each("Addresses", i))
	}
}

func (r UpdateCustomerRequest) check(problems *transport.Problems) {
	problems.RequireChange(r)
	c := checksOf(problems)
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
		c.password(transport.Deref(r.Password), transport.Deref(r.PasswordConfirmation))
	}
	c.consent("EmailMarketingConsent", r.EmailMarketingConsent)
	c.consent("SMSMarketingConsent", r.SMSMarketingConsent)
	problems.Require(len(r.Addresses) <= maxAddresses, "Addresses", "must be at most %d addresses", maxAddresses)
	for i, address := range r.Addresses {
		address.check(c.each("Addresses", i))
	}
}

// maxAddresses is the maximum number of addresses in a request.
const maxAddresses = 50

func (a CreateCustomerAddress) check(c checks) {
	c.length("FirstName", a.FirstName, 128)
	c.length("LastName", a.LastName, 128)
	c.length("Company", a.Company, 255)
	c.length("Address1", a.Address1, 255)
	c.length("Address2", a.Address2, 255)
	c.length("City", a.City, 64)
	c.length("Province", a.Province, 64)
	c.length("Country", a.Country, 64)
	c.country(a.CountryCode)
	c.length("Zip", a.Zip, 64)
	c.length("Phone", a.Phone, 20)
}

func (a UpdateCustomerAddress) check(c checks) {
	c.optionalID("ID", a.ID)
	c.optionalID("CustomerID", a.CustomerID)
	c.optional("FirstName", a.FirstName, 128)
	c.optional("LastName", a.LastName, 128)
	c.optional("Company", a.Company, 255)
	c.optional("Address1", a.Address1, 255)
	c.optional("Address2", a.Address2, 255)
	c.optional("City", a.City, 64)
	c.optional("Province", a.Province, 64)
	c.optional("Country", a.Country, 64)
	c.country(transport.Deref(a.CountryCode))
	c.optional("Zip", a.Zip, 64)
	c.optional("Phone", a.Phone, 20)
}

// country checks an ISO 3166-1 alpha-2 code. An empty text clears the field.
func (c checks) country(code string) {
	ok := code == "" || len(code) == 2 && isUpper(code[0]) && isUpper(code[1])
	c.Require(ok, "CountryCode", "must be a code of two capital letters (ISO 3166-1 alpha-2), such as US")
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }

func (c checks) consent(field string, consent *MarketingConsentRequest) {
	if consent == nil {
		return
	}
	if consent.State < ConsentUnsubscribed || consent.State > ConsentPending {
		c.Add(field+".State", "must be between 0 and 3: unsubscribed, subscribed, not subscribed, pending")
	}
	if level := consent.OptInLevel; level != nil {
		c.Require(*level >= OptInUnknown && *level <= OptInConfirmed,
			field+".OptInLevel", "must be between 0 and 2: unknown, single, confirmed")
	}
	c.Time(field+".UpdatedAt", consent.UpdatedAt)
	if from := consent.CollectedFrom; from != nil {
		c.length(field+".CollectedFrom", *from, 50)
	}
}

// The maximum number of tags of a customer, and of characters in all of them.
const (
	maxTags     = 100
	maxTag      = 128
	maxTagsText = 1000
)

func (c checks) tags(tags Tags) {
	c.Require(len(tags) <= maxTags, "Tags", "must be at most %d tags", maxTags)
	characters := len(tags) - 1 // the commas
	for _, tag := range tags {
		characters += utf8.RuneCountInString(tag)
	}
	c.Require(characters <= maxTagsText, "Tags", "must have at most %d characters", maxTagsText)
	c.Require(!slices.ContainsFunc(tags, notATag), "Tags", "must be tags of 1 to %d characters without commas", maxTag)
}

func notATag(text string) bool {
	return text == "" || strings.Contains(text, ",") || utf8.RuneCountInString(text) > maxTag
}
