package transport

import "strconv"

// Part notes what is wrong with a part of a request: the fields of the element of a
// list are named as in "Addresses[3].Zip". Without a List it is the request itself.
// A name is made only when there is something to note.
type Part struct {
	*Problems
	List  string
	Index int
}

// Add notes what is wrong with a field of the part; see [Problems.Add].
func (p Part) Add(field, format string, args ...any) {
	if p.List != "" {
		field = p.List + "[" + strconv.Itoa(p.Index) + "]." + field
	}
	p.Problems.Add(field, format, args...)
}

// Require notes the problem unless ok holds.
func (p Part) Require(ok bool, field, format string, args ...any) {
	if !ok {
		p.Add(field, format, args...)
	}
}
