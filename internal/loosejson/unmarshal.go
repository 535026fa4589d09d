package loosejson

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
)

// Unmarshal decodes data, an answer that encoding/json could not decode, into
// out, a pointer, by the rule that the package's comment states. It sets *out to
// its initial value first, unless its type has a decoder of its own. It returns the
// rows that cannot be read, and leaves the others in *out; both keep their order.
// An error means that the whole answer cannot be read, and *out holds nothing of
// use. An [*Error] says which value is to blame; there are other errors for data
// that is not JSON and for the limits that [Decode] states.
//
// What encoding/json can decode, Unmarshal decodes to the same values without
// drift, but for rows that lack their id.
func Unmarshal(data []byte, out any, o Options) ([]Row, error) {
	r, err := rootOfOut(out)
	if err != nil {
		return nil, err
	}
	if err := check(data, r, o); err != nil {
		return nil, err
	}
	return unmarshal(data, reflect.ValueOf(out), o)
}

// unmarshal is Unmarshal of what was checked.
func unmarshal(data []byte, target reflect.Value, o Options) ([]Row, error) {
	if !json.Valid(data) {
		return nil, errSyntax
	}
	s := rootOf(target.Type().Elem()).shape
	w, err := rewrite(data, s, o)
	if err != nil {
		return nil, err
	}
	if decodeInto(target, s, w.out, o.Initial) != nil {
		w, err = w.again(s)
		if err != nil {
			return nil, err
		}
		if decodeInto(target, s, w.out, o.Initial) != nil {
			return nil, &Error{Want: s.form.String(), Got: otherForm(bytes.TrimSpace(data))}
		}
	}
	for _, d := range w.drift {
		o.Drift(d)
	}
	return w.bad, nil
}

var errPointer = errors.New("loosejson: out must be a pointer")

// decodeInto leaves the last word to encoding/json, which takes tags that its
// successor refuses.
func decodeInto(target reflect.Value, s *shape, data []byte, initial reflect.Value) (err error) {
	for _, decode := range []func([]byte, any) error{decodePlainly, json.Unmarshal} {
		switch {
		case initial.IsValid():
			target.Elem().Set(initial)
			RenewRoom(target.Elem())
		case !s.own:
			target.Elem().SetZero()
		}
		if err = decode(data, target.Interface()); err == nil {
			return nil
		}
	}
	return err
}

func rewrite(data []byte, s *shape, o Options) (*rewriter, error) {
	w := &rewriter{options: o, row: o.row()}
	return w, w.run(data, s)
}

// again rewrites what encoding/json has refused. It asks all decoders, and leaves
// out the rows that are refused all the same.
func (w *rewriter) again(s *shape) (*rewriter, error) {
	careful := &rewriter{options: w.options, row: w.row, careful: true, excluded: w.refused()}
	return careful, careful.run(w.data, s)
}

func (w *rewriter) run(data []byte, s *shape) error {
	w.data, w.out = data, make([]byte, 0, len(data)+len(data)/8)
	if err := w.value(s, false); err != nil {
		return err
	}
	if len(w.rows)+len(w.bad) > w.options.maxRows() {
		return errRows
	}
	return nil
}
