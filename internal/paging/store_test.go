package paging_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// store is a list that changes before every request. Rows are numbered in the
// order of their creation.
type store struct {
	rows     []int // newest first
	newest   int
	size     int // of a page
	before   func()
	silent   bool // about the total, on pages without rows
	requests []int
}

func newStore(rows, size int) *store {
	s := &store{size: size, before: func() {}}
	for range rows {
		s.insert()
	}
	return s
}

func (s *store) insert() {
	s.newest++
	s.rows = slices.Insert(s.rows, 0, s.newest)
}

func (s *store) remove(rows ...int) {
	s.rows = slices.DeleteFunc(s.rows, func(row int) bool { return slices.Contains(rows, row) })
}

// numbered lists by page numbers, newest first, with a total.
func (s *store) numbered(ctx context.Context) iter.Seq2[int, error] {
	return paging.All(ctx, 1, paging.Walk[int, int]{
		Fetch: func(_ context.Context, page int) (paging.Page[int, int], error) {
			s.requests = append(s.requests, page)
			s.before()
			end := min(page*s.size, len(s.rows))
			answer := paging.Page[int, int]{
				Items: slices.Clone(s.rows[min((page-1)*s.size, end):end]),
				Next:  page + 1,
				More:  page*s.size < len(s.rows),
				Total: len(s.rows),
			}
			if s.silent && len(answer.Items) == 0 {
				answer.Total = 0
			}
			return answer, nil
		},
		ID:       strconv.Itoa,
		Previous: previous,
	})
}

// cursored lists newest first from behind the row that the cursor names.
func (s *store) cursored(ctx context.Context) iter.Seq2[int, error] {
	return paging.All(ctx, "", paging.Walk[int, string]{
		Fetch: func(_ context.Context, cursor string) (paging.Page[int, string], error) {
			s.before()
			rest := s.rows
			if cursor != "" {
				last, err := strconv.Atoi(cursor)
				if err != nil {
					return paging.Page[int, string]{}, err
				}
				rest = slices.DeleteFunc(slices.Clone(rest), func(row int) bool { return row >= last })
			}
			page := paging.Page[int, string]{Items: slices.Clone(rest[:min(s.size, len(rest))]), More: len(rest) > s.size}
			if page.More {
				page.Next = strconv.Itoa(page.Items[s.size-1])
			}
			return page, nil
		},
		Cursor: func(cursor string) string { return cursor },
	})
}

// keyed lists oldest first from behind the given row, as id[$gt] does. The
// total counts the rows that are left.
func (s *store) keyed(ctx context.Context) iter.Seq2[int, error] {
	return paging.All(ctx, 0, paging.Walk[int, int]{
		Fetch: func(_ context.Context, after int) (paging.Page[int, int], error) {
			s.before()
			rest := slices.DeleteFunc(slices.Clone(s.rows), func(row int) bool { return row <= after })
			slices.Reverse(rest)
			page := paging.Page[int, int]{Items: rest[:min(s.size, len(rest))], Total: len(rest)}
			if len(page.Items) > 0 {
				page.Next, page.More = page.Items[len(page.Items)-1], true
			}
			return page, nil
		},
		ID: strconv.Itoa,
	})
}

// shuffle makes the store insert and delete at random before each request, now
// and then many at once, and returns the rows that are never deleted.
func (s *store) shuffle(random *rand.Rand) (stable []int) {
	kept := make(map[int]bool)
	for _, row := range s.rows {
		if random.IntN(2) == 0 {
			kept[row] = true
			stable = append(stable, row)
		}
	}
	budget := 2 * len(s.rows) // a list that grows for ever has no end
	some := func() int {
		if random.IntN(10) == 0 {
			return random.IntN(3 * s.size)
		}
		return random.IntN(3)
	}
	s.before = func() {
		for range some() {
			if budget > 0 {
				budget--
				s.insert()
			}
		}
		for range some() {
			if len(s.rows) == 0 {
				return
			}
			if row := s.rows[random.IntN(len(s.rows))]; !kept[row] {
				s.remove(row)
			}
		}
	}
	return stable
}

func TestStableRowsComeExactlyOnceWhileTheListChanges(t *testing.T) {
	t.Parallel()
	const seeds = 500
	walks := map[string]struct {
		walk      func(*store, context.Context) iter.Seq2[int, error]
		ascending bool
	}{
		"page numbers, newest first": {walk: (*store).numbered},
		"cursors":                    {walk: (*store).cursored},
		"keyset":                     {walk: (*store).keyed, ascending: true},
	}
	for name, tt := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(seeds) {
				random := rand.New(rand.NewPCG(seed, 0))
				s := newStore(random.IntN(300), 5+random.IntN(20))
				stable := s.shuffle(random)
				if tt.ascending {
					slices.Reverse(stable)
				}

				got, err := collect(t, tt.walk(s, t.Context()))

				require.NoError(t, err, "seed %d size %d", seed, s.size)
				requireStableOnce(t, stable, got, fmt.Sprintf("seed %d size %d", seed, s.size))
			}
		})
	}
}

// requireStableOnce checks that got holds every row of stable once, in that
// order, and no other row twice.
func requireStableOnce(t *testing.T, stable, got []int, where string) {
	t.Helper()
	times := make(map[int]int)
	for _, row := range got {
		times[row]++
	}
	for row, n := range times {
		assert.Equal(t, 1, n, "%s: row %d", where, row)
	}
	wanted := make(map[int]bool)
	for _, row := range stable {
		wanted[row] = true
	}
	came := slices.DeleteFunc(slices.Clone(got), func(row int) bool { return !wanted[row] })
	require.Equal(t, len(stable), len(came), where)
	for i := range stable {
		require.Equal(t, stable[i], came[i], where)
	}
}
