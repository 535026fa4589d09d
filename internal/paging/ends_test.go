package paging_test

import (
	"cmp"
	"context"
	"math"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// script answers each request with the next of its batches, and the last one for
// ever.
type script struct {
	batches  []paging.Batch[int]
	requests int
}

func (s *script) next() (paging.Batch[int], error) {
	s.requests++
	return s.batches[min(s.requests, len(s.batches))-1], nil
}

func (s *script) lists() map[string]paging.List[int] {
	day := time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)
	return map[string]paging.List[int]{
		"ids":     paging.Keyset[int]{ID: idOf, Fetch: func(context.Context, string) (paging.Batch[int], error) { return s.next() }},
		"offsets": paging.Offset[int]{ID: idOf, Fetch: func(context.Context, int, int) (paging.Batch[int], error) { return s.next() }},
		"cursors": paging.Cursor[int]{ID: idOf, Fetch: func(context.Context, string, func(string)) (paging.Batch[int], error) {
			b, err := s.next()
			if b.More {
				b.Next = strconv.Itoa(s.requests)
			}
			return b, err
		}},
		"numbers":   paging.Numbers[int]{ID: idOf, Fetch: func(context.Context, int) (paging.Batch[int], error) { return s.next() }},
		"unordered": paging.Numbers[int]{ID: idOf, Moves: true, Fetch: func(context.Context, int) (paging.Batch[int], error) { return s.next() }},
		"no ids":    paging.Numbers[int]{Fetch: func(context.Context, int) (paging.Batch[int], error) { return s.next() }},
		"days": paging.Days[int]{
			ID: idOf, Cap: 1000, Size: 2, First: day, Last: day, Day: func(*int) time.Time { return day },
			Fetch: func(context.Context, int, time.Time, time.Time) (paging.Batch[int], error) { return s.next() },
		},
	}
}

func rows(more bool, total, size int, ids ...int) paging.Batch[int] {
	return paging.Batch[int]{Rows: ids, More: more, Total: total, Size: size}
}

// Only the server's end mark ends a list.
func TestListsThatTheServerCuts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		batches  []paging.Batch[int]
		problem  map[string]paging.Problem // by kind of list
		want     []int
		requests int
	}{
		"an empty page at once": {
			batches: []paging.Batch[int]{rows(true, 9, 2)},
			problem: map[string]paging.Problem{
				"ids": paging.EmptyPage, "offsets": paging.EmptyPage, "cursors": paging.EmptyPage, "numbers": paging.EmptyPage,
				"unordered": paging.EmptyPage, "no ids": paging.EmptyPage, "days": paging.EmptyPage,
			},
		},
		"an empty page of no size": {
			batches: []paging.Batch[int]{rows(true, -1, 0, 1), rows(true, -1, 0)},
			problem: map[string]paging.Problem{
				"ids": paging.EmptyPage, "cursors": paging.EmptyPage, "numbers": paging.EmptyPage,
				"unordered": paging.EmptyPage, "no ids": paging.EmptyPage,
			},
			want: []int{1},
		},
		"an empty page later": {
			batches: []paging.Batch[int]{rows(true, 9, 2, 1, 2), rows(true, 9, 2)},
			problem: map[string]paging.Problem{
				"ids": paging.EmptyPage, "cursors": paging.EmptyPage, "numbers": paging.EmptyPage,
				"unordered": paging.EmptyPage, "no ids": paging.EmptyPage, "days": paging.EmptyPage,
			},
			want: []int{1, 2},
		},
		"a short page": {
			batches: []paging.Batch[int]{rows(true, 9, 3, 1, 2, 3), rows(true, 9, 3, 3, 4)},
			problem: map[string]paging.Problem{
				"ids": paging.ShortPage, "offsets": paging.ShortPage, "numbers": paging.ShortPage,
				"unordered": paging.ShortPage, "no ids": paging.ShortPage, "days": paging.ShortPage,
			},
			want: []int{1, 2, 3},
		},
		"an end before the total": {
			batches: []paging.Batch[int]{rows(true, 9, 2, 1, 2), rows(false, 9, 2, 3, 4)},
			problem: map[string]paging.Problem{
				"numbers": paging.CutList, "unordered": paging.CutList, "no ids": paging.CutList, "days": paging.CutList,
			},
			want: []int{1, 2},
		},
		"an end one row before the total": {
			batches: []paging.Batch[int]{rows(true, 5, 2, 1, 2), rows(false, 5, 2, 3, 4)},
			problem: map[string]paging.Problem{
				"numbers": paging.CutList, "unordered": paging.CutList, "no ids": paging.CutList, "days": paging.CutList,
			},
			want: []int{1, 2},
		},
		"the same rows in another order": {
			batches: []paging.Batch[int]{rows(true, 9, 2, 1, 2), rows(true, 9, 2, 2, 1), rows(true, 9, 2, 1, 2), rows(true, 9, 2, 2, 1)},
			problem: map[string]paging.Problem{
				"cursors": paging.Repeating, "numbers": paging.Repeating, "unordered": paging.Repeating, "days": paging.Repeating,
			},
			want:     []int{1, 2},
			requests: 3,
		},
		"the same page for ever": {
			batches: []paging.Batch[int]{rows(true, 9, 2, 1, 2)},
			problem: map[string]paging.Problem{
				"ids": paging.Repeating, "offsets": paging.Repeating, "cursors": paging.Repeating, "numbers": paging.Repeating,
				"unordered": paging.Repeating, "days": paging.Repeating,
			},
			want: []int{1, 2},
		},
		"not by id": {
			batches: []paging.Batch[int]{rows(false, 3, 3, 2, 1, 3)},
			problem: map[string]paging.Problem{"ids": paging.Disorder, "offsets": paging.Disorder},
		},
	}
	for name, tt := range tests {
		for kind, problem := range tt.problem {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				s := &script{batches: tt.batches}

				all, err := got(t, newWalker(s.lists()[kind], "").All(t.Context()))

				requireProblem(t, problem, err)
				assert.Equal(t, tt.want, all)
				assert.LessOrEqual(t, s.requests, cmp.Or(tt.requests, 5))
			})
		}
	}
}

