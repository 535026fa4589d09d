package transport

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// Vendor describes an API for this package. All clients of a vendor package share the
// same value.
type Vendor struct {
	// Name is the name of the package: "salla".
	Name string
	// Prefix is the fixed part of the path, such as "/admin/v2", which is appended to
	// the base URL. Config.Prefix overrides it.
	Prefix string
	// RequestID names the response header that identifies a request, "" if
	// there is none.
	RequestID string
	// IDsBegin lists the beginnings of the vendor's ids, as in "cus_01J9", nil for
	// none. Other ids must contain a digit: without one, an id could be a word in
	// another operation's path.
	IDsBegin []string
	// Idle is how long an idle connection is kept, for a vendor whose servers close
	// them soon. 0 means 90 seconds.
	Idle time.Duration
	// Zone is the time zone of dates without one, nil for UTC.
	Zone *time.Location
	// Read reads an answer that is not a success. If it has the form of the vendor's
	// own failures, Read fills e.Code, e.Message and e.Fields and returns what the
	// answer means. It must accept any body.
	Read func(call *Call, a *Answer, e *souk.Error) Verdict
	// Secret says that answers can hold a token: errors then have no Body.
	Secret bool
}

// Verdict is a vendor's judgement of an answer that is not a success. The zero value is
// the cautious one: the answer is not the vendor's.
type Verdict struct {
	// Own means that the answer has the vendor's form of a failure: it comes from the
	// vendor's program, not from a proxy.
	Own bool
	// Refused means that an own 5xx is a refusal: the request is wrong, and nothing was
	// done. All own answers except 408 and 5xx are refusals anyway.
	Refused bool
	// Trouble means that an own answer with a 2xx status is a failure of the vendor's
	// program, like an own 5xx: the request may have been carried out.
	Trouble bool
	// Class replaces the class of a refusal's status.
	Class error
	// NoRoute means that a refusal says that the operation does not exist. It does not
	// prove that the object of a delete is gone.
	NoRoute bool
	// Expired means that the credential has expired and the request was not processed:
	// a new token is fetched and the call repeated once.
	Expired bool
}

// Authorizer puts the credential on each attempt.
type Authorizer interface {
	// Header names the header, in its canonical form.
	Header() string
	// Authorize sets the credential's header. It may log in or refresh first. The token
	// that it returns is later passed to Expired.
	Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error)
	// Expired is called after the server called the token expired. It reports whether
	// the next Authorize may use a better one.
	Expired(token *oauth2.Token) bool
}

// Starter is an [Authorizer] that makes another one for each call, which can remember
// on whose behalf the call began.
type Starter interface {
	Authorizer
	// Start returns the Authorizer of a call when the call begins, before any wait.
	Start(ctx context.Context) Authorizer
}

// Quota is a limit that calls count against. It belongs to a store, which is the
// client's host and the part of its base URL before the vendor's prefix.
type Quota struct {
	// Bucket distinguishes several quotas of a store.
	Bucket string
	Limit  *ratelimit.Limit
	// Route restricts the quota to routes with this prefix, "" for all.
	Route string
	// ByApp says that the quota belongs to one app, Config.App, at the store, not to
	// all apps.
	ByApp bool
	// Shared says that the quota spans stores. The user's Limiter does not replace it.
	Shared bool
	// Limiter is a limiter of the user that replaces Limit's pace.
	Limiter ratelimit.Limiter
}
