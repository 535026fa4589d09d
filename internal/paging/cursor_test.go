package paging_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func oneBatch(context.Context, string) (paging.Batch[int], error) {
	return paging.Batch[int]{Rows: []int{1}, Total: 1}, nil
}

func longCursors(length int) paging.List[int] {
	cursor := strings.Repeat("c", length)
	return paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, at string, _ func(string)) (paging.Batch[int], error) {
		if at == "" {
			return paging.Batch[int]{Rows: []int{1}, Next: cursor, Total: -1}, nil
		}
		return paging.Batch[int]{Rows: []int{2}, Total: -1}, nil
	}}
}

// timeline notes what happens when, in milliseconds.
type timeline struct {
	start time.Time
	mu    sync.Mutex
	notes []string
}

func (l *timeline) note(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notes = append(l.notes, fmt.Sprintf("%3d ", time.Since(l.start).Milliseconds())+fmt.Sprintf(format, args...))
}

// pipeline answers with one row a page: the header comes after 20 ms and names the
// next page, and decoding takes another 10 ms.
func (l *timeline) pipeline(pages int) paging.List[int] {
	return paging.Cursor[int]{ID: idOf, Fetch: func(ctx context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
		page := 1
		if cursor != "" {
			_, _ = fmt.Sscan(cursor, &page)
		}
		l.note("ask %d", page)
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return paging.Batch[int]{}, ctx.Err()
		}
		next := ""
		if page < pages {
			next = fmt.Sprint(page + 1)
			named(next)
		}
		time.Sleep(10 * time.Millisecond)
		return paging.Batch[int]{Rows: []int{page}, Next: next, Total: -1}, nil
	}}
}

// The caller is faster than the server: each page is asked for when the header of
// the one before it is there, while that is decoded.
func TestCursorAsksBeforeItDecodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &timeline{start: time.Now()}
		for row, err := range newWalker(l.pipeline(4), "").All(t.Context()) {
			require.NoError(t, err)
			l.note("row %d", *row)
		}
		assert.Equal(t, []string{
			"  0 ask 1", " 20 ask 2", " 30 row 1", " 40 ask 3", " 50 row 2", " 60 ask 4", " 70 row 3", " 90 row 4",
		}, l.notes)
	})
}

// The caller is slower than the server: no page is asked for before the one before
// the one before it is used up.
func TestCursorIsNeverTwoPagesAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &timeline{start: time.Now()}
		for row, err := range newWalker(l.pipeline(4), "").All(t.Context()) {
			require.NoError(t, err)
			l.note("row %d", *row)
			time.Sleep(100 * time.Millisecond)
		}
		assert.Equal(t, []string{
			"  0 ask 1", " 20 ask 2", " 30 row 1", "130 row 2", "130 ask 3", "230 row 3", "230 ask 4", "330 row 4",
		}, l.notes)
	})
}

func TestCursorLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	for at := range 40 { // ms, when the context ends
		synctest.Test(t, func(t *testing.T) {
			l := &timeline{start: time.Now()}
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(at)*time.Millisecond)
			defer cancel()
			for _, err := range newWalker(l.pipeline(4), "").All(ctx) {
				if at%2 == 0 || err != nil {
					break
				}
			}
			synctest.Wait()
			asked := len(l.notes)
			time.Sleep(time.Second)
			assert.Len(t, l.notes, asked)
		})
	}
}

func TestCursorHandsOnHowFetchEnds(t *testing.T) {
	t.Parallel()
	for page := 1; page <= 2; page++ {
		for _, early := range []bool{false, true} {
			end := func(f func()) paging.List[int] {
				return paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
					if early {
						named(cursor + "a")
					}
					if len(cursor) == page-1 {
						f()
					}
					return paging.Batch[int]{Rows: []int{len(cursor)}, Next: cursor + "a"}, nil
				}}
			}
			assert.PanicsWithValue(t, "in Fetch", func() {
				_, _ = got(t, newWalker(end(func() { panic("in Fetch") }), "").All(t.Context()))
			})
			returned := false
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range newWalker(end(runtime.Goexit), "").All(t.Context()) {
					continue
				}
				returned = true
			}()
			<-done
			assert.False(t, returned)
		}
	}
}

