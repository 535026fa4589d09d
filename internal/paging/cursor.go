package paging

import (
	"context"
	"hash/maphash"
	"sync"
)

// Cursor is a list whose pages name the following one by a cursor. The server decides
// what happens to rows that change their place. After a resume the page that was being
// read is read again, without the rows that came already.
type Cursor[T any] struct {
	// Fetch reads the page with this cursor. The empty one is the first page. As
	// soon as the next cursor is known, such as from a header, named may be called
	// with it, so that the next page is asked for while this one arrives and is
	// decoded: then two calls of Fetch overlap, and never more. Only the first name
	// counts, and nothing that Batch.Next does not confirm. named blocks until the page
	// before has been read, so that two pages are not held as they came.
	Fetch func(ctx context.Context, cursor string, named func(next string)) (Batch[T], error)
	// ID returns the id of a row.
	ID func(*T) string
}

func (l Cursor[T]) open(h hasher, m mark) (source[T], bool) {
	return &cursor[T]{
		list:    l,
		h:       h,
		next:    m.key,
		resumed: m.key != "",
		used:    cursors{seed: maphash.MakeSeed(), used: make(map[uint64]struct{})},
		known:   newKnown(m.last),
	}, m.way == 0 || m.way == byCursor
}

type cursor[T any] struct {
	list    Cursor[T]
	h       hasher
	next    string          // the cursor of the next page
	ahead   *asked[T]       // that page, if it has been asked for
	last    <-chan struct{} // closed when the page that was asked for last was read
	resumed bool            // that cursor is from a position
	used    cursors
	known   *known
	progress
}

// asked is a page that has been asked for.
type asked[T any] struct {
	cursor string
	page   ahead[Batch[T]]
	cancel context.CancelFunc
	before <-chan struct{} // closed when the page before it was read, nil if there is none
	named  chan string     // the cursor of the page behind it
	once   sync.Once
}

// ask asks for the page with the cursor, unless it was asked for already.
func (s *cursor[T]) ask(ctx context.Context, cursor string) *asked[T] {
	if !s.used.use(cursor) {
		return nil
	}
	read := make(chan struct{})
	a := &asked[T]{cursor: cursor, before: s.last, named: make(chan string, 1)}
	s.last = read
	ctx, a.cancel = context.WithCancel(ctx)
	a.page = readAhead(func() (Batch[T], error) {
		defer a.cancel()
		defer close(read)
		return s.list.Fetch(ctx, cursor, func(next string) { a.name(ctx, next) })
	})
	return a
}

func (a *asked[T]) name(ctx context.Context, next string) {
	if next == "" {
		return
	}
	if a.before != nil {
		select {
		case <-a.before:
		case <-ctx.Done():
		}
	}
	a.once.Do(func() { a.named <- next })
}

func (s *cursor[T]) read(ctx context.Context, free <-chan struct{}) (step[T], error) {
	now := s.ahead
	if now == nil {
		now = s.ask(ctx, s.next)
	}
	s.ahead = nil
	if now == nil {
		return step[T]{}, &Error{Problem: CursorLoop}
	}
	b, err := s.await(ctx, now, free)
	if err != nil && s.resumed {
		return step[T]{}, &Error{Problem: PositionStale, Err: err}
	}
	if err != nil {
		return step[T]{}, err
	}
	return s.accept(b)
}

// await returns the page, and asks for the one behind it as soon as that has a
// name and free is closed.
func (s *cursor[T]) await(ctx context.Context, now *asked[T], free <-chan struct{}) (Batch[T], error) {
	var next string
	var may <-chan struct{} // free, once there is a name
	for {
		select {
		case next = <-now.named:
			may = free
		case <-may:
			s.ahead, may = s.ask(ctx, next), nil
		case got, ok := <-now.page.done:
			return settle(got, ok)
		}
	}
}

func (s *cursor[T]) accept(b Batch[T]) (step[T], error) {
	more := b.Next != ""
	if more && len(b.Rows) == 0 {
		return step[T]{}, shortPage(0)
	}
	all := rowsOf(s.h, s.list.ID, b)
	excuse := s.known.resumed()
	rows := fresh(s.known, all)
	if e := s.note(lapOf(all), len(all), len(rows), excuse); e != nil && more {
		return step[T]{}, e
	}
	if s.ahead != nil && s.ahead.cursor != b.Next {
		s.used.forget(s.ahead.cursor) // it is not known to be of this list
		s.close()
	}
	here := s.next
	s.next, s.resumed = b.Next, false
	return step[T]{rows: rows, more: more, total: b.Total, behind: func(n int) mark {
		if n == len(rows) && more {
			return mark{way: byCursor, key: b.Next}
		}
		return mark{way: byCursor, key: here}
	}}, nil
}

func (s *cursor[T]) close() {
	if s.ahead != nil {
		s.ahead.cancel()
		s.ahead.page.drop()
		s.ahead = nil
	}
}

// cursors remembers all cursors of a walk, eight bytes each.
type cursors struct {
	seed maphash.Seed
	used map[uint64]struct{}
}

func (c *cursors) forget(cursor string) { delete(c.used, maphash.String(c.seed, cursor)) }

// use notes cursor and reports whether it is used for the first time.
func (c *cursors) use(cursor string) bool {
	sum := maphash.String(c.seed, cursor)
	if _, ok := c.used[sum]; ok {
		return false
	}
	c.used[sum] = struct{}{}
	return true
}
