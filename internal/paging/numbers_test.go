package paging_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traced is a shop that notes the pages it is asked for.
type traced struct {
	*shop

	pages  []string
	change map[int]func() // before a request, counted from 1
}

func trace(rows, size int) *traced {
	s := &traced{shop: newShop(rows, size, func() time.Duration { return time.Second + time.Nanosecond })}
	s.before = func() {
		if change := s.change[len(s.pages)]; change != nil {
			change()
		}
	}
	return s
}

func (s *traced) list(total bool) paging.Numbers[item] {
	fetch := s.numbered(s.falling, total)
	return paging.Numbers[item]{ID: itemID, Fetch: func(ctx context.Context, page int) (paging.Batch[item], error) {
		s.pages = append(s.pages, fmt.Sprint(page))
		return fetch(ctx, page)
	}}
}

func (s *traced) delete(ids ...int) {
	s.remove(func(i item) bool { return slices.Contains(ids, i.ID) })
}

// come returns the ids of the next n rows of a walk, or of all if n is negative.
func come(t *testing.T, w *paging.Walker[item], n int) (ids []int) {
	t.Helper()
	for row, err := range w.All(t.Context()) {
		require.NoError(t, err)
		if len(ids) == n {
			break
		}
		ids = append(ids, row.ID)
	}
	return ids
}

// A page of three is drawn from a list that changes before certain requests.
func TestNumbersReadAgainWhenTheTotalFalls(t *testing.T) {
	t.Parallel()
	all := []int{9, 8, 7, 6, 5, 4, 3, 2, 1}
	tests := map[string]struct {
		change func(s *traced) map[int]func()
		asked  []string
		want   []int
	}{
		"quiet list": {func(*traced) map[int]func() { return nil }, []string{"1", "2", "3"}, all},
		"row added": {
			func(s *traced) map[int]func() { return map[int]func(){2: s.insert} },
			[]string{"1", "2", "3", "4"},
			all,
		},
		"row that came is deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(9) }} },
			[]string{"1", "2", "1", "2", "3"},
			all,
		},
		"more than a page of them is deleted": {
			func(s *traced) map[int]func() { return map[int]func(){3: func() { s.delete(9, 8, 7, 6) }} },
			[]string{"1", "2", "3", "2", "1", "2"},
			all,
		},
		"all that came are deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(9, 8, 7) }} },
			[]string{"1", "2", "1", "2"},
			all,
		},
		"all that came and more are deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(9, 8, 7, 6, 5, 4) }} },
			[]string{"1", "2", "1"},
			[]int{9, 8, 7, 3, 2, 1},
		},
		"last page vanishes": {
			func(s *traced) map[int]func() { return map[int]func(){3: func() { s.delete(8, 7, 6) }} },
			[]string{"1", "2", "3", "2"},
			all,
		},
		"later rows are deleted, and the page shows one that came": {
			func(s *traced) map[int]func() {
				return map[int]func(){
					2: func() { s.insert(); s.insert() },
					3: func() { s.insert(); s.delete(1, 2) },
				}
			},
			[]string{"1", "2", "3", "4"},
			[]int{9, 8, 7, 6, 5, 4, 3},
		},
		"one deleted, then one added": {
			func(s *traced) map[int]func() {
				return map[int]func(){2: func() { s.delete(9) }, 3: s.insert}
			},
			[]string{"1", "2", "1", "2", "3"},
			[]int{9, 8, 7, 10, 6, 5, 4, 3, 2, 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trace(9, 3)
			s.change = tt.change(s)

			ids := come(t, newWalker(s.list(true), ""), -1)

			assert.Equal(t, tt.want, ids)
			assert.Equal(t, tt.asked, s.pages)
		})
	}
}

// A row that could not be read has no time, and its page may have any size.
func TestNumbersGoOnBehindOddPages(t *testing.T) {
	t.Parallel()
	const size = 12
	at := func(i int) time.Time { return time.Date(2026, time.May, 4, 0, 0, -i, 0, time.UTC) }
	list := paging.Numbers[int]{
		ID: idOf, Created: func(i *int) time.Time { return at(*i) },
		Fetch: func(_ context.Context, page int) (paging.Batch[int], error) {
			b := paging.Batch[int]{More: page < 2, Total: 2 * size, Size: size}
			for i := range size {
				b.Rows = append(b.Rows, (page-1)*size+i+1)
			}
			return b, nil
		},
	}
	w := newWalker(list, "")
	all, err := got(t, w.All(t.Context()))
	require.NoError(t, err)
	require.Len(t, all, 2*size)

	fetch, until := list.Fetch, time.Time{}
	list.Fetch = func(ctx context.Context, page int) (paging.Batch[int], error) {
		b, err := fetch(ctx, page)
		b.Failed = []paging.Failed{{Index: size - 1, Raw: []byte(fmt.Sprint(page)), Err: errLost}}
		b.Size, b.Total, b.More = math.MaxInt, 2, false
		return b, err
	}
	list.Until = func(ctx context.Context, page int, t time.Time) (paging.Batch[int], error) {
		until = t
		return list.Fetch(ctx, page+1)
	}
	w = newWalker(list, w.Position())
	var errs []error
	for row, err := range w.All(t.Context()) {
		assert.Nil(t, row)
		errs = append(errs, err)
	}
	assert.Equal(t, []error{errLost}, errs, "row 24 could be read before")
	assert.Equal(t, at(13), until, "of the youngest row of the last page")
	require.NotEmpty(t, w.Position())
}

