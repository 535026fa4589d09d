package transport

import "net/url"

// ShownURL returns a URL as a configuration may print it: without the
// credentials that somebody has put into it.
func ShownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	if u.User == nil {
		return text
	}
	u.User = nil
	return u.String()
}
