package paging

import "slices"

// remembered is the number of pages whose rows are remembered, or of small pages
// as many as have leastRows.
const (
	remembered = 8
	leastRows  = 1000
)

// known is what a walk remembers: the rows of its last pages, and those that came
// last in the walk that it goes on with.
type known struct {
	sums    map[uint64]struct{}
	order   []uint64 // oldest first
	limit   int
	anchors map[uint64]struct{}
	pages   int  // for which the anchors count if none of these shows one
	joined  bool // a page has shown one of them
}

func newKnown(anchors []uint64) *known {
	k := &known{sums: make(map[uint64]struct{})}
	if len(anchors) == 0 {
		return k
	}
	k.anchors, k.pages = make(map[uint64]struct{}, len(anchors)), remembered
	for _, a := range anchors {
		k.anchors[a] = struct{}{}
	}
	return k
}

// has reports whether the row with this number is on one of the last pages.
func (k *known) has(sum uint64) bool {
	_, ok := k.sums[sum]
	return ok
}

// anchored reports whether it is one of the last rows of the previous walk.
func (k *known) anchored(sum uint64) bool {
	_, ok := k.anchors[sum>>anchorShift]
	return ok
}

// resumed reports whether rows may come again because the walk goes on with
// another one.
func (k *known) resumed() bool { return k.anchors != nil }

// add remembers a row and reports whether it is new.
func (k *known) add(sum uint64) bool {
	if k.has(sum) {
		return false
	}
	if sum != 0 {
		k.sums[sum] = struct{}{}
		k.order = append(k.order, sum)
	}
	return !k.anchored(sum)
}

// turn forgets the oldest rows when a page of so many has been read. The largest
// page counts, so that a short one does not shorten the memory.
func (k *known) turn(rows int) {
	if k.pages--; k.pages <= 0 {
		k.anchors = nil
	}
	k.limit = max(k.limit, remembered*rows, leastRows)
	surplus := max(len(k.order)-k.limit, 0)
	for _, sum := range k.order[:surplus] {
		delete(k.sums, sum)
	}
	k.order = k.order[surplus:]
}

// fresh returns the new rows of a page and remembers them. On the first page that shows
// an anchor, the rows before the anchor are not new either: they precede a row that
// came already.
func fresh[T any](k *known, page []row[T]) []row[T] {
	size := len(page)
	if first := slices.IndexFunc(page, func(r row[T]) bool { return k.anchored(r.sum) }); first >= 0 {
		k.pages = remembered + 1
		if !k.joined {
			k.joined, page = true, page[first:]
		}
	}
	rows, whole := page, true
	for i, r := range page {
		switch isNew := k.add(r.sum); {
		case !isNew && whole:
			rows, whole = slices.Clone(page[:i]), false
		case isNew && !whole:
			rows = append(rows, r)
		}
	}
	k.turn(size)
	return rows
}
