package shopline

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/transport"
)

// checks notes what is wrong with the fields of a request. Lengths count
// characters, not bytes.
type checks struct {
	*transport.Problems
	prefix string // of the names of the fields: "Addresses[3]."
}

func (c checks) length(field, text string, most int) {
	c.Require(utf8.RuneCountInString(text) <= most, c.prefix+field, "must have %d characters at most", most)
}

// optional is length for a field that may be left out.
func (c checks) optional(field string, text *string, most int) {
	if text != nil {
		c.length(field, *text, most)
	}
}

func (c checks) required(field, text string) {
	c.Require(text != "", c.prefix+field, "must not be empty")
}

// each returns the checks of an element of a list.
func (c checks) each(list string, i int) checks {
	c.prefix += list + "[" + strconv.Itoa(i) + "]."
	return c
}

// ids checks a list that is sent as one text with commas in it, or as JSON.
func (c checks) ids(field string, ids []string) {
	c.Require(len(ids) > 0, c.prefix+field, "must name at least one id")
	c.Require(!slices.ContainsFunc(ids, notOne), c.prefix+field, "must hold ids without commas and spaces, none of them empty")
}

// withID adds to a selection of fields the id, by which an answer is told from any
// other JSON.
func withID(fields []string) []string {
	if len(fields) == 0 || slices.Contains(fields, "id") {
		return fields
	}
	return append(slices.Clip(fields), "id")
}

// fields checks the names of fields to select.
func (c checks) fields(names []string) {
	c.Require(!slices.ContainsFunc(names, notOne), "Fields", "must hold names without commas and spaces, none of them empty")
}

// notOne reports whether text is not one id or name, as it stands in a list.
func notOne(text string) bool { return text == "" || strings.ContainsAny(text, ", ") }

// birthday checks a date of the form that SHOPLINE takes. An empty one clears.
func (c checks) birthday(text string) {
	_, err := time.Parse("20060102", text)
	c.Require(text == "" || err == nil, c.prefix+"Birthday", "must be a date of the form YYYYMMDD")
}

func (c checks) gender(g GenderCode) {
	c.Require(g >= GenderCodeUnknown && g <= GenderCodeSecret, c.prefix+"Gender", "must be between 0 and 3: unknown, male, female, secret")
}

// password checks a password and its repetition, if there is one.
func (c checks) password(password, confirmation string) {
	n := utf8.RuneCountInString(password)
	c.Require(n >= 6 && n <= 18, c.prefix+"Password", "must have 6 to 18 characters")
	c.Require(confirmation == "" || confirmation == password, c.prefix+"PasswordConfirmation", "must be equal to Password")
}
