package paging_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errLost = errors.New("connection lost")

// served is a list of numbered pages that do not change.
type served struct {
	rows     [][]int
	before   func(ctx context.Context, page int) error // runs inside Fetch
	requests []int
	fetching atomic.Int32
	overlap  atomic.Bool
}

func (s *served) fetch(ctx context.Context, page int) (paging.Batch[int], error) {
	if s.fetching.Add(1) > 1 {
		s.overlap.Store(true)
	}
	defer s.fetching.Add(-1)
	s.requests = append(s.requests, page)
	if s.before != nil {
		if err := s.before(ctx, page); err != nil {
			return paging.Batch[int]{}, err
		}
	}
	return paging.Batch[int]{Rows: s.rows[page-1], More: page < len(s.rows), Total: -1}, nil
}

func (s *served) walker(position string) *paging.Walker[int] {
	return newWalker(paging.Numbers[int]{Fetch: s.fetch, ID: idOf}, position)
}

func (s *served) assertIdle(t *testing.T) {
	t.Helper()
	assert.Zero(t, s.fetching.Load(), "fetches still running")
	assert.False(t, s.overlap.Load(), "two fetches at the same time")
}

func newWalker[T any](list paging.List[T], position string) *paging.Walker[T] {
	return paging.NewWalker(list, "list", position, func(e *paging.Error) error { return e })
}

func idOf(row *int) string { return strconv.Itoa(*row) }

// got collects the rows and the error that came last. It fails the test if anything
// comes after an error.
func got(t *testing.T, rows iter.Seq2[*int, error]) ([]int, error) {
	t.Helper()
	var all []int
	var last error
	for row, err := range rows {
		require.NoError(t, last, "something comes after the error")
		if err != nil {
			assert.Nil(t, row)
			last = err
			continue
		}
		all = append(all, *row)
	}
	return all, last
}

func requireProblem(t *testing.T, problem paging.Problem, err error) {
	t.Helper()
	e, ok := errors.AsType[*paging.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, problem, e.Problem, e.Error())
}

func TestWalkerYieldsEveryRowInOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows [][]int
		want []int
	}{
		"one page":          {[][]int{{1, 2, 3}}, []int{1, 2, 3}},
		"one empty page":    {[][]int{{}}, nil},
		"several":           {[][]int{{1, 2}, {3, 4}, {5}}, []int{1, 2, 3, 4, 5}},
		"empty at the end":  {[][]int{{1}, {2}, {}}, []int{1, 2}},
		"pages that repeat": {[][]int{{1, 2}, {2, 3}, {2, 3, 4}}, []int{1, 2, 3, 4}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &served{rows: tt.rows}

			all, err := got(t, s.walker("").All(t.Context()))

			require.NoError(t, err)
			assert.Equal(t, tt.want, all)
			assert.Len(t, s.requests, len(tt.rows))
			s.assertIdle(t)
		})
	}
}

// The rows of eight pages are remembered, also behind a short one, and of small
// pages a thousand.
func TestWalkerRemembersTheRowsOfEightPages(t *testing.T) {
	t.Parallel()
	for size, behind := range map[int]int{250: 8 * 250, 10: 1000} {
		for _, short := range []bool{false, true} {
			s := &served{}
			row := 0
			page := func(rows int) {
				s.rows = append(s.rows, nil)
				for range rows {
					row++
					s.rows[len(s.rows)-1] = append(s.rows[len(s.rows)-1], row)
				}
			}
			for row < behind+size {
				page(size)
			}
			if short {
				page(1)
			}
			s.rows = append(s.rows, []int{row - behind, row - behind + 1, row - behind + 2})

			all, err := got(t, s.walker("").All(t.Context()))

			require.NoError(t, err)
			assert.Equal(t, []int{row, row - behind}, all[row-1:], "%d %v", size, short)
		}
	}
}

// It takes 25 ms to fetch a page and 10 ms to deal with a row.
func TestWalkerIsOnePageAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &served{rows: [][]int{{1, 2, 3}, {4, 5, 6}, {7}, {8}}}
		s.before = func(context.Context, int) error {
			time.Sleep(25 * time.Millisecond)
			return nil
		}
		start := time.Now()
		for row, err := range s.walker("").All(t.Context()) {
			require.NoError(t, err)
			synctest.Wait()
			assert.LessOrEqual(t, len(s.requests), (*row+2)/3+1, "row %d", *row)
			time.Sleep(10 * time.Millisecond)
		}
		// The third page takes 10 ms to deal with and the fourth 25 ms to come.
		assert.Equal(t, (25+30+30+25+10)*time.Millisecond, time.Since(start))
		s.assertIdle(t)
	})
}

