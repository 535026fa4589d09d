package loosejson

import (
	"reflect"
	"sync"
)

// complete reports whether the rows in out, a pointer to an answer that was
// decoded, have their ids. If not, Unmarshal reports the rows that lack theirs.
func complete(out any, o Options) bool {
	if o.Row == nil || o.ID == "" {
		return true
	}
	row := o.row()
	s := rootOf(row).shape
	id := s.idField(o.ID)
	return id == nil || finder{row, id.index}.complete(reflect.ValueOf(out))
}

// finder looks for rows without ids.
type finder struct {
	row reflect.Type
	id  []int
}

func (f finder) complete(v reflect.Value) bool {
	switch {
	case v.Type() == f.row:
		id, err := v.FieldByIndexErr(f.id)
		return err == nil && !isZero(id)
	case v.Kind() == reflect.Pointer:
		return v.IsNil() || f.complete(v.Elem())
	case v.Kind() == reflect.Struct:
		for _, i := range fieldsWith(f.row, v.Type()) {
			if !f.complete(v.Field(i)) {
				return false
			}
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			if !f.completeElement(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// completeElement is complete, but no row is missing from a list.
func (f finder) completeElement(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return withoutPointers(v.Type()) != f.row
	}
	return f.complete(v)
}

// within is a row and a struct that may hold some.
type within struct{ row, holder reflect.Type }

var holders sync.Map // of []int by within

// fieldsWith returns the fields of a struct in which rows can be. They are found once:
// an answer has many more that hold none.
func fieldsWith(row, holder reflect.Type) []int {
	key := within{row, holder}
	if known, ok := holders.Load(key); ok {
		return known.([]int)
	}
	var with []int
	for i := range holder.NumField() {
		f := holder.Field(i)
		if f.Anonymous && f.Type == row {
			continue // its fields are those of the holder, which is no row
		}
		if holds(row, f.Type, map[reflect.Type]bool{holder: true}) {
			with = append(with, i)
		}
	}
	holders.Store(key, with)
	return with
}

// holds reports whether values of a type may hold rows. A type that refers to itself,
// which is among those that were seen, may.
func holds(row, t reflect.Type, seen map[reflect.Type]bool) bool {
	switch {
	case t == row || seen[t]:
		return true
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		return holds(row, t.Elem(), seen)
	case t.Kind() == reflect.Struct:
		seen[t] = true
		for i := range t.NumField() {
			if holds(row, t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

func isZero(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Pointer && v.Elem().IsZero()
}
