package transport

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// maxRoom is the largest number of rows for which memory is allocated in advance:
// servers may send far fewer than requested.
const maxRoom = 1000

// Room allocates memory for as many rows as a request asks for. A list that grows with
// its rows takes two and a half times as much.
func Room[T any](asked int) []T {
	if asked <= 0 {
		return nil
	}
	return make([]T, 0, min(asked, maxRoom))
}

// Plain returns the values of rows that a vendor spells in its own way.
func Plain[W, T any](spelled []W, plain func(*W) T) []T {
	values := make([]T, len(spelled))
	for i := range spelled {
		values[i] = plain(&spelled[i])
	}
	return values
}

// Listed reports whether an answer has the list of these rows, which may be empty. If
// it has none, the rows keep the capacity from Room; an empty list has no capacity.
func Listed[T any](rows []T) bool { return rows != nil && (len(rows) > 0 || cap(rows) == 0) }

// Borrow is [Room] for rows that are copied and then given back: their memory is reused
// for the next answers.
func Borrow[W any](asked int) []W {
	if asked <= 0 {
		return nil
	}
	lender := lenderOf[W]()
	if rows := lender.spare.Swap(nil); rows != nil && cap(*rows) >= min(asked, maxRoom) {
		return *rows
	}
	if rows, ok := lender.pool.Get().(*[]W); ok && cap(*rows) >= min(asked, maxRoom) {
		return *rows
	}
	return Room[W](asked)
}

// GiveBack takes back rows that nobody reads any more. What they point to stays valid.
func GiveBack[W any](rows []W) {
	if size := cap(rows) * int(unsafe.Sizeof(*new(W))); size == 0 || size > maxPooled {
		return
	}
	clear(rows)
	rows = rows[:0]
	if lender := lenderOf[W](); !lender.spare.CompareAndSwap(nil, &rows) {
		lender.pool.Put(&rows)
	}
}

// lender holds memory for rows of one type. One piece of it is kept where every
// processor finds it; see buffers.
type lender[W any] struct {
	spare atomic.Pointer[[]W]
	pool  sync.Pool
}

// lenders holds the lenders by the type of the rows.
var lenders sync.Map

func lenderOf[W any]() *lender[W] {
	row := reflect.TypeFor[W]()
	if known, ok := lenders.Load(row); ok {
		return known.(*lender[W])
	}
	known, _ := lenders.LoadOrStore(row, new(lender[W]))
	return known.(*lender[W])
}
