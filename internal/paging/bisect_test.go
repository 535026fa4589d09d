package paging_test

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// query asks a calendar for a page of the rows of some days, or of all rows if
// the days are zero.
type query struct {
	page        int
	first, last time.Time
}

func (q query) String() string {
	page := " p" + strconv.Itoa(q.page)
	if q.first.IsZero() {
		return "all" + page
	}
	return q.first.Format("0102") + "-" + q.last.Format("0102") + page
}

// calendar is a list, newest first, of which the server lists cap rows at most.
type calendar struct {
	days      map[int]time.Time // by row
	rows      []int             // newest first
	size, cap int
	before    func()
	requests  []string
	deaf      bool // to dates
}

func newCalendar(size, limit int) *calendar {
	return &calendar{days: make(map[int]time.Time), size: size, cap: limit, before: func() {}}
}

// add creates n rows on a day, which must not be before those of earlier rows.
func (c *calendar) add(day time.Time, n int) {
	for range n {
		row := len(c.days) + 1
		c.days[row] = day
		c.rows = slices.Insert(c.rows, 0, row)
	}
}

func (c *calendar) fetch(_ context.Context, q query) (paging.Page[int, query], error) {
	c.requests = append(c.requests, q.String())
	c.before()
	listed := c.rows
	if !q.first.IsZero() && !c.deaf {
		listed = slices.DeleteFunc(slices.Clone(listed), func(row int) bool {
			return c.days[row].Before(q.first) || c.days[row].After(q.last)
		})
	}
	listed = listed[:min(len(listed), c.cap)]
	start, end := min((q.page-1)*c.size, len(listed)), min(q.page*c.size, len(listed))
	next := q
	next.page++
	return paging.Page[int, query]{
		Items: slices.Clone(listed[start:end]),
		Next:  next,
		More:  end < len(listed),
		Total: len(listed),
	}, nil
}

func (c *calendar) all(ctx context.Context, first, last time.Time) iter.Seq2[int, error] {
	return paging.Bisect(ctx, query{page: 1}, paging.Capped[int, query]{
		Walk: paging.Walk[int, query]{
			Fetch: c.fetch,
			ID:    strconv.Itoa,
			Previous: func(q query) (query, bool) {
				q.page--
				return q, q.page > 0
			},
		},
		Cap:    c.cap,
		First:  first,
		Last:   last,
		Within: func(first, last time.Time) query { return query{1, first, last} },
	})
}

func TestBisectListsAShortListWithoutDates(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 6)
	c.add(may(1), 5)

	got, err := collect(t, c.all(t.Context(), may(1), may(8)))

	require.NoError(t, err)
	assert.Equal(t, []int{5, 4, 3, 2, 1}, got)
	assert.Equal(t, []string{"all p1", "all p2", "all p3"}, c.requests)
}

func TestBisectHalvesTheDaysUntilEachPartFits(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 6)
	c.add(may(1), 3)
	c.add(may(3), 4)
	c.add(may(6), 1)
	c.add(may(7), 5)

	// The times of day and their zone do not matter.
	first, last := may(1).Add(7*time.Hour), time.Date(2026, time.May, 8, 23, 0, 0, 0, time.FixedZone("", -9*60*60))
	got, err := collect(t, c.all(t.Context(), first, last))

	require.NoError(t, err)
	assert.Equal(t, []int{13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, got)
	assert.Equal(t, []string{
		"all p1",       // too long
		"0505-0508 p1", // too long
		"0507-0508 p1", "0507-0508 p2", "0507-0508 p3",
		"0505-0506 p1",
		"0501-0504 p1", // too long
		"0503-0504 p1", "0503-0504 p2",
		"0501-0502 p1", "0501-0502 p2",
	}, c.requests)
}

func TestBisectPassesOverEmptyDays(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 4)
	c.add(may(1), 3)
	c.add(may(2), 3)
	last := may(1).AddDate(26, 0, 0)

	got, err := collect(t, c.all(t.Context(), may(1), last))

	require.NoError(t, err)
	assert.Equal(t, []int{6, 5, 4, 3, 2, 1}, got)
	assert.Less(t, len(c.requests), 32)
}