// Rows out of their order are seen behind one that cannot be read, too.
func TestRowsOutOfOrder(t *testing.T) {
	t.Parallel()
	for _, rows := range [][]int{{2, 1}, {1, 1}, {0, 2, 1}} {
		b := paging.Batch[int]{Rows: rows, Total: len(rows)}
		if rows[0] == 0 {
			b.Failed = []paging.Failed{{Raw: []byte("{}"), Err: errLost}}
		}
		list := paging.Offset[int]{ID: idOf, Limit: 5, Fetch: func(context.Context, int, int) (paging.Batch[int], error) { return b, nil }}
		_, err := got(t, newWalker(list, "").All(t.Context()))
		requireProblem(t, paging.Disorder, err)
	}
}

// A list by ids that begins again ends, however many pages it has and whatever is
// remembered of them.
func TestAListByIDsThatBeginsAgain(t *testing.T) {
	t.Parallel()
	const pages = 1200
	requests := 0
	list := paging.Keyset[int]{ID: idOf, Fetch: func(context.Context, string) (paging.Batch[int], error) {
		if requests++; requests > 3*pages {
			return paging.Batch[int]{}, errLost
		}
		n := requests%pages + 1
		return paging.Batch[int]{Rows: []int{10_000 + n}, More: true, Size: 1}, nil
	}}

	all, err := got(t, newWalker(list, "").All(t.Context()))

	requireProblem(t, paging.Disorder, err)
	assert.Len(t, all, pages-1)
}

// A list that goes round ends, however many pages it has, and whatever cursors it names
// for them.
func TestAListThatGoesRound(t *testing.T) {
	t.Parallel()
	const limit = 2
	for _, pages := range []int{600, 1023, 1024, 1500} {
		requests := 0
		page := func() (paging.Batch[int], error) {
			if requests++; requests > 10*pages {
				return paging.Batch[int]{}, errLost
			}
			n := limit * ((requests - 1) % pages)
			return paging.Batch[int]{Rows: []int{n + 1, n + 2}, More: true, Next: strconv.Itoa(requests), Total: -1, Size: limit}, nil
		}
		for kind, list := range map[string]paging.List[int]{
			"cursors": paging.Cursor[int]{ID: idOf, Fetch: func(context.Context, string, func(string)) (paging.Batch[int], error) { return page() }},
			"numbers": paging.Numbers[int]{ID: idOf, Fetch: func(context.Context, int) (paging.Batch[int], error) { return page() }},
		} {
			requests = 0

			all, err := got(t, newWalker(list, "").All(t.Context()))

			requireProblem(t, paging.Repeating, err)
			assert.GreaterOrEqual(t, len(all), 2*limit*pages, "all may move to the end once: %s %d", kind, pages)
			assert.LessOrEqual(t, len(all), 6*limit*pages, "%s %d", kind, pages)
		}
	}
}

