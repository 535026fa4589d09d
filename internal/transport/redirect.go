package transport

import (
	"net/http"
	"net/url"
	"strings"
)

const maxRedirects = 5

// checkRedirect follows redirects of reads within the API only. Any other redirect
// is returned as the answer and becomes an error: following it would send the
// credential to a stranger, repeat a write, or turn a POST into a GET.
func (x *exchange) checkRedirect(next *http.Request, via []*http.Request) error {
	if x.call.Repeat != Safe || next.Method != x.call.Method || len(via) > maxRedirects || !x.client.below(x.root(), next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// root returns the path that all of the API is below: the client's prefix or, for a
// vendor without one, also the first segment of the call's path. What else is on the
// host may be somebody else's.
func (x *exchange) root() string {
	c := x.client
	if !c.bare {
		return c.prefix
	}
	path := strings.TrimPrefix(x.target.EscapedPath(), c.prefix+"/")
	first, _, _ := strings.Cut(path, "/")
	return c.prefix + "/" + first
}

// below reports whether u is at the client's host and below root.
func (c *Client) below(root string, u *url.URL) bool {
	path, found := strings.CutPrefix(u.EscapedPath(), root+"/")
	return found && u.Scheme == c.scheme && hostOf(u) == c.host && u.User == nil && escaped(path) && !strays("/"+path)
}
