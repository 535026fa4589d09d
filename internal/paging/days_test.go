package paging_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func may(day int) time.Time { return time.Date(2026, time.May, day, 0, 0, 0, 0, time.UTC) }

// diary is a list, newest first, of which the server lists no more than limit rows.
type diary struct {
	rows        []item // newest first
	size, limit int
	deaf        bool // to dates
	undated     bool // rows do not say when they were created
	before      func()
	asked       []string
}

// write creates n rows on a day, which must not be before that of earlier rows.
func (d *diary) write(day time.Time, n int) {
	for range n {
		d.rows = slices.Insert(d.rows, 0, item{len(d.rows) + 1, day})
	}
}

func (d *diary) fetch(_ context.Context, page int, first, last time.Time) (paging.Batch[item], error) {
	name := fmt.Sprint("all p", page)
	if !last.IsZero() {
		name = fmt.Sprint(first.Format("0102"), "-", last.Format("0102"), " p", page)
	}
	d.asked = append(d.asked, name)
	if d.before != nil {
		d.before()
	}
	rows := slices.Clone(d.rows)
	if !last.IsZero() && !d.deaf {
		rows = slices.DeleteFunc(rows, func(i item) bool {
			day := i.At.Format(time.DateOnly)
			return day < first.Format(time.DateOnly) || day > last.Format(time.DateOnly)
		})
	}
	rows = rows[:min(len(rows), d.limit)]
	from, to := min((page-1)*d.size, len(rows)), min(page*d.size, len(rows))
	return paging.Batch[item]{Rows: rows[from:to], More: to < len(rows), Total: len(rows), Size: d.size}, nil
}

func (d *diary) list(first, last time.Time) paging.List[item] {
	return paging.Days[item]{
		Fetch: d.fetch, ID: itemID, Cap: d.limit, Size: d.size, First: first, Last: last,
		Day: func(i *item) time.Time {
			if d.undated {
				return time.Time{}
			}
			return i.At
		},
	}
}

func down(from, to int) (ids []int) {
	for id := from; id >= to; id-- {
		ids = append(ids, id)
	}
	return ids
}

// rest returns the ids of all rows that come, and the error at the end.
func rest(t *testing.T, w *paging.Walker[item]) (ids []int, last error) {
	t.Helper()
	for row, err := range w.All(t.Context()) {
		require.NoError(t, last, "something comes after the error")
		if last = err; err == nil {
			ids = append(ids, row.ID)
		}
	}
	return ids, last
}

func TestDaysListAShortListWithoutDates(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 6}
	d.write(may(1), 5)
	w := newWalker(d.list(may(1), may(8)), "")
	assert.Equal(t, down(5, 1), come(t, w, -1))
	assert.Equal(t, []string{"all p1", "all p2", "all p3"}, d.asked)
	assert.Equal(t, 5, w.Total())
}

func TestDaysAreHalvedUntilEachPartFits(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 6}
	d.write(may(1), 3)
	d.write(may(3), 4)
	d.write(may(6), 1)
	d.write(may(7), 5)

	// The times of day and their zone do not matter.
	first, last := may(1).Add(7*time.Hour), time.Date(2026, time.May, 8, 23, 0, 0, 0, time.FixedZone("", -9*60*60))
	w := newWalker(d.list(first, last), "")
	ids := come(t, w, -1)

	assert.Equal(t, down(13, 1), ids)
	assert.Equal(t, []string{
		"all p1",       // too long
		"0505-0508 p1", // too long
		"0507-0508 p1", "0507-0508 p2", "0507-0508 p3",
		"0505-0506 p1",
		"0501-0504 p1", // too long
		"0503-0504 p1", "0503-0504 p2",
		"0501-0502 p1", "0501-0502 p2",
	}, d.asked)
	assert.Equal(t, -1, w.Total(), "the server counts no further than it lists")
}

// A list may fit by its number of rows and still end on a page that the server does
// not serve: with pages of 4 it lists 8 of 10 rows.
func TestDaysAskForNoPageBeyondTheCap(t *testing.T) {
	t.Parallel()
	d := &diary{size: 4, limit: 10}
	d.write(may(1), 5)
	d.write(may(2), 4)
	assert.Equal(t, down(9, 1), come(t, newWalker(d.list(may(1), may(2)), ""), -1))
	assert.Equal(t, []string{"all p1", "0502-0502 p1", "0501-0501 p1", "0501-0501 p2"}, d.asked)
}

// A day that is too long does not hide the older ones, and its name comes at the end,
// also when the walk was left between.
func TestDaysGoOnBehindADayAtTheCap(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 5}
	d.write(may(1), 3)
	d.write(may(4), 9)
	d.write(may(5), 6)
	d.write(may(7), 2)
	want := slices.Concat(down(20, 15), down(12, 9), down(3, 1)) // four rows of a day are to be had
	list := func() paging.List[item] { return d.list(may(1), may(8)) }

	w := newWalker(list(), "")
	ids, err := rest(t, w)

	assert.Equal(t, want, ids)
	requireProblem(t, paging.DayAtCap, err)
	assert.EqualError(t, err, "the list cannot be read whole: 2026-05-05, 2026-05-04 each have 5 rows, which is all the server lists")

	ids, err = rest(t, w)
	assert.Empty(t, ids, "all came")
	requireProblem(t, paging.DayAtCap, err)

	for n := range want {
		w := newWalker(list(), "")
		before := come(t, w, n)
		behind, err := rest(t, newWalker(list(), w.Position()))
		require.EqualError(t, err, "the list cannot be read whole: 2026-05-05, 2026-05-04 each have 5 rows, which is all the server lists", "%d", n)
		assert.Equal(t, want, append(before, behind...), n)
	}
}

