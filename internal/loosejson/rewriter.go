package loosejson

import (
	"reflect"
	"strconv"
	"strings"
)

// rewriter rewrites an answer so that encoding/json can decode it into the Go type:
// values of another kind in the form of their type, without rows that cannot be read,
// and everything else unchanged.
type rewriter struct {
	cursor
	options  Options
	row      reflect.Type
	careful  bool           // ask every decoder about what is written for it
	excluded map[int]*Error // rows not to be written, by their place in data
	out      []byte
	path     []step
	depth    int
	drift    []Drift
	odd      int // values of another kind, even if drift has no room for them
	inRow    bool
	rows     []span // rows that were written
	bad      []Row  // rows that cannot be read
}

// step is a step of a path: a name, or an index if that is empty.
type step struct {
	name  string
	index int
}

// anyKey stands in paths for the key of a map, which is data.
const anyKey = "*"

// maxDepth is how deep values are looked into. Deeper ones, which only types
// that refer to themselves have, are left to encoding/json.
const maxDepth = 100

func (w *rewriter) value(s *shape, isID bool) *Error {
	if s.typ == w.row && !w.inRow {
		w.alone(s)
		return nil
	}
	return w.inside(s, isID)
}

// inside is value for all but rows.
func (w *rewriter) inside(s *shape, isID bool) *Error {
	switch {
	case s.form == formAny || w.depth == maxDepth:
		w.copy()
		return nil
	case s.own:
		return w.own(s, isID)
	}
	return w.plain(s, isID)
}

// plain goes by the form alone.
func (w *rewriter) plain(s *shape, isID bool) *Error {
	w.depth++
	defer func() { w.depth-- }()
	switch first := w.peek(); {
	case first == 'n':
		w.copy()
		return nil
	case s.form == formObject && first == '{':
		return w.object(s)
	case s.form == formMap && first == '{':
		return w.mapping(s)
	case s.isList() && first == '[':
		return w.list(s)
	case s.form == formList && first == '{' && !w.isNoneOfEnvelope():
		return w.numbered(s)
	}
	raw := w.skip()
	spelled, ok := s.spell(raw, isID, w.options.zone())
	switch {
	case ok:
	case isNone(raw) && !w.inEnvelope():
		spelled = []byte("null")
	default:
		return w.refusal(s.form, raw)
	}
	w.out = append(w.out, spelled...)
	if string(spelled) != string(raw) {
		w.note(s.form, raw)
	}
	return nil
}

// inEnvelope reports whether the value stands around the rows. There "", [] and {}
// are not taken for none: an answer without its list is no answer.
func (w *rewriter) inEnvelope() bool { return w.row != nil && !w.inRow }

// isNoneOfEnvelope reports whether the next value is such a {}.
func (w *rewriter) isNoneOfEnvelope() bool {
	if !w.inEnvelope() {
		return false
	}
	start := w.at
	raw := w.skip()
	w.at = start
	return isNone(raw)
}

// copy writes the next value as it came.
func (w *rewriter) copy() { w.out = append(w.out, w.skip()...) }

// note notes drift.
func (w *rewriter) note(f form, raw []byte) {
	w.odd++
	if w.options.Drift != nil && len(w.drift) < maxDrift {
		w.drift = append(w.drift, Drift{Path: w.where(), Want: f.String(), Got: kindOf(raw)})
	}
}

func (w *rewriter) refusal(f form, raw []byte) *Error {
	want, got := f.String(), kindOf(raw)
	if want == got {
		got = otherForm(raw)
	}
	return &Error{Want: want, Got: got, Field: w.where()}
}

// where returns the path of the present value.
func (w *rewriter) where() string {
	var b strings.Builder
	for _, s := range w.path {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

func (w *rewriter) enter(s step) { w.path = append(w.path, s) }
func (w *rewriter) leave()       { w.path = w.path[:len(w.path)-1] }

// mark is a state to which the rewriter can go back.
type mark struct{ out, path, drift, odd, rows, bad int }

func (w *rewriter) mark() mark {
	return mark{len(w.out), len(w.path), len(w.drift), w.odd, len(w.rows), len(w.bad)}
}

func (w *rewriter) back(m mark) {
	w.out, w.path = w.out[:m.out], w.path[:m.path]
	w.drift, w.odd = w.drift[:m.drift], m.odd
	w.rows, w.bad = w.rows[:m.rows], w.bad[:m.bad]
}
