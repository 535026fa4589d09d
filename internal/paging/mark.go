package paging

import "time"

// way is a way of paging. Its values are part of positions.
type way byte

const (
	byID way = 1 + iota
	byOffset
	byCursor
	byNumber
	byNumberOnly
	byDays
)

// anchored reports whether positions hold the rows that came last.
func (w way) anchored() bool { return w == byCursor || w == byNumber || w == byDays }

// mark is a place after a row. Which of its members count depends on the way in which
// the list is paged.
type mark struct {
	way    way
	key    string      // the last id, or the cursor of the page to read
	number int         // of the page, or the offset of the next row
	size   int         // of that page
	total  int         // of the list then, less than zero where that is unknown
	count  int         // of the rows that came: of the list for byID, else of the page
	digest uint64      // of those, for byNumberOnly
	time   time.Time   // when the last row was created, or zero
	full   []time.Time // days with more rows than the server lists
	last   []uint64    // anchors of the rows that came last, the last one last
}
