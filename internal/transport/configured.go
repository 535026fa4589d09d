package transport

import (
	"strings"
	"unicode"
)

// OneCredential notes a problem unless exactly one credential is given. names lists
// their fields: "Token or TokenSource".
func (p *Problems) OneCredential(names string, given ...bool) {
	n := 0
	for _, is := range given {
		if is {
			n++
		}
	}
	switch n {
	case 0:
		p.Add("Token", "exactly one credential is required: %s (none is set)", names)
	case 1:
	default:
		p.Add("Token", "exactly one credential is required: %s (%d are set)", names, n)
	}
}

// BareCredential notes a credential that is not a single word: one with a leading
// "Bearer", with the line end of its file, or with invisible characters copied from a
// browser.
func (p *Problems) BareCredential(credential, field string) {
	p.Require(IsWord(credential), field, `must be the credential alone: no "Bearer", no white space and no line ends`)
}

// IsWord reports whether text has visible characters only, so that it is one word in a
// header.
func IsWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
}
