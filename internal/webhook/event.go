package webhook

import (
	"bytes"
	"reflect"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
)

// Event decodes an event tolerantly. An empty event is an error, and so is one without
// the member id, if id is not empty. The error is souk.ErrUnreadable, and a
// *souk.RowError if there is an object; its text holds no value.
func Event[T any](vendor string, data []byte, id string) (*T, error) {
	if IsEmpty(data) {
		return nil, Unreadable(vendor, "the event is empty")
	}
	event := new(T)
	rows, err := loosejson.Decode(data, event, loosejson.Options{Row: reflect.TypeFor[T](), ID: id})
	if err != nil {
		return nil, Unreadable(vendor, "the event is of an unexpected form")
	}
	if len(rows) > 0 {
		row := rows[0]
		return nil, &souk.RowError{Index: -1, ID: row.ID, Raw: row.Raw, Err: Unreadable(vendor, row.Text("the event"))}
	}
	return event, nil
}

// IsEmpty reports whether data is nothing, null, or what PHP makes of nothing.
func IsEmpty(data []byte) bool {
	data = bytes.TrimSpace(data)
	switch string(data) {
	case "", "null", `""`:
		return true
	}
	last := len(data) - 1
	closed := data[0] == '{' && data[last] == '}' || data[0] == '[' && data[last] == ']'
	return closed && len(bytes.TrimSpace(data[1:last])) == 0
}

// Some returns an event for a delivery: nil, not a nil pointer, if there is an error.
func Some[T any](event *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return event, nil
}

// Unreadable returns the error of an event that cannot be read.
func Unreadable(vendor, message string) error {
	return &souk.Error{Vendor: vendor, Message: message, Err: souk.ErrUnreadable}
}
