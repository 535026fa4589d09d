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
	// IDs fill the placeholders of Route in order. They are strings or int64.
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
	// Out receives the answer's JSON, or is nil when the answer does not matter.
	Out any
	// EmptyOK says that an answer without a body is an answer, and leaves Out as it is.
	EmptyOK bool
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
}

// Response is what a successful call knows beside the decoded body.
type Response struct {
	StatusCode int
	Header     http.Header
	RequestID  string
	Attempts   int
}
