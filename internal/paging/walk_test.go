package paging_test

import (
	"context"
	"iter"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pages serves numbered pages, 1 being the first, and counts.
type pages struct {
	rows     [][]int
	before   func(ctx context.Context, page int) error // runs inside Fetch
	requests []int
	fetching atomic.Int32
	overlap  atomic.Bool
}

func (p *pages) fetch(ctx context.Context, page int) (paging.Page[int, int], error) {
	if p.fetching.Add(1) > 1 {
		p.overlap.Store(true)
	}
	defer p.fetching.Add(-1)
	p.requests = append(p.requests, page)
	if p.before != nil {
		if err := p.before(ctx, page); err != nil {
			return paging.Page[int, int]{}, err
		}
	}
	return paging.Page[int, int]{Items: p.rows[page-1], Next: page + 1, More: page < len(p.rows)}, nil
}

func (p *pages) all(ctx context.Context) iter.Seq2[int, error] {
	return paging.All(ctx, 1, paging.Walk[int, int]{Fetch: p.fetch})
}

func (p *pages) assertIdle(t *testing.T) {
	t.Helper()
	assert.Zero(t, p.fetching.Load(), "fetches still running")
	assert.False(t, p.overlap.Load(), "two fetches at the same time")
}

// collect returns the rows and the error that came last. It fails the test if
// anything comes after an error.
func collect[T any](t *testing.T, rows iter.Seq2[T, error]) ([]T, error) {
	t.Helper()
	var got []T
	var last error
	for row, err := range rows {
		require.NoError(t, last, "something comes after the error")
		if err != nil {
			assert.Zero(t, row)
			last = err
			continue
		}
		got = append(got, row)
	}
	return got, last
}

func block(ctx context.Context, _ int) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAllYieldsEveryRowInOrder(t *testing.T) {
	t.Parallel()
	tests := map[string][][]int{
		"one page":            {{1, 2, 3}},
		"one empty page":      {{}},
		"several":             {{1, 2}, {3, 4}, {5}},
		"empty in the middle": {{1}, {}, {}, {2}, {}},
		"empty at the start":  {{}, {1}},
	}
	for name, rows := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &pages{rows: rows}
			var want, requests []int
			for i, page := range rows {
				want, requests = append(want, page...), append(requests, i+1)
			}

			got, err := collect(t, p.all(t.Context()))

			require.NoError(t, err)
			assert.Equal(t, want, got)
			assert.Equal(t, requests, p.requests)
			p.assertIdle(t)
		})
	}
}

func TestAllStartsAgainWithEveryRange(t *testing.T) {
	t.Parallel()
	p := &pages{rows: [][]int{{1}, {2}}}
	rows := paging.All(t.Context(), 1, paging.Walk[int, int]{
		Fetch:  p.fetch,
		ID:     strconv.Itoa,
		Cursor: strconv.Itoa,
	})
	for range 2 {
		got, err := collect(t, rows)
		require.NoError(t, err)
		assert.Equal(t, []int{1, 2}, got)
	}
	assert.Equal(t, []int{1, 2, 1, 2}, p.requests)
}

func TestAllIsExactlyOnePageAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pages{rows: [][]int{{1, 1}, {2, 2}, {3, 3}, {4, 4}}}
		for page, err := range p.all(t.Context()) {
			require.NoError(t, err)
			synctest.Wait()
			assert.Len(t, p.requests, min(page+1, 4), "on page %d", page)
		}
	})
}

func TestAllFetchesTheFirstPageInTheCallersGoroutine(t *testing.T) {
	t.Parallel()
	var stack string
	p := &pages{rows: [][]int{{1}}, before: func(context.Context, int) error {
		stack = string(debug.Stack())
		return nil
	}}
	_, err := collect(t, p.all(t.Context()))
	require.NoError(t, err)
	assert.Contains(t, stack, t.Name())
}

func TestAllTakesTheLeastTimeOnePageAheadCan(t *testing.T) {
	t.Parallel()
	const fetch, n = 25 * time.Millisecond, 100
	tests := map[string]struct{ work, want time.Duration }{
		"fast consumer": {20 * time.Millisecond, n*fetch + 20*time.Millisecond},
		"slow consumer": {40 * time.Millisecond, fetch + n*40*time.Millisecond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &pages{rows: make([][]int, n), before: func(context.Context, int) error {
					time.Sleep(fetch)
					return nil
				}}
				for i := range p.rows {
					p.rows[i] = []int{i, i}
				}
				start := time.Now()
				for _, err := range p.all(t.Context()) {
					require.NoError(t, err)
					time.Sleep(tt.work / 2) // two rows to a page
				}
				assert.Equal(t, tt.want, time.Since(start))
				assert.Len(t, p.requests, n)
			})
		})
	}
}

