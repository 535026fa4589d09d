// Package mask hides what may be personal or secret in a vendor's text.
package mask

import (
	"regexp"
	"unicode/utf8"
)

// personal matches what can be personal or secret in a vendor's message:
// e-mail addresses, bearer and API tokens, and numbers of so many digits that
// they can be a phone or an account; a version such as 2026-01 is none.
var personal = regexp.MustCompile(
	`[^\s@<>"'(),:;=]+@[^\s@<>"'(),:;=]+` +
		`|(?i:bearer\s+\S+)` +
		`|\b(?:sk|pk|ory_[a-z]+|eyJ[\w-]*)[_.][\w.-]{6,}` +
		`|\+?\d(?:[ ()-]*\d){6,}`)

// Text replaces what personal matches, and all that Line does.
func Text(text string) string { return Line(personal.ReplaceAllString(text, masked)) }

// Line replaces control characters, which could forge lines in a log.
func Line(text string) string { return unprintable.ReplaceAllString(text, " ") }

var unprintable = regexp.MustCompile(`[\x00-\x1f\x7f]+`)

// The longest that is shown of a text, and of a request's id.
const (
	MaxText = 4 << 10
	MaxID   = 128
)

// Cut returns the beginning of a text, at most most bytes.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const more = "…"
	end := most - len(more)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}
