package paging

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
)

// Walker walks through a list and knows where it stands.
type Walker[T any] struct {
	list List[T]
	h    hasher
	fail func(*Error) error
	bad  *Error // what is wrong with the position that it was given

	mu       sync.Mutex
	walking  bool
	position string   // the last one that could be made
	at       mark     // where the next walk begins
	moved    bool     // at is behind what position says
	step     step[T]  // whose rows come now
	passed   int      // of them
	last     []uint64 // anchors of the rows that came last
	total    int
}

// NewWalker returns a walker that begins after position, or at the beginning if that is
// empty. name identifies the list: positions of lists with other names are refused.
// fail makes the caller's error from what the walk itself finds wrong.
func NewWalker[T any](list List[T], name, position string, fail func(*Error) error) *Walker[T] {
	w := &Walker[T]{list: list, h: newHasher(name), fail: fail, position: position, total: -1}
	if position == "" {
		return w
	}
	w.at, w.bad = decode(w.h, position)
	if _, ok := list.open(w.h, w.at); w.bad == nil && (!ok || w.at.way == 0) {
		w.bad = &Error{Problem: PositionElsewhere}
	}
	w.last = w.at.last
	return w
}

// All returns the rows after the position, in the server's order.
//
// While the rows of a page are yielded, the next page is read, and no further one. When
// the loop ends, for whatever reason, what is being read is cancelled and waited for. A
// row that could not be read is yielded as its error without an item, and the walk goes
// on. Any other error is the last thing yielded. If Fetch panics or calls
// runtime.Goexit, so does the loop.
func (w *Walker[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		err := w.walk(ctx, yield)
		if e, ok := errors.AsType[*Error](err); ok {
			err = w.fail(e)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// walk yields the rows. It returns nil when the loop was left, too.
func (w *Walker[T]) walk(ctx context.Context, yield func(*T, error) bool) error {
	if ctx == nil {
		return &Error{Problem: NoContext}
	}
	src, e := w.begin()
	if e != nil {
		return e
	}
	defer w.end()
	defer src.close()
	var next turn[T]
	defer func() { next.drop() }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	now := make(chan struct{})
	close(now)
	got, err := read(ctx, src, now)
	for err == nil {
		if got.more {
			next = take(ctx, src)
		}
		w.enter(got)
		for i := range got.rows {
			if !yield(got.rows[i].item, got.rows[i].err) {
				return nil
			}
			w.pass()
		}
		if !got.more {
			return nil
		}
		w.leave()
		got, err = next.wait()
	}
	return err
}

// turn is a step being read ahead.
type turn[T any] struct {
	ahead[step[T]]

	free chan struct{} // closed when its rows are waited for
}

func take[T any](ctx context.Context, src source[T]) turn[T] {
	free := make(chan struct{})
	return turn[T]{readAhead(func() (step[T], error) { return read(ctx, src, free) }), free}
}

func (t turn[T]) wait() (step[T], error) {
	close(t.free)
	return t.ahead.wait()
}

func read[T any](ctx context.Context, src source[T], free <-chan struct{}) (step[T], error) {
	if err := ctx.Err(); err != nil {
		return step[T]{}, err
	}
	return src.read(ctx, free)
}

// Position returns the place behind the last row whose turn of the loop ended. It
// is at most 1 KiB long, with a cursor 4 KiB.
func (w *Walker[T]) Position() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.moved && w.passed == 0 {
		return w.position
	}
	if text, ok := w.place().encode(w.h); ok {
		w.position = text
	}
	return w.position
}

// Total returns the number of rows that the server counted last, or -1.
func (w *Walker[T]) Total() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total
}

func (w *Walker[T]) begin() (source[T], *Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.bad != nil:
		return nil, w.bad
	case w.walking:
		return nil, &Error{Problem: InUse}
	}
	w.walking = true
	src, _ := w.list.open(w.h, w.place())
	return src, nil
}

// enter takes the step whose rows come now.
func (w *Walker[T]) enter(got step[T]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = got
	if got.total >= 0 {
		w.total = got.total
	}
}

// leave forgets the step whose rows have come, so that no third page is held while
// the next one is waited for.
func (w *Walker[T]) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle()
}

// pass notes that the turn of a row has ended.
func (w *Walker[T]) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if sum := w.step.rows[w.passed].sum; sum != 0 {
		w.last = append(w.last, sum>>anchorShift)
	}
	if len(w.last) >= 2*maxAnchors {
		w.last = append(w.last[:0], w.last[len(w.last)-maxAnchors:]...)
	}
	w.passed++
}

func (w *Walker[T]) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle()
	w.walking = false
}

// settle keeps the place and forgets the step.
func (w *Walker[T]) settle() {
	w.moved = w.moved || w.passed > 0
	w.at = w.place()
	w.step, w.passed = step[T]{}, 0
}

// place returns where the walk stands.
func (w *Walker[T]) place() mark {
	m := w.at
	if w.passed > 0 {
		m = w.step.behind(w.passed)
	}
	if m.way.anchored() {
		m.last = slices.Clone(w.last[max(0, len(w.last)-maxAnchors):])
	}
	return m
}
