package auth

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/percall"
)

// pair is a new token and the one that it replaces.
type pair struct{ token, replaces *oauth2.Token }

// renewal is what a flight does under the store's lock.
type renewal struct {
	r        *Refresher
	deadline time.Time

	ran    bool
	stored *oauth2.Token // what the store held
	save   *oauth2.Token // what the store is to keep instead, nil for nothing
	token  *oauth2.Token // the outcome
	fresh  bool          // the outcome is not from the store
	err    error
}

// run is the function for Store.Update. A store that tries its transaction
// again calls it again; the refresh is not repeated then.
func (s *renewal) run(ctx context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
	if !s.ran {
		s.ran = true
		s.stored = stored
		s.decide(ctx)
	}
	if s.save != nil {
		return clone(s.save), nil
	}
	return nil, s.err
}

func (s *renewal) decide(ctx context.Context) {
	current := s.stored
	if unsaved := s.r.unsaved; unsaved != nil && same(unsaved.replaces, current) {
		if s.r.canUse(unsaved.token) {
			s.token, s.save, s.fresh = unsaved.token, unsaved.token, true
			return
		}
		current = unsaved.token
	} else if s.r.take(current) {
		s.token = current
		return
	}
	s.refresh(ctx, current)
}

func (s *renewal) refresh(ctx context.Context, current *oauth2.Token) {
	o := s.r.o
	if o.Refresh == nil {
		s.err = fmt.Errorf("%w: the one of %q is missing or expired and cannot be renewed", ErrNoToken, o.Key)
		return
	}
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	began := time.Now()
	t, err := o.Refresh(ctx, clone(current))
	percall.Renewed(ctx, time.Since(began), err)
	if err != nil {
		s.err = err
		return
	}
	if t == nil || t.AccessToken == "" {
		s.err = fmt.Errorf("%w: the refresh of %q returned none", ErrNoToken, o.Key)
		return
	}
	t = clone(t)
	s.token, s.save, s.fresh = t, t, true
	s.r.unsaved = &pair{token: t, replaces: s.stored} // also where the store panics
}

// finish is the flight's outcome, given the one of Store.Update.
func (s *renewal) finish(err error) (*oauth2.Token, error) {
	r := s.r
	if s.err != nil {
		return nil, s.err
	}
	if err != nil {
		err = fmt.Errorf("auth: update token %q: %w", r.o.Key, err)
		if !s.fresh {
			return nil, err
		}
		return s.token, err
	}
	if s.token == nil {
		return nil, fmt.Errorf("auth: the store did not update token %q", r.o.Key)
	}
	r.unsaved = nil
	if s.fresh {
		r.hold(s.token, r.dueOfFresh(s.token))
	}
	return s.token, nil
}

// dueOfFresh is when a new token is to be renewed. One that looks expired already
// is used nevertheless, because the clocks differ then: the server decides.
func (r *Refresher) dueOfFresh(t *oauth2.Token) time.Time {
	due := r.dueOfNew(t)
	if now := time.Now(); !due.IsZero() && !due.After(now) {
		return now.Add(repeatAfter)
	}
	return due
}

// same reports whether a and b hold the same access and refresh token.
func same(a, b *oauth2.Token) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.AccessToken == b.AccessToken && a.RefreshToken == b.RefreshToken
}
