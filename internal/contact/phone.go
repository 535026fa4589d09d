package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Phone returns the digits of a phone number without the plus or 00 before the country
// code; ok is false if the text is not a phone number, is more than one, or has an
// extension, whose digits would make another number.
func Phone(text string) (number string, ok bool) {
	text = strings.TrimFunc(text, isBlank)
	if strings.ContainsFunc(text, isStrange) || isJoined(text) || isDecimal(text) {
		return "", false
	}
	number = strings.TrimPrefix(Digits(text), "00")
	if strings.Trim(number, "0") == "" {
		return "", false
	}
	return number, true
}

// isStrange reports what stands in no phone number: line ends, letters, signs that
// separate one number from another, or from an extension, and what is not UTF-8.
func isStrange(r rune) bool {
	return r == utf8.RuneError || r == '\n' || r == '\r' || unicode.In(r, unicode.L, unicode.M) || strings.ContainsRune(",;:@#*&|，；、؛", r)
}

// isJoined reports a plus behind a digit: another number begins there.
func isJoined(text string) bool {
	digits := strings.IndexFunc(text, unicode.IsDigit)
	return digits >= 0 && strings.ContainsAny(text[digits:], "+＋")
}

// isDecimal reports what spreadsheets make of a number, such as 966555555555.0.
func isDecimal(text string) bool { return strings.HasSuffix(text, ".0") }

// SamePhone reports whether both texts hold the same phone number.
func SamePhone(a, b string) bool {
	a, ok := Phone(a)
	b, _ = Phone(b) // "" is none
	return ok && a == b
}

// SurelyOther reports whether both texts hold phone numbers and their last digits differ.
// Before these, servers add country codes, and drop zeros and trunk codes.
func SurelyOther(a, b string) bool {
	a, ok := Phone(a)
	b, is := Phone(b)
	return ok && is && len(a) >= lastDigits && len(b) >= lastDigits && a[len(a)-lastDigits:] != b[len(b)-lastDigits:]
}

// lastDigits is how many digits at the end of a number are the subscriber's own.
const lastDigits = 7

// IsInternational reports whether a phone number certainly begins with its country
// code: after a plus or 00.
func IsInternational(text string) bool {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return r != '+' && r != '＋' && !unicode.IsDigit(r) })
	return strings.HasPrefix(text, "+") || strings.HasPrefix(text, "＋") || strings.HasPrefix(Digits(text), "00")
}

// WithPrefix puts a plus or 00 before a number that begins with its country code. A
// number with a leading zero does not.
func WithPrefix(prefix, number string) string {
	if strings.HasPrefix(number, "0") {
		return number
	}
	return prefix + number
}

// SplitPhone splits the digits of an international number after the country code. No
// code is the beginning of another, so the first digits determine its length.
func SplitPhone(number string) (code, rest string) {
	length := 3
	switch {
	case strings.HasPrefix(number, "1"), strings.HasPrefix(number, "7"):
		length = 1
	case len(number) > 1 && strings.Contains(twoDigitCodes, number[:2]):
		length = 2
	}
	length = min(length, len(number))
	return number[:length], number[length:]
}

// IsCode reports whether the digits of a number are a country's code, with nothing or a
// trunk code after it. More zeros can be a local number, such as 9000 0000.
func IsCode(number string) bool {
	_, rest := SplitPhone(number)
	return number != "" && number[0] != '0' && (rest == "" || rest == "0" || rest == "00")
}

// twoDigitCodes are the codes of two digits, by ITU-T E.164.
const twoDigitCodes = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 " +
	"60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"

// Digits returns the digits of a text, in any script, as ASCII digits.
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := digit(r); ok {
			return d
		}
		return -1
	}, text)
}

// ASCII returns a text with all digits as ASCII digits.
func ASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := digit(r); ok {
			return d
		}
		return r
	}, text)
}

// digit returns the digit of ASCII that has the value of r. Unicode has each script's
// digits in a row, from zero on.
func digit(r rune) (ascii rune, ok bool) {
	if r <= unicode.MaxASCII {
		return r, r >= '0' && r <= '9'
	}
	for _, run := range unicode.Nd.R16 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	return 0, false
}
