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

// offsets is a list by offsets that notes where it was asked from.
func (s *traced) offsets() paging.List[item] {
	list := s.offset().(paging.Offset[item])
	fetch := list.Fetch
	list.Fetch = func(ctx context.Context, offset, limit int) (paging.Batch[item], error) {
		s.pages = append(s.pages, fmt.Sprint(offset))
		return fetch(ctx, offset, limit)
	}
	return list
}

// A page of four is drawn from a list that changes before certain requests. Each page
// begins with the last row of the one before.
func TestOffsetsStepBackToARowThatCame(t *testing.T) {
	t.Parallel()
	up := func(from, to int) (ids []int) {
		for id := from; id <= to; id++ {
			ids = append(ids, id)
		}
		return ids
	}
	tests := map[string]struct {
		change func(s *traced) map[int]func()
		asked  []string
		want   []int
	}{
		"quiet list": {func(*traced) map[int]func() { return nil }, []string{"0", "3", "6", "9"}, up(1, 11)},
		"a row that came is deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(1) }} },
			[]string{"0", "3", "0", "3", "6"},
			up(1, 11),
		},
		"the last row that came is deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(4) }} },
			[]string{"0", "3", "0", "3", "6"},
			up(1, 11),
		},
		"a later row is deleted": {
			func(s *traced) map[int]func() { return map[int]func(){2: func() { s.delete(11) }} },
			[]string{"0", "3", "6"},
			up(1, 10),
		},
		"all that came are deleted, and rows are added": {
			func(s *traced) map[int]func() {
				return map[int]func(){3: func() {
					s.delete(1, 2, 3, 4, 5, 6, 7)
					for range 7 {
						s.insert()
					}
				}}
			},
			[]string{"0", "3", "6", "3", "0", "3", "6", "9"},
			up(1, 18),
		},
		"the list shrinks far below the place": {
			func(s *traced) map[int]func() {
				return map[int]func(){4: func() { s.delete(1, 2, 3, 4, 5, 6, 7, 8, 9) }}
			},
			[]string{"0", "3", "6", "9", "0"},
			up(1, 11),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := trace(11, 4)
			s.change = tt.change(s)
			assert.Equal(t, tt.want, come(t, newWalker(s.offsets(), ""), -1))
			assert.Equal(t, tt.asked, s.pages)
		})
	}
}

func TestOffsetsResumeAtTheirPlace(t *testing.T) {
	t.Parallel()
	s := trace(100, 10)
	w := newWalker(s.offsets(), "")
	require.Len(t, come(t, w, 57), 57)
	s.pages = nil
	assert.Equal(t, []int{58}, come(t, newWalker(s.offsets(), w.Position()), 1))
	assert.Equal(t, "56", s.pages[0])
}

func TestKeysetsResumeBehindTheirID(t *testing.T) {
	t.Parallel()
	s := newShop(25, 4, func() time.Duration { return time.Second })
	w := newWalker(s.keyset(), "")
	require.Len(t, come(t, w, 10), 10)
	assert.Equal(t, 25, w.Total())
	s.remove(func(i item) bool { return i.ID > 5 && i.ID < 12 })
	w = newWalker(s.keyset(), w.Position())
	assert.Equal(t, []int{12, 13, 14, 15, 16}, come(t, w, 5))
	assert.Equal(t, 24, w.Total(), "the rows that came, and those that are left")
	s.insert()
	assert.Equal(t, []int{17, 18, 19, 20, 21, 22, 23, 24, 25, 26}, come(t, w, -1))
	assert.Equal(t, 25, w.Total())
	assert.Empty(t, come(t, w, -1))
	s.insert()
	assert.Equal(t, []int{27}, come(t, w, -1), "a row that was added when the walk was over")
}

// Where a page says behind which id the next one begins, it may be empty. So many
// ids can be asked for in several requests.
func TestKeysetsByChunksOfIDs(t *testing.T) {
	t.Parallel()
	chunks := map[string]string{"": "b", "b": "d", "d": "f", "f": "h"}
	found := map[string][]string{"b": {"a"}, "h": {"g", "h"}}
	var asked []string
	list := paging.Keyset[string]{
		ID: func(s *string) string { return *s },
		Fetch: func(_ context.Context, after string) (paging.Batch[string], error) {
			asked = append(asked, after)
			last := chunks[after]
			if after == "a" || after == "g" {
				last = map[string]string{"a": "b", "g": "h"}[after]
			}
			var rows []string
			for _, id := range found[last] {
				if id > after {
					rows = append(rows, id)
				}
			}
			return paging.Batch[string]{Rows: rows, More: last != "h", Next: last, Total: -1}, nil
		},
	}
	w := newWalker(list, "")
	var ids []string
	for id, err := range w.All(t.Context()) {
		require.NoError(t, err)
		if *id == "h" {
			break
		}
		ids = append(ids, *id)
	}
	assert.Equal(t, []string{"a", "g"}, ids)
	assert.Equal(t, []string{"", "b", "d", "f"}, asked)
	for id, err := range newWalker(list, w.Position()).All(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "h", *id)
	}
	assert.Equal(t, "g", asked[4])
	assert.Equal(t, -1, w.Total())
}

// Databases sort texts by their own rule, which may ignore letter case.
func TestKeysetsInAnyLetterCase(t *testing.T) {
	t.Parallel()
	list := paging.Keyset[string]{
		ID: func(s *string) string { return *s },
		Fetch: func(context.Context, string) (paging.Batch[string], error) {
			return paging.Batch[string]{Rows: []string{"a", "B", "c"}, Total: 3}, nil
		},
	}
	for _, err := range newWalker(list, "").All(t.Context()) {
		require.NoError(t, err)
	}
}

// A row without a readable id proves nothing about its place.
func TestOffsetsDoNotJoinOnAtARowWithoutID(t *testing.T) {
	t.Parallel()
	all := []int{1, 2, 3, 4, 5, 6, 7, 8}
	requests := 0
	list := paging.Offset[int]{ID: idOf, Limit: 4, Fetch: func(_ context.Context, offset, limit int) (paging.Batch[int], error) {
		if requests++; requests == 2 {
			all = all[2:]
		}
		b := paging.Batch[int]{Rows: slices.Clone(all[min(offset, len(all)):min(offset+limit, len(all))]), Total: len(all)}
		for i, row := range b.Rows {
			if row == 6 {
				b.Failed = append(b.Failed, paging.Failed{Index: i, Raw: []byte("six"), Err: errLost})
			}
		}
		return b, nil
	}}
	var came []int
	for row, err := range newWalker(list, "").All(t.Context()) {
		if err != nil {
			require.ErrorIs(t, err, errLost)
			came = append(came, 6)
			continue
		}
		came = append(came, *row)
	}
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8}, came)
}

// The server need not say how large its pages are.
func TestOffsetsBehindTheEndOfAList(t *testing.T) {
	t.Parallel()
	all := []int{1, 2, 3, 4, 5, 6, 7, 8}
	list := paging.Offset[int]{ID: idOf, Limit: 4, Fetch: func(_ context.Context, offset, limit int) (paging.Batch[int], error) {
		return paging.Batch[int]{Rows: slices.Clone(all[min(offset, len(all)):min(offset+limit, len(all))]), Total: len(all)}, nil
	}}
	w := newWalker(list, "")
	for row := range w.All(t.Context()) {
		if *row == 7 {
			break
		}
	}
	all = all[4:]
	came, err := got(t, newWalker(list, w.Position()).All(t.Context()))
	require.NoError(t, err)
	assert.Equal(t, []int{7, 8}, came)
}
