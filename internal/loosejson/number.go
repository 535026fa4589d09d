package loosejson

import (
	"bytes"
	"strconv"
	"strings"
)

// isNumber reports whether text is a number in JSON.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte{'-'})
	rest, ok := cutDigits(text)
	if !ok || text[0] == '0' && len(text)-len(rest) > 1 {
		return false
	}
	if after, found := bytes.CutPrefix(rest, []byte{'.'}); found {
		if rest, ok = cutDigits(after); !ok {
			return false
		}
	}
	if len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		rest = rest[1:]
		if len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') {
			rest = rest[1:]
		}
		if rest, ok = cutDigits(rest); !ok {
			return false
		}
	}
	return len(rest) == 0
}

// cutDigits returns what follows the digits at the beginning of text; ok is
// false if there are none.
func cutDigits(text []byte) (rest []byte, ok bool) {
	rest = bytes.TrimLeft(text, "0123456789")
	return rest, len(rest) < len(text)
}

// maxDigits is how many digits the largest of Go's whole numbers has.
const maxDigits = 20

// wholeNumber returns the digits of a JSON number that is whole, however it is written:
// 12 for 12.00 and 1.2e1. A number of more than 20 digits does not count.
func wholeNumber(text string) (digits string, ok bool) {
	text, negative := strings.CutPrefix(text, "-")
	text, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	power, _ := strconv.Atoi(exponent) // 0 for none; the largest or smallest int if it is beyond
	before, after, _ := strings.Cut(text, ".")
	all := before + after
	digits = strings.TrimLeft(all, "0")
	point := len(before) - (len(all) - len(digits)) + power
	digits = strings.TrimRight(digits, "0")
	switch {
	case all == "":
		return "", false
	case digits == "":
		return "0", true
	case point < len(digits) || point > maxDigits:
		return "", false
	}
	digits += strings.Repeat("0", point-len(digits))
	if negative {
		digits = "-" + digits
	}
	return digits, true
}

// Digits returns the digits of a whole number that is written as a number of JSON or
// with zeros before it.
func Digits(text string) (digits string, ok bool) {
	if rest := strings.TrimLeft(text, "0"); rest != "" && rest[0] >= '1' && rest[0] <= '9' {
		text = rest
	}
	if !isNumber([]byte(text)) {
		return "", false
	}
	return wholeNumber(text)
}
