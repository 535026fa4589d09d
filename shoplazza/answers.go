package shoplazza

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// Answers stand bare, {"customer":{…}}, or from 2025-06 on perhaps in an
// envelope, {"code":"Success","data":{"customer":{…}}}.

// member decodes one member of an answer, which must be there.
type member[T any] struct {
	name  string
	value T
}

func (m *member[T]) UnmarshalJSON(data []byte) error {
	object, err := unwrap(data)
	if err != nil {
		return err
	}
	raw := object[m.name]
	if isNull(raw) {
		return errNoMember
	}
	return json.Unmarshal(raw, &m.value)
}

// page decodes a list and what is said of the page after it.
type page[T any] struct {
	name    string
	items   []T
	cursor  string
	hasMore bool
}

func (p *page[T]) UnmarshalJSON(data []byte) error {
	object, err := unwrap(data)
	if err != nil {
		return err
	}
	items, ok := object[p.name]
	if !ok {
		return errNoMember
	}
	if err := json.Unmarshal(items, &p.items); err != nil {
		return err
	}
	if err := decodeMember(object["cursor"], &p.cursor); err != nil {
		return err
	}
	if err := decodeMember(object["has_more"], &p.hasMore); err != nil {
		return err
	}
	if p.hasMore && p.cursor == "" {
		return errNoCursor
	}
	return nil
}

// These errors tell the transport that the answer cannot be used.
var (
	errNoMember = errors.New("the answer lacks what was asked for")
	errNoCursor = errors.New("the answer promises more rows and names no cursor")
)

func unwrap(data []byte) (map[string]json.RawMessage, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, err
	}
	inner := object["data"]
	if isNull(inner) {
		return object, nil
	}
	object = nil
	err := json.Unmarshal(inner, &object)
	return object, err
}

func decodeMember(raw json.RawMessage, into any) error {
	if raw == nil {
		return nil
	}
	return json.Unmarshal(raw, into)
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// one carries out a call whose answer has one member of interest.
func one[T any](ctx context.Context, s *service, name string, call *transport.Call) (*T, error) {
	out := member[T]{name: name}
	call.Out = &out
	if _, err := s.transport.Do(ctx, call); err != nil {
		return nil, err
	}
	return &out.value, nil
}

// count carries out a call whose answer is {"count":…}.
func count(ctx context.Context, s *service, call *transport.Call) (int, error) {
	n, err := one[int](ctx, s, "count", call)
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// list carries out a call whose answer is a page.
func list[T any](ctx context.Context, s *service, name string, call *transport.Call) (*page[T], error) {
	out := page[T]{name: name}
	call.Out = &out
	if _, err := s.transport.Do(ctx, call); err != nil {
		return nil, err
	}
	return &out, nil
}

// wrap returns body as the versions from 2025-06 on want it where 2022-01 has
// it flat.
func (s *service) wrap(name string, body any) any {
	if s.classic {
		return body
	}
	return map[string]any{name: body}
}

// position is what of a request says which page it asks for.
type position struct {
	limit, page int
	cursor      string
}

// maxLimit is the size of the largest page.
const maxLimit = 250

func (p position) check(s *service, problems *transport.Problems) {
	problems.Require(p.limit >= 0 && p.limit <= maxLimit,
		"Limit", "must be between 1 and %d, or 0 for the server's default", maxLimit)
	problems.Require(p.page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(p.page == 0 || s.classic, "Page", "is for version 2022-01 only; later versions are paged with Cursor")
	problems.Require(p.cursor == "" || !s.classic, "Cursor", "is for versions from 2025-06 on; 2022-01 is paged with Page")
}

// pageQuery holds the names that both generations have for a page.
type pageQuery struct {
	Limit    int    `url:"limit,omitempty"`
	Page     int    `url:"page,omitempty"`
	PageSize int    `url:"page_size,omitempty"`
	Cursor   string `url:"cursor,omitempty"`
}

func (p position) query(s *service) pageQuery {
	if s.classic {
		return pageQuery{Limit: p.limit, Page: p.page}
	}
	return pageQuery{PageSize: p.limit, Cursor: p.cursor}
}

// next returns the position after a page of so many rows, false at the end.
// Version 2022-01 has no end mark: a page that is not full is the last one.
func (p position) next(s *service, rows int, cursor string, hasMore bool, defaultLimit int) (position, bool) {
	if !s.classic {
		p.cursor = cursor
		return p, hasMore
	}
	limit := p.limit
	if limit == 0 {
		limit = defaultLimit
	}
	p.page = max(p.page, 1) + 1
	return p, rows >= limit
}

// walk returns the rows of all pages from first on. Rows that come again
// because others were added meanwhile are dropped where pages are numbered.
func walk[T, Q any](
	ctx context.Context, s *service, route string, first Q,
	id func(*T) string, cursor func(Q) string,
	fetch func(context.Context, Q) (rows []T, next Q, more bool, err error),
) iter.Seq2[*T, error] {
	w := paging.Walk[*T, Q]{
		Fetch: func(ctx context.Context, q Q) (paging.Page[*T, Q], error) {
			rows, next, more, err := fetch(ctx, q)
			return paging.Page[*T, Q]{Items: pointers(rows), Next: next, More: more}, err
		},
	}
	if s.classic {
		w.ID = id
	} else {
		w.Cursor = cursor
	}
	return transport.All(ctx, s.transport, route, first, w)
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
