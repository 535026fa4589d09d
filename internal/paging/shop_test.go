package paging_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/souk-go/souk/internal/paging"
)

// item is a row of a shop.
type item struct {
	ID int
	At time.Time
}

func itemID(i *item) string { return fmt.Sprintf("id_%06d", i.ID) }

func itemAt(i *item) time.Time { return i.At }

// shop is a list that changes before every request. Ids and times of creation
// ascend.
type shop struct {
	mu       sync.Mutex
	rows     []item // oldest first
	kept     map[int]bool
	newest   int
	now      time.Time
	apart    func() time.Duration // between two creations
	size     int
	limit    int // rows listed at most, for days
	latency  time.Duration
	before   func()
	failing  func() bool
	inFlight int
	most     int // requests under way at the same time
	requests int
}

var errDown = errors.New("the server is down")

func newShop(rows, size int, apart func() time.Duration) *shop {
	s := &shop{
		size:    size,
		kept:    make(map[int]bool),
		now:     time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
		apart:   apart,
		before:  func() {},
		failing: func() bool { return false },
	}
	for range rows {
		s.insert()
	}
	return s
}

func (s *shop) insert() {
	s.newest++
	s.now = s.now.Add(s.apart())
	s.rows = append(s.rows, item{s.newest, s.now})
}

// remove deletes the rows that are not kept and that f names.
func (s *shop) remove(f func(item) bool) {
	s.rows = slices.DeleteFunc(s.rows, func(i item) bool { return !s.kept[i.ID] && f(i) })
}

// removeOne deletes a row, unless it is one that is kept.
func (s *shop) removeOne(r *rand.Rand) {
	if len(s.rows) > 0 {
		if i := r.IntN(len(s.rows)); !s.kept[s.rows[i].ID] {
			s.rows = slices.Delete(s.rows, i, i+1)
		}
	}
}

// request waits for the network and lets the list change.
func (s *shop) request(ctx context.Context) error {
	s.enter()
	defer s.leave()
	select {
	case <-time.After(s.latency):
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.failing() {
		return errDown
	}
	s.before()
	return nil
}

func (s *shop) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.inFlight++
	s.most = max(s.most, s.inFlight)
}

func (s *shop) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
}

// asked returns the number of requests.
func (s *shop) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func newestFirst(rows []item) []item {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

// cut returns size rows from an offset on.
func (s *shop) cut(rows []item, offset int) []item {
	offset = min(max(offset, 0), len(rows))
	return slices.Clone(rows[offset:min(offset+s.size, len(rows))])
}

func (s *shop) keyset() paging.List[item] {
	return paging.Keyset[item]{ID: itemID, Fetch: func(ctx context.Context, after string) (paging.Batch[item], error) {
		if err := s.request(ctx); err != nil {
			return paging.Batch[item]{}, err
		}
		left := s.rows[sort.Search(len(s.rows), func(i int) bool { return itemID(&s.rows[i]) > after }):]
		page := s.cut(left, 0)
		return paging.Batch[item]{Rows: page, More: len(page) < len(left), Total: len(left), Size: s.size}, nil
	}}
}

func (s *shop) offset() paging.List[item] {
	return paging.Offset[item]{ID: itemID, Limit: s.size, Fetch: func(ctx context.Context, offset, limit int) (paging.Batch[item], error) {
		if err := s.request(ctx); err != nil {
			return paging.Batch[item]{}, err
		}
		offset = min(offset, len(s.rows))
		rows := slices.Clone(s.rows[offset:min(offset+limit, len(s.rows))])
		return paging.Batch[item]{Rows: rows, Total: len(s.rows), Size: limit}, nil
	}}
}

// cursor names the next page before the present one is decoded.
func (s *shop) cursor() paging.List[item] {
	return paging.Cursor[item]{ID: itemID, Fetch: func(ctx context.Context, cursor string, named func(string)) (paging.Batch[item], error) {
		if err := s.request(ctx); err != nil {
			return paging.Batch[item]{}, err
		}
		rows := newestFirst(s.rows)
		if cursor != "" {
			last, err := strconv.Atoi(cursor)
			if err != nil {
				return paging.Batch[item]{}, err
			}
			rows = slices.DeleteFunc(rows, func(i item) bool { return i.ID >= last })
		}
		page := paging.Batch[item]{Rows: s.cut(rows, 0), Total: -1}
		if len(page.Rows) < len(rows) {
			page.Next = strconv.Itoa(page.Rows[len(page.Rows)-1].ID)
			named(page.Next)
		}
		time.Sleep(time.Millisecond) // decoding
		return page, nil
	}}
}

func (s *shop) numbered(rows func() []item, total bool) func(context.Context, int) (paging.Batch[item], error) {
	return func(ctx context.Context, page int) (paging.Batch[item], error) {
		if err := s.request(ctx); err != nil {
			return paging.Batch[item]{}, err
		}
		all := rows()
		b := paging.Batch[item]{Rows: s.cut(all, (page-1)*s.size), Total: -1}
		b.More = len(b.Rows) > 0
		if total {
			b.More, b.Total, b.Size = page*s.size < len(all), len(all), s.size
		}
		return b, nil
	}
}

func (s *shop) falling() []item { return newestFirst(s.rows) }

func (s *shop) counted() paging.List[item] {
	return paging.Numbers[item]{ID: itemID, Fetch: s.numbered(s.falling, true)}
}

func (s *shop) uncounted() paging.List[item] {
	return paging.Numbers[item]{ID: itemID, Fetch: s.numbered(s.falling, false)}
}

func (s *shop) timed() paging.List[item] {
	return paging.Numbers[item]{
		ID: itemID, Fetch: s.numbered(s.falling, false), Created: itemAt,
		Until: func(ctx context.Context, page int, t time.Time) (paging.Batch[item], error) {
			return s.numbered(func() []item {
				return slices.DeleteFunc(s.falling(), func(i item) bool { return i.At.After(t) })
			}, false)(ctx, page)
		},
	}
}

func (s *shop) unnamed() paging.List[item] {
	return paging.Numbers[item]{Fetch: s.numbered(s.falling, false)}
}

func (s *shop) days() paging.List[item] {
	return paging.Days[item]{
		ID: itemID, Day: itemAt, Cap: s.limit, Size: s.size,
		First: time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC),
		Last:  time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC),
		Fetch: func(ctx context.Context, page int, first, last time.Time) (paging.Batch[item], error) {
			if err := s.request(ctx); err != nil {
				return paging.Batch[item]{}, err
			}
			rows := s.falling()
			if !last.IsZero() {
				rows = slices.DeleteFunc(rows, func(i item) bool {
					return i.At.Before(first) || !i.At.Before(last.AddDate(0, 0, 1))
				})
			}
			rows = rows[:min(len(rows), s.limit)]
			b := paging.Batch[item]{Rows: s.cut(rows, (page-1)*s.size), Total: len(rows), Size: s.size}
			b.More = page*s.size < len(rows)
			return b, nil
		},
	}
}
