package loosejson

import (
	"reflect"
	"strings"
)

// complete reports whether all rows in out, a pointer to a decoded answer of this form,
// have ids. If not, Unmarshal reports the rows without one.
func (r *root) complete(out any, o Options) bool {
	if o.Row == nil || o.ID == "" {
		return true
	}
	f := r.finder.Load()
	if f == nil || f.asked != o.Row || f.name != o.ID {
		f = newFinder(r, o)
		r.finder.Store(f)
	}
	return f.id == nil || f.complete(reflect.ValueOf(out))
}

// finder looks for rows without ids in answers of one form.
type finder struct {
	asked reflect.Type // Options.Row
	name  string       // Options.ID
	row   reflect.Type
	id    []int // nil: rows need none
	// holders are the fields of structs in which rows can be: an answer has many more
	// that hold none.
	holders map[reflect.Type][]int
}

func newFinder(r *root, o Options) *finder {
	f := &finder{asked: o.Row, name: o.ID, row: o.row(), holders: make(map[reflect.Type][]int)}
	if id := rootOf(f.row).shape.idField(o.ID); id != nil {
		f.id = id.index
	}
	f.look(r.typ)
	return f
}

// look notes the fields of t, and of all that is in it.
func (f *finder) look(t reflect.Type) {
	switch {
	case t == f.row:
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		f.look(t.Elem())
	case t.Kind() == reflect.Struct:
		if _, seen := f.holders[t]; seen {
			return
		}
		with := fieldsWith(f.row, t)
		f.holders[t] = with
		for _, i := range with {
			f.look(t.Field(i).Type)
		}
	}
}

func (f *finder) complete(v reflect.Value) bool {
	switch {
	case v.Type() == f.row:
		id, err := v.FieldByIndexErr(f.id)
		return err == nil && !namesNothing(id)
	case v.Kind() == reflect.Pointer:
		return v.IsNil() || f.complete(v.Elem())
	case v.Kind() == reflect.Struct:
		for _, i := range f.holders[v.Type()] {
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
func (f *finder) completeElement(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return withoutPointers(v.Type()) != f.row
	}
	return f.complete(v)
}

// fieldsWith returns the fields of a struct that can hold rows.
func fieldsWith(row, holder reflect.Type) []int {
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

// namesNothing reports an id of which nobody is known.
func namesNothing(id reflect.Value) bool {
	switch {
	case id.Kind() == reflect.Pointer:
		return id.IsNil() || namesNothing(id.Elem())
	case id.CanInt():
		return id.Int() <= 0
	case id.Kind() == reflect.String:
		return IsNobody(id.String())
	}
	return id.IsZero()
}

// IsNobody reports a text that is no id: none, blanks, a number below 1, or the UUID of
// zeros.
func IsNobody(id string) bool {
	id = strings.TrimSpace(id)
	if strings.Trim(id, "0-") == "" {
		return true
	}
	return id[0] == '-' && isNumber([]byte(id))
}