// Every way out of the loop waits for the fetch under way: the bubble would not end
// otherwise, and the counter would not be zero.
func TestWalkerLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	leave := map[string]func(t *testing.T, rows iter.Seq2[*int, error]){
		"break": func(_ *testing.T, rows iter.Seq2[*int, error]) {
			for range rows {
				break
			}
		},
		"panic": func(t *testing.T, rows iter.Seq2[*int, error]) {
			assert.PanicsWithValue(t, "in the body", func() {
				for range rows {
					panic("in the body")
				}
			})
		},
		"Goexit": func(_ *testing.T, rows iter.Seq2[*int, error]) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range rows {
					runtime.Goexit()
				}
			}()
			<-done
		},
		"pulled and stopped": func(_ *testing.T, rows iter.Seq2[*int, error]) {
			next, stop := iter.Pull2(rows)
			next()
			stop()
		},
	}
	for name, leave := range leave {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &served{rows: [][]int{{1, 2}, {3}, {4}}, before: secondBlocks}
				w := s.walker("")
				leave(t, func(yield func(*int, error) bool) {
					w.All(t.Context())(func(row *int, err error) bool {
						synctest.Wait() // the fetch of page 2 is blocked
						return yield(row, err)
					})
				})
				assert.Equal(t, []int{1, 2}, s.requests)
				s.assertIdle(t)

				s.before = nil
				all, err := got(t, w.All(t.Context()))
				require.NoError(t, err)
				assert.Equal(t, []int{1, 2, 3, 4}, all, "the row in which the loop was left comes again")
			})
		})
	}
}

func secondBlocks(ctx context.Context, page int) error {
	if page == 1 {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func TestWalkerEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &served{rows: [][]int{{1, 2}, {3}}, before: secondBlocks}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		all, err := got(t, s.walker("").All(ctx))

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, []int{1, 2}, all, "rows fetched before come first")
		s.assertIdle(t)
	})
}

func TestWalkerFetchesNothingWithADoneContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, list := range map[string]func(*shop) paging.List[item]{
		"ids": (*shop).keyset, "offsets": (*shop).offset, "cursors": (*shop).cursor, "numbers": (*shop).counted,
		"days": (*shop).days,
	} {
		s := newShop(3, 2, func() time.Duration { return time.Second })
		for row, err := range newWalker(list(s), "").All(ctx) {
			require.ErrorIs(t, err, context.Canceled, name)
			assert.Nil(t, row)
		}
		assert.Zero(t, s.requests, name)
	}
}

func TestWalkerRefusesANilContext(t *testing.T) {
	t.Parallel()
	s := &served{rows: [][]int{{1}}}
	var none context.Context
	_, err := got(t, s.walker("").All(none))
	requireProblem(t, paging.NoContext, err)
}

// After an error the walk goes on where it stood.
func TestWalkerYieldsTheErrorOnceAfterTheRows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fails int
		want  []int
	}{
		"first page": {1, nil},
		"later page": {3, []int{1, 2, 3, 4}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &served{rows: [][]int{{1, 2}, {3, 4}, {5}, {6}}}
			s.before = func(_ context.Context, page int) error {
				if page == tt.fails {
					return errLost
				}
				return nil
			}
			w := s.walker("")
			all, err := got(t, w.All(t.Context()))
			require.ErrorIs(t, err, errLost)
			assert.Equal(t, tt.want, all)
			assert.Len(t, s.requests, tt.fails)

			s.before = nil
			rest, err := got(t, w.All(t.Context()))
			require.NoError(t, err)
			assert.Equal(t, []int{1, 2, 3, 4, 5, 6}, append(all, rest...))
		})
	}
}

