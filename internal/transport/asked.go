package transport

import (
	"context"
	"net/http"
	"strings"

	"github.com/souk-go/souk/internal/percall"
)

// checkAsked checks the settings for one call in the caller's context.
func (c *Client) checkAsked(ctx context.Context, call *Call) {
	problems := &call.Problems
	asked := percall.From(ctx)
	problems.Require(!asked.NilResponse, "WithResponse", "must be given a Response to write to")
	problems.Require(asked.MaxAttempts >= 0, "WithMaxAttempts", "must not be negative; 0 means the client's setting")
	problems.Require(asked.AttemptTimeout >= 0, "WithAttemptTimeout", "must not be negative; 0 means the client's setting")
	for name, values := range asked.Header {
		checkHeader(name, values, c.authorizerOf(call), problems)
	}
}

func checkHeader(name string, values []string, credential Authorizer, problems *Problems) {
	switch {
	case name == "" || strings.ContainsFunc(name, notToken):
		problems.Add("WithHeader", "must have names of headers")
		return
	case ownHeader(http.CanonicalHeaderKey(name), credential):
		problems.Add("WithHeader", "must not set %s, which is the SDK's own", http.CanonicalHeaderKey(name))
	}
	for _, value := range values {
		problems.Require(headerValue(value), "WithHeader", "must not contain control characters")
	}
}

// ownHeader reports whether a header carries a credential or frames the message.
func ownHeader(name string, credential Authorizer) bool {
	switch name {
	case "Authorization", "Proxy-Authorization", "Cookie", "Host", "Connection",
		"Accept-Encoding", "Content-Length", "Content-Type", "Transfer-Encoding", "Trailer", "Upgrade":
		return true
	}
	return credential != nil && credential.Header() == name
}

func notToken(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune("()<>@,;:\\\"/[]?={}", r)
}

// notSent clears the response of a caller who asked for the last answer, so that the
// answer of an earlier call is not taken for it.
func notSent(ctx context.Context) {
	if ctx == nil {
		return
	}
	if done := percall.From(ctx).Done; done != nil {
		done(percall.Answer{})
	}
}
