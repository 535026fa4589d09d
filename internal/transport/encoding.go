package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

const notUTF8 = "must be UTF-8: convert a text in another encoding first"

// JSON returns the JSON of a request's body, and notes its texts that are not UTF-8.
func JSON(body any, problems *Problems) ([]byte, error) {
	encoded, err := json.Marshal(body)
	if replaced(encoded) {
		problems.UTF8(body, "body")
	}
	return encoded, err
}

// UTF8 notes the texts of a request that are not UTF-8, by their fields, or by the name
// of the whole if they are in none. encoding/json replaces what it cannot read of such
// a text, and the store would keep that.
func (p *Problems) UTF8(request any, whole string) {
	s := search{p, whole, make(map[place]bool)}
	s.in(reflect.ValueOf(request), "")
}

// search looks for texts that are not UTF-8.
type search struct {
	problems *Problems
	whole    string
	seen     map[place]bool // so that what contains itself, or stands in many places, is looked at once
}

// place is where a map, a slice or what a pointer points to stands in memory.
type place struct {
	at     uintptr
	of     reflect.Type
	length int
}

// in looks in a value. field is the innermost field that the value belongs to, "" for
// none.
func (s search) in(v reflect.Value, field string) {
	if s.knows(v) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		s.text(v.String(), field)
	case reflect.Pointer, reflect.Interface:
		s.in(v.Elem(), field)
	case reflect.Slice, reflect.Array:
		s.inList(v, field)
	case reflect.Struct:
		s.inStruct(v, field)
	case reflect.Map:
		for name, value := range v.Seq2() {
			s.in(name, field)
			s.in(value, field)
		}
	}
}

// knows reports whether a value was looked at before.
func (s search) knows(v reflect.Value) bool {
	var p place
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		p = place{v.Pointer(), v.Type(), v.Len()}
	case reflect.Pointer:
		p = place{v.Pointer(), v.Type(), 1}
	default:
		return false
	}
	known := s.seen[p]
	s.seen[p] = true
	return known
}

func (s search) inList(list reflect.Value, field string) {
	if raw, ok := reflect.TypeAssert[json.RawMessage](list); ok {
		s.text(string(raw), field)
	}
	for i := range list.Len() {
		element, within := list.Index(i), field
		if element.Kind() == reflect.Struct {
			within = fmt.Sprintf("%s[%d]", field, i)
		}
		s.in(element, within)
	}
}

// inStruct looks in the fields that are encoded. A type that encodes itself may have any.
func (s search) inStruct(v reflect.Value, field string) {
	encodesItself := v.Type().Implements(reflect.TypeFor[json.Marshaler]())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Name
		switch {
		case f.Tag.Get("json") == "-", f.Tag.Get("url") == "-", !f.IsExported() && !f.Anonymous && !encodesItself:
			continue
		case f.Anonymous, !f.IsExported():
			name = field
		case field != "":
			name = field + "." + f.Name
		}
		s.in(v.Field(i), name)
	}
}

func (s search) text(text, field string) {
	if field == "" {
		field = s.whole
	}
	if !utf8.ValidString(text) && !slices.Contains(s.problems.of(field), notUTF8) {
		s.problems.Add(field, notUTF8)
	}
}

// replaced reports whether encoding/json may have replaced a part of a text.
func replaced(encoded []byte) bool {
	return bytes.Contains(encoded, []byte(`\ufffd`)) || bytes.Contains(encoded, []byte("\ufffd")) || !utf8.Valid(encoded)
}

// isUTF8 reports whether an encoded query is UTF-8.
func isUTF8(query string) bool {
	if !strings.Contains(query, "%") {
		return true
	}
	text, _ := url.QueryUnescape(query) // which is of our own making
	return utf8.ValidString(text)
}
