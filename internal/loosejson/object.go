package loosejson

import "bytes"

// Object is an object or a map that PHP writes as [] when it is empty. Salla
// sends the links of a page so, and custom fields.
type Object[T any] struct {
	// Value is nil if the object is empty in PHP's way, or null.
	Value *T
}

// UnmarshalJSON decodes an object, an empty list or null.
func (o *Object[T]) UnmarshalJSON(data []byte) error {
	const want = "object or empty list"
	switch first(data) {
	case '{':
		value := new(T)
		if err := decode(data, value, want); err != nil {
			return err
		}
		o.Value = value
		return nil
	case '[':
		if !emptyList(data) {
			return unexpected(want, data)
		}
	case 'n':
		if err := decode(data, new(*struct{}), want); err != nil {
			return err
		}
	default:
		return unexpected(want, data)
	}
	o.Value = nil
	return nil
}

func emptyList(data []byte) bool {
	inner, ok := bytes.CutPrefix(bytes.TrimSpace(data), []byte("["))
	return ok && string(bytes.TrimSpace(inner)) == "]"
}
