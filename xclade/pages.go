package xclade

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

const (
	// walkLimit is the default page size of a walk.
	walkLimit = 1000
	// idsAtOnce is how many ids a walk asks for in one request. The maximum that the
	// server reads would leave no room for longer ids and other filters.
	idsAtOnce = 200
	// leastID sorts before every id.
	leastID = "0"
)

// pageRef says which rows a request of a walk asks for.
type pageRef struct {
	ids           []string // only these, nil for all
	after         string   // those behind this id, "" for all
	order         string
	limit, offset int
}

// page is one page of a list, with the number of all rows that match and the page size
// by the server. It comes together with an error if rows of it cannot be read.
type page[T any] struct {
	rows        []T
	count, size int
}

// walked is a list to walk through. Its pages can be requested in several ways.
type walked[T any] struct {
	order         string // "id" where the caller asks for none
	limit, offset int    // as the caller has them
	id            func(*T) string
	read          func(ctx context.Context, at pageRef) (*page[T], error)
}

func newWalked[T any](order string, limit, offset int, id func(*T) string) walked[T] {
	return walked[T]{order: cmp.Or(order, "id"), limit: cmp.Or(limit, walkLimit), offset: offset, id: id}
}

// batch reads a page. skipped is how many rows the server counts but does not list.
func (l walked[T]) batch(ctx context.Context, at pageRef, skipped int) (paging.Batch[T], error) {
	p, err := l.read(ctx, at)
	if p == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(p.rows, transport.RowErrors(err))
	b.Size = p.size
	b.Total = max(p.count-skipped, 0)
	b.More = at.offset+len(b.Rows) < p.count
	return b, nil
}

// behindID returns the list as read with conditions on ids.
func (l walked[T]) behindID() paging.List[T] {
	return paging.Keyset[T]{ID: l.id, Fetch: func(ctx context.Context, after string) (paging.Batch[T], error) {
		if after == "" {
			return l.batch(ctx, pageRef{after: leastID, order: l.order, limit: l.limit, offset: l.offset}, l.offset)
		}
		return l.batch(ctx, pageRef{after: after, order: l.order, limit: l.limit}, 0)
	}}
}

// byOffset returns the list as read by offset, in the order of ids.
func (l walked[T]) byOffset() paging.List[T] {
	return paging.Offset[T]{ID: l.id, Limit: l.limit, Fetch: func(ctx context.Context, offset, limit int) (paging.Batch[T], error) {
		return l.batch(ctx, pageRef{order: l.order, limit: limit, offset: l.offset + offset}, l.offset)
	}}
}

// moves reports whether rows can change their place in the order.
func (l walked[T]) moves() bool {
	return !slices.Contains([]string{"id", "-id", "created_at", "-created_at"}, l.order)
}

// listed returns the order and the limit for which a position is valid. The number of a
// page means nothing for pages of another size.
func (l walked[T]) listed() (order string, limit int) {
	if l.moves() {
		return l.order, l.limit
	}
	return l.order, 0
}

// inOrder returns the list in an order that the caller chose.
func (l walked[T]) inOrder() paging.List[T] {
	if l.order == "id" {
		return l.byOffset()
	}
	return paging.Numbers[T]{
		ID:    l.id,
		Moves: l.moves(),
		Fetch: func(ctx context.Context, number int) (paging.Batch[T], error) {
			return l.batch(ctx, pageRef{order: l.order, limit: l.limit, offset: l.offset + (number-1)*l.limit}, l.offset)
		},
	}
}

// splits reports whether the ids are split over several requests. That is not possible
// in another order, for which rows would have to be sorted, or with an offset.
func (l walked[T]) splits(ids []string) bool {
	return len(ids) > idsAtOnce && l.order == "id" && l.offset == 0
}

// ofIDs returns the list of the rows with these ids, a part of the ids in each request.
func (l walked[T]) ofIDs(ids []string) paging.List[T] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	most := max(min(l.limit, idsAtOnce), 1)
	return paging.Keyset[T]{ID: l.id, Fetch: func(ctx context.Context, after string) (paging.Batch[T], error) {
		at, found := slices.BinarySearch(ids, after)
		if found {
			at++
		}
		rest := ids[at:]
		n := min(len(rest), most)
		if n == 0 {
			return paging.Batch[T]{Total: -1}, nil
		}
		b, err := l.batch(ctx, pageRef{ids: rest[:n], order: l.order, limit: l.limit}, 0)
		b.Total, b.More, b.Next = -1, true, rest[n-1] // until none are left
		return b, err
	}}
}

// rejectsQuery reports whether the server refused the parameters.
func rejectsQuery(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode == http.StatusBadRequest && e.Code == "invalid_data"
}

// follows returns the offset after a page with so many readable rows; ok reports
// whether there is another page.
func follows(rows, count, offset, limit int) (next int, ok bool) {
	n := max(rows, limit) // rows that could not be read are among the limit
	return offset + n, count-offset > n
}
