package loosejson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
)

// form is the kind of JSON that a Go type accepts.
type form int

const (
	formAny form = iota // whatever comes
	formText
	formWhole
	formNumber
	formBoolean
	formDate
	formBytes // a text in base64, or a list
	formList
	formObject
	formMap
)

// String returns the word for it in errors and drift.
func (f form) String() string {
	return [...]string{"any", "text", "whole number", "number", "boolean", "date", "text", "list", "object", "object"}[f]
}

// shape is a Go type as seen from JSON.
type shape struct {
	typ    reflect.Type // no pointer
	form   form
	own    bool    // it has a decoder of its own
	parts  bool    // which takes any part of an object
	elem   place   // of a list, of bytes or of a map
	key    int     // bytes of a map's key
	fields *fields // of an object
}

// place is where a value stands: in a field, a list or a map.
type place struct {
	*shape
	inline int // bytes that it takes there
	behind int // bytes that pointers lead to
}

var (
	typeUnmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	typeTextUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	typeNumber          = reflect.TypeFor[json.Number]()
	typeTime            = reflect.TypeFor[time.Time]()
)

// root is the shape of a whole answer.
type root struct {
	place
	heaviest int                    // the most that one value in it can take, texts excepted
	finder   atomic.Pointer[finder] // the last one that was used
}

var roots sync.Map // of *root by reflect.Type

func rootOf(t reflect.Type) *root {
	if known, ok := roots.Load(t); ok {
		return known.(*root)
	}
	b := make(builder)
	r := &root{place: b.place(t)}
	r.heaviest = b.heaviest()
	known, _ := roots.LoadOrStore(t, r)
	return known.(*root)
}

// rootOfOut returns the root of what out, a pointer, points to.
func rootOfOut(out any) (*root, error) {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, errPointer
	}
	return rootOf(v.Type().Elem()), nil
}

// builder holds the shapes of one root. Types may refer to themselves.
type builder map[reflect.Type]*shape

func (b builder) place(t reflect.Type) place {
	p := place{inline: int(t.Size())}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		p.behind += int(t.Size())
	}
	p.shape = b.shape(t)
	return p
}

func (b builder) shape(t reflect.Type) *shape {
	if s, ok := b[t]; ok {
		return s
	}
	s := &shape{typ: t}
	b[t] = s
	s.form, s.own = formOf(t)
	switch s.form {
	case formList, formBytes:
		s.elem = b.place(t.Elem())
	case formMap:
		s.elem, s.key = b.place(t.Elem()), int(t.Key().Size())
	case formObject:
		s.fields = b.fields(t)
		s.parts = s.own && s.takes([]byte("{}"))
	}
	return s
}

func formOf(t reflect.Type) (f form, own bool) {
	pointer := reflect.PointerTo(t)
	switch {
	case t == typeTime:
		return formDate, false
	case t == typeNumber:
		return formNumber, false
	case pointer.Implements(typeUnmarshaler):
		if t.Kind() == reflect.Struct && t.ConvertibleTo(typeTime) {
			return formDate, true
		}
		return formOfKind(t), true
	case pointer.Implements(typeTextUnmarshaler):
		return formText, true
	}
	return formOfKind(t), false
}

func formOfKind(t reflect.Type) form {
	switch t.Kind() {
	case reflect.String:
		return formText
	case reflect.Bool:
		return formBoolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return formWhole
	case reflect.Float32, reflect.Float64:
		return formNumber
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return formBytes
		}
		return formList
	case reflect.Array:
		return formList
	case reflect.Map:
		return formMap
	case reflect.Struct:
		return formObject
	}
	return formAny
}

// takes reports whether the type's own decoder takes a value.
func (s *shape) takes(raw []byte) bool {
	switch value := reflect.New(s.typ).Interface().(type) {
	case json.Unmarshaler:
		return value.UnmarshalJSON(raw) == nil
	default:
		return json.Unmarshal(raw, value) == nil
	}
}

// isList reports whether a type may come as a list.
func (s *shape) isList() bool { return s.form == formList || s.form == formBytes }

func withoutPointers(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
