package shoplazza

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/transport"
)

const minPassword = 6

func (r CreateCustomerRequest) check(s *service, problems *transport.Problems) {
	switch r.ContactType {
	case "":
		problems.Require(r.Email != "" || r.Phone != "", "Email", "Email or Phone is needed")
	case ContactTypeEmail:
		problems.Require(r.Email != "", "Email", "must not be empty when ContactType is email")
	case ContactTypePhone:
		problems.Require(r.Phone != "", "Phone", "must not be empty when ContactType is phone")
	default:
		problems.Add("ContactType", "must be email or phone, or empty to be filled in")
	}
	problems.Require(r.Password == "" || utf8.RuneCountInString(r.Password) >= minPassword,
		"Password", "must have at least %d characters", minPassword)
	problems.Require(r.PasswordConfirmation == "" || r.PasswordConfirmation == r.Password,
		"PasswordConfirmation", "must be equal to Password")
	s.checkTags(r.Tags, problems)
	for i, address := range r.Addresses {
		path := fmt.Sprintf("Addresses[%d].", i)
		address.check(path, problems)
		if s.classic {
			problems.Require(address.FirstName != "", path+"FirstName", "must not be empty in version 2022-01")
			problems.Require(address.LastName != "", path+"LastName", "must not be empty in version 2022-01")
		}
	}
}

// checkTags allows commas in the versions that send tags as a list.
func (s *service) checkTags(tags []string, problems *transport.Problems) {
	for _, tag := range tags {
		switch {
		case strings.TrimSpace(tag) == "":
			problems.Add("Tags", "must not be empty texts")
			return
		case s.classic && strings.Contains(tag, ","):
			problems.Add("Tags", "must not contain commas in version 2022-01; give each tag an element of its own")
			return
		}
	}
}

// check reports problems with the fields of the address below path.
func (r CreateAddressRequest) check(path string, problems *transport.Problems) {
	problems.Require(r.Country != "", path+"Country", "must not be empty: the country's name is needed")
	problems.Require(r.CountryCode != "", path+"CountryCode", "must not be empty: the country's two letters are needed")
}
