package paging

import (
	"fmt"
	"strings"
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
	// Repeating: two pages running brought no new row, and the server promised
	// more of them.
	Repeating
	// EmptyPage: a page has no row, and the server promises another page.
	EmptyPage
	// ShortPage: a page has fewer rows than others, and the server promises
	// another page.
	ShortPage
	// CutList: the server ends the list before the rows that it counts.
	CutList
	// Disorder: the rows are not in the order of their ids, which was asked for.
	Disorder
	// OtherDays: the rows are of other days than those asked for.
	OtherDays
	// PositionChanged: the text is no position, or not a whole one.
	PositionChanged
	// PositionVersion: the position was made by another version of this package.
	PositionVersion
	// PositionElsewhere: the position is of another list.
	PositionElsewhere
	// PositionStale: the list cannot be read from the position's cursor. Err says
	// why; it may be that the server was not reached.
	PositionStale
	// InUse: another loop goes through the same walk.
	InUse
	// NoContext: the context is nil.
	NoContext
)

// Error reports a list that cannot be walked. Its text holds no cursor and no
// row.
type Error struct {
	Problem Problem
	// First and Last are the days concerned, both inclusive, for GrewToCap. They
	// are zero if the list was read without dates.
	First, Last time.Time
	// Days are the days concerned, for DayAtCap.
	Days []time.Time
	// Cap is the number of rows that the server lists at most, for DayAtCap
	// and GrewToCap.
	Cap int
	// Err is the error of Fetch, for PositionStale.
	Err error
}

// Unwrap returns the error of Fetch, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// Error says what is wrong with the list.
func (e *Error) Error() string {
	switch e.Problem {
	case CursorLoop:
		return "the list does not end: the server sent the same cursor twice"
	case NoProgress:
		return fmt.Sprintf("the list does not end: more than %d pages in a row without a new row", remembered)
	case DayAtCap:
		return fmt.Sprintf("the list cannot be read whole: %s %d rows, which is all the server lists", e.days(), e.Cap)
	case GrewToCap:
		return fmt.Sprintf("the list cannot be read whole: it grew to %d rows, which is all the server lists", e.Cap)
	case Repeating:
		return "the list does not end: the server promises more rows and sends the same ones"
	case EmptyPage:
		return "the list was cut: a page is empty, and the server promises more"
	case ShortPage:
		return "the list was cut: a page is too short, and the server promises more"
	case CutList:
		return "the list was cut: the server counts more rows than it sent"
	case Disorder:
		return "the list cannot be read whole: the server did not sort it by id"
	case OtherDays:
		return "the list cannot be read whole: the server sent rows of other days than it was asked for"
	case PositionChanged:
		return "must be what Position returned; it was cut or changed"
	case PositionVersion:
		return "was made by another version of the SDK; start again with an empty position"
	case PositionElsewhere:
		return "is a position in another list: of another store, version or request"
	case PositionStale:
		return "the server no longer accepts the position; start again with an empty one"
	case InUse:
		return "another loop goes through this walk"
	case NoContext:
		return "the context is nil; use context.Background()"
	}
	return fmt.Sprintf("the list cannot be read (problem %d)", int(e.Problem))
}

// maxNamed is how many days the text names.
const maxNamed = 5

// days names the days that are too long.
func (e *Error) days() string {
	var days []string
	for _, day := range e.Days {
		days = append(days, day.Format(time.DateOnly))
	}
	switch len(days) {
	case 0: // of Bisect
		return e.First.Format(time.DateOnly) + " alone has"
	case 1:
		return days[0] + " alone has"
	}
	if more := len(days) - maxNamed; more > 0 {
		return fmt.Sprintf("%s and %d more days each have", strings.Join(days[:maxNamed], ", "), more)
	}
	return strings.Join(days, ", ") + " each have"
}
