package loosejson

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// span is a row that was written.
type span struct {
	start    int // in data
	from, to int // in out
	path     string
}

// readRow writes a row, or returns the row that cannot be read.
func (w *rewriter) readRow(s *shape, index int) *Row {
	w.peek()
	m, start := w.mark(), w.at
	raw := w.skip()
	end := w.at
	w.at = start
	w.inRow = true
	err := w.inside(s, false)
	w.inRow = false
	w.at = end
	if err == nil {
		err = w.excluded[start]
	}
	id, known := w.idOf(s, raw)
	if err == nil && !known {
		err = &Error{Want: "id", Got: "none", Field: w.where()}
	}
	if err != nil {
		w.back(m)
		return &Row{Index: index, ID: id, Raw: bytes.Clone(raw), Err: err}
	}
	w.rows = append(w.rows, span{start: start, from: m.out, to: len(w.out), path: w.where()})
	return nil
}

// alone writes a row that is no element of a list.
func (w *rewriter) alone(s *shape) {
	if bad := w.readRow(s, -1); bad != nil {
		w.bad = append(w.bad, *bad)
		w.out = append(w.out, "null"...)
	}
}

// idOf returns the id of a row, and whether it has one if it must.
func (w *rewriter) idOf(s *shape, raw []byte) (id string, known bool) {
	f := s.idField(w.options.ID)
	if f == nil {
		return "", true
	}
	if raw[0] != '{' {
		return "", false
	}
	c := cursor{data: raw}
	for c.open(); c.more(); {
		key, value := c.key(), c.skip()
		if s.fields.find(key) == f {
			id = idText(value)
		}
	}
	if digits, whole := wholeNumber(id); whole && f.form == formWhole {
		return id, !IsNobody(digits)
	}
	return id, !IsNobody(id)
}

// idField returns the field by which a row is known, nil if there is none.
func (s *shape) idField(name string) *field {
	if name == "" || s.fields == nil {
		return nil
	}
	return s.fields.byName[name]
}

// idText returns a text, or the digits of a number, even as the id of an object.
func idText(raw []byte) string {
	if raw[0] == '{' {
		raw = member(raw, "id")
	}
	switch {
	case len(raw) == 0:
		return ""
	case raw[0] == '"':
		return unquote(raw)
	case isNumber(raw):
		return textOf(raw, true)
	}
	return ""
}

// refused returns the rows that encoding/json refuses as they were written. It
// has the last word, for example on the keys of maps.
func (w *rewriter) refused() map[int]*Error {
	refused := make(map[int]*Error)
	for _, s := range w.rows {
		row := w.out[s.from:s.to]
		if json.Unmarshal(row, reflect.New(w.row).Interface()) != nil {
			refused[s.start] = &Error{Want: formOfKind(w.row).String(), Got: otherForm(row), Field: s.path}
		}
	}
	return refused
}
