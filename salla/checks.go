package salla

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/transport"
)

// maxName is the maximum length of a name in characters.
const maxName = 25

func (r CreateCustomerRequest) check(problems *transport.Problems) {
	problems.Require(r.FirstName != "" || r.LastName != "", "FirstName", "a name is required: FirstName or LastName")
	fields := customerFields{
		FirstName: &r.FirstName, LastName: &r.LastName, Groups: r.Groups,
		Mobile: transport.NonZero(r.Mobile), MobileCodeCountry: transport.NonZero(r.MobileCodeCountry),
		Gender: transport.NonZero(r.Gender), Birthday: transport.NonZero(r.Birthday),
	}
	fields.check(problems)
}

func (r UpdateCustomerRequest) check(problems *transport.Problems) {
	problems.RequireChange(r)
	fields := customerFields{
		FirstName: r.FirstName, LastName: r.LastName, Groups: r.Groups,
		Mobile: nonEmpty(r.Mobile), MobileCodeCountry: nonEmpty(r.MobileCodeCountry),
		Gender: nonEmpty(r.Gender), Birthday: nonEmpty(r.Birthday),
	}
	fields.check(problems)
}

// customerFields holds the fields that can be checked here, nil if there is nothing to
// check.
type customerFields struct {
	FirstName, LastName, Mobile, MobileCodeCountry, Birthday *string

	Gender *Gender
	Groups []int64
}

// isDialCode reports whether text is a dial code as Salla sends it, with or without a
// plus. Requests need the plus.
func isDialCode(text string) bool {
	digits := strings.TrimPrefix(text, "+")
	return digits != "" && len(digits) <= 4 && strings.Trim(digits, "0123456789") == ""
}

// withPlus returns a dial code in the form that requests need.
func withPlus(code string) string {
	if !isDialCode(code) {
		return code
	}
	return "+" + strings.TrimPrefix(code, "+")
}

func (f customerFields) check(problems *transport.Problems) {
	checkName(problems, "FirstName", f.FirstName)
	checkName(problems, "LastName", f.LastName)
	problems.Require(f.Mobile == nil || (*f.Mobile)[0] != '+',
		"Mobile", "must be the number without the country's code, which belongs into MobileCodeCountry")
	problems.Require(f.MobileCodeCountry == nil || isDialCode(*f.MobileCodeCountry),
		"MobileCodeCountry", `must be a dial code such as "+966", not an ISO code`)
	problems.Require(f.Gender == nil || *f.Gender == GenderMale || *f.Gender == GenderFemale,
		"Gender", `must be "male", "female" or left out`)
	problems.Require(f.Birthday == nil || isDate(*f.Birthday), "Birthday", dateForm)
	checkIDs(problems, "Groups", f.Groups)
}

func checkName(problems *transport.Problems, field string, name *string) {
	problems.Require(name == nil || utf8.RuneCountInString(*name) <= maxName,
		field, "must have at most %d characters", maxName)
}

func checkIDs(problems *transport.Problems, field string, ids []int64) {
	for i, id := range ids {
		if id <= 0 {
			problems.Add(fmt.Sprintf("%s[%d]", field, i), "must be a positive id")
		}
	}
}

const dateForm = "must be a date of the form YYYY-MM-DD"

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// nonEmpty returns nil for a field that is left out, and for one that is cleared.
func nonEmpty[T ~string](value *T) *T {
	if value == nil || *value == "" {
		return nil
	}
	return value
}

// decimal is a number without exponent.
var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// checkNumber notes text that is not a number, which may be empty.
func checkNumber(part transport.Part, field string, number json.Number) {
	part.Require(number == "" || decimal.MatchString(string(number)), field, `must be a decimal number such as "12.50"`)
}

// isPositive reports whether a decimal number is above zero.
func isPositive(number json.Number) bool {
	text := string(number)
	return decimal.MatchString(text) && text[0] != '-' && strings.ContainsAny(text, "123456789")
}
