package paging

// window remembers the ids of the rows that came last.
type window struct {
	ids   map[string]struct{}
	order []string // oldest first
	limit int
}

// has reports whether id is remembered. The empty id never is.
func (w *window) has(id string) bool {
	_, ok := w.ids[id]
	return ok
}

// add remembers id and reports whether it was new. The empty id always is.
func (w *window) add(id string) bool {
	if w.has(id) {
		return false
	}
	if id != "" {
		w.ids[id] = struct{}{}
		w.order = append(w.order, id)
	}
	return true
}

// keep forgets the oldest ids beyond limit. The largest limit ever given
// counts, so that a short page does not shorten the memory.
func (w *window) keep(limit int) {
	w.limit = max(w.limit, limit)
	surplus := len(w.order) - w.limit
	if surplus <= 0 {
		return
	}
	for _, id := range w.order[:surplus] {
		delete(w.ids, id)
	}
	w.order = w.order[surplus:]
}
