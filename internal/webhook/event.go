package webhook

import (
	"bytes"
	"reflect"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
)

// Event decodes what an event says, tolerantly. An empty one says nothing, and neither
// does one that lacks its id, where id is not empty. The error is souk.ErrUnreadable,
// and a *souk.RowError where there is an object; its text holds no value of it.
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

// Some returns an event as a delivery has it: with an error nil, and no nil pointer.
func Some[T any](event *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return event, nil
}

// Unreadable is the error of an event that cannot be read.
func Unreadable(vendor, message string) error {
	return &souk.Error{Vendor: vendor, Message: message, Err: souk.ErrUnreadable}
}