func TestWalkerHandsOnHowFetchEnds(t *testing.T) {
	t.Parallel()
	for _, page := range []int{1, 2} {
		t.Run("panic on page "+strconv.Itoa(page), func(t *testing.T) {
			t.Parallel()
			s := &served{rows: [][]int{{1}, {2}}}
			s.before = func(_ context.Context, asked int) error {
				if asked == page {
					panic(errLost)
				}
				return nil
			}
			assert.PanicsWithValue(t, errLost, func() { _, _ = got(t, s.walker("").All(t.Context())) })
			s.assertIdle(t)
		})
		t.Run("Goexit on page "+strconv.Itoa(page), func(t *testing.T) {
			t.Parallel()
			s := &served{rows: [][]int{{1}, {2}}}
			s.before = func(_ context.Context, asked int) error {
				if asked == page {
					runtime.Goexit()
				}
				return nil
			}
			var rows int
			var returned bool
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range s.walker("").All(t.Context()) {
					rows++
				}
				returned = true
			}()
			<-done
			assert.False(t, returned)
			assert.Equal(t, page-1, rows)
			s.assertIdle(t)
		})
	}
}

func TestWalkerLetsOneLoopThroughAtATime(t *testing.T) {
	t.Parallel()
	s := &served{rows: [][]int{{1, 2}}}
	w := s.walker("")
	for range w.All(t.Context()) {
		_, err := got(t, w.All(t.Context()))
		requireProblem(t, paging.InUse, err)
	}
	all, err := got(t, w.All(t.Context()))
	require.NoError(t, err)
	assert.Empty(t, all, "all rows came")
}

// Position and Total may be asked for in another goroutine, so -race sees it.
func TestWalkerSaysWhereItStands(t *testing.T) {
	t.Parallel()
	s := newShop(10, 3, func() time.Duration { return time.Second })
	w := newWalker(s.counted(), "")
	assert.Empty(t, w.Position())
	assert.Equal(t, -1, w.Total())
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = w.Position(), w.Total()
			}
		}
	}()
	seen := map[string]bool{}
	for _, err := range w.All(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, 10, w.Total())
		assert.False(t, seen[w.Position()], "each row has a position of its own")
		seen[w.Position()] = true
		assert.Equal(t, len(seen) == 1, w.Position() == "", "in the first row none has passed")
	}
	close(stop)
	<-done
}

// A row that could not be read is an error in its place.
func TestWalkerGoesOnBehindRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	batch := func(more bool, rows ...int) paging.Batch[int] {
		b := paging.Batch[int]{Rows: rows, More: more, Total: 6}
		for i, row := range rows {
			if row <= 0 {
				b.Failed = append(b.Failed, paging.Failed{Index: i, ID: map[int]string{-5: "5"}[row], Raw: strconv.AppendInt(nil, int64(row), 10), Err: errLost})
				b.Rows[i] = 0
			}
		}
		b.Failed = append(b.Failed, paging.Failed{Index: -1, Err: errLost}, paging.Failed{Index: len(rows), Err: errLost}) // nowhere
		return b
	}
	lists := map[string]paging.List[int]{
		"ids": paging.Keyset[int]{ID: idOf, Fetch: func(_ context.Context, after string) (paging.Batch[int], error) {
			return map[string]paging.Batch[int]{"": batch(true, 1, 2, 0), "2": batch(true, 0, 4, -5), "5": batch(false, 6)}[after], nil
		}},
		"offsets": paging.Offset[int]{ID: idOf, Fetch: func(_ context.Context, offset, _ int) (paging.Batch[int], error) {
			all := []int{1, 2, 0, 4, -5, 6}
			return batch(false, append([]int(nil), all[offset:min(offset+3, 6)]...)...), nil
		}},
		"numbers": paging.Numbers[int]{ID: idOf, Fetch: func(_ context.Context, page int) (paging.Batch[int], error) {
			return []paging.Batch[int]{batch(true, 1, 2, 0), batch(true, 0, 4, -5), batch(false, 6)}[page-1], nil
		}},
		"cursors": paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, _ func(string)) (paging.Batch[int], error) {
			b := map[string]paging.Batch[int]{"": batch(true, 1, 2, 0), "a": batch(true, 0, 4, -5), "b": batch(false, 6)}[cursor]
			b.Next = map[string]string{"": "a", "a": "b"}[cursor]
			return b, nil
		}},
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []int
			w := newWalker(list, "")
			for row, err := range w.All(t.Context()) {
				if err != nil {
					require.ErrorIs(t, err, errLost)
					assert.Nil(t, row)
					rows = append(rows, -1)
					continue
				}
				rows = append(rows, *row)
			}
			assert.Equal(t, []int{1, 2, -1, 4, -1, 6}, rows)

			for row, err := range newWalker(list, w.Position()).All(t.Context()) {
				assert.Fail(t, "something comes again", "%v %v", row, err)
			}
		})
	}
}