// Without ids a page that was read could not be told from one that was not.
func TestNumbersWithoutIDsReadNothingAgain(t *testing.T) {
	t.Parallel()
	s := trace(9, 3)
	s.change = map[int]func(){2: func() { s.delete(9) }}
	list := s.list(true)
	list.ID = nil
	assert.Equal(t, []int{9, 8, 7, 5, 4, 3, 2, 1}, come(t, newWalker(list, ""), -1))
	assert.Equal(t, []string{"1", "2", "3"}, s.pages)
}

// The rows are in order up to the place where a walk is resumed by time, and not
// behind it: then pages are counted from that time on.
func TestNumbersByTimesThatStopFalling(t *testing.T) {
	t.Parallel()
	s := trace(60, 5)
	list := s.list(false)
	list.Created = func(i *item) time.Time {
		if i.ID == 32 {
			return i.At.Add(time.Hour)
		}
		return i.At
	}
	list.Until = func(ctx context.Context, page int, until time.Time) (paging.Batch[item], error) {
		s.pages = append(s.pages, fmt.Sprint(page, " until"))
		return s.numbered(func() []item {
			return slices.DeleteFunc(s.falling(), func(i item) bool { return i.At.After(until) })
		}, false)(ctx, page)
	}
	w := newWalker(list, "")
	ids := come(t, w, 20)
	w = newWalker(list, w.Position())
	ids = append(ids, come(t, w, 15)...)
	for range 100 {
		s.insert()
	}
	s.pages = nil
	ids = append(ids, come(t, newWalker(list, w.Position()), -1)...)
	assert.Equal(t, down(60, 1), ids)
	assert.Equal(t, []string{"4 until", "5 until"}, s.pages[:2])
}

// A row that cannot be read says nothing of the order, and those behind it do.
func TestNumbersLookPastRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad    int // the row of each page that cannot be read
		rising bool
		asked  string
	}{
		"the last one":        {11, false, "1 until"},
		"one before the rise": {0, true, "2"},
	} {
		at := func(i *int) time.Time {
			if c.rising && *i%12 == 5 {
				return time.Date(2026, time.May, 5, 0, 0, 0, 0, time.UTC)
			}
			return time.Date(2026, time.May, 4, 0, 0, -*i, 0, time.UTC)
		}
		var asked []string
		page := func(number int, name string) (paging.Batch[int], error) {
			asked = append(asked, name)
			b := paging.Batch[int]{More: number < 3, Total: 36, Size: 12, Failed: []paging.Failed{{Index: c.bad, Raw: []byte(name), Err: errLost}}}
			for i := range 12 {
				b.Rows = append(b.Rows, (number-1)*12+i+1)
			}
			return b, nil
		}
		list := paging.Numbers[int]{
			ID: idOf, Created: at,
			Fetch: func(_ context.Context, number int) (paging.Batch[int], error) {
				return page(number, fmt.Sprint(number))
			},
			Until: func(_ context.Context, number int, _ time.Time) (paging.Batch[int], error) {
				return page(number, fmt.Sprint(number, " until"))
			},
		}
		w := newWalker(list, "")
		n := 0
		for range w.All(t.Context()) {
			if n++; n == 25 { // all of two pages
				break
			}
		}
		asked = nil
		for range newWalker(list, w.Position()).All(t.Context()) {
			break
		}
		assert.Equal(t, c.asked, asked[0], name)
	}
}

func TestNumbersGoOnWhileRowsAreAddedAsFastAsTheyRead(t *testing.T) {
	t.Parallel()
	s := trace(6, 3)
	s.before = func() {
		if n := len(s.pages); n > 1 && n < 20 {
			s.insert()
			s.insert()
			s.insert()
		}
	}
	assert.Equal(t, []int{6, 5, 4, 3, 2, 1}, come(t, newWalker(s.list(true), ""), -1))
}

