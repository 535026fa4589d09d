package xclade

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// walkLimit is the size of the pages of a walk.
const walkLimit = 100

// idsAtOnce is how many ids a walk asks for in one request. As many as the
// server reads would leave the query no room for longer ids and other filters.
const idsAtOnce = 200

// position is where a walk through a list stands: behind an id, or at an offset.
type position struct {
	chunk    []string // the ids to list now, nil for all
	chunks   [][]string
	after    string
	offset   int
	seen     int // rows of the chunk that are behind, those left out at the start among them
	limit    int
	byOffset bool
}

// start returns the first position of a list with these parameters.
func start(ids Match, order string, limit, offset int) position {
	p := position{limit: limit, offset: offset, seen: offset, byOffset: order != "" && order != "id"}
	if p.limit == 0 {
		p.limit = walkLimit
	}
	if ids.onlyIn() && len(ids.In) > idsAtOnce {
		p.chunks = slices.Collect(slices.Chunk(ids.In, idsAtOnce))
	}
	return p.nextChunk()
}

func (p position) nextChunk() position {
	if len(p.chunks) > 0 {
		p.chunk, p.chunks = p.chunks[0], p.chunks[1:]
		p.limit = idsAtOnce
	}
	return p
}

// apply puts the position into the parameters of a request.
func (p position) apply(ids *Match, order *string, limit, offset *int) {
	if p.chunk != nil {
		ids.In = p.chunk
	}
	*limit, *offset = p.limit, p.offset
	if p.byOffset {
		return
	}
	*order = "id"
	if p.after != "" {
		ids.Greater, *offset = p.after, 0
	}
}

// walk reads a list by id, or by offset where the caller wants another order
// or the server does not know conditions on ids.
func walk[T any](
	ctx context.Context, c *transport.Client, route string, first position,
	id func(*T) string, page func(context.Context, position) ([]T, int, error),
) iter.Seq2[*T, error] {
	fetch := func(ctx context.Context, p position) (paging.Page[*T, position], error) {
		rows, count, err := page(ctx, p)
		if p.after != "" && !p.byOffset && refused(err) {
			p.byOffset, p.offset = true, p.seen
			rows, count, err = page(ctx, p)
		}
		if err != nil {
			return paging.Page[*T, position]{}, err
		}
		items := pointers(rows)
		return follow(p, items, count, id), nil
	}
	return transport.All(ctx, c, route, first, paging.Walk[*T, position]{
		Fetch:    fetch,
		ID:       id,
		Previous: position.previous,
	})
}

// follow says of the rows read at p what comes after them.
func follow[T any](p position, items []*T, count int, id func(*T) string) paging.Page[*T, position] {
	next := p
	next.seen += len(items)
	more := p.offset+len(items) < count
	page := paging.Page[*T, position]{Items: items, More: true}
	switch {
	case more && p.byOffset:
		next.offset += len(items)
	case more:
		next.after, next.offset = id(items[len(items)-1]), 0
		if next.after == "" { // rows without ids would be the first page for ever
			next.byOffset, next.offset = true, next.seen
		}
	case len(p.chunks) > 0:
		next.after, next.offset, next.seen = "", 0, 0
		next = next.nextChunk()
	default:
		page.More = false
	}
	if p.byOffset && p.chunk == nil {
		page.Total = count // by id, count is only what is left
	}
	page.Next = next
	return page
}

// previous returns the page before p, to be read again when rows before it
// have gone.
func (p position) previous() (position, bool) {
	if !p.byOffset || p.offset == 0 {
		return p, false
	}
	p.offset = max(0, p.offset-p.limit)
	return p, true
}

// refused reports that the server does not take the parameters.
func refused(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode == http.StatusBadRequest && !errors.Is(err, souk.ErrUnreadable)
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
