package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/mask"
)

var (
	// ErrNoContext says that the context was nil.
	ErrNoContext = errors.New("auth: nil context")

	// ErrNoToken says that there is no token and no way to obtain one, or
	// that a new one was empty.
	ErrNoToken = errors.New("auth: no token")
)

// Refresher is a source of tokens over a [Store], which it renews ahead of their expiry.
// It is safe for concurrent use.
//
// All callers that need a new token share one flight and its outcome. A caller
// whose context ends leaves the flight, which goes on without it: the answer
// of a refresh must not be lost. The flight is the one goroutine that can
// outlive a call, for at most FlightTimeout and some seconds to save, given a
// store that heeds its context; with Options.Spends for at most twice FlightTimeout.
type Refresher struct {
	o Options

	mu       sync.Mutex
	flight   *flight
	held     *oauth2.Token // as the store has it
	due      time.Time     // when held is to be renewed; zero is never
	rejected string        // access token that the server called expired
	recent   mask.Recent   // tokens that may have been sent

	// The flight alone uses what follows.
	unsaved *pair     // came from Refresh, was refused by the store
	got     *pair     // came from Refresh last, for a refresh token that is spent now
	lost    *loss     // was sent to Refresh, no answer came
	refused *refusal  // was sent to Refresh, and will never do
	seen    *sighting // the mark of another process
	unsent  nonces    // of the marks whose token was not sent, or not taken
}

// NewRefresher returns a Refresher. It reads the store when the first token is
// asked for.
func NewRefresher(o Options) *Refresher {
	if o.Store == nil {
		o.Store = NewMemoryStore()
	}
	if o.FlightTimeout <= 0 {
		o.FlightTimeout = DefaultFlightTimeout
	}
	return &Refresher{o: o}
}

// Token returns the current token, or the one that the store holds, or else a new one.
// A token that has not expired is returned whatever the outcome of its renewal, without
// waiting long for that. The errors of Token are the errors of ctx, of the store and of
// Options.Refresh, and [ErrNoToken]. A new token that could not be saved is returned
// with the error. The token is shared and must not be changed.
func (r *Refresher) Token(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, ErrNoContext
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	if r.usable() {
		defer r.mu.Unlock()
		return r.held, nil
	}
	f := r.flight
	if f == nil {
		f = r.start(ctx, r.renew)
	}
	r.mu.Unlock()
	patient, cancel := context.WithDeadline(ctx, f.patience(ctx))
	defer cancel()
	t, err := f.wait(patient)
	if patient.Err() == nil {
		return t, err
	}
	if t, ok := r.serve(); ok {
		return t, nil
	}
	return f.wait(ctx)
}

// serve returns the current token if it can be used.
func (r *Refresher) serve() (*oauth2.Token, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held, r.good(r.held)
}

// Retry sends a refresh token whose refresh got no answer once more, after that refresh
// can no longer be in progress: a person has decided that the vendor did not receive
// it. Without Options.Spends, or if no refresh is in doubt, it does the same as Token.
func (r *Refresher) Retry(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, ErrNoContext
	}
	return r.exclusively(ctx, func(ctx context.Context, deadline time.Time) (*oauth2.Token, error) {
		if r.o.Spends == nil {
			return r.renew(ctx, deadline)
		}
		r.refused = nil
		return (&spending{r: r, deadline: deadline, force: true}).run(ctx)
	})
}

// Invalidate reports that the server called t expired. The next Token renews it, unless
// the store holds another one by then. If t is no longer the current token, nothing
// happens: it has been replaced already.
func (r *Refresher) Invalidate(t *oauth2.Token) {
	if t == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil || r.held.AccessToken == t.AccessToken {
		r.rejected = t.AccessToken
		r.recent.Use(r.rejected)
	}
}

