package souktest

import "net/http"

// Vendor is what [New] has to know of the service that a stand-in stands for.
type Vendor struct {
	// Name is that of the package, for the message of a panic.
	Name string
	// Answer does what a request asks for. It is called from many goroutines.
	// Required.
	Answer func(r *http.Request, body []byte) Answer
	// Refuse answers a request that the vendor turns away by its head: its body
	// is neither read nor recorded, and it meets no Fault. Without true the
	// request goes its way. Nil means that all do.
	Refuse func(r *http.Request) (Answer, bool)
	// Operations are the names of the vendor's operations, such as
	// "Customers.Create", and Operation returns that of a request, "" for none.
	// Several that make the same request stand in one text, with blanks between
	// them. Nil means that there are none.
	Operations []string
	Operation  func(r *http.Request) string
	// Credentials names the headers that are not recorded.
	Credentials []string
	// Secret reports whether the body of a request holds secrets and is not
	// recorded. Nil means that none does.
	Secret func(r *http.Request) bool
	// Header returns what is sent with the answer of a Fault. Nil means nothing.
	Header func() http.Header
}

// Answer is a whole answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}
