package loosejson

import (
	"encoding/json"
	"errors"
	"strings"
)

// Error reports a value of another kind than expected. It does not hold the
// value.
type Error struct {
	// Want is what was expected, as in "number or numeric string".
	Want string
	// Got is the kind of value found: object, array, string, number, bool,
	// null, or malformed if it is no JSON value at all.
	Got string
	// Field is the path to the value below the one decoded, empty if it is
	// that one.
	Field string
}

// Error says what was expected and what was found.
func (e *Error) Error() string {
	text := "loosejson: want " + e.Want + ", got " + e.Got
	if e.Field != "" {
		text += " in " + e.Field
	}
	return text
}

func unexpected(want string, data []byte) error {
	return &Error{Want: want, Got: kind(data)}
}

func kind(data []byte) string {
	if !json.Valid(data) {
		return "malformed"
	}
	switch first(data) {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// first returns the byte that data begins with after white space, 0 if none.
func first(data []byte) byte {
	for _, b := range data {
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b
		}
	}
	return 0
}

// decode is json.Unmarshal with errors that hold no value.
func decode(data []byte, v any, want string) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		got, _, _ := strings.Cut(e.Value, " ")
		return &Error{Want: e.Type.String(), Got: got, Field: e.Field}
	}
	return unexpected(want, data)
}
