package loosejson

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Error reports a value of another kind than expected. It does not hold the
// value.
type Error struct {
	// Want is what was expected, as in "number or numeric text".
	Want string
	// Got is what was found: object, list, text, number, boolean, null, or
	// malformed if it is no JSON value at all.
	Got string
	// Field is the path to the value below the one decoded, empty if it is
	// that one; see [Drift].
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
	return kindOf(bytes.TrimSpace(data))
}

// kindOf is kind for a value that is valid, without blanks before it.
func kindOf(raw []byte) string {
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "list"
	case '"':
		return "text"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// otherForm is the kind of a value that is of the right kind and still refused.
func otherForm(raw []byte) string { return kindOf(raw) + " of another form" }

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
		return &Error{Want: e.Type.String(), Got: plainWord(got)} // its Field can hold keys of a map
	}
	return unexpected(want, data)
}

// plainWord is this package's word for what encoding/json calls a kind.
func plainWord(kind string) string {
	switch kind {
	case "array":
		return "list"
	case "string":
		return "text"
	case "bool":
		return "boolean"
	}
	return kind
}
