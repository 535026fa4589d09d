package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Email returns an e-mail address without surrounding space; ok is false if the text is
// not one address, has a display name or a scheme, or has lost a character to another
// encoding.
func Email(text string) (address string, ok bool) {
	address = strings.TrimFunc(text, isBlank)
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || strings.ContainsFunc(address, isBlank) {
		return "", false
	}
	name, domain := address[:at], address[at:]
	if !isQuoted(name) && strings.ContainsAny(name, `,;:<>()[]@\"`) || strings.ContainsAny(domain, ",;<>()") || strings.ContainsRune(address, utf8.RuneError) {
		return "", false
	}
	return address, true
}

// isQuoted reports whether a name is quoted and may hold any character:
// "a@b"@example.com.
func isQuoted(name string) bool {
	return len(name) > 2 && name[0] == '"' && name[len(name)-1] == '"'
}

// SameEmail reports whether both texts hold the same e-mail address, ignoring letter
// case.
func SameEmail(a, b string) bool {
	a, ok := Email(a)
	b, _ = Email(b) // "" is none
	return ok && lower(a) == lower(b)
}

// lower returns a text in lower case, but turns no letter outside ASCII into an ASCII
// letter: the Kelvin sign would become a k, and the address another one.
func lower(text string) string {
	return strings.Map(func(r rune) rune {
		small := unicode.ToLower(r)
		if r > unicode.MaxASCII && small <= unicode.MaxASCII {
			return r
		}
		return small
	}, text)
}

// isBlank reports whether a rune is invisible: a space, a line end or a mark of
// direction.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) }
