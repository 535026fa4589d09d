package transport

import (
	"context"
	"net/http"
	"time"

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
	// IDsBegin are the beginnings of the vendor's ids, as in "cus_01J9", nil for
	// none. Ids that do not begin so must hold a digit: one that does not could be
	// a word of another operation's path.
	IDsBegin []string
	// Idle is how long a connection is kept that nobody uses, where the vendor's
	// servers close theirs soon. 0 means a minute and a half.
	Idle time.Duration
	// Zone is that of dates that name none, nil for UTC.
	Zone *time.Location
	// Read reads an answer that is not the success of its call. It fills e.Code,
	// e.Message and e.Fields and says what the answer means, if it has the form
	// of the vendor's own failures. It must accept any body.
	Read func(call *Call, a *Answer, e *souk.Error) Verdict
	// Secret says that answers can hold a token: errors keep no body.
	Secret bool
}

// Verdict is what a vendor makes of an answer that is no success. The zero value
// is the cautious one: the answer is somebody else's.
type Verdict struct {
	// Own means that the answer has the vendor's form of a failure: it comes from
	// the vendor's program, and not from a proxy before it.
	Own bool
	// Refused means of an own 5xx that the server did nothing: the request is at
	// fault. All other own answers but 408 and 5xx are refusals anyway.
	Refused bool
	// Trouble means of an own answer with a status of success that the vendor's
	// program failed, as with an own 5xx: it may have done what it was asked.
	Trouble bool
	// Class replaces the class that the status stands for, of a refusal.
	Class error
	// NoRoute means of a refusal that the server knows no such operation. That is
	// no proof that what a delete is about has gone.
	NoRoute bool
	// Expired means that the credential has run out and that the request was
	// not processed: a new token is fetched and the call repeated once.
	Expired bool
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

// Starter is an [Authorizer] that has one of its own for each call, which can
// remember on whose behalf the call began.
type Starter interface {
	Authorizer
	// Start returns it when the call begins, before any wait.
	Start(ctx context.Context) Authorizer
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
	// Limiter is one of the user's that takes the place of Limit's pace.
	Limiter ratelimit.Limiter
}
