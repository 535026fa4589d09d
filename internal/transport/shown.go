package transport

import "net/url"

// ShownURL returns a URL as a configuration may print it: without credentials, a
// query and a fragment that somebody has put into it.
func ShownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
