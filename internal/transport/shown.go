package transport

import "net/url"

// ShownURL returns a URL as a configuration prints it: without credentials, query and
// fragment.
func ShownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// ShownIf returns the name of a field that is set, "" otherwise: a configuration prints
// which credential it has.
func ShownIf[T comparable](name string, field T) string {
	var unset T
	if field == unset {
		return ""
	}
	return name
}