func TestManyDaysAtTheCap(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 2}
	first, last := may(1), may(1).AddDate(0, 0, 39)
	for day := range 40 {
		d.write(first.AddDate(0, 0, day), 2)
	}
	const named = "the list cannot be read whole: 2026-06-09, 2026-06-08, 2026-06-07, 2026-06-06, 2026-06-05 and "
	w := newWalker(d.list(first, last), "")
	ids, err := rest(t, w)
	assert.Equal(t, down(80, 1), ids)
	assert.EqualError(t, err, named+"35 more days each have 2 rows, which is all the server lists")
	assert.LessOrEqual(t, len(w.Position()), 1024)
	_, err = rest(t, newWalker(d.list(first, last), w.Position()))
	assert.EqualError(t, err, named+"12 more days each have 2 rows, which is all the server lists", "a position holds 16 days, and the last one comes again")
}

// A server that does not heed dates would list the same rows for each day.
func TestDaysThatTheServerDoesNotHeed(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 4, deaf: true}
	d.write(may(4), 6)
	ids, err := rest(t, newWalker(d.list(may(1), may(8)), ""))
	requireProblem(t, paging.OtherDays, err)
	assert.Empty(t, ids)

	d.undated = true
	ids, err = rest(t, newWalker(d.list(may(1), may(8)), ""))
	requireProblem(t, paging.DayAtCap, err)
	assert.Empty(t, ids)
	assert.LessOrEqual(t, len(d.asked), 10)
}

func TestDaysOfAPartThatGrowsToTheCap(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 6}
	d.write(may(7), 2)
	d.write(may(8), 3)
	d.before = func() {
		if len(d.asked) == 2 {
			d.write(may(8), 1)
		}
	}
	w := newWalker(d.list(may(1), may(8)), "")
	ids, err := rest(t, w)
	requireProblem(t, paging.GrewToCap, err)
	assert.Equal(t, []int{5, 4}, ids)

	ids, err = rest(t, w)
	require.NoError(t, err, "the next loop cuts the days shorter")
	assert.Equal(t, []int{3, 2, 1}, ids)
}

// Of a resume the server is asked for the days up to that of the last row, so many
// rows may have been added since.
// A list that is short enough to be read without dates is resumed by date as well, from
// its first rows on.
func TestDaysOfAShortListResumeByDate(t *testing.T) {
	t.Parallel()
	for came, until := range map[int]string{1: "0507", 4: "0507", 5: "0506", 13: "0504", 27: "0501"} {
		d := &diary{size: 3, limit: 1000}
		for day := 1; day < 8; day++ {
			d.write(may(day), 4)
		}
		w := newWalker(d.list(may(1), may(8)), "")
		require.Len(t, come(t, w, came), came)
		d.write(may(8), 40)
		d.asked = nil

		ids := come(t, newWalker(d.list(may(1), may(8)), w.Position()), -1)

		assert.Equal(t, down(28-came, 1), ids, "no row comes again")
		assert.Equal(t, "0501-"+until+" p1", d.asked[0], came)
	}
}

func TestDaysResumeByDate(t *testing.T) {
	t.Parallel()
	for _, undated := range []bool{false, true} {
		d := &diary{size: 3, limit: 30, undated: undated}
		for day := 1; day < 8; day++ {
			d.write(may(day), 10)
		}
		w := newWalker(d.list(may(1), may(8)), "")
		require.Equal(t, down(70, 38), come(t, w, 33))
		d.write(may(8), 25)
		d.asked = nil

		ids := come(t, newWalker(d.list(may(1), may(8)), w.Position()), -1)

		assert.Equal(t, down(37, 1), ids, "no row comes again")
		asked := []string{"0501-0504 p1"} // too long
		for page := range 7 {
			asked = append(asked, fmt.Sprint("0503-0504 p", page+1))
		}
		for page := range 7 {
			asked = append(asked, fmt.Sprint("0501-0502 p", page+1))
		}
		assert.Equal(t, asked, d.asked)

		w = newWalker(d.list(may(1), may(8)), "")
		require.Len(t, come(t, w, 70), 70) // 25 of the eighth, and the first five of the third
		d.asked = nil
		assert.Equal(t, down(25, 1), come(t, newWalker(d.list(may(1), may(8)), w.Position()), -1))
		until := map[bool]string{false: "0501-0503 p1", true: "0501-0504 p1"}[undated]
		assert.Equal(t, until, d.asked[0], "the day of the row, or else the last that was asked for")
	}
}

