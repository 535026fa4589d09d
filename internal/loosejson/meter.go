package loosejson

import "reflect"

// meter counts the rows of an answer and the bytes that decoding it keeps.
type meter struct {
	cursor
	row   reflect.Type
	inRow bool
	rows  int
	kept  int64
}

// What values take beside the bytes of their places, rounded up.
const (
	keptText      = 16      // beside its bytes
	keptDate      = 192     // the zone, where it has a name or minutes
	keptAny       = 16      // an interface, or the number that it leads to
	keptList      = 24      // a list that an interface leads to
	keptMap       = 56      // an empty map
	mapSlots      = 8       // that the first entry of a map makes room for
	growth        = 2       // how much larger than its content a list may be
	growthOfMap   = 3       // the same of a map
	keptInterface = keptAny // a slot that holds any value
)

func (m *meter) keep(bytes int) { m.kept += int64(bytes) }

func (m *meter) value(p place) {
	m.keep(p.behind)
	if p.typ == m.row && !m.inRow {
		m.inRow = true
		defer func() { m.inRow = false }()
	}
	switch p.form {
	case formAny:
		m.any()
		return
	case formDate:
		m.keep(keptDate)
	}
	switch first := m.peek(); {
	case p.isList() && (first == '[' || first == '{'):
		m.list(p.elem)
	case p.form == formObject && first == '{':
		m.object(p.fields)
	case p.form == formMap && first == '{':
		m.entries(p.key+p.elem.inline, func() { m.value(p.elem) })
	default:
		m.keep(keptText + len(m.skip()))
	}
}

// list also counts a list that PHP wrote as an object.
func (m *meter) list(elem place) {
	rows := elem.typ == m.row && !m.inRow
	object := m.peek() == '{'
	for m.open(); m.more(); {
		if object {
			m.key()
		}
		if rows {
			m.rows++
		}
		m.keep(growth * elem.inline)
		m.value(elem)
	}
}

func (m *meter) object(fields *fields) {
	for m.open(); m.more(); {
		if f := fields.find(m.key()); f != nil {
			m.value(f.place)
		} else {
			m.skip()
		}
	}
}

// entries counts a map whose entries take so many bytes.
func (m *meter) entries(entry int, value func()) {
	m.keep(keptMap)
	first := true
	for m.open(); m.more(); {
		if first {
			m.keep(mapSlots * entry)
		}
		first = false
		m.keep(growthOfMap*entry + keptText + len(m.key()))
		value()
	}
}

// any counts what decodes as it comes.
func (m *meter) any() {
	switch m.peek() {
	case '{':
		m.entries(keptText+keptInterface, m.any)
	case '[':
		m.keep(keptList)
		for m.open(); m.more(); {
			m.keep(growth * keptInterface)
			m.any()
		}
	default:
		m.keep(keptAny + len(m.skip()))
	}
}

// heaviest returns the most that one value of these shapes can take, wherever
// it stands, its bytes excepted.
func (b builder) heaviest() int {
	inside, behind, own := 0, 0, keptText
	note := func(p place, stands int) {
		inside, behind = max(inside, stands), max(behind, p.behind)
	}
	for _, s := range b {
		switch s.form {
		case formDate:
			own = max(own, keptDate)
		case formAny:
			own = max(own, keptMap)
			inside = max(inside, keptText+(mapSlots+growthOfMap)*(keptText+keptInterface))
		case formList, formBytes:
			note(s.elem, growth*s.elem.inline)
		case formMap:
			note(s.elem, keptMap+keptText+(mapSlots+growthOfMap)*(s.key+s.elem.inline))
		case formObject:
			for _, f := range s.fields.byName {
				note(f.place, 0)
			}
		}
	}
	return inside + behind + own
}
