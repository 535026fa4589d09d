package transport

import (
	"net/http"
	"net/url"
	"strings"
)

const maxRedirects = 5

// checkRedirect follows redirects of reads below the base URL only. Any other redirect
// is returned as the answer and becomes an error: following it would send the
// credential to a stranger, repeat a write, or turn a POST into a GET.
func (x *exchange) checkRedirect(next *http.Request, via []*http.Request) error {
	if x.call.Repeat != Safe || next.Method != x.call.Method || len(via) > maxRedirects || !x.client.below(next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// below reports whether u is at the client's host and below its prefix.
func (c *Client) below(u *url.URL) bool {
	path, found := strings.CutPrefix(u.EscapedPath(), c.prefix+"/")
	return found && u.Scheme == c.scheme && hostOf(u) == c.host && u.User == nil && escaped(path) && !strays("/"+path)
}
