package transport

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
)

func errNilContext() *souk.Error {
	return &souk.Error{Err: souk.ErrInvalid, Message: "the context is nil; use context.Background()"}
}

// Listing identifies the list that a walk reads. Positions are valid for the same
// listing only.
type Listing struct {
	// Route and IDs are the route and ids of the list's calls.
	Route string
	IDs   []any
	// Filter is the query of the list's calls without the page: without number, offset,
	// cursor and size.
	Filter any
	// Store names the store if host and path do not.
	Store string
}

// Walk returns a walk through a list, after position.
func Walk[T any](c *Client, l Listing, list paging.List[T], position string) *souk.Walk[T] {
	var problems Problems // each page reports them
	target := c.target(&Call{Route: l.Route, IDs: l.IDs, Query: l.Filter}, &problems)
	target.Host = strings.ToLower(target.Host)
	name := c.vendor.Name + " " + l.Store + " " + target.String()
	fail := func(e *paging.Error) error {
		return c.fail(&Call{Method: http.MethodGet, Route: l.Route}, walkFailure(e))
	}
	return souk.NewWalk(paging.NewWalker(list, name, position, fail))
}

// walkFailure returns the error of a list that cannot be walked.
func walkFailure(e *paging.Error) *souk.Error {
	switch e.Problem {
	case paging.PositionChanged, paging.PositionVersion, paging.PositionElsewhere:
		var problems Problems
		problems.Add("position", "%s", e.Error())
		return problems.failure()
	case paging.PositionStale:
		return staleFailure(e)
	case paging.NoContext, paging.InUse:
		return &souk.Error{Message: e.Error(), Err: souk.ErrInvalid}
	case paging.DayAtCap:
		return &souk.Error{Message: e.Error(), Err: hidden{e}}
	case paging.GrewToCap:
		return &souk.Error{Message: e.Error(), Err: joinClasses(souk.ErrUnavailable, hidden{e})}
	}
	return &souk.Error{Message: e.Error(), Err: joinClasses(souk.ErrUnavailable, souk.ErrUnreadable, hidden{e})}
}

// staleFailure returns the error of the first page of a walk that resumes from a
// cursor. The cursor is at fault if the server refused the request or does not know the
// page.
func staleFailure(e *paging.Error) *souk.Error {
	cause, ok := errors.AsType[*souk.Error](e.Err)
	if !ok {
		return &souk.Error{Err: e.Err}
	}
	failure := *cause
	if errors.Is(cause, souk.ErrInvalid) || errors.Is(cause, souk.ErrNotFound) {
		failure.Message = e.Error()
		failure.Err = joinClasses(souk.ErrInvalid, hidden{cause})
	}
	return &failure
}

// Anew returns the rows of a walk from the beginning, for any number of loops: each
// loop begins a new walk of the request as it is now.
func Anew[R, T any](ctx context.Context, req R, walk func(R) *souk.Walk[T]) iter.Seq2[*T, error] {
	req = Own(req)
	return func(yield func(*T, error) bool) { walk(req).All(ctx)(yield) }
}
