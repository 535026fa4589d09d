package testkit

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// oddValues are one or more of each kind that JSON has.
var oddValues = []string{
	`null`, `"text"`, `"7"`, `7`, `1`, `7.5`, `7.00`, `true`, `false`, `""`, `[]`, `[7]`, `{}`, `{"id":7}`, `{"id":"a"}`,
	`"2026-01-05 10:00:00"`,
}

// meantBy returns the plain spelling of what a value means in a field of this type
// and name; ok is false if it means nothing.
func meantBy(t reflect.Type, name, value string) (plain string, ok bool) {
	switch {
	case t.Kind() == reflect.Interface, t == reflect.TypeFor[json.RawMessage](), value == "null":
		return value, true
	case t.Kind() == reflect.String && value == `""` && t != reflect.TypeFor[json.Number]():
		return value, true
	case t.Kind() == reflect.Slice && (value == "[]" || value == "{}"):
		return "[]", true
	case (t.Kind() == reflect.Map || isObject(t)) && value == "{}":
		return value, true
	case value == `""`, value == "[]", value == "{}":
		return "null", true
	}
	text, number := strings.Trim(value, `"`), isDecimal(value)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return `"2026-01-05T10:00:00Z"`, value == `"2026-01-05 10:00:00"`
	case t == reflect.TypeFor[json.Number]():
		return value, isDecimal(text)
	}
	switch t.Kind() {
	case reflect.String:
		isID := name == "id" || strings.HasSuffix(name, "_id")
		if isID && number {
			value = strings.TrimSuffix(value, ".00")
		}
		return strconv.Quote(strings.Trim(idOf(value, isID), `"`)), number || value[0] == '"' || isID && value[0] == '{'
	case reflect.Bool:
		return strings.Replace(value, "1", "true", 1), value == "1" || value == "true" || value == "false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		digits, _, _ := strings.Cut(strings.Trim(idOf(value, true), `"`), ".00")
		_, err := strconv.Atoi(digits)
		return digits, err == nil
	case reflect.Slice:
		if value != "[7]" {
			return "", false
		}
		element, ok := meantBy(withoutPointers(t.Elem()), "", "7")
		return "[" + element + "]", ok
	case reflect.Map:
		return inObject(value, t.Elem())
	case reflect.Struct:
		for _, field := range jsonFieldsOf(t) {
			if field.name == "id" {
				return inObject(value, field.typ)
			}
		}
		return value, value[0] == '{'
	}
	return "", false
}

// inObject returns {"id":…} with the plain spelling of its id.
func inObject(value string, id reflect.Type) (plain string, ok bool) {
	if value[0] != '{' {
		return "", false
	}
	inner, ok := meantBy(withoutPointers(id), "id", idOf(value, true))
	return `{"id":` + inner + "}", ok
}

// idOf returns the id of {"id":…} if the field accepts that.
func idOf(value string, may bool) string {
	if may && value[0] == '{' {
		return value[len(`{"id":`) : len(value)-1]
	}
	return value
}

func isDecimal(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func isObject(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]()
}

// spot is a place in the JSON of a type.
type spot struct {
	typ         reflect.Type // no pointer
	name        string       // of its field
	path        string
	leaf        string // its JSON, if it has no parts
	open, close string
	keys        []string
	parts       []*spot
}

// sampleOf returns the JSON of a value in which every field is set. Within are the
// types around it; a type that holds itself ends there.
func sampleOf(t reflect.Type, name, path string, within []reflect.Type) *spot {
	s := &spot{typ: withoutPointers(t), name: name, path: path}
	for _, outer := range within {
		if outer == s.typ {
			s.leaf = "null"
			return s
		}
	}
	within = append(within, s.typ)
	switch {
	case s.typ == reflect.TypeFor[time.Time]():
		s.leaf = `"2026-01-05T10:00:00Z"`
	case s.typ == reflect.TypeFor[json.Number]():
		s.leaf = "7.5"
	case s.typ == reflect.TypeFor[json.RawMessage](), s.typ.Kind() == reflect.Interface:
		s.leaf = `{"any":[1]}`
	case isObject(s.typ):
		s.open, s.close = "{", "}"
		for _, field := range jsonFieldsOf(s.typ) {
			s.keys = append(s.keys, strconv.Quote(field.name)+":")
			s.parts = append(s.parts, sampleOf(field.typ, field.name, strings.TrimPrefix(path+"."+field.name, "."), within))
		}
	case s.typ.Kind() == reflect.Map:
		s.open, s.close, s.keys = "{", "}", []string{`"key":`}
		s.parts = []*spot{sampleOf(s.typ.Elem(), "", path+".*", within)}
	case s.typ.Kind() == reflect.Slice:
		s.open, s.close, s.keys = "[", "]", []string{""}
		s.parts = []*spot{sampleOf(s.typ.Elem(), "", path+"[0]", within)}
	case s.typ.Kind() == reflect.String:
		s.leaf = strconv.Quote(path)
	case s.typ.Kind() == reflect.Bool:
		s.leaf = "true"
	default:
		s.leaf = "7"
	}
	return s
}

// json returns the JSON with a value in the place of one part.
func (s *spot) json(odd *spot, value string) string {
	switch {
	case s == odd:
		return value
	case s.open == "":
		return s.leaf
	}
	var parts []string
	for i, part := range s.parts {
		parts = append(parts, s.keys[i]+part.json(odd, value))
	}
	return s.open + strings.Join(parts, ",") + s.close
}

// requireNoDecoders requires that a struct which embeds the type, or one of its parts,
// is decoded and encoded with its other fields.
func (s *spot) requireNoDecoders(t *testing.T) {
	t.Helper()
	if isObject(s.typ) {
		pointer := reflect.PointerTo(s.typ)
		for _, own := range []reflect.Type{
			reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[json.Marshaler](),
			reflect.TypeFor[encoding.TextUnmarshaler](), reflect.TypeFor[encoding.TextMarshaler](),
		} {
			assert.False(t, pointer.Implements(own), "%s is a %s", s.typ, own)
		}
	}
	for _, part := range s.parts {
		part.requireNoDecoders(t)
	}
}

// fields returns all parts, and the parts of these.
func (s *spot) fields(all []*spot) []*spot {
	for _, part := range s.parts {
		all = part.fields(append(all, part))
	}
	return all
}

// inUTC changes the times in a value to UTC.
func inUTC(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			inUTC(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			inUTC(v.Index(i))
		}
	case reflect.Struct:
		if moment, ok := v.Interface().(time.Time); ok {
			v.Set(reflect.ValueOf(moment.UTC()))
			return
		}
		for i := range v.NumField() {
			inUTC(v.Field(i))
		}
	}
}

type jsonField struct {
	name string
	typ  reflect.Type
}

// jsonFieldsOf returns the fields of a struct with their tags, including the fields of
// embedded structs.
func jsonFieldsOf(t reflect.Type) (fields []jsonField) {
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case field.Anonymous && name == "":
			fields = append(fields, jsonFieldsOf(withoutPointers(field.Type))...)
		case field.IsExported() && name != "":
			fields = append(fields, jsonField{name, field.Type})
		}
	}
	return fields
}

func withoutPointers(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
