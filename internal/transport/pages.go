package transport

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/percall"
)

// All walks a list. What the walk itself finds wrong becomes one of the
// vendor's errors.
func All[T, Q any](ctx context.Context, c *Client, route string, first Q, w paging.Walk[T, Q]) iter.Seq2[T, error] {
	if ctx == nil {
		return failed[T](c.fail(&Call{Method: http.MethodGet, Route: route}, errNilContext()))
	}
	return wrapped(c, route, paging.All(percall.Without(ctx), first, w))
}

// Bisect walks a list that the vendor cuts off. Its errors are as those of All.
func Bisect[T, Q any](ctx context.Context, c *Client, route string, first Q, w paging.Capped[T, Q]) iter.Seq2[T, error] {
	if ctx == nil {
		return failed[T](c.fail(&Call{Method: http.MethodGet, Route: route}, errNilContext()))
	}
	return wrapped(c, route, paging.Bisect(percall.Without(ctx), first, w))
}

func wrapped[T any](c *Client, route string, rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if walk, ok := errors.AsType[*paging.Error](err); ok {
				err = c.fail(&Call{Method: http.MethodGet, Route: route}, &souk.Error{Message: walk.Error(), Err: hidden{walk}})
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

func errNilContext() *souk.Error {
	return &souk.Error{Err: souk.ErrInvalid, Message: "the context is nil; use context.Background()"}
}

// Listing says which list a walk reads. Positions in it are of use for the same
// listing only.
type Listing struct {
	// Route and IDs are those of the list's calls.
	Route string
	IDs   []any
	// Filter is the query of the list's calls without what names a page: without
	// number, offset, cursor and size.
	Filter any
	// Store names the store where host and path do not.
	Store string
}

// Walk returns the walk through a list behind position.
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

// walkFailure is the error of a list that cannot be walked.
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

// staleFailure is the error of the first page of a walk that goes on from a cursor.
// It is the cursor's fault if the server refused the request or does not know the
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
