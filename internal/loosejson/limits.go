package loosejson

import (
	"bytes"
	"encoding/json"
	"errors"
)

// The limits of an answer.
const (
	maxRows     = 10_000  // of a list, and
	maxSurplus  = 10      // times the rows asked for
	maxListSize = 8 << 20 // bytes of an answer with rows
	maxKept     = 64 << 20
	maxKeptRate = 32 // bytes kept for each byte of the answer, beside maxKept
)

var (
	errSyntax   = errors.New("loosejson: not JSON, or cut off")
	errRows     = errors.New("loosejson: far more rows than asked for, or more than 10,000")
	errListSize = errors.New("loosejson: a list of more than 8 MiB")
	errKept     = errors.New("loosejson: would take far more memory than its size")
)

// check reports why data must not be decoded into a value of the type r. It looks
// closely only at an answer that can be too much; for any other it counts the commas,
// which takes no time to speak of.
func check(data []byte, r *root, o Options) error {
	if o.Row != nil && len(data) > maxListSize {
		return errListSize
	}
	if o.allows(r, data, len(data), 1+len(data)) { // it has no more of them than bytes
		return nil
	}
	objects := bytes.Count(data, []byte{'{'})
	values := 1 + objects + bytes.Count(data, []byte{'['}) + bytes.Count(data, []byte{','})
	if o.allows(r, data, objects, values) {
		return nil
	}
	if !json.Valid(data) {
		return errSyntax
	}
	return measure(data, r, o)
}

// allows reports that so many objects and values in data are surely not too much.
func (o Options) allows(r *root, data []byte, objects, values int) bool {
	fewRows := o.Row == nil || objects <= o.maxRows()
	return fewRows && int64(values)*int64(r.heaviest)+2*int64(len(data)) <= budget(data)
}

func (o Options) maxRows() int {
	if o.Asked <= 0 || o.Asked > maxRows/maxSurplus {
		return maxRows
	}
	return maxSurplus * o.Asked
}

func budget(data []byte) int64 { return maxKept + maxKeptRate*int64(len(data)) }

// measure is the exact part of check. data must be valid.
func measure(data []byte, r *root, o Options) error {
	m := meter{cursor: cursor{data: data}, row: o.row()}
	m.value(r.place)
	switch {
	case m.rows > o.maxRows():
		return errRows
	case m.kept > budget(data):
		return errKept
	}
	return nil
}
