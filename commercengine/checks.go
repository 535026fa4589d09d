package commercengine

import (
	"regexp"
	"strings"

	"github.com/souk-go/souk/internal/contact"
	"github.com/souk-go/souk/internal/transport"
)

// decimal is the form of amounts that the vendor documents.
var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// isPhone reports the form of a national number, without its country's code.
func isPhone(text string) bool { return len(text) == 10 && isDigits(text) }

// isDialling reports the form of a dialling code.
func isDialling(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	return plus && digits != "" && len(digits) <= 4 && isDigits(digits)
}

func isDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

func checkPhone(problems *transport.Problems, field, phone string) {
	problems.Require(isPhone(phone), field, "must be the 10 digits of the national number, without country code")
}

func checkCountryCode(problems *transport.Problems, field, code string) {
	problems.Require(code == "" || isDialling(code), field, "must be a dialling code such as +91")
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
	problems.NotEmpty(field, password)
	problems.Require(password == confirmed, "ConfirmPassword", "must be the same as %s", field)
}
