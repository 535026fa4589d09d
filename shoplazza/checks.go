package shoplazza

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/transport"
)

const minPassword = 6

func (r CreateCustomerRequest) check(s *service, problems *transport.Problems) {
	switch r.ContactType {
	case "":
		problems.Require(r.Email != "" || r.Phone != "", "Email", "Email or Phone is required")
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
	problems.Time("RegisteredAt", r.RegisteredAt)
	for i, address := range r.Addresses {
		part := transport.Part{Problems: problems, List: "Addresses", Index: i}
		address.check(part)
		if s.classic {
			part.Require(address.FirstName != "", "FirstName", "must not be empty in version 2022-01")
			part.Require(address.LastName != "", "LastName", "must not be empty in version 2022-01")
		}
	}
}

// checkTimes notes bounds of a list that are no times.
func checkTimes(problems *transport.Problems, createdMin, createdMax, updatedMin, updatedMax time.Time) {
	problems.Time("CreatedAtMin", createdMin)
	problems.Time("CreatedAtMax", createdMax)
	problems.Time("UpdatedAtMin", updatedMin)
	problems.Time("UpdatedAtMax", updatedMax)
}

// checkTags allows commas only in versions that send tags as a list.
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

// check notes what is wrong with the fields of the address.
func (r CreateAddressRequest) check(part transport.Part) {
	part.Require(r.Country != "", "Country", "is required: the name of the country")
	part.Require(r.CountryCode != "", "CountryCode", "is required: the ISO 3166-1 alpha-2 code of the country")
}
