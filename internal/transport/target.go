package transport

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-querystring/query"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/mask"
)

// target builds the URL of a call. It checks ids and paths, so that none leads to
// another operation or out of the prefix.
func (c *Client) target(call *Call, problems *Problems) url.URL {
	u := url.URL{Scheme: c.scheme, Host: c.host}
	if call.Path != "" {
		setPath(&u, c.prefix, call.Path, problems)
	} else {
		c.setRoute(&u, call.Route, call.IDs, problems)
	}
	u.RawQuery = encodeQuery(call.Query, problems)
	return u
}

// usualID is the length of a long id, such as a UUID.
const usualID = 36

// setRoute fills the placeholders of route with ids.
func (c *Client) setRoute(u *url.URL, route string, ids []any, problems *Problems) {
	if len(ids) == 0 {
		setEscapedPath(u, c.prefix+route)
		return
	}
	var raw strings.Builder
	raw.Grow(len(c.prefix) + len(route) + len(ids)*usualID)
	raw.WriteString(c.prefix)
	rest := route
	for _, id := range ids {
		before, after, _ := strings.Cut(rest, "{")
		name, after, _ := strings.Cut(after, "}")
		raw.WriteString(before)
		raw.WriteString(c.vendor.idText(name, id, problems))
		rest = after
	}
	raw.WriteString(rest)
	setEscapedPath(u, raw.String())
}

// setPath sets a path given by the user.
func setPath(u *url.URL, prefix, path string, problems *Problems) {
	switch {
	case !strings.HasPrefix(path, "/"):
		problems.Add("path", "must begin with a slash")
	case strings.ContainsAny(path, "?#") || !escaped(path):
		problems.Add("path", "must be an escaped path without query and fragment")
	case strays(path):
		problems.Add("path", "must not contain %s", straying)
	}
	setEscapedPath(u, prefix+path)
}

func setEscapedPath(u *url.URL, raw string) {
	u.Path = raw
	if strings.ContainsRune(raw, '%') {
		u.Path, _ = url.PathUnescape(raw)
		u.RawPath = raw
	}
}

// escaped reports whether path is valid in a URL without escaping.
func escaped(path string) bool {
	text, err := url.PathUnescape(path)
	return err == nil && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// straying describes what strays finds.
const straying = `"\", empty segments or the segments "." and "..", in any spelling`

// strays reports whether a server or proxy could interpret path as another path: some
// unescape it again, some treat a backslash as a slash, and some drop what follows a
// semicolon, or empty segments.
func strays(path string) bool {
	if strings.Contains(path, "//") {
		return true
	}
	for {
		if strings.ContainsRune(path, '\\') || hasDotSegment(path) {
			return true
		}
		text, err := url.PathUnescape(path)
		if err != nil || text == path {
			return false
		}
		path = text
	}
}

func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		segment, _, _ = strings.Cut(segment, ";")
		if segment = strings.TrimSpace(segment); segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

func (v *Vendor) idText(name string, id any, problems *Problems) string {
	switch id := id.(type) {
	case int64:
		problems.Require(id > 0, name, "must be a positive id")
		return strconv.FormatInt(id, 10)
	case string:
		v.checkID(name, id, problems)
		return id
	case CountryCode:
		problems.Require(id.valid(), name, "must be a country's code of two or three letters")
		return string(id)
	}
	problems.Add(name, "must be a string or an int64")
	return ""
}

// checkID refuses an id that could be a word in the API's paths: it would lead to
// another operation.
func (v *Vendor) checkID(name, id string, problems *Problems) {
	if len(problems.of(name)) > 0 { // the method has said more
		return
	}
	wrong := idProblem(id)
	if wrong == "" && v.isWord(id) {
		wrong = "must be an id, which holds a digit, and not a word of a path"
	}
	problems.Require(wrong == "", name, "%s", wrong)
}

// ID notes a text that is no id. Ids in paths are checked without it.
func (p *Problems) ID(field, id string) { Part{Problems: p}.ID(field, id) }

// ID is like [Problems.ID].
func (p Part) ID(field, id string) {
	wrong := idProblem(id)
	p.Require(wrong == "", field, "%s", wrong)
}

// IDs notes the first text of a list that is no id.
func (p *Problems) IDs(field string, ids []string) {
	for i, id := range ids {
		if wrong := idProblem(id); wrong != "" {
			p.Add(fmt.Sprintf("%s[%d]", field, i), "%s", wrong)
			return
		}
	}
}

// idProblem says why a text is no id, "" for nothing.
func idProblem(id string) string {
	switch {
	case id == "":
		return "must not be empty"
	case strings.ContainsFunc(id, notOfID):
		return `must be one id: letters, digits, "-", "_", "." and "~"`
	case loosejson.IsNobody(id):
		return "must be an id: 0, a number below it and the UUID of zeros are none"
	}
	return ""
}

func notOfID(r rune) bool { return !isLetter(r) && !isDigit(r) && !strings.ContainsRune("-_.~", r) }

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isWord reports whether id can be a word in a path: "count", "v2". All vendors' ids
// contain a digit before the first point, where a server may cut them off, or begin as
// no word does.
func (v *Vendor) isWord(id string) bool {
	for _, begin := range v.IDsBegin {
		if len(id) > len(begin) && strings.HasPrefix(id, begin) {
			return false
		}
	}
	id, _, _ = strings.Cut(id, ".")
	version := strings.TrimLeft(id, "vV")
	return !strings.ContainsFunc(id, isDigit) || len(version) == len(id)-1 && strings.Trim(version, "0123456789") == ""
}

// CountryCode is an id that is the ISO code of a country.
type CountryCode string

func (c CountryCode) valid() bool {
	return (len(c) == 2 || len(c) == 3) && !strings.ContainsFunc(string(c), func(r rune) bool { return !isLetter(r) })
}

func encodeQuery(q any, problems *Problems) string {
	values, ok := q.(url.Values)
	if q != nil && !ok {
		var err error
		if values, err = query.Values(q); err != nil {
			problems.Add("query", "cannot be encoded: %s", mask.Text(err.Error()))
		}
	}
	if len(values) == 0 {
		return ""
	}
	encoded := values.Encode()
	if !isUTF8(encoded) && problems.Empty() { // or else the method has said more
		problems.UTF8(q, "query")
	}
	return encoded
}
