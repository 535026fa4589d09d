package transport

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/go-querystring/query"

	"github.com/souk-go/souk/internal/mask"
)

// target builds the URL of a call. Ids are checked and escaped, so that none
// can leave its segment of the path.
func (c *Client) target(call *Call, problems *Problems) url.URL {
	u := url.URL{Scheme: c.scheme, Host: c.host}
	if call.Path != "" {
		setPath(&u, c.prefix, call.Path, problems)
	} else {
		setRoute(&u, c.prefix, call.Route, call.IDs, problems)
	}
	u.RawQuery = encodeQuery(call.Query, problems)
	return u
}

// setRoute fills the placeholders of route with ids.
func setRoute(u *url.URL, prefix, route string, ids []any, problems *Problems) {
	if len(ids) == 0 {
		setEscapedPath(u, prefix+route)
		return
	}
	var raw strings.Builder
	raw.WriteString(prefix)
	rest := route
	for _, id := range ids {
		before, after, _ := strings.Cut(rest, "{")
		name, after, _ := strings.Cut(after, "}")
		raw.WriteString(before)
		raw.WriteString(url.PathEscape(idText(name, id, problems)))
		rest = after
	}
	raw.WriteString(rest)
	setEscapedPath(u, raw.String())
}

// setPath takes a path of the user's own making.
func setPath(u *url.URL, prefix, path string, problems *Problems) {
	unescaped, err := url.PathUnescape(path)
	switch {
	case err != nil || strings.ContainsAny(path, "?#\\") || strings.ContainsFunc(unescaped, unicode.IsControl):
		problems.Add("path", "must be an escaped path without query and fragment")
	case !strings.HasPrefix(path, "/"):
		problems.Add("path", "must begin with a slash")
	case hasDotSegment(unescaped):
		problems.Add("path", `must not contain the segments "." and ".."`)
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

func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

func idText(name string, id any, problems *Problems) string {
	switch id := id.(type) {
	case int64:
		problems.Require(id > 0, name, "must be a positive id")
		return strconv.FormatInt(id, 10)
	case string:
		checkID(name, id, problems)
		return id
	}
	problems.Add(name, "must be a string or an int64")
	return ""
}

func checkID(name, id string, problems *Problems) {
	switch {
	case id == "":
		problems.Add(name, "must not be empty")
	case id == "." || id == "..":
		problems.Add(name, "must be an id, not a relative path")
	case strings.ContainsAny(id, `/\?#%`) || strings.ContainsFunc(id, unicode.IsControl):
		problems.Add(name, `must be one id: no "/", "\", "?", "#", "%%" or control characters`)
	}
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
	return values.Encode()
}
