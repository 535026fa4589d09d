package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/percall"
)

// pair is a new token and the one that it replaces.
type pair struct{ token, replaces *oauth2.Token }

// loss is a token whose renewal got no answer, and the error that said so.
type loss struct {
	token *oauth2.Token
	err   error
}

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
	if s.err = s.r.doubt(current); s.err != nil {
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
		if current != nil && current.RefreshToken != "" && o.Unknown != nil && errors.Is(err, o.Unknown) {
			s.r.lost = &loss{token: current, err: err}
			s.save = doubted(current)
		}
		return
	}
	if t == nil || t.AccessToken == "" {
		s.err = fmt.Errorf("%w: the refresh of %q returned none", ErrNoToken, o.Key)
		return
	}
	t = clone(t)
	s.token, s.save, s.fresh = t, t, true
}

// finish is the flight's outcome, given the one of Store.Update.
func (s *renewal) finish(err error) (*oauth2.Token, error) {
	r := s.r
	if s.err != nil {
		return nil, s.err
	}
	if err != nil {
		if s.fresh {
			r.unsaved = &pair{token: s.token, replaces: s.stored}
		}
		return nil, fmt.Errorf("auth: update token %q: %w", r.o.Key, err)
	}
	if s.token == nil {
		return nil, fmt.Errorf("auth: the store did not update token %q", r.o.Key)
	}
	r.unsaved = nil
	if s.fresh {
		r.hold(s.token, s.due())
	}
	return s.token, nil
}

// due is when the new token is to be renewed. One that looks expired already
// is used nevertheless, because the clocks differ then: the server decides.
func (s *renewal) due() time.Time {
	due := s.r.dueOfNew(s.token)
	if now := time.Now(); !due.IsZero() && !due.After(now) {
		return now.Add(repeatAfter)
	}
	return due
}

// doubt returns an error when t was sent to be renewed and no answer came.
func (r *Refresher) doubt(t *oauth2.Token) error {
	if r.o.Unknown == nil || t == nil {
		return nil
	}
	if r.lost != nil && same(r.lost.token, t) {
		return r.lost.err
	}
	if t.ExpiresIn == inDoubt {
		return fmt.Errorf("auth: an earlier refresh of %q got no answer and is not repeated: %w", r.o.Key, r.o.Unknown)
	}
	return nil
}

// inDoubt in the ExpiresIn of a stored token, a field that is of no use there,
// tells all who share the store that its refresh token may be used up.
const inDoubt = -1

func doubted(t *oauth2.Token) *oauth2.Token {
	t = clone(t)
	t.ExpiresIn = inDoubt
	return t
}

// undoubted returns a copy of t that may be sent again.
func undoubted(t *oauth2.Token) *oauth2.Token {
	t = clone(t)
	if t.ExpiresIn == inDoubt {
		t.ExpiresIn = 0
	}
	return t
}

// same reports whether two tokens are one.
func same(a, b *oauth2.Token) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.AccessToken == b.AccessToken && a.RefreshToken == b.RefreshToken
}
