package paging

// The pages in a row that may bring no new row.
const (
	maxIdle    = 1  // with nothing to explain it
	maxExcused = 64 // because rows were added or deleted meanwhile
)

// progress ends a list that does not go on.
type progress struct{ idle, excused int }

// note takes a page of so many rows, of which so many are new. excuse says that
// changes in the list explain it when none is.
func (p *progress) note(rows, fresh int, excuse bool) *Error {
	switch {
	case fresh > 0:
		*p = progress{}
	case rows == 0:
	case excuse:
		p.excused++
	default:
		p.idle++
	}
	if p.idle > maxIdle || p.excused > maxExcused {
		return &Error{Problem: Repeating}
	}
	return nil
}
