package xcladetest

import (
	"slices"
	"strings"
	"time"
)

// selection says what of a row and its relations an answer shows.
type selection struct {
	columns   map[string]bool
	relations map[string]*selection
}

// selectFields reads the parameter fields, which is "" both when absent and when
// empty; given says which.
func selectFields(k kind, fields string, given bool) *selection {
	names := slices.Clone(entities[k].defaults)
	if given {
		names = requestedFields(names, fields)
	}
	s := newSelection()
	for _, name := range names {
		s.add(k, strings.Split(name, "."))
	}
	for _, name := range names {
		s.dropInner(k, name)
	}
	return s
}

// requestedFields applies the list to the defaults. If one entry has no sign, the
// list stands in place of the defaults, and signs mean nothing any more.
func requestedFields(defaults []string, fields string) []string {
	entries := slices.DeleteFunc(strings.Split(fields, ","), func(entry string) bool { return entry == "" })
	names := defaults
	if len(entries) == 0 || slices.ContainsFunc(entries, isPlain) {
		names = nil
		for _, entry := range entries {
			names = append(names, bareName(entry))
		}
	} else {
		for _, entry := range entries {
			names = applySign(names, entry)
		}
	}
	for i, name := range names {
		if relation, ok := strings.CutPrefix(name, "*"); ok {
			names[i] = relation + ".*"
		}
	}
	return append(names, "id")
}

func isPlain(entry string) bool {
	return !strings.ContainsRune("+-* ", rune(entry[0])) && !strings.HasSuffix(entry, ".*")
}

func bareName(entry string) string { return strings.TrimSpace(strings.TrimLeft(entry, "+- \t")) }

func applySign(names []string, entry string) []string {
	switch entry[0] {
	case '+', ' ':
		return append(names, bareName(entry))
	case '-':
		removed := bareName(entry)
		return slices.DeleteFunc(names, func(name string) bool {
			name = strings.TrimPrefix(name, "*")
			return name == removed || strings.HasPrefix(name, removed+".")
		})
	default:
		return append(names, entry)
	}
}

func newSelection() *selection {
	return &selection{columns: make(map[string]bool), relations: make(map[string]*selection)}
}

// add follows a path. A relation at its end needs a star, unless it is a list
// within a relation. Unknown names add nothing.
func (s *selection) add(k kind, path []string) {
	if len(path) > 1 && isListOf(k, path) {
		path = append(path, "*")
	}
	for len(path) > 1 {
		related, ok := entities[k].relations[path[0]]
		if !ok {
			return
		}
		next := s.relations[path[0]]
		if next == nil {
			next = newSelection()
			s.relations[path[0]] = next
		}
		s, k, path = next, related.kind, path[1:]
	}
	switch {
	case path[0] == "*":
		for _, column := range entities[k].columns {
			s.columns[column] = true
		}
	case slices.Contains(entities[k].columns, path[0]):
		s.columns[path[0]] = true
	}
}

// isListOf reports whether the path ends in a relation to many rows.
func isListOf(k kind, path []string) bool {
	for _, name := range path[:len(path)-1] {
		related, ok := entities[k].relations[name]
		if !ok {
			return false
		}
		k = related.kind
	}
	last, ok := entities[k].relations[path[len(path)-1]]
	return ok && !last.one
}

// dropInner removes a column when something inside it was asked for, such as
// metadata.tier.
func (s *selection) dropInner(k kind, name string) {
	column, _, inner := strings.Cut(name, ".")
	if inner && slices.Contains(entities[k].columns, column) {
		delete(s.columns, column)
	}
}

// render shows a row. path holds the kinds on the way to it, which are not shown
// again below it.
func (st *store) render(k kind, r *record, s *selection, path ...kind) any {
	out := make(map[string]any)
	for column := range s.columns {
		out[column] = wire(r.values[column])
	}
	if k == customers && len(path) > 0 {
		out["id"] = r.values["id"]
	}
	path = append(path, k)
	for name, inner := range s.relations {
		related := entities[k].relations[name]
		if related.one {
			out[name+"_id"] = r.values[name+"_id"]
		}
		if slices.Contains(path, related.kind) {
			continue
		}
		out[name] = st.renderRelated(k, r, name, inner, path)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (st *store) renderRelated(k kind, r *record, name string, s *selection, path []kind) any {
	related := entities[k].relations[name]
	rows := st.related(k, r, name)
	if !related.one {
		shown := make([]any, len(rows))
		for i, row := range rows {
			shown[i] = st.render(related.kind, row, s, path...)
		}
		return shown
	}
	if len(rows) == 0 {
		return nil
	}
	return st.render(related.kind, rows[0], s, path...)
}

// wire is a value as JSON has it.
func wire(value any) any {
	if t, ok := value.(time.Time); ok {
		return t.Format("2006-01-02T15:04:05.000Z")
	}
	return value
}
