package loosejson

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String is a text that may come as a number, whose digits are kept as they are; only a
// whole number with an exponent is written out. Salla sends mobile numbers both ways, and
// the order of loyalty points as a number where its schema says text; SHOPLINE's error
// codes are either.
type String string

// UnmarshalJSON decodes a string, a number or null.
func (s *String) UnmarshalJSON(data []byte) error {
	text, err := textIn(data, false)
	if err != nil {
		return err
	}
	*s = String(text)
	return nil
}

// ID is a [String] that is an id: 1000.0 is the same as 1000.
type ID string

// UnmarshalJSON decodes a string, a number or null.
func (i *ID) UnmarshalJSON(data []byte) error {
	text, err := textIn(data, true)
	if err != nil {
		return err
	}
	*i = ID(text)
	return nil
}

// textIn returns the text of a string, what a number means as a text, or nothing for
// null.
func textIn(data []byte, isID bool) (string, error) {
	text, err := scalar(data, "text or number")
	if err == nil && isNumber([]byte(text)) && first(data) != '"' {
		text = textOf([]byte(text), isID)
	}
	return text, err
}

// Int is a whole number that may come as a string. SHOPLINE sends the mobile
// marketing flag of group members so, and in webhooks the state of a customer;
// Salla may send the lifetime of a token so. Numbers beyond 2^53 stay exact.
type Int int64

// UnmarshalJSON decodes a number, a numeric string, an empty string or null,
// the last two to 0. A fraction must be zero, and the number must fit into 64
// bits.
func (i *Int) UnmarshalJSON(data []byte) error {
	const want = "whole number or numeric text"
	text, err := scalar(data, want)
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		*i = 0
		return nil
	}
	digits, ok := "", isNumber([]byte(text))
	if ok {
		digits, ok = wholeNumber(text)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil {
		return unexpected(want, data)
	}
	*i = Int(n)
	return nil
}

// Bool is a truth value that may come as 0, 1 or text, as PHP writes it. The
// schema of Salla's group lists makes success a string.
type Bool bool

// UnmarshalJSON decodes true, false, 1, 0, the same as a string in any case,
// an empty string or null, the last two to false.
func (b *Bool) UnmarshalJSON(data []byte) error {
	const want = "bool, 0, 1 or the same as a text"
	text := string(bytes.TrimSpace(data))
	if text != "true" && text != "false" {
		var err error
		text, err = scalar(data, want)
		if err != nil {
			return err
		}
	}
	switch strings.ToLower(text) {
	case "true", "1":
		*b = true
	case "false", "0", "":
		*b = false
	default:
		return unexpected(want, data)
	}
	return nil
}

// scalar returns the text of a string, the digits of a number, or nothing for
// null.
func scalar(data []byte, want string) (string, error) {
	if text, ok := plainText(data); ok {
		return text, nil
	}
	if isNumber(data) {
		return string(data), nil
	}
	switch first(data) {
	case '"':
		var text string
		err := decode(data, &text, want)
		return text, err
	case 'n':
		return "", decode(data, new(*struct{}), want)
	default:
		var number json.Number
		if json.Unmarshal(data, &number) != nil {
			return "", unexpected(want, data)
		}
		return number.String(), nil
	}
}

// plainText returns the content of a text that stands there as it is: without an
// escape, and with nothing around it.
func plainText(data []byte) (text string, ok bool) {
	last := len(data) - 1
	if last < 1 || data[0] != '"' || data[last] != '"' {
		return "", false
	}
	content := data[1:last]
	for _, b := range content {
		if b < ' ' || b == '"' || b == '\\' {
			return "", false
		}
	}
	if !utf8.Valid(content) {
		return "", false
	}
	return string(content), true
}