// Every way out of the loop waits for the fetch under way: the bubble would not
// end otherwise, and the counter would not be zero.
func TestAllLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	leave := map[string]func(t *testing.T, rows iter.Seq2[int, error]){
		"break": func(_ *testing.T, rows iter.Seq2[int, error]) {
			for range rows {
				break
			}
		},
		"panic": func(t *testing.T, rows iter.Seq2[int, error]) {
			assert.PanicsWithValue(t, "in the body", func() {
				for range rows {
					panic("in the body")
				}
			})
		},
		"Goexit": func(_ *testing.T, rows iter.Seq2[int, error]) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range rows {
					runtime.Goexit()
				}
			}()
			<-done
		},
		"pulled and stopped": func(_ *testing.T, rows iter.Seq2[int, error]) {
			next, stop := iter.Pull2(rows)
			next()
			stop()
		},
	}
	for name, leave := range leave {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &pages{rows: [][]int{{1, 2}, {3}, {4}}}
				p.before = func(ctx context.Context, page int) error {
					if page == 1 {
						return nil
					}
					return block(ctx, page)
				}
				leave(t, func(yield func(int, error) bool) {
					p.all(t.Context())(func(row int, err error) bool {
						synctest.Wait() // the fetch of page 2 is blocked
						return yield(row, err)
					})
				})
				assert.Equal(t, []int{1, 2}, p.requests)
				p.assertIdle(t)
			})
		})
	}
}

func TestAllEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pages{rows: [][]int{{1, 2}, {3}}}
		p.before = func(ctx context.Context, page int) error {
			if page == 1 {
				return nil
			}
			return block(ctx, page)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		got, err := collect(t, p.all(ctx))

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, []int{1, 2}, got, "rows fetched before come first")
		p.assertIdle(t)
	})
}

func TestAllFetchesNothingWithADoneContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := &pages{rows: [][]int{{1}, {2}, {3}}}

		got, err := collect(t, func(yield func(int, error) bool) {
			p.all(ctx)(func(row int, err error) bool {
				synctest.Wait() // page 2 is there
				cancel()
				return yield(row, err)
			})
		})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, []int{1, 2}, got)
		assert.Equal(t, []int{1, 2}, p.requests)

		got, err = collect(t, p.all(ctx))
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, got)
		assert.Equal(t, []int{1, 2}, p.requests)
	})
}

func TestAllYieldsTheErrorOnceAfterTheRows(t *testing.T) {
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
			p := &pages{rows: [][]int{{1, 2}, {3, 4}, {5}, {6}}}
			p.before = func(_ context.Context, page int) error {
				if page == tt.fails {
					return errLost
				}
				return nil
			}
			got, err := collect(t, p.all(t.Context()))
			require.ErrorIs(t, err, errLost)
			assert.Equal(t, tt.want, got)
			assert.Len(t, p.requests, tt.fails)
		})
	}
}

func TestAllHandsOnHowFetchEnds(t *testing.T) {
	t.Parallel()
	for _, page := range []int{1, 2} {
		t.Run("panic on page "+strconv.Itoa(page), func(t *testing.T) {
			t.Parallel()
			p := &pages{rows: [][]int{{1}, {2}}}
			p.before = func(_ context.Context, asked int) error {
				if asked == page {
					panic(errLost)
				}
				return nil
			}
			assert.PanicsWithValue(t, errLost, func() { _, _ = collect(t, p.all(t.Context())) })
			p.assertIdle(t)
		})
		t.Run("Goexit on page "+strconv.Itoa(page), func(t *testing.T) {
			t.Parallel()
			p := &pages{rows: [][]int{{1}, {2}}}
			p.before = func(_ context.Context, asked int) error {
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
				for range p.all(t.Context()) {
					rows++
				}
				returned = true
			}()
			<-done
			assert.False(t, returned)
			assert.Equal(t, page-1, rows)
			p.assertIdle(t)
		})
	}
	t.Run("panic after break", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := &pages{rows: [][]int{{1}, {2}}}
			p.before = func(ctx context.Context, page int) error {
				if page == 1 {
					return nil
				}
				<-ctx.Done()
				panic(errLost)
			}
			assert.PanicsWithValue(t, errLost, func() {
				for range p.all(t.Context()) {
					synctest.Wait() // the fetch of page 2 is blocked
					break
				}
			})
		})
	})
}

