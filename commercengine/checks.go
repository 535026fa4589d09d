package commercengine

import (
	"regexp"

	"github.com/souk-go/souk/internal/contact"
	"github.com/souk-go/souk/internal/transport"
)

// The forms that the vendor documents.
var (
	phoneNumber = regexp.MustCompile(`^[0-9]{10}$`)
	diallingTo  = regexp.MustCompile(`^\+[0-9]{1,4}$`)
	decimal     = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)
)

func checkText(problems *transport.Problems, field, text string) {
	problems.Require(text != "", field, "must not be empty")
}

func checkPhone(problems *transport.Problems, field, phone string) {
	problems.Require(phoneNumber.MatchString(phone), field, "must be the 10 digits of the national number, without country code")
}

func checkCountryCode(problems *transport.Problems, field, code string) {
	problems.Require(code == "" || diallingTo.MatchString(code), field, "must be a dialling code such as +91")
}

func checkEmail(problems *transport.Problems, field, email string) {
	_, ok := contact.Email(email)
	problems.Require(ok, field, "must be an e-mail address")
}

// checkOneContact notes a user who is named by neither e-mail address nor phone number,
// or by both.
func checkOneContact(problems *transport.Problems, email, countryCode, phone string) {
	checkContact(problems, email, countryCode, phone)
	problems.Require(email == "" || phone == "" && countryCode == "", "Phone", "must not be set together with Email")
}

// checkContact notes a user without e-mail address and phone number.
func checkContact(problems *transport.Problems, email, countryCode, phone string) {
	problems.Require(email != "" || phone != "", "Email", "must be set, or Phone")
	if email != "" {
		checkEmail(problems, "Email", email)
	}
	if phone != "" {
		checkPhone(problems, "Phone", phone)
	}
	checkCountryCode(problems, "CountryCode", countryCode)
}

func checkPassword(problems *transport.Problems, field, password, confirmed string) {
	checkText(problems, field, password)
	problems.Require(password == confirmed, "ConfirmPassword", "must be the same as %s", field)
}