// A hundred rows came of a list of 400, in pages of 10; then it changed.
func TestNumbersLookWhereTheTotalPoints(t *testing.T) {
	t.Parallel()
	inserted := func(n int) func(*traced) {
		return func(s *traced) {
			for range n {
				s.insert()
			}
		}
	}
	deleted := func(from, to int) func(*traced) {
		return func(s *traced) { s.remove(func(i item) bool { return i.ID >= from && i.ID <= to }) }
	}
	tests := map[string]struct {
		gap    func(*traced)
		asked  []string // up to the page that joins
		first  int      // the row that comes first
		silent bool     // there is no total
	}{
		"nothing":                           {func(*traced) {}, []string{"10"}, 300, false},
		"rows were added":                   {inserted(3), []string{"10"}, 300, false},
		"a page of rows was added":          {inserted(10), []string{"10"}, 300, false},
		"many were added":                   {inserted(205), []string{"10", "30"}, 300, false},
		"the row that came last is deleted": {deleted(301, 301), []string{"10"}, 300, false},
		"rows that came are deleted":        {deleted(311, 400), []string{"10", "1"}, 300, false},
		"later rows are deleted":            {deleted(1, 70), []string{"10"}, 300, false},
		"rows before the last 100 are deleted, and later ones": {
			func(s *traced) { deleted(331, 400)(s); deleted(1, 80)(s) }, []string{"10", "1"}, 300, false,
		},
		"rows added, later ones deleted, in balance": {
			func(s *traced) { inserted(120)(s); deleted(1, 120)(s) }, []string{"10", "9", "11", "12", "13"}, 300, false,
		},
		"rows were added, without a total": {
			inserted(120), []string{"10", "9", "11", "12", "13"}, 300, true,
		},
		"all but a few later ones are deleted": {
			deleted(26, 400), []string{"10", "1", "2", "3", "1"}, 25, false,
		},
		"all that came are deleted": {
			deleted(301, 400), []string{"10", "1", "2", "3", "4", "5", "6", "7", "8", "9", "1"}, 300, false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trace(400, 10)
			w := newWalker(s.list(!tt.silent), "")
			require.Len(t, come(t, w, 100), 100)
			tt.gap(s)
			s.pages = nil

			w = newWalker(s.list(!tt.silent), w.Position())
			ids := come(t, w, 1)

			require.Equal(t, []int{tt.first}, ids)
			require.GreaterOrEqual(t, len(s.pages), len(tt.asked))
			assert.Equal(t, tt.asked, s.pages[:len(tt.asked)])
			assert.LessOrEqual(t, len(s.pages), len(tt.asked)+11, "the rest is read ahead, or rows that came")
		})
	}
}

// The page may be larger than what a position holds, and have another size when the
// walk goes on.
func TestNumbersResumeWithPagesOfAnotherSize(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 7, 100, 250, 1000} {
		s := trace(900, 250)
		w := newWalker(s.list(true), "")
		require.Len(t, come(t, w, 490), 490)
		s.size, s.pages = size, nil

		ids := come(t, newWalker(s.list(true), w.Position()), -1)

		assert.Equal(t, 410, ids[0])
		assert.Len(t, ids, 410, "no row comes again")
		assert.LessOrEqual(t, len(s.pages), 410/size+15+490/size/8)
	}
}

// Rows that change their order cannot be found again: the page begins anew, unless
// it still begins with the rows that came of it.
func TestNumbersOfRowsThatMove(t *testing.T) {
	t.Parallel()
	lists := map[string]func(*traced) paging.List[item]{
		"moving": func(s *traced) paging.List[item] {
			l := s.list(true)
			l.Moves = true
			return l
		},
		"without ids": func(s *traced) paging.List[item] {
			l := s.list(false)
			l.ID = nil
			return l
		},
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trace(9, 3)
			w := newWalker(list(s), "")
			require.Equal(t, []int{9, 8, 7, 6, 5}, come(t, w, 5))
			position := w.Position()

			assert.Equal(t, []int{4, 3, 2, 1}, come(t, newWalker(list(s), position), -1), "nothing changed")
			s.delete(5)
			assert.Equal(t, []int{6, 4, 3, 2, 1}, come(t, newWalker(list(s), position), -1), "the page changed")
			s.insert()
			assert.Equal(t, []int{7, 6, 4, 3, 2, 1}, come(t, newWalker(list(s), position), -1), "rows moved to it")

			w = newWalker(list(s), "")
			require.Len(t, come(t, w, 3), 3)
			assert.Equal(t, []int{7, 6, 4, 3, 2, 1}, come(t, newWalker(list(s), w.Position()), -1), "behind a whole page the next one")
			s.insert()
			assert.Equal(t, 8, come(t, newWalker(list(s), w.Position()), 1)[0], "also if it changed")
			s.delete(11)

			w = newWalker(list(s), "")
			come(t, w, -1)
			assert.Empty(t, come(t, newWalker(list(s), w.Position()), -1), "behind the last page nothing comes again")
			s.delete(10, 9, 8, 7, 6)
			assert.Equal(t, []int{1}, come(t, newWalker(list(s), position), -1), "the page is shorter than what came of it")
		})
	}
}