// Nothing is a number, too.
func TestTotalOfAnEmptyList(t *testing.T) {
	t.Parallel()
	for kind, last := range map[string]paging.Batch[int]{"offsets": rows(false, 0, 2), "numbers": rows(false, 0, 2), "ids": rows(false, 0, 2)} {
		s := &script{batches: []paging.Batch[int]{last}}
		w := newWalker(s.lists()[kind], "")
		all, err := got(t, w.All(t.Context()))
		require.NoError(t, err)
		assert.Empty(t, all)
		assert.Zero(t, w.Total(), kind)
	}
}

// A list may change for as long as it goes on.
func TestAListThatChangesAllTheTime(t *testing.T) {
	t.Parallel()
	requests := 0
	list := paging.Numbers[int]{ID: idOf, Fetch: func(context.Context, int) (paging.Batch[int], error) {
		requests++
		return paging.Batch[int]{Rows: []int{requests / 3}, More: requests < 600, Total: 1000 + requests}, nil
	}}
	all, err := got(t, newWalker(list, "").All(t.Context()))
	require.NoError(t, err)
	assert.Len(t, all, 201)
}

// What the last page brings does not matter to its mark.
func TestTheEndMarkCounts(t *testing.T) {
	t.Parallel()
	for kind, last := range map[string]paging.Batch[int]{
		"ids": rows(false, 2, 2, 1, 2), "numbers": rows(false, -1, 0, 1, 2), "cursors": rows(false, -1, 0, 1, 2),
		"offsets": rows(false, 4, 2, 1, 2),
	} {
		s := &script{batches: []paging.Batch[int]{rows(true, 9, 2, 1, 2), rows(true, 9, 2, 1, 2), last}}
		switch kind {
		case "ids":
			s.batches = s.batches[1:]
		case "numbers":
			s.batches[0], s.batches[1] = rows(true, -1, 0, 1, 2), rows(true, -1, 0, 1, 2)
		}
		all, err := got(t, newWalker(s.lists()[kind], "").All(t.Context()))
		require.NoError(t, err, kind)
		assert.Equal(t, []int{1, 2}, all, kind)
	}
}

// A page of one row would hold nothing but the row that came.
func TestOffsetsAskForTwoRowsAtLeast(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{0: 2, 1: 2, 2: 2, 7: 7, math.MaxInt: math.MaxInt, -1: -1} {
		asked := 0
		list := paging.Offset[int]{ID: idOf, Limit: limit, Fetch: func(_ context.Context, _, limit int) (paging.Batch[int], error) {
			asked = limit
			return rows(false, 1, limit, 1), nil
		}}
		all, err := got(t, newWalker(list, "").All(t.Context()))
		require.NoError(t, err)
		assert.Equal(t, []int{1}, all)
		assert.Equal(t, want, asked)
	}
}

// A list without ids can only notice that it gets one page again and again.
func TestTheSamePageForEverWithoutIDs(t *testing.T) {
	t.Parallel()
	s := &script{batches: []paging.Batch[int]{rows(true, -1, 0, 1, 2)}}
	all, err := got(t, newWalker(s.lists()["no ids"], "").All(t.Context()))
	requireProblem(t, paging.Repeating, err)
	assert.Equal(t, []int{1, 2, 1, 2}, all, "one page may be the same as the one before")
}

// Rows without ids may be like others: only the last eight pages are compared.
func TestPagesWithoutIDsMayBeLikeEarlierOnes(t *testing.T) {
	t.Parallel()
	s := &script{}
	for n := range 40 {
		s.batches = append(s.batches, rows(n < 39, -1, 0, n%10))
	}
	all, err := got(t, newWalker(s.lists()["no ids"], "").All(t.Context()))
	require.NoError(t, err)
	assert.Len(t, all, 40)
}

