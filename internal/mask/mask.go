// Package mask hides what can be personal or secret in a text of a vendor.
package mask

import "regexp"

// personal matches what can be personal or secret in a vendor's message:
// e-mail addresses, bearer and API tokens, and numbers of so many digits that
// they can be a phone or an account; a version such as 2026-01 is none.
var personal = regexp.MustCompile(
	`[^\s@<>"'(),:;=]+@[^\s@<>"'(),:;=]+` +
		`|(?i:bearer\s+\S+)` +
		`|\b(?:sk|pk|ory_[a-z]+|eyJ[\w-]*)[_.][\w.-]{6,}` +
		`|\+?\d(?:[ ()-]*\d){6,}`)

// Text replaces what personal matches and control characters, which could
// forge lines in a log.
func Text(text string) string {
	return unprintable.ReplaceAllString(personal.ReplaceAllString(text, "[masked]"), " ")
}

var unprintable = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