func TestBisectReportsADayAtTheCap(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first, last time.Time
		deaf        bool
		want        []int
		day         time.Time
	}{
		"in the middle":         {may(1), may(8), false, []int{8, 7}, may(4)},
		"the only day":          {may(4), may(4), false, nil, may(4)},
		"server ignores dates":  {may(1), may(8), true, nil, may(8)},
		"last day before first": {may(4), may(3), false, nil, may(4)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(2, 4)
			c.add(may(1), 2)
			c.add(may(4), 4)
			c.add(may(6), 2)
			c.deaf = tt.deaf

			got, err := collect(t, c.all(t.Context(), tt.first, tt.last))

			e, ok := errors.AsType[*paging.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, paging.DayAtCap, e.Problem)
			assert.Equal(t, tt.day, e.First)
			assert.Equal(t, 4, e.Cap)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestBisectReportsAPartThatGrowsToTheCap(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 6)
	c.add(may(8), 5)
	c.before = func() {
		if len(c.requests) == 2 {
			c.add(may(8), 1)
		}
	}
	got, err := collect(t, c.all(t.Context(), may(1), may(8)))
	require.Equal(t, &paging.Error{Problem: paging.GrewToCap, Cap: 6}, err)
	assert.Equal(t, []int{5, 4}, got)
}

func TestBisectDoesNotHalveAPartThatIsReadAgain(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 6)
	c.add(may(8), 5)
	c.before = func() {
		switch len(c.requests) {
		case 2:
			c.rows = c.rows[1:]
		case 3: // the first page again
			c.add(may(8), 2)
		}
	}
	got, err := collect(t, c.all(t.Context(), may(1), may(8)))
	require.Equal(t, &paging.Error{Problem: paging.GrewToCap, Cap: 6}, err)
	assert.Equal(t, []int{5, 4}, got)
	assert.Equal(t, []string{"all p1", "all p2", "all p1"}, c.requests)
}

func TestBisectIsOnePageAheadAcrossParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCalendar(10, 4)
		c.add(may(1), 3)
		c.add(may(2), 3)
		c.before = func() { time.Sleep(25 * time.Millisecond) }
		start := time.Now()
		for _, err := range c.all(t.Context(), may(1), may(2)) {
			require.NoError(t, err)
			time.Sleep(10 * time.Millisecond)
		}
		// Two requests to the first row, 30 ms of work for either page, and
		// the second page was fetched during the work on the first.
		assert.Equal(t, (2*25+2*30)*time.Millisecond, time.Since(start))
	})
}

func TestBisectWalksCursorsOfEveryPart(t *testing.T) {
	t.Parallel()
	c := newCalendar(2, 6)
	c.add(may(1), 5)
	c.add(may(2), 5)
	rows := paging.Bisect(t.Context(), query{page: 1}, paging.Capped[int, query]{
		Walk:   paging.Walk[int, query]{Fetch: c.fetch, Cursor: func(q query) string { return strconv.Itoa(q.page) }},
		Cap:    c.cap,
		First:  may(1),
		Last:   may(2),
		Within: func(first, last time.Time) query { return query{1, first, last} },
	})
	got, err := collect(t, rows)
	require.NoError(t, err)
	assert.Equal(t, []int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, got)
}

func TestBisectListsStableRowsExactlyOnceWhileTheListChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 0))
		c := newCalendar(5+random.IntN(5), 60)
		var stable []int
		last := may(1)
		for range random.IntN(100) {
			last = last.AddDate(0, 0, random.IntN(20))
			c.add(last, random.IntN(10))
		}
		for _, row := range c.rows {
			if row%2 == 0 {
				stable = append(stable, row)
			}
		}
		c.before = func() {
			if random.IntN(8) == 0 && len(c.rows) < 1000 {
				c.add(last, random.IntN(2))
			}
			for range random.IntN(3) {
				if len(c.rows) == 0 {
					return
				}
				if i := random.IntN(len(c.rows)); c.rows[i]%2 != 0 {
					c.rows = slices.Delete(c.rows, i, i+1)
				}
			}
		}

		var got []int
		var err error
		for range 3 {
			got, err = collect(t, c.all(t.Context(), may(1), last))
			if e, ok := errors.AsType[*paging.Error](err); !ok || e.Problem != paging.GrewToCap {
				break // otherwise the next walk cuts the days shorter
			}
		}

		require.NoError(t, err, "seed %d", seed)
		requireStableOnce(t, stable, got, "seed "+strconv.FormatUint(seed, 10))
	}
}
