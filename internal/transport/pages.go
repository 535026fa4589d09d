package transport

import (
	"context"
	"errors"
	"iter"
	"net/http"

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