// A page that fails after it has named the next one takes that along.
func TestCursorDropsThePageBehindOneThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		ended := false
		list := paging.Cursor[int]{ID: idOf, Fetch: func(ctx context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
			asked = append(asked, cursor)
			if cursor == "b" {
				<-ctx.Done()
				time.Sleep(time.Second)
				ended = true
				return paging.Batch[int]{}, ctx.Err()
			}
			named("b")
			named("c") // only the first counts
			named("")
			time.Sleep(time.Millisecond)
			return paging.Batch[int]{}, errLost
		}}
		all, err := got(t, newWalker(list, "").All(t.Context()))
		require.ErrorIs(t, err, errLost)
		assert.Empty(t, all)
		assert.Equal(t, []string{"", "b"}, asked)
		assert.True(t, ended, "it was waited for")
	})
}

func TestCursorRefusesCursorsThatLoop(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		next map[string]string // cursor to the next one
		want []string          // requests
	}{
		"at once":          {map[string]string{"": "secret-a", "secret-a": "secret-a"}, []string{"", "secret-a"}},
		"after three":      {map[string]string{"": "a", "a": "b", "b": "c", "c": "a"}, []string{"", "a", "b", "c"}},
		"to the beginning": {map[string]string{"": "a", "a": "b", "b": "a"}, []string{"", "a", "b"}},
	}
	for name, tt := range tests {
		for _, early := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, early %v", name, early), func(t *testing.T) {
				t.Parallel()
				var requests []string
				list := paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
					requests = append(requests, cursor)
					if early {
						named(tt.next[cursor])
					}
					return paging.Batch[int]{Rows: []int{len(requests)}, Next: tt.next[cursor]}, nil
				}}

				all, err := got(t, newWalker(list, "").All(t.Context()))

				requireProblem(t, paging.CursorLoop, err)
				assert.NotContains(t, err.Error(), "secret")
				assert.Equal(t, tt.want, requests)
				assert.Len(t, all, len(requests), "the rows of every fetched page come first")
			})
		}
	}
}

// Only the first page of a resume can show that the server has forgotten a cursor.
func TestCursorOfAPositionThatTheServerDoesNotTake(t *testing.T) {
	t.Parallel()
	refuse := ""
	list := paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, _ func(string)) (paging.Batch[int], error) {
		if cursor == refuse {
			return paging.Batch[int]{}, errLost
		}
		next := map[string]string{"": "a", "a": "b"}[cursor]
		return paging.Batch[int]{Rows: []int{len(next)*10 + len(cursor)}, Next: next}, nil
	}}
	_, err := got(t, newWalker(list, "").All(t.Context()))
	require.Equal(t, errLost, err, "at the beginning the position is not at fault")

	refuse = "b"
	w := newWalker(list, "")
	all, err := got(t, w.All(t.Context()))
	require.Equal(t, errLost, err)
	require.Equal(t, []int{10, 11}, all)

	_, err = got(t, newWalker(list, w.Position()).All(t.Context()))
	requireProblem(t, paging.PositionStale, err)
	require.ErrorIs(t, err, errLost)

	refuse = "none"
	w = newWalker(list, "")
	for range w.All(t.Context()) { // the position is in the first page
		break
	}
	for row := range w.All(t.Context()) {
		if *row == 11 {
			break
		}
	}
	refuse = "b"
	all, err = got(t, newWalker(list, w.Position()).All(t.Context()))
	require.Equal(t, errLost, err, "a later page has a cursor of its own")
	require.Equal(t, []int{11}, all)
}

