package paging

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// Batch is one page of a list as the server sent it.
type Batch[T any] struct {
	// Rows holds the rows in the server's order. One that could not be read has
	// its place in it, and is named in Failed.
	Rows []T
	// Failed holds what could not be read, in the order of Rows.
	Failed []Failed
	// More says that another page follows. It is false at the server's end mark,
	// and only there. A [Cursor] goes by Next instead, an [Offset] by Total.
	More bool
	// Next is the cursor of the following page, empty at the end. Only a [Cursor]
	// needs it; a [Keyset] may say with it behind which id the next page begins.
	Next string
	// Total is the number of rows by the server: for a [Keyset] of the rows that are
	// left, otherwise of the whole list. A negative number means that the server does
	// not say.
	Total int
	// Size is the largest number of rows on a page by the server. Zero means that the
	// server does not say; a short page then proves nothing.
	Size int
}

// Failed is a row that could not be read. The walk yields Err in its place.
type Failed struct {
	Index int    // in Rows
	ID    string // empty where that could not be read either
	Raw   []byte // what the server sent
	Err   error
}

// row is a row, or the error in its place.
type row[T any] struct {
	item    *T
	err     error
	id      string
	sum     uint64 // of what identifies it, 0 for nothing
	content uint64 // the same, or what it holds
	index   int    // on its page
}

// rowsOf returns the rows of a page. id may be nil.
func rowsOf[T any](h hasher, id func(*T) string, b Batch[T]) []row[T] {
	rows := make([]row[T], len(b.Rows))
	for i := range rows {
		rows[i] = row[T]{item: &b.Rows[i], index: i}
	}
	for _, f := range b.Failed {
		if f.Index >= 0 && f.Index < len(rows) {
			rows[f.Index] = row[T]{err: f.Err, id: f.ID, content: h.sum("\x00" + string(f.Raw)), index: f.Index}
		}
	}
	for i := range rows {
		rows[i].identify(h, id)
	}
	return rows
}

// identify notes what distinguishes the row from others.
func (r *row[T]) identify(h hasher, id func(*T) string) {
	if id == nil {
		if r.item != nil {
			r.content = h.sum(content(r.item))
		}
		return
	}
	if r.item != nil {
		r.id = id(r.item)
	}
	if r.id != "" {
		r.content = h.sum(r.id)
	}
	r.sum = r.content
}

func content[T any](item *T) string {
	text, err := json.Marshal(item)
	if err != nil {
		return fmt.Sprint(*item)
	}
	return string(text)
}

// lastID returns the id of the last row that has one, or else start.
func lastID[T any](rows []row[T], start string) string {
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].id != "" {
			return rows[i].id
		}
	}
	return start
}

// digest returns a number for what rows hold.
func digest[T any](h hasher, rows []row[T]) uint64 {
	var b []byte
	for i := range rows {
		b = binary.BigEndian.AppendUint64(b, rows[i].content)
	}
	return h.sum(string(b))
}
