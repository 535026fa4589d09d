package paging

import (
	"fmt"
	"time"
)

// Problem is what is wrong with a list that cannot be walked.
type Problem int

// The problems of a list.
const (
	// CursorLoop: the server named a page with a cursor that it had used
	// before in the same walk, so the list would never end.
	CursorLoop Problem = iota + 1
	// NoProgress: page after page, the server promised more rows and sent
	// none that had not come before.
	NoProgress
	// DayAtCap: one day holds as many rows as the server lists at all, so
	// some of them may be out of reach.
	DayAtCap
	// GrewToCap: a run of days came to hold as many rows as the server lists
	// at all while it was being read, so some of them may be out of reach. A
	// new walk cuts the days shorter.
	GrewToCap
)

// Error reports a list that cannot be walked. Its text holds no cursor and no
// row.
type Error struct {
	Problem Problem
	// First and Last are the days concerned, both included, for DayAtCap and
	// GrewToCap. They are zero for GrewToCap if the list was read without
	// dates.
	First, Last time.Time
	// Cap is the number of rows that the server lists at most, for DayAtCap
	// and GrewToCap.
	Cap int
}

// Error says what is wrong with the list.
func (e *Error) Error() string {
	switch e.Problem {
	case CursorLoop:
		return "the list does not end: the server sent the same cursor twice"
	case NoProgress:
		return fmt.Sprintf("the list does not end: more than %d pages in a row without a new row", remembered)
	case DayAtCap:
		return fmt.Sprintf("the list cannot be read whole: %s alone has %d rows, which is all the server lists",
			e.First.Format(time.DateOnly), e.Cap)
	case GrewToCap:
		return fmt.Sprintf("the list cannot be read whole: it grew to %d rows, which is all the server lists", e.Cap)
	}
	return fmt.Sprintf("the list cannot be read (problem %d)", int(e.Problem))
}
