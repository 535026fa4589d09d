package xclade

import (
	"encoding/json"
	"reflect"
)

// Nullable is a field of a request that is left out, null, or a value. The zero
// Nullable is left out. Struct fields of this type require the JSON option omitzero.
type Nullable[T any] struct {
	value T
	state nullableState
}

type nullableState uint8

const (
	absent nullableState = iota
	null
	valued
)

// Value returns a field with a value. The zero value of T is a value like any other: a
// nil map is sent as {}, and a nil list as []. Only [Null] sends null.
func Value[T any](v T) Nullable[T] { return Nullable[T]{value: v, state: valued} }

// Null returns a field that is null: an update clears its value.
func Null[T any]() Nullable[T] { return Nullable[T]{state: null} }

// Get returns the value; ok is false if the field is null or left out.
func (n Nullable[T]) Get() (value T, ok bool) { return n.value, n.state == valued }

// IsNull reports whether the field is null.
func (n Nullable[T]) IsNull() bool { return n.state == null }

// IsZero reports whether the field is left out.
func (n Nullable[T]) IsZero() bool { return n.state == absent }

// MarshalJSON returns the value's JSON, or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) {
	if n.state != valued {
		return []byte("null"), nil
	}
	switch v := reflect.ValueOf(n.value); {
	case v.Kind() == reflect.Map && v.IsNil():
		return []byte("{}"), nil
	case v.Kind() == reflect.Slice && v.IsNil():
		return []byte("[]"), nil
	}
	return json.Marshal(n.value)
}

// UnmarshalJSON sets the value, or null.
func (n *Nullable[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = Null[T]()
		return nil
	}
	if err := json.Unmarshal(data, &n.value); err != nil {
		return err
	}
	n.state = valued
	return nil
}
