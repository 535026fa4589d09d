package transport

import (
	"net/http"
	"strings"
)

const maxRedirects = 5

// checkRedirect follows redirects of reads below the base URL only. Any other
// redirect is returned as the answer and becomes an error: following it would
// hand the credential to a stranger, or repeat a write.
func (x *exchange) checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	if x.call.Repeat != Safe || len(via) > maxRedirects ||
		next.URL.Host != first.URL.Host || next.URL.Scheme != first.URL.Scheme ||
		!strings.HasPrefix(next.URL.EscapedPath(), x.client.prefix+"/") || hasDotSegment(next.URL.Path) {
		return http.ErrUseLastResponse
	}
	return nil
}
