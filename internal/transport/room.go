package transport

import (
	"reflect"
	"sync"
	"unsafe"
)

// maxRoom is the largest number of rows that room is set aside for: servers may send
// far fewer than they are asked for.
const maxRoom = 1000

// Room sets memory aside for as many rows as a request asks for. A list that grows with
// its rows takes two and a half times as much.
func Room[T any](asked int) []T {
	if asked <= 0 {
		return nil
	}
	return make([]T, 0, min(asked, maxRoom))
}

// Listed reports whether an answer has the list whose rows these are, which may be
// empty. Where it has none they keep the room that was set aside for them; an empty
// list has no room.
func Listed[T any](rows []T) bool { return rows != nil && (len(rows) > 0 || cap(rows) == 0) }

// Borrow is [Room] for rows that are copied and then given back: those of the last
// answers leave theirs to the next.
func Borrow[W any](asked int) []W {
	if asked <= 0 {
		return nil
	}
	if rows, ok := lenderOf[W]().Get().(*[]W); ok && cap(*rows) >= min(asked, maxRoom) {
		return *rows
	}
	return Room[W](asked)
}

// GiveBack takes rows that nobody reads any more. What they point to stays.
func GiveBack[W any](rows []W) {
	if size := cap(rows) * int(unsafe.Sizeof(*new(W))); size == 0 || size > maxPooled {
		return
	}
	clear(rows)
	rows = rows[:0]
	lenderOf[W]().Put(&rows)
}

// lenders have the room for rows, by their type.
var lenders sync.Map

func lenderOf[W any]() *sync.Pool {
	row := reflect.TypeFor[W]()
	if known, ok := lenders.Load(row); ok {
		return known.(*sync.Pool)
	}
	lender, _ := lenders.LoadOrStore(row, new(sync.Pool))
	return lender.(*sync.Pool)
}
