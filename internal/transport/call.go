package transport

import (
	"net/http"
)

// Repeat says what sending a call a second time would do. It is decided per
// operation, not per HTTP method.
type Repeat int

// The zero value is the cautious one.
const (
	Write      Repeat = iota // may happen twice when sent twice: creations and all else
	Idempotent               // ends in the same state when done twice: updates, deletes
	Safe                     // changes nothing: reads
)

// Call is one operation.
type Call struct {
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, below the fixed part of the base URL:
	// "/customers/{customer}". It appears in errors and logs.
	Route string
	// IDs fill the placeholders of Route in order. They are strings, int64 or a
	// [CountryCode].
	IDs []any
	// Path replaces Route and IDs for calls of the user's own making. It is
	// sent as it is and appears neither in errors nor in logs.
	Path string
	// Query is a struct with url tags, a url.Values, or nil.
	Query any
	// Body is a value for json.Marshal, an *Upload, a Raw, or nil for none.
	Body any
	// Header holds headers of this call beside those of the client.
	Header http.Header
	// Repeat says whether the call may be sent again.
	Repeat Repeat
	// Anonymous calls carry no credential: log-ins, token refreshes.
	Anonymous bool
	// Credential is put on the attempts instead of the client's.
	Credential Authorizer
	// Problems are what the method found wrong with its input. If there are
	// any, nothing is sent.
	Problems Problems
	// Out receives the answer's JSON. A [Checked] one says whether the answer is
	// the success that the operation promises; any other takes all JSON, and nil an
	// empty body, too.
	Out any
	// EmptyOK says that a success may have no body. It leaves Out as it is.
	EmptyOK bool
	// NoContentOK says the same of status 204 alone: nothing is no answer with any
	// other.
	NoContentOK bool
	// Deletes says that "not found" to a repeat means that an earlier attempt,
	// whose answer is not known, has done it.
	Deletes bool
	// Begun, if set, is given the headers of every answer with a status of success, as
	// soon as they are there and before the body is read. The answer may yet be lost, or
	// turn out to be none: then the next one begins.
	Begun func(http.Header)
	// Secret says that what is sent or answered can hold a credential: errors keep
	// no body.
	Secret bool
	// Secrets are credentials that neither the names of headers and fields nor the
	// Credential tell. No error shows one that the server repeats.
	Secrets []string
}

// Checked is an Out that knows what its operation promises: an object with its
// id, a list with its end mark, a number, the vendor's acknowledgement.
type Checked interface {
	// Missing names what the decoded answer lacks of it, "" for nothing:
	// "customer.id".
	Missing() string
}

// Headed is a [Checked] that the answer's headers are a part of, such as a list
// whose end they mark. Head is called before Missing.
type Headed interface {
	Head(header http.Header)
}

// Seen is a [Checked] that also looks at the body, for what decoding does not tell, such
// as whether a member was there. See is called before Missing. The body is valid until it
// returns.
type Seen interface {
	See(body []byte)
}

// Raw is a body that is sent byte for byte.
type Raw struct {
	ContentType string
	Bytes       []byte
}

// Answer is what the server answered.
type Answer struct {
	StatusCode int
	Header     http.Header
	// Body is valid until the decoder returns.
	Body []byte
	// Path is the path that was asked for, escaped. Only Vendor.Read gets it.
	Path string
}

// IsSuccess reports a status of success.
func (a *Answer) IsSuccess() bool { return a.StatusCode >= 200 && a.StatusCode <= 299 }

// Response is what a successful call knows beside the decoded body.
type Response struct {
	StatusCode int
	Header     http.Header
	RequestID  string
	Attempts   int
}
