package loosejson

import (
	"encoding/json"
	"reflect"
	"time"
)

// Options say what an answer holds and what to make of it.
type Options struct {
	// Row is the type of the objects that the answer is about, nil if there is
	// none. A value of this type that cannot be read is left out and reported,
	// even if it is no element of a list; everything else that cannot be read
	// makes the whole answer unreadable. A Row inside a Row is part of it. Around
	// rows, "", [] and {} are not taken for none.
	Row reflect.Type
	// Plain decodes as encoding/json does, within the limits, and not otherwise.
	Plain bool
	// ID is the JSON name of the field by which a row is known, such as "id". A
	// row in which it is missing, empty or 0 counts as unreadable. If ID is
	// empty, or Row has no such field, rows need none.
	ID string
	// Asked is the number of rows asked for, 0 if the request names none.
	Asked int
	// Initial is what out points to before an answer is decoded into it, if that is
	// not its zero value.
	Initial reflect.Value
	// Zone is the zone of dates that name none; nil means UTC.
	Zone *time.Location
	// Drift, if not nil, is called for values that were understood although
	// their kind is not the one expected: at most 1,000 of an answer, and none
	// in rows that cannot be read.
	Drift func(Drift)
}

// Drift is a value of another kind than its field has.
type Drift struct {
	// Path leads to the value, as in "customers[17].birthday". It consists of
	// the names of fields and of indexes, with a * for a key of a map.
	Path string
	// Want is what the field holds: text, number, whole number, boolean, date,
	// list or object.
	Want string
	// Got is what came: text, number, boolean, list or object.
	Got string
}

// maxDrift is the number of values that Options.Drift is called for.
const maxDrift = 1000

// Row is a row that cannot be read.
type Row struct {
	// Index is the place in the list as it came, from 0; it is -1 for an object
	// that is no element of a list.
	Index int
	// ID is empty if it could not be read either.
	ID string
	// Raw is the row as it came.
	Raw json.RawMessage
	// Err says what cannot be read and where, without the value.
	Err *Error
}

// Text says what cannot be read, of what: the row, or the part of it that is to blame.
func (r Row) Text(row string) string {
	if r.Err == nil {
		return row + " cannot be read"
	}
	if r.Err.Field != "" {
		row = r.Err.Field
	}
	return row + ": expected " + r.Err.Want + ", got " + r.Err.Got
}

func (o Options) row() reflect.Type {
	if o.Row == nil {
		return nil
	}
	return withoutPointers(o.Row)
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}