func TestAllRefusesCursorsThatLoop(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		next map[string]string // cursor to the next one
		want []string          // requests
	}{
		"at once":          {map[string]string{"": "secret-a", "secret-a": "secret-a"}, []string{"", "secret-a"}},
		"after three":      {map[string]string{"": "a", "a": "b", "b": "c", "c": "a"}, []string{"", "a", "b", "c"}},
		"to the beginning": {map[string]string{"": "a", "a": ""}, []string{"", "a"}},
		"empty from the start": {
			map[string]string{"": ""},
			[]string{""},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests []string
			rows := paging.All(t.Context(), "", paging.Walk[string, string]{
				Fetch: func(_ context.Context, q string) (paging.Page[string, string], error) {
					requests = append(requests, q)
					return paging.Page[string, string]{Items: []string{"row"}, Next: tt.next[q], More: true}, nil
				},
				Cursor: func(q string) string { return q },
			})

			got, err := collect(t, rows)

			require.Equal(t, &paging.Error{Problem: paging.CursorLoop}, err)
			assert.NotContains(t, err.Error(), "secret")
			assert.Equal(t, tt.want, requests)
			assert.Len(t, got, len(requests), "the rows of every fetched page come first")
		})
	}
}

func TestAllFollowsCursorsThroughAnyNumberOfEmptyPages(t *testing.T) {
	t.Parallel()
	rows := paging.All(t.Context(), 1, paging.Walk[int, int]{
		Fetch: func(_ context.Context, q int) (paging.Page[int, int], error) {
			page := paging.Page[int, int]{Next: q + 1, More: q < 100}
			if !page.More {
				page.Items = []int{q}
			}
			return page, nil
		},
		Cursor: strconv.Itoa,
	})
	got, err := collect(t, rows)
	require.NoError(t, err)
	assert.Equal(t, []int{100}, got)
}

func TestAllRefusesListsWithoutProgress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		items []int
		total int
		want  []int
		calls int
	}{
		"server ignores the page number": {[]int{1, 2}, 0, []int{1, 2}, 1 + 9},
		"the same with a total":          {[]int{1, 2}, 50, []int{1, 2}, 1 + 9},
		"empty pages for ever":           {nil, 0, nil, 9},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			rows := paging.All(t.Context(), 1, paging.Walk[int, int]{
				Fetch: func(_ context.Context, q int) (paging.Page[int, int], error) {
					calls++
					return paging.Page[int, int]{Items: tt.items, Next: q + 1, More: true, Total: tt.total}, nil
				},
				ID:       strconv.Itoa,
				Previous: previous,
			})
			got, err := collect(t, rows)
			require.Equal(t, &paging.Error{Problem: paging.NoProgress}, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.calls, calls)
		})
	}
}

func TestAllRefusesATotalThatFallsForEver(t *testing.T) {
	t.Parallel()
	calls := 0
	rows := paging.All(t.Context(), 1, paging.Walk[int, int]{
		Fetch: func(_ context.Context, q int) (paging.Page[int, int], error) {
			calls++
			return paging.Page[int, int]{Items: []int{q}, Next: q + 1, More: true, Total: 1_000_000 - calls}, nil
		},
		ID:       strconv.Itoa,
		Previous: previous,
	})
	got, err := collect(t, rows)
	require.Equal(t, &paging.Error{Problem: paging.NoProgress}, err)
	assert.Equal(t, []int{1}, got)
	assert.Equal(t, 1+9*2, calls)
}

func TestAllKeepsRowsWithoutAnID(t *testing.T) {
	t.Parallel()
	p := &pages{rows: [][]int{{1, 0, 0}, {1, 0}}}
	rows := paging.All(t.Context(), 1, paging.Walk[int, int]{
		Fetch: p.fetch,
		ID:    func(row int) string { return strings.TrimPrefix(strconv.Itoa(row), "0") },
	})
	got, err := collect(t, rows)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0, 0, 0}, got)
}

