package loosejson

import (
	"reflect"
	"slices"
)

// object writes the members of an object, in the form of its fields if it has them.
func (w *rewriter) object(s *shape) *Error {
	w.out = append(w.out, '{')
	for w.open(); w.more(); {
		w.comma('{')
		key := w.key()
		w.out = append(append(w.out, key...), ':')
		f := s.fields.find(key)
		if f == nil || f.quoted {
			w.copy()
			continue
		}
		w.enter(step{name: f.name})
		if err := w.field(s, f, key); err != nil {
			return err
		}
		w.leave()
	}
	w.out = append(w.out, '}')
	return nil
}

// field asks the object's own decoder, if there is one, about the member alone before
// it writes the member in another form.
func (w *rewriter) field(s *shape, f *field, key []byte) *Error {
	m, start := w.mark(), w.at
	err := w.value(f.shape, f.isID)
	if !s.parts || err == nil && w.odd == m.odd {
		return err
	}
	w.at = start
	raw := w.skip()
	if s.takes(single(key, raw)) {
		w.back(m)
		w.out = append(w.out, raw...)
		return nil
	}
	return err
}

// single returns an object of one member.
func single(key, value []byte) []byte {
	return slices.Concat([]byte{'{'}, key, []byte{':'}, value, []byte{'}'})
}

// own writes a value for a type's own decoder: unchanged if the decoder accepts that,
// otherwise in another form that it accepts. A decoder that accepts an object member by
// member also accepts it as a whole, so it is not asked twice.
func (w *rewriter) own(s *shape, isID bool) *Error {
	if s.parts && w.peek() == '{' && !w.careful {
		return w.plain(s, isID)
	}
	m, start := w.mark(), w.at
	raw := w.skip()
	if s.takes(raw) {
		w.out = append(w.out, raw...)
		return nil
	}
	w.at = start
	if err := w.plain(s, isID); err != nil {
		return err
	}
	if !s.takes(w.out[m.out:]) {
		return w.refusal(s.form, raw)
	}
	return nil
}

// mapping writes the values of a map in the spelling of its type.
func (w *rewriter) mapping(s *shape) *Error {
	w.out = append(w.out, '{')
	w.enter(step{name: anyKey})
	for w.open(); w.more(); {
		w.comma('{')
		w.out = append(append(w.out, w.key()...), ':')
		if err := w.value(s.elem.shape, false); err != nil {
			return err
		}
	}
	w.leave()
	w.out = append(w.out, '}')
	return nil
}

// list writes the elements of a list.
func (w *rewriter) list(s *shape) *Error {
	w.out = append(w.out, '[')
	i := 0
	for w.open(); w.more(); {
		if err := w.element(s, i); err != nil {
			return err
		}
		i++
	}
	w.out = append(w.out, ']')
	return nil
}

// numbered writes an object with numbered members as a list, in their order. PHP writes
// lists with gaps in this way.
func (w *rewriter) numbered(s *shape) *Error {
	w.peek()
	start := w.at
	raw := w.skip()
	w.at = start
	w.note(formList, raw)
	w.out = append(w.out, '[')
	numbers := make(map[string]bool)
	for w.open(); w.more(); {
		number := string(w.key())
		if !isIndex(number) || numbers[number] {
			return w.refusal(formList, raw)
		}
		if err := w.element(s, len(numbers)); err != nil {
			return err
		}
		numbers[number] = true
	}
	w.out = append(w.out, ']')
	return nil
}

// isIndex reports whether a key, in quotes, is the number of an element.
func isIndex(key string) bool {
	digits := key[1 : len(key)-1]
	for _, b := range []byte(digits) {
		if b < '0' || b > '9' {
			return false
		}
	}
	return digits == "0" || digits != "" && digits[0] != '0'
}

// element writes an element of a list. A row that cannot be read is left out.
func (w *rewriter) element(s *shape, i int) *Error {
	m := w.mark()
	w.comma('[')
	if s.typ.Kind() == reflect.Array && i >= s.typ.Len() { // encoding/json looks at no more
		w.copy()
		return nil
	}
	w.enter(step{index: i})
	if s.elem.typ == w.row && !w.inRow {
		if bad := w.readRow(s.elem.shape, i); bad != nil {
			w.back(m)
			w.bad = append(w.bad, *bad)
			return nil
		}
	} else if err := w.value(s.elem.shape, false); err != nil {
		return err
	}
	w.leave()
	return nil
}

// comma writes a comma unless the object or list has just been opened.
func (w *rewriter) comma(open byte) {
	if w.out[len(w.out)-1] != open {
		w.out = append(w.out, ',')
	}
}
