package paging

// The pages in a row that may bring no new row.
const (
	maxIdle    = 1  // with nothing to explain it
	maxExcused = 64 // because rows were added or deleted meanwhile
)

// progress ends a list that does not go on.
type progress struct {
	idle, excused int
	laps
}

// note takes a page of so many rows, of which so many are new. lap is the page's, 0 for
// none. excuse says that changes in the list explain it when no row is new.
func (p *progress) note(lap uint64, rows, fresh int, excuse bool) *Error {
	switch {
	case fresh > 0 && fresh == rows && lap != 0 && p.goesRound(lap):
		return &Error{Problem: Repeating}
	case fresh > 0:
		p.idle, p.excused = 0, 0
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

// maxLaps is how often a page may come again, row for row, after all that is remembered
// of it was forgotten. Rows that all move to the end together may do that once.
const maxLaps = 2

// laps counts how often a list begins again. It knows one of the pages, a later one
// each time twice as many were read, so that a list of any length that goes round comes
// to it again.
type laps struct {
	read  int // pages
	known uint64
	at    int // the number of the page that is known
	times int // it, or one known earlier, came again
}

func (l *laps) goesRound(page uint64) bool {
	if page == l.known {
		l.times++
	}
	if l.read++; l.read >= 2*l.at {
		l.known, l.at = page, l.read
	}
	return l.times > maxLaps
}

// lapOf returns a number for the rows of a page in their order, 0 if they have no ids.
func lapOf[T any](rows []row[T]) (lap uint64) {
	const prime = 1099511628211 // of FNV
	for i := range rows {
		if rows[i].sum == 0 {
			return 0
		}
		lap = (lap ^ rows[i].sum) * prime
	}
	return lap
}
