package transport

import "strconv"

// Part notes what is wrong with a part of a request: the fields of a list's element are
// named as in "Addresses[3].Zip". Without a List it is the request itself. Names are
// built only for problems.
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

// Require notes the problem unless ok is true.
func (p Part) Require(ok bool, field, format string, args ...any) {
	if !ok {
		p.Add(field, format, args...)
	}
}

// NotEmpty notes an empty text.
func (p Part) NotEmpty(field, text string) { p.Require(text != "", field, "must not be empty") }
