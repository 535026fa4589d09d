package standin

import "net/http"

// Answer is a whole response.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Options say what is particular to a vendor.
type Options struct {
	// Name is that of the package, for the message of a panic.
	Name string
	// Answer does what a request asks for. It is called from many goroutines.
	Answer func(r *http.Request, body []byte) Answer
	// Refuse answers a request that the vendor turns away by its head: its body
	// is neither read nor recorded, and it meets no Fault. Without true the
	// request goes its way. Nil means that all do.
	Refuse func(r *http.Request) (Answer, bool)
	// Operations are the names of the vendor's operations, and Operation returns
	// that of a request, "" for none. Several names that make the same request
	// stand in one text, with blanks between them. See [Routes].
	Operations []string
	Operation  func(r *http.Request) string
	// Credentials names the headers that are not recorded.
	Credentials []string
	// Secret reports whether the body of a request holds secrets and is not
	// recorded. Nil means that none does.
	Secret func(r *http.Request) bool
	// Header returns what is sent with the answer of a Fault, nil for nothing.
	Header func() http.Header
}
