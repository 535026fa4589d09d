package loosejson

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// spell returns a value in the form of the shape; ok is false if it has none.
func (s *shape) spell(raw []byte, isID bool, zone *time.Location) (spelled []byte, ok bool) {
	switch s.form {
	case formText:
		return asText(raw, isID)
	case formWhole:
		return asWhole(raw, s.typ)
	case formNumber:
		return asNumber(raw, s.typ)
	case formBoolean:
		return asBoolean(raw)
	case formDate:
		return asDate(raw, zone)
	case formBytes:
		return raw, json.Unmarshal(raw, new([]byte)) == nil
	}
	return nil, false
}

// asText takes a number for its text and, where the text is an id, an object for its
// id.
func asText(raw []byte, isID bool) ([]byte, bool) {
	if raw[0] == '{' && isID {
		raw = member(raw, "id")
	}
	switch {
	case raw == nil:
		return nil, false
	case raw[0] == '"':
		return raw, true
	case isNumber(raw):
		return strconv.AppendQuote(nil, textOf(raw, isID)), true
	}
	return nil, false
}

// textOf returns a number as the text that is meant. A whole number with an exponent is
// written out, and so is every whole number that is an id: 1e3 is the id 1000. Anything
// else keeps its form, as prices must.
func textOf(number []byte, isID bool) string {
	if isID || bytes.ContainsAny(number, "eE") {
		if digits, ok := wholeNumber(string(number)); ok {
			return digits
		}
	}
	return string(number)
}

// asWhole takes the text of a number, a fraction of zero, and an object for its
// id.
func asWhole(raw []byte, t reflect.Type) ([]byte, bool) {
	if inRange(string(raw), t) { // also -0
		return raw, true
	}
	if raw[0] == '{' {
		raw = member(raw, "id")
	}
	text, ok := numberText(raw)
	if !ok {
		return nil, false
	}
	digits, ok := wholeNumber(text)
	if !ok || !inRange(digits, t) {
		return nil, false
	}
	return []byte(digits), true
}

func inRange(digits string, t reflect.Type) bool {
	var err error
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		_, err = strconv.ParseInt(digits, 10, t.Bits())
	default:
		_, err = strconv.ParseUint(digits, 10, t.Bits())
	}
	return err == nil
}

// asNumber takes the text of a number.
func asNumber(raw []byte, t reflect.Type) ([]byte, bool) {
	text, ok := numberText(raw)
	if !ok {
		return nil, false
	}
	if t == typeNumber {
		if string(raw) == `"`+text+`"` { // which encoding/json takes
			return raw, true
		}
		return []byte(text), true
	}
	_, err := strconv.ParseFloat(text, t.Bits())
	return []byte(text), err == nil
}

// asBoolean takes 0 and 1, also as texts, and the texts true and false.
func asBoolean(raw []byte) ([]byte, bool) {
	switch raw[0] {
	case 't', 'f':
		return raw, true
	case '"':
		switch word := strings.ToLower(unquote(raw)); word {
		case "true", "false":
			return []byte(word), true
		}
	}
	text, _ := numberText(raw)
	switch digits, _ := wholeNumber(text); digits {
	case "0":
		return []byte("false"), true
	case "1":
		return []byte("true"), true
	}
	return nil, false
}

// asDate takes what Date takes.
func asDate(raw []byte, zone *time.Location) ([]byte, bool) {
	if raw[0] == '"' && new(time.Time).UnmarshalJSON(raw) == nil {
		return raw, true
	}
	date, err := Date(raw, zone)
	if err != nil {
		return nil, false
	}
	if date.IsZero() {
		return []byte("null"), true
	}
	spelled, err := date.MarshalJSON()
	return spelled, err == nil
}

// numberText returns a number, also where it stands in a text.
func numberText(raw []byte) (text string, ok bool) {
	if len(raw) > 0 && raw[0] == '"' {
		text = unquote(raw)
		return text, isNumber([]byte(text))
	}
	return string(raw), isNumber(raw)
}

// unquote returns the content of a text without the blanks around it.
func unquote(raw []byte) string { return strings.TrimSpace(content(raw)) }

func content(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}