func TestDaysOfNothing(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 6}
	w := newWalker(d.list(may(1), may(8)), "")
	assert.Empty(t, come(t, w, -1))
	assert.Equal(t, []string{"all p1"}, d.asked)
	assert.Equal(t, -1, w.Total())
}

// Within a day the rows may come in any order.
func TestDaysResumeInAnyOrderOfADay(t *testing.T) {
	t.Parallel()
	d := &diary{size: 3, limit: 30}
	for day := 1; day < 8; day++ {
		for hour := range 10 {
			d.write(may(day).Add(time.Duration(7*hour%10)*time.Hour), 1)
		}
	}
	w := newWalker(d.list(may(1), may(8)), "")
	require.Equal(t, down(70, 38), come(t, w, 33))
	d.write(may(8), 25)
	d.asked = nil
	assert.Equal(t, down(37, 1), come(t, newWalker(d.list(may(1), may(8)), w.Position()), -1))
	assert.Equal(t, "0501-0504 p1", d.asked[0])
}

// Zones may differ by a day.
func TestDaysThatAreOneDayOff(t *testing.T) {
	t.Parallel()
	for off, wrong := range map[int]bool{-2: true, -1: false, 0: false, 1: false, 2: true} {
		d := &diary{size: 3, limit: 4}
		d.write(may(1), 3)
		d.write(may(2), 3)
		list := d.list(may(1), may(2)).(paging.Days[item])
		list.Day = func(i *item) time.Time { return i.At.AddDate(0, 0, off) }
		_, err := rest(t, newWalker(list, ""))
		if !wrong {
			require.NoError(t, err)
			continue
		}
		requireProblem(t, paging.OtherDays, err)
	}
}

// The clock of the server may be ahead.
func TestDaysBehindTheLastOne(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 6}
	d.write(may(1), 5)
	d.write(may(9), 5)
	assert.Equal(t, down(10, 1), come(t, newWalker(d.list(may(1), may(2)), ""), -1))
}

// A day is a day in the store's zone, also when a position was kept meanwhile.
func TestDaysResumeInTheZoneOfTheStore(t *testing.T) {
	t.Parallel()
	for _, hours := range []int{-11, 3, 13} {
		zone := time.FixedZone("", hours*60*60)
		d := &diary{size: 3, limit: 10}
		for hour := range 8 * 24 {
			if hour%8 == 1 {
				d.write(time.Date(2026, time.May, 1, hour, 0, 0, 0, zone), 1)
			}
		}
		for n := range 24 {
			w := newWalker(d.list(may(1), may(8)), "")
			ids := come(t, w, n)
			ids = append(ids, come(t, newWalker(d.list(may(1), may(8)), w.Position()), -1)...)
			assert.Equal(t, down(24, 1), ids, "%d hours, %d rows", hours, n)
		}
	}
}

func TestDaysAcrossEmptyOnes(t *testing.T) {
	t.Parallel()
	d := &diary{size: 2, limit: 4}
	d.write(may(1), 3)
	d.write(may(2), 3)
	assert.Equal(t, down(6, 1), come(t, newWalker(d.list(may(1), may(1).AddDate(26, 0, 0)), ""), -1))
	assert.Less(t, len(d.asked), 32)
	assert.Empty(t, come(t, newWalker((&diary{size: 2, limit: 4}).list(may(1), may(8)), ""), -1))
	d = &diary{size: 2, limit: 2}
	d.write(may(1), 2)
	ids, err := rest(t, newWalker(d.list(may(1), may(0)), ""))
	requireProblem(t, paging.DayAtCap, err)
	assert.Equal(t, []int{2, 1}, ids, "Last may be before First")
}

func TestFallbackIsDecidedByTheFirstAnswer(t *testing.T) {
	t.Parallel()
	s := newShop(20, 3, func() time.Duration { return time.Second })
	asked := 0
	refusedAt := 1
	newer := s.keyset().(paging.Keyset[item])
	fetch := newer.Fetch
	newer.Fetch = func(ctx context.Context, after string) (paging.Batch[item], error) {
		if asked++; asked >= refusedAt {
			return paging.Batch[item]{}, errLost
		}
		return fetch(ctx, after)
	}
	list := paging.Fallback[item]{
		List: newer, Else: s.offset(), Refused: func(err error) bool { return err == errLost }, //nolint:errorlint // it is
	}
	all := down(20, 1)
	slices.Reverse(all)

	w := newWalker(list, "")
	ids := come(t, w, 7)
	require.Equal(t, all[:7], ids)
	assert.Equal(t, 1, asked)
	assert.Equal(t, all[7:], come(t, newWalker(list, w.Position()), -1))
	assert.Equal(t, 1, asked, "the position says how to go on")

	asked, refusedAt = 0, 3
	w = newWalker(list, "")
	ids, err := rest(t, w)
	require.Equal(t, errLost, err, "later an error does not change the way")
	assert.Equal(t, all[:6], ids)
	refusedAt = 100
	assert.Equal(t, all[6:], come(t, newWalker(list, w.Position()), -1))
	assert.Equal(t, paging.PositionElsewhere, refusal(t, s.cursor(), "list", w.Position()))
}
