package ratelimit

// Key names one quota. Every client of the process whose calls count against the
// quota uses the same key.
type Key struct {
	// Vendor is the name of the vendor's package.
	Vendor string

	// Host is the host the calls go to.
	Host string

	// Bucket distinguishes several quotas of one host. It may be empty.
	Bucket string

	// App is the owner of the quota: the hash of a credential or any comparable
	// identity such as a pointer; nil, "" or a value that cannot be compared means that
	// all share it.
	App any
}
