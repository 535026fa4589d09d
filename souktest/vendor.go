package souktest

import "net/http"

// Vendor describes the service that a stand-in replaces, for [New].
type Vendor struct {
	// Name is the name of the package, for the message of a panic.
	Name string
	// Answer processes a request. It is called from many goroutines. It is required.
	Answer func(r *http.Request, body []byte) Answer
	// Refuse answers a request that the vendor refuses because of its headers: the body
	// is neither read nor recorded, and no Fault applies. If it returns false, the
	// request is processed. Nil means that none is refused.
	Refuse func(r *http.Request) (Answer, bool)
	// Operations lists the names of the vendor's operations, such as
	// "Customers.Create", and Operation returns the name for a request, "" for none.
	// Operations that make the same request are one text, separated by spaces. Nil
	// means that there are none.
	Operations []string
	Operation  func(r *http.Request) string
	// Credentials names the headers that are not recorded.
	Credentials []string
	// Secret reports whether the body of a request holds secrets and is not
	// recorded. Nil means that none does.
	Secret func(r *http.Request) bool
	// Header returns the headers that are sent with the answer of a Fault. Nil means
	// none.
	Header func() http.Header
}

// Answer is a complete answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}
