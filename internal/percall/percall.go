// Package percall carries the caller's settings for one call in a context.
package percall

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// Options are the settings that package souk puts into a context and the transport
// reads.
type Options struct {
	Header         http.Header
	MaxAttempts    int
	AttemptTimeout time.Duration
	// Secrets are credentials that a server may know, and must not repeat. The SDK's
	// own calls have them.
	Secrets []string
	// Done is called with the last answer of the call.
	Done func(Answer)
	// NilContext and NilResponse say that a function of souk was given nil, so that the
	// call can report it.
	NilContext, NilResponse bool
}

// Answer is the last answer of a call, and what it took to get it.
type Answer struct {
	StatusCode int
	Header     http.Header
	RequestID  string
	Attempts   int
	Waited     time.Duration
	Body       []byte // the transport's: valid until Done returns
}

type key struct{}

var none Options

// With returns a context with options that change has changed.
func With(ctx context.Context, change func(*Options)) context.Context {
	var o Options
	if ctx == nil {
		ctx, o.NilContext = context.Background(), true
	} else {
		o = *From(ctx)
	}
	change(&o)
	return context.WithValue(ctx, key{}, &o)
}

// From returns the options of the context. They must not be changed.
func From(ctx context.Context) *Options {
	if o, ok := ctx.Value(key{}).(*Options); ok {
		return o
	}
	return &none
}

// Without returns a context without the options, for calls that the SDK makes by
// itself, for which the caller did not set them.
func Without(ctx context.Context) context.Context {
	if From(ctx) == &none {
		return ctx
	}
	return context.WithValue(ctx, key{}, &none)
}

// Renewal is the outcome of a token renewal.
type Renewal struct {
	Duration time.Duration
	Err      error
}

// Note holds the renewal that a call has begun, nil for none.
type Note = atomic.Pointer[Renewal]

type noteKey struct{}

// WithNote returns a context in which a renewal is noted.
func WithNote(ctx context.Context, n *Note) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

// Renewed notes a renewal, if the context wants to know.
func Renewed(ctx context.Context, d time.Duration, err error) {
	if n, ok := ctx.Value(noteKey{}).(*Note); ok {
		n.Store(&Renewal{Duration: d, Err: err})
	}
}

type readerKey struct{}

// WithReader returns a context for a call that passes the answer that succeeded to
// read: its body, and what the body was decoded into.
func WithReader(ctx context.Context, read func(body []byte, out any)) context.Context {
	return context.WithValue(ctx, readerKey{}, read)
}

// Read passes an answer to the reader of the context, if there is one.
func Read(ctx context.Context, body []byte, out any) {
	if read, ok := ctx.Value(readerKey{}).(func(body []byte, out any)); ok {
		read(body, out)
	}
}

type panicsKey struct{}

// Panics holds the first panic of a function of the user's that was told of a call whose
// answer must not be lost. The zero value is ready to use.
type Panics struct{ first atomic.Pointer[any] }

// WithPanics returns a context in which such panics are kept, for whoever calls First
// when the answer is saved.
func WithPanics(ctx context.Context, p *Panics) context.Context {
	return context.WithValue(ctx, panicsKey{}, p)
}

// PanicsOf returns where the panics of a call are kept, nil if they end it.
func PanicsOf(ctx context.Context) *Panics {
	p, _ := ctx.Value(panicsKey{}).(*Panics)
	return p
}

// Keep recovers from a panic, and keeps it. It must be deferred. A nil Panics lets the
// panic pass.
func (p *Panics) Keep() {
	if p == nil {
		return
	}
	if v := recover(); v != nil {
		p.first.CompareAndSwap(nil, &v)
	}
}

// First returns the first panic, nil for none.
func (p *Panics) First() any {
	if v := p.first.Load(); v != nil {
		return *v
	}
	return nil
}
