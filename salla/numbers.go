package salla

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// decimal is a number without exponent.
var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// checkNumber notes text that is not a number, which may be empty.
func checkNumber(problems *transport.Problems, field string, number json.Number) {
	problems.Require(number == "" || decimal.MatchString(string(number)), field, `must be a decimal number such as "12.50"`)
}

// isPositive reports whether a decimal number is above zero.
func isPositive(number json.Number) bool {
	text := string(number)
	return decimal.MatchString(text) && text[0] != '-' && strings.ContainsAny(text, "123456789")
}