// While the server counts and reads, rows may go: what a page lacks may be there
// when it is asked for again.
func TestAShortPageIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"ids", "offsets", "numbers", "days"} {
		s := &script{batches: []paging.Batch[int]{rows(true, 3, 3, 1, 2), rows(true, 3, 3, 1), rows(false, 2, 3, 1, 2)}}
		all, err := got(t, newWalker(s.lists()[kind], "").All(t.Context()))
		require.NoError(t, err, kind)
		assert.Equal(t, []int{1, 2}, all, kind)
		assert.Equal(t, 3, s.requests, kind)

		s = &script{batches: []paging.Batch[int]{rows(true, 3, 3, 1, 2)}}
		_, err = got(t, newWalker(s.lists()[kind], "").All(t.Context()))
		requireProblem(t, paging.ShortPage, err)
		if kind != "days" { // whose first page is asked for once more
			assert.Equal(t, 3, s.requests, kind)
		}
	}
}

// hostile is a server that makes up its answers.
type hostile struct {
	requests atomic.Int64
	answer   func(request int) paging.Batch[int]
}

func (h *hostile) Fetch() (paging.Batch[int], error) {
	return h.answer(int(h.requests.Add(1))), nil
}

// Whatever a server answers, a walk without new rows ends soon.
func TestServersThatNeverEnd(t *testing.T) {
	t.Parallel()
	totals := map[string]func(request int) int{
		"unknown":   func(int) int { return -1 },
		"constant":  func(int) int { return 1000 },
		"rising":    func(n int) int { return 1000 + 10*n },
		"falling":   func(n int) int { return 1_000_000 - n },
		"both":      func(n int) int { return 1000 + n%2 },
		"huge":      func(int) int { return math.MaxInt },
		"extremes":  func(n int) int { return []int{math.MaxInt, 0, math.MinInt, 7}[n%4] },
		"below -1":  func(int) int { return math.MinInt },
		"too small": func(int) int { return 1 },
	}
	sizes := []int{0, -1, 2, math.MaxInt, math.MinInt}
	for name, total := range totals {
		for _, size := range sizes {
			t.Run(name+" "+strconv.Itoa(size), func(t *testing.T) {
				t.Parallel()
				for kind := range (&script{}).lists() {
					h := &hostile{answer: func(n int) paging.Batch[int] { return rows(true, total(n), size, 1+n%3, 2+n%3) }}
					for range 3 { // and a resume is no way out
						position := endsSoon(t, h, kind, "")
						_ = endsSoon(t, h, kind, position)
					}
				}
			})
		}
	}
}

func endsSoon(t *testing.T, h *hostile, kind, position string) string {
	t.Helper()
	s := &script{batches: []paging.Batch[int]{{}}}
	lists := s.lists()
	switch l := lists[kind].(type) {
	case paging.Keyset[int]:
		l.Fetch = func(context.Context, string) (paging.Batch[int], error) { return h.Fetch() }
		lists[kind] = l
	case paging.Offset[int]:
		l.Fetch = func(context.Context, int, int) (paging.Batch[int], error) { return h.Fetch() }
		lists[kind] = l
	case paging.Cursor[int]:
		l.Fetch = func(context.Context, string, func(string)) (paging.Batch[int], error) {
			b, err := h.Fetch()
			b.Next = strconv.FormatInt(h.requests.Load(), 10)
			return b, err
		}
		lists[kind] = l
	case paging.Numbers[int]:
		l.Fetch = func(context.Context, int) (paging.Batch[int], error) { return h.Fetch() }
		lists[kind] = l
	case paging.Days[int]:
		l.Fetch = func(context.Context, int, time.Time, time.Time) (paging.Batch[int], error) { return h.Fetch() }
		lists[kind] = l
	}
	h.requests.Store(0)
	w := newWalker(lists[kind], position)
	for range w.All(t.Context()) {
		require.Less(t, h.requests.Load(), int64(1000), kind)
	}
	require.Less(t, h.requests.Load(), int64(1000), kind)
	require.GreaterOrEqual(t, w.Total(), -1)
	return w.Position()
}
