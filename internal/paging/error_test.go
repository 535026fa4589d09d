package paging_test

import (
	"testing"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
)

func TestErrorSaysWhatIsWrongWithTheList(t *testing.T) {
	t.Parallel()
	tests := map[string]paging.Error{
		"the list does not end: the server sent the same cursor twice":                    {Problem: paging.CursorLoop},
		"the list does not end: more than 8 pages in a row without a new row":             {Problem: paging.NoProgress},
		"the list cannot be read whole: it grew to 9 rows, which is all the server lists": {Problem: paging.GrewToCap, Cap: 9},
		"the list cannot be read whole: 2026-05-04 alone has 9 rows, which is all the server lists": {
			Problem: paging.DayAtCap, First: may(4), Last: may(4), Cap: 9,
		},
		"the list cannot be read whole: 2026-05-05, 2026-05-04, 2026-05-03, 2026-05-02, 2026-05-01 each have 9 rows, which is all the server lists": {
			Problem: paging.DayAtCap, Days: []time.Time{may(5), may(4), may(3), may(2), may(1)}, Cap: 9,
		},
		"the list cannot be read (problem 0)": {},
	}
	for want, err := range tests {
		assert.EqualError(t, &err, want)
	}
}
