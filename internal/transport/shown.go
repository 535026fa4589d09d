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