// Replace saves a token that came from elsewhere, such as a log-in or a delivery of the
// vendor: it calls f with the stored one, which may be nil, and saves the result unless
// that is nil. It returns the token that the store now holds and that is used from now
// on. f is called with the key locked, perhaps more than once. When ctx ends first, the
// token may or may not be saved.
func (r *Refresher) Replace(ctx context.Context, f func(stored *oauth2.Token) *oauth2.Token) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, ErrNoContext
	}
	return r.exclusively(ctx, r.replaceBy(f))
}

// Secrets returns the secrets that may have been sent, to the token end point or with
// the tokens. Tokens that were replaced remain among them for a while.
func (r *Refresher) Secrets() []string { return append(r.recent.Secrets(), r.o.Secrets...) }

// Format prints no token.
func (r *Refresher) Format(f fmt.State, verb rune) { mask.Format(f, verb, "auth.Refresher") }

// update is Store.Update. It tolerates a store that calls f without a context, or that
// reuses the memory of its tokens: a mark must not get into the token that is sent.
func (r *Refresher) update(ctx context.Context, f func(ctx context.Context, stored *oauth2.Token) (*oauth2.Token, error)) error {
	return r.o.Store.Update(ctx, r.o.Key, func(inner context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		if inner == nil {
			inner = ctx
		}
		return f(inner, clone(stored))
	})
}

// exclusively runs a flight of its own once the one under way has ended.
func (r *Refresher) exclusively(ctx context.Context, do work) (*oauth2.Token, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.mu.Lock()
		other := r.flight
		if other == nil {
			f := r.start(ctx, do)
			r.mu.Unlock()
			return f.wait(ctx)
		}
		r.mu.Unlock()
		if err := other.end(ctx); err != nil {
			return nil, err
		}
	}
}

// usable reports whether the current token can be returned at once. The caller holds
// r.mu.
func (r *Refresher) usable() bool {
	return r.alive(r.held) && (r.due.IsZero() || time.Now().Before(r.due))
}

// alive reports whether there is a token that the server has not refused.
// The caller holds r.mu.
func (r *Refresher) alive(t *oauth2.Token) bool {
	return t != nil && t.AccessToken != "" && t.AccessToken != r.rejected
}

// good reports whether t can be used, even if its renewal is due. The
// caller holds r.mu.
func (r *Refresher) good(t *oauth2.Token) bool {
	return r.alive(t) && (t.Expiry.IsZero() || time.Now().Before(t.Expiry.Round(0)))
}

// canUse is good for those who do not hold r.mu.
func (r *Refresher) canUse(t *oauth2.Token) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.good(t)
}

// take makes a token of the store the current one and reports whether it can be used.
func (r *Refresher) take(stored *oauth2.Token) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.become(stored)
	r.due = time.Time{}
	if stored != nil && !stored.Expiry.IsZero() {
		r.due = stored.Expiry.Round(0).Add(-r.o.Early)
	}
	return r.usable()
}

// hold makes t, which came from the vendor, the current token.
func (r *Refresher) hold(t *oauth2.Token, due time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.become(t)
	r.due, r.rejected = due, ""
}

// become makes t the current token. The caller holds r.mu.
func (r *Refresher) become(t *oauth2.Token) {
	r.held = t
	if t != nil {
		r.recent.Use(t.AccessToken, t.RefreshToken)
	}
}

// dueOfNew is when a token that was issued just now is to be renewed: Early
// before its expiry, but not before half its life. The wall clock counts,
// since tokens age while a machine sleeps.
func (r *Refresher) dueOfNew(t *oauth2.Token) time.Time {
	if t.Expiry.IsZero() {
		return time.Time{}
	}
	now := time.Now().Round(0)
	left := t.Expiry.Round(0).Sub(now)
	return now.Add(max(left-r.o.Early, left/2))
}

// serveOn reports whether the current token can be used although it could not be
// renewed, and if so postpones its renewal.
func (r *Refresher) serveOn() (*oauth2.Token, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.good(r.held) {
		return nil, false
	}
	r.due = time.Now().Add(repeatAfter)
	if !r.held.Expiry.IsZero() && r.held.Expiry.Before(r.due) {
		r.due = r.held.Expiry.Round(0)
	}
	return r.held, true
}
