package transport

import (
	"net/http"
)

// Repeat is the effect of sending a call a second time. It is decided per operation,
// not per HTTP method.
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
	// Path replaces Route and IDs in calls made with Client.Do. It is sent unchanged
	// and appears neither in errors nor in logs.
	Path string
	// Query is a struct with url tags, a url.Values, or nil.
	Query any
	// Body is a value for json.Marshal, an In, an *Upload, a Raw, or nil for none.
	Body any
	// Header holds headers of this call in addition to the client's.
	Header http.Header
	// Repeat says whether the call may be sent again.
	Repeat Repeat
	// Anonymous calls carry no credential: log-ins, token refreshes.
	Anonymous bool
	// Credential replaces the client's credential.
	Credential Authorizer
	// Problems holds what the method found wrong with its input. If there are any,
	// nothing is sent.
	Problems Problems
	// Out receives the answer's JSON. If it is [Checked], it says whether the answer is
	// the success that the operation promises; any other Out accepts all JSON, and nil
	// also an empty body.
	Out any
	// EmptyOK says that a success may have no body. Out is then not changed.
	EmptyOK bool
	// NoContentOK says the same for status 204 only: with any other status, an empty
	// body is not an answer.
	NoContentOK bool
	// Deletes says that "not found" to a repeat is a success: an earlier attempt, whose
	// answer is not known, has deleted it.
	Deletes bool
	// Begun, if set, is called with the headers of every answer with a 2xx status
	// before its body is read. The answer may still be lost or turn out not to be the
	// vendor's; Begun is then called again for the next one.
	Begun func(http.Header)
	// Secret says that the request or the answer can hold a credential: errors then
	// have no Body.
	Secret bool
	// Secrets are credentials in the call that cannot be recognized by the names of
	// headers and fields or by Credential. No error shows one that the server repeats.
	Secrets []string
}

// Checked is an Out that knows what its operation promises: an object with its
// id, a list with its end mark, a number, the vendor's acknowledgement.
type Checked interface {
	// Missing names what the decoded answer lacks of it, "" for nothing:
	// "customer.id".
	Missing() string
}

// Headed is a [Checked] that also reads the answer's headers, such as a list whose end
// they mark. Head is called before Missing.
type Headed interface {
	Head(header http.Header)
}

// Seen is a [Checked] that also looks at the body, for what decoding does not show,
// such as whether a member was there. See is called before Missing. The body is valid
// until it returns.
type Seen interface {
	See(body []byte)
}

// In is a body whose only member is a value for json.Marshal: {"customer":{…}}.
type In struct {
	Member string
	Value  any
}

// Raw is a body that is sent byte for byte.
type Raw struct {
	ContentType string
	Bytes       []byte
}

// Answer is an answer of the server.
type Answer struct {
	StatusCode int
	Header     http.Header
	// Body is valid until the decoder returns.
	Body []byte
	// Path is the escaped path of the request. It is set for Vendor.Read only.
	Path string
}

// IsSuccess reports whether the status is 2xx.
func (a *Answer) IsSuccess() bool { return a.StatusCode >= 200 && a.StatusCode <= 299 }