// A page of three is drawn from a list that changes before certain requests.
func TestAllReadsAgainWhenTheTotalFalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before   map[int]func(*store) // by number of request
		requests []int
		want     []int
	}{
		"quiet list": {
			requests: []int{1, 2, 3},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"row added": {
			before:   map[int]func(*store){2: func(s *store) { s.insert() }},
			requests: []int{1, 2, 3, 4},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"row that came is deleted": {
			before:   map[int]func(*store){2: func(s *store) { s.remove(9) }},
			requests: []int{1, 2, 1, 2, 3},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"more than a page of them is deleted": {
			before:   map[int]func(*store){3: func(s *store) { s.remove(9, 8, 7, 6) }},
			requests: []int{1, 2, 3, 2, 1, 2},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"all that came are deleted": {
			before:   map[int]func(*store){2: func(s *store) { s.remove(9, 8, 7) }},
			requests: []int{1, 2, 1, 2},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"last page vanishes": {
			before:   map[int]func(*store){3: func(s *store) { s.remove(8, 7, 6) }},
			requests: []int{1, 2, 3, 2},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"last page shrinks": {
			before:   map[int]func(*store){3: func(s *store) { s.remove(8, 7) }},
			requests: []int{1, 2, 3, 2, 3},
			want:     []int{9, 8, 7, 6, 5, 4, 3, 2, 1},
		},
		"one deleted, then one added": {
			before: map[int]func(*store){
				2: func(s *store) { s.remove(9) },
				3: func(s *store) { s.insert() },
			},
			requests: []int{1, 2, 1, 2, 3},
			want:     []int{9, 8, 7, 10, 6, 5, 4, 3, 2, 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(9, 3)
			s.before = func() {
				if change := tt.before[len(s.requests)]; change != nil {
					change(s)
				}
			}
			got, err := collect(t, s.numbered(t.Context()))
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.requests, s.requests)
		})
	}
}

func TestAllReadsAgainWhenAPageBehindTheEndTellsNoTotal(t *testing.T) {
	t.Parallel()
	s := newStore(4, 3)
	s.before = func() {
		if len(s.requests) == 2 {
			s.remove(4)
		}
	}
	s.silent = true

	got, err := collect(t, s.numbered(t.Context()))

	require.NoError(t, err)
	assert.Equal(t, []int{4, 3, 2, 1}, got)
	assert.Equal(t, []int{1, 2, 1}, s.requests)
}

func TestAllReadsNothingAgainWithoutIDsOrWithCursors(t *testing.T) {
	t.Parallel()
	tests := map[string]paging.Walk[int, int]{
		"no ids":  {Previous: previous},
		"cursors": {Previous: previous, ID: strconv.Itoa, Cursor: strconv.Itoa},
	}
	for name, w := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests []int
			w.Fetch = func(_ context.Context, q int) (paging.Page[int, int], error) {
				requests = append(requests, q)
				return paging.Page[int, int]{Items: []int{q}, Next: q + 1, More: q < 4, Total: 10 - q}, nil
			}
			got, err := collect(t, paging.All(t.Context(), 1, w))
			require.NoError(t, err)
			assert.Equal(t, []int{1, 2, 3, 4}, got)
			assert.Equal(t, []int{1, 2, 3, 4}, requests)
		})
	}
}

func TestAllTakesTheEndMarkAfterPagesWithoutNewRows(t *testing.T) {
	t.Parallel()
	p := &pages{rows: make([][]int, 9)}
	got, err := collect(t, p.all(t.Context()))
	require.NoError(t, err)
	assert.Empty(t, got)
	assert.Len(t, p.requests, 9)
}

func TestAllGoesOnWhileRowsAreAddedAsFastAsItReads(t *testing.T) {
	t.Parallel()
	s := newStore(6, 3)
	s.before = func() {
		if n := len(s.requests); n > 1 && n < 20 {
			s.insert()
			s.insert()
			s.insert()
		}
	}
	got, err := collect(t, s.numbered(t.Context()))
	require.NoError(t, err)
	assert.Equal(t, []int{6, 5, 4, 3, 2, 1}, got)
}

func TestAllRemembersEightPagesAlsoAfterAShortOne(t *testing.T) {
	t.Parallel()
	p := &pages{rows: [][]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}, {13}, {1, 14}}}
	got, err := collect(t, paging.All(t.Context(), 1, paging.Walk[int, int]{Fetch: p.fetch, ID: strconv.Itoa}))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, got)
}

func previous(page int) (int, bool) { return page - 1, page > 1 }
