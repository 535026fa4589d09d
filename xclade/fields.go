package xclade

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// Fields selects the fields of an answer. The zero value means the server's default:
// all scalar fields and no relations.
//
// Servers up to Medusa 2.12 refuse an unknown field; later ones silently leave it out.
type Fields struct {
	// Only names the fields to return instead of the default ones; id is always added.
	// It cannot be combined with Add and Remove, and cannot name relations.
	Only []string
	// Add names fields to return in addition to the default ones, such as
	// "addresses.id". It cannot name relations.
	Add []string
	// Remove names default fields to leave out.
	Remove []string
	// Relations names the relations to return in full: "addresses" and "groups" of a
	// customer, "customers" of a group.
	Relations []string
}

// fieldName matches a field or a path of fields.
var fieldName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// text returns the value of the parameter "fields", "" for the default.
//
// In a list with plain names, a minus would select a field and a plus has no meaning,
// so the two forms are kept apart. A relation requires its star: without one the server
// silently leaves it out.
func (f Fields) text(problems *transport.Problems) string {
	problems.Require(len(f.Only) == 0 || len(f.Add) == 0 && len(f.Remove) == 0,
		"Fields", "Only excludes Add and Remove")
	var parts []string
	for _, group := range []struct {
		prefix string
		names  []string
	}{
		{"", f.Only},
		{"+", f.Add},
		{"-", f.Remove},
		{"*", f.Relations},
	} {
		for _, name := range group.names {
			problems.Require(fieldName.MatchString(name),
				"Fields", "names consist of letters, digits and underscores, joined by dots")
			problems.Require(group.prefix == "*" || group.prefix == "-" || !isRelation(name),
				"Fields", "Only and Add must not name relations, which the server leaves out without a word: name them in Relations")
			parts = append(parts, group.prefix+name)
		}
	}
	return strings.Join(parts, ",")
}

// isRelation reports whether a path ends in a relation.
func isRelation(path string) bool {
	return slices.Contains([]string{"addresses", "groups", "customers"}, path[strings.LastIndexByte(path, '.')+1:])
}

// query returns the parameter "fields" alone.
func (f Fields) query(problems *transport.Problems) url.Values {
	text := f.text(problems)
	if text == "" {
		return nil
	}
	return url.Values{"fields": {text}}
}
