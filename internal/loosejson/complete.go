package loosejson

import "reflect"

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
		for i := range v.NumField() {
			if v.Type().Field(i).Anonymous && v.Field(i).Type() == f.row {
				continue // its fields are those of v, which is no row
			}
			if !f.complete(v.Field(i)) {
				return false
			}
		}
	case v.Kind() == reflect.Slice && holds(v.Type().Elem()):
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

// holds reports whether values of a type may hold rows.
func holds(t reflect.Type) bool {
	kind := withoutPointers(t).Kind()
	return kind == reflect.Struct || kind == reflect.Slice
}

func isZero(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Pointer && v.Elem().IsZero()
}