// Where rows come in falling order of time, a resume asks for those up to the last
// one's. That does not have to be trusted.
func TestNumbersByFallingTimes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		deaf   bool // to the time
		early  bool // rows that it should list are missing
		rising bool // the rows are not in the order of their times
		want   []string
		again  int
	}{
		"the server understands the time otherwise": {early: true, want: []string{"1 until", "2 until", "3 until", "4 until", "5 until", "6 until", "7 until", "1"}, again: 30},
		"falling":                            {want: []string{"1 until"}},
		"the server does not heed the time":  {deaf: true, want: []string{"1 until", "2 until", "3 until", "4 until", "5 until", "6 until", "7 until"}},
		"some rows are younger than earlier": {rising: true, want: []string{"4", "5", "6", "7"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trace(100, 10)
			list := s.list(false)
			list.Created = func(i *item) time.Time {
				if tt.rising && i.ID == 95 {
					return i.At.Add(time.Hour)
				}
				return i.At
			}
			list.Until = func(ctx context.Context, page int, until time.Time) (paging.Batch[item], error) {
				s.pages = append(s.pages, fmt.Sprint(page, " until"))
				if tt.early {
					until = until.Add(-12 * time.Second)
				}
				return s.numbered(func() []item {
					return slices.DeleteFunc(s.falling(), func(i item) bool { return !tt.deaf && i.At.After(until) })
				}, false)(ctx, page)
			}
			w := newWalker(list, "")
			require.Len(t, come(t, w, 35), 35)
			for range 33 {
				s.insert()
			}
			s.pages = nil

			ids := come(t, newWalker(list, w.Position()), -1)

			assert.Equal(t, tt.want, s.pages[:len(tt.want)])
			assert.Len(t, ids, 65+tt.again)
			assert.Equal(t, down(65, 1), ids[tt.again:])
		})
	}
}

// A server that sorts by something else may agree with the times so far, and one row
// may be out of order where a page ends.
func TestNumbersDoNotTrustTimesThatFallByChance(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows, size, left int
		hours            func(row int) int // ago, when it was created
		asked            string
	}{
		"few rows fell":                 {30, 10, 10, func(row int) int { return row % 10 }, "1"},
		"the last of a page is too old": {60, 30, 30, func(row int) int { return row + row/29%2*20 }, "1 until"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(row *int) time.Time {
				return time.Date(2026, time.May, 4, -tt.hours(*row), 0, 0, 0, time.UTC)
			}
			var rows, want []int
			for row := range tt.rows {
				rows = append(rows, row)
			}
			want = rows[tt.left:]
			var asked []string
			page := func(rows []int, number int) (paging.Batch[int], error) {
				rows = rows[min((number-1)*tt.size, len(rows)):min(number*tt.size, len(rows))]
				return paging.Batch[int]{Rows: slices.Clone(rows), More: len(rows) > 0, Total: -1}, nil
			}
			list := paging.Numbers[int]{
				ID: func(row *int) string { return fmt.Sprint("row ", *row) }, Created: at,
				Fetch: func(_ context.Context, number int) (paging.Batch[int], error) {
					asked = append(asked, fmt.Sprint(number))
					return page(rows, number)
				},
				Until: func(_ context.Context, number int, until time.Time) (paging.Batch[int], error) {
					asked = append(asked, fmt.Sprint(number, " until"))
					return page(slices.DeleteFunc(slices.Clone(rows), func(row int) bool { return at(&row).After(until) }), number)
				},
			}
			w := newWalker(list, "")
			for row, err := range w.All(t.Context()) {
				require.NoError(t, err)
				if *row == tt.left {
					break
				}
			}
			asked = nil

			rest, err := got(t, newWalker(list, w.Position()).All(t.Context()))

			require.NoError(t, err)
			assert.Equal(t, want, rest)
			assert.Equal(t, tt.asked, asked[0])
		})
	}
}

// The rows that came last are looked for on eight pages. It is five bytes that tell
// them from others, which among very many rows are not enough.
func TestRowsThatCameAreForgottenInTime(t *testing.T) {
	t.Parallel()
	for pages, again := range map[int]bool{7: false, 8: true} {
		s := newShop(50, 5, func() time.Duration { return time.Second })
		w := newWalker(s.cursor(), "")
		require.Equal(t, []int{50, 49, 48}, come(t, w, 3))
		for range 5 * pages {
			s.insert()
		}

		ids := come(t, newWalker(s.cursor(), w.Position()), -1)

		assert.Equal(t, again, slices.Contains(ids, 49), "%d pages were added", pages)
		assert.Contains(t, ids, 47)
	}
}
