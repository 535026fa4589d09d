// Package percall carries what the caller of one call has put into its context.
package percall

import (
	"context"
	"net/http"
	"time"
)

// Options are what package souk puts into a context and the transport takes out.
type Options struct {
	Header         http.Header
	MaxAttempts    int
	AttemptTimeout time.Duration
	// Done is told of the last answer of the call.
	Done func(Answer)
}

// Answer is the last answer of a call, and what it took to get it.
type Answer struct {
	StatusCode int
	Header     http.Header
	RequestID  string
	Attempts   int
	Waited     time.Duration
	Body       []byte // the caller of Done goes on using it
}

type key struct{}

// With returns a context with options that change has changed.
func With(ctx context.Context, change func(*Options)) context.Context {
	var o Options
	if there := From(ctx); there != nil {
		o = *there
	}
	change(&o)
	return context.WithValue(ctx, key{}, &o)
}

// From returns the options of the context, nil for none.
func From(ctx context.Context) *Options {
	o, _ := ctx.Value(key{}).(*Options)
	return o
}

// Without returns a context without the options, for calls that the SDK makes of
// its own accord: the caller did not mean those.
func Without(ctx context.Context) context.Context {
	if From(ctx) == nil {
		return ctx
	}
	return context.WithValue(ctx, key{}, (*Options)(nil))
}

// WithoutDone returns a context whose Done is told of nothing, for calls that are
// made of several.
func WithoutDone(ctx context.Context) context.Context {
	if o := From(ctx); o == nil || o.Done == nil {
		return ctx
	}
	return With(ctx, func(o *Options) { o.Done = nil })
}

type noteKey struct{}

// Note is told of a renewal of a token.
type Note func(d time.Duration, err error)

// WithNote returns a context whose Note is told of renewals that a call begins.
func WithNote(ctx context.Context, n Note) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

// Renewed tells the context's Note, if there is one.
func Renewed(ctx context.Context, d time.Duration, err error) {
	if n, _ := ctx.Value(noteKey{}).(Note); n != nil {
		n(d, err)
	}
}
