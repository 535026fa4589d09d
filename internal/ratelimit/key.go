package ratelimit

// Key names one quota. Every client of the process whose calls count against the
// quota uses the same key.
type Key struct {
	// Vendor is the name of the vendor's package.
	Vendor string

	// Host is the host the calls go to.
	Host string

	// Bucket tells several quotas of one host apart. It may be empty.
	Bucket string

	// App is whose quota it is: nil or "" for everybody's, the hash of a
	// credential, or any comparable identity such as a pointer. A value that
	// cannot be compared counts as everybody's.
	App any
}
