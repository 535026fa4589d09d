package transport

import (
	"strings"
	"unicode"
)

// OneCredential notes that not exactly one of the credentials is given that the
// fields of names hold: "Token or TokenSource".
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

// BareCredential notes a credential that is no word: one with "Bearer" before it, with
// the line end of the file that it comes from, or with what a browser has copied along.
func (p *Problems) BareCredential(credential, field string) {
	p.Require(IsWord(credential), field, `must be the credential alone: no "Bearer", no white space and no line ends`)
}

// IsWord reports whether text has only characters that can be seen, so that it can
// stand in a header as one word.
func IsWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
}