// A position in the first page holds no cursor that could be at fault.
func TestCursorOfAPositionInTheFirstPage(t *testing.T) {
	t.Parallel()
	var fail error
	list := paging.Cursor[int]{ID: idOf, Fetch: func(context.Context, string, func(string)) (paging.Batch[int], error) {
		return paging.Batch[int]{Rows: []int{1, 2}}, fail
	}}
	w := newWalker(list, "")
	_, err := got(t, w.All(t.Context()))
	require.NoError(t, err)
	fail = errLost
	_, err = got(t, newWalker(list, w.Position()).All(t.Context()))
	require.Equal(t, errLost, err)
}

// What was named too early is dropped if the page says otherwise.
func TestCursorTakesNoNameThatThePageDoesNotConfirm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var asked []string
		running := 0
		enter := func(cursor string) int {
			mu.Lock()
			defer mu.Unlock()
			running++
			asked = append(asked, cursor)
			return len(asked)
		}
		leave := func() {
			mu.Lock()
			defer mu.Unlock()
			running--
		}
		list := paging.Cursor[int]{ID: idOf, Fetch: func(ctx context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
			n := enter(cursor)
			defer leave()
			if cursor == "wrong" {
				<-ctx.Done()
				time.Sleep(time.Second)
				return paging.Batch[int]{}, ctx.Err()
			}
			named("wrong")
			time.Sleep(time.Second)
			next := map[string]string{"": "a", "a": "b"}[cursor]
			return paging.Batch[int]{Rows: []int{n}, Next: next}, nil
		}}
		for row, err := range newWalker(list, "").All(t.Context()) {
			require.NoError(t, err, *row)
		}
		assert.Equal(t, []string{"", "wrong", "a", "wrong", "b", "wrong"}, asked)
		assert.Zero(t, running)
	})
}

// No name is none, also where the walk does not know the first page as one it has read.
func TestCursorAsksForNoPageWithoutAName(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	list := paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, cursor)
		page := map[string]int{"": 1, "a": 2, "b": 3}[cursor]
		next := map[string]string{"": "a", "a": "b"}[cursor]
		named("")
		named(next)
		return paging.Batch[int]{Rows: []int{page}, Next: next}, nil
	}}
	w := newWalker(list, "")
	for row, err := range w.All(t.Context()) {
		require.NoError(t, err)
		if *row == 3 {
			break
		}
	}
	asked = nil
	all, err := got(t, newWalker(list, w.Position()).All(t.Context()))
	require.NoError(t, err)
	assert.Equal(t, []int{3}, all)
	assert.Equal(t, []string{"b"}, asked)
}

// A name that was not confirmed, such as of an answer that was lost, may be that of
// a later page all the same.
func TestCursorGoesOnToAPageThatWasNamedTooEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := paging.Cursor[int]{ID: idOf, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[int], error) {
			if cursor == "" {
				named("b")
			}
			time.Sleep(time.Second)
			page := map[string]int{"": 1, "a": 2, "b": 3}[cursor]
			return paging.Batch[int]{Rows: []int{page}, Next: map[string]string{"": "a", "a": "b"}[cursor]}, nil
		}}
		all, err := got(t, newWalker(list, "").All(t.Context()))
		require.NoError(t, err)
		assert.Equal(t, []int{1, 2, 3}, all)
	})
}

// Some servers' cursors are numbers of pages in disguise. Then rows that were added
// push those that came to the pages that are read after a resume.
func TestCursorsThatCountPages(t *testing.T) {
	t.Parallel()
	s := newShop(100, 5, func() time.Duration { return time.Second })
	list := paging.Cursor[item]{ID: itemID, Fetch: func(_ context.Context, cursor string, _ func(string)) (paging.Batch[item], error) {
		page := len(cursor)
		b := paging.Batch[item]{Rows: s.cut(s.falling(), page*s.size), Total: -1}
		if (page+1)*s.size < len(s.rows) {
			b.Next = cursor + "x"
		}
		return b, nil
	}}
	w := newWalker(list, "")
	require.Equal(t, down(100, 58), come(t, w, 43))
	for range 23 {
		s.insert()
	}
	assert.Equal(t, down(57, 1), come(t, newWalker(list, w.Position()), -1))
}
