package transport

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// Vendor describes an API as far as the pipeline needs to know it. It is the
// same value for all clients of a vendor package.
type Vendor struct {
	// Name is the name of the package: "salla".
	Name string
	// Prefix is the fixed part of the path, "/admin/v2", appended to whatever
	// base URL is in use. Config.Prefix overrides it.
	Prefix string
	// RequestID names the response header that identifies a request, "" if
	// there is none.
	RequestID string
	// Read fills e.Code, e.Message and e.Fields from the body of a failed
	// answer and says what the answer means. It must accept any body. It is
	// also asked about a 2xx answer if Failed says so.
	Read func(a *Answer, e *souk.Error) Verdict
	// Failed reports that a 2xx answer is a failure after all
	// (success:false). Nil: none is.
	Failed func(a *Answer) bool
	// Secret says that answers can hold a token: errors keep no body.
	Secret bool
}

// Verdict is what a vendor makes of a failed answer.
type Verdict struct {
	// Class replaces the class that the status stands for.
	Class error
	// NotProcessed means that the server did nothing, whatever the status says:
	// the outcome is known and the call is not repeated.
	NotProcessed bool
	// Expired means that the credential has run out and that the request was
	// not processed: a new token is fetched and the call repeated once.
	Expired bool
	// Retry500 means that this 500 may pass: safe and idempotent calls are
	// repeated.
	Retry500 bool
}

// Authorizer puts the credential on each attempt.
type Authorizer interface {
	// Header names the header, in its canonical form.
	Header() string
	// Authorize sets the credential's header. It may log in or refresh first.
	// The token it returns is what Expired is later told about.
	Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error)
	// Expired is told that the server called the token expired. It reports
	// whether the next Authorize may bring a better one.
	Expired(token *oauth2.Token) bool
}

// Quota is a limit that calls count against: of a store, which is the client's
// host and what its base URL has before the vendor's prefix.
type Quota struct {
	// Bucket tells several quotas of a store apart.
	Bucket string
	Limit  *ratelimit.Limit
	// Route restricts the quota to routes with this prefix, "" for all.
	Route string
	// ByApp quotas are of one app, Config.App, at the store; others of all.
	ByApp bool
	// Shared quotas span stores. The user's Limiter does not replace them.
	Shared bool
}
