package auth

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/percall"
)

const (
	// readEvery is how often the store is read while another process refreshes.
	readEvery = time.Second

	// lookFor is how long a mark is looked at that seems old: most refreshes take less.
	lookFor = 5 * time.Second
)

// spending is a flight that renews a token whose refresh token must not be sent
// twice. It never asks the vendor with the key locked.
type spending struct {
	r        *Refresher
	deadline time.Time // until when the vendor may be asked
	force    bool      // somebody has decided to send a token in doubt again

	// What one claim found: one of these.
	found *oauth2.Token // can be handed out
	sent  *oauth2.Token // the token to send, without its mark; with found, that which found replaces
	err   error         // or nothing: another process is refreshing

	mine mark // of sent; stands in the store now
}

func (s *spending) run(ctx context.Context) (*oauth2.Token, error) {
	for {
		if err := s.claim(ctx); err != nil || s.found != nil && s.sent == nil {
			return s.found, err
		}
		if s.found != nil {
			return s.found, s.replaced(ctx, s.found)
		}
		if s.sent != nil {
			t, err := s.spend(ctx)
			if t != nil || err != nil {
				return t, err
			}
			s.force = false // what has taken the token's place meanwhile wins
		} else if t, ok := s.r.serveOn(); ok && !s.force {
			return t, nil
		}
		if err := s.watch(ctx); err != nil {
			return nil, err
		}
	}
}

// claim takes the store's token if that will do, or else marks it as being sent.
func (s *spending) claim(ctx context.Context) error {
	called := false
	err := s.r.update(ctx, func(ctx context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		called = true
		return s.decide(ctx, stored)
	})
	if s.err != nil {
		return s.err
	}
	if err != nil {
		return fmt.Errorf("auth: update token %q: %w", s.r.o.Key, err)
	}
	if !called {
		return fmt.Errorf("auth: the store did not update token %q", s.r.o.Key)
	}
	return nil
}

// decide is the function for Store.Update.
func (s *spending) decide(ctx context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
	s.found, s.sent, s.err = nil, nil, nil
	m, marked := markOf(stored)
	marked = marked && !s.r.unsent.seen(m.nonce)
	current := unmarked(stored)
	switch got := s.r.got; {
	case got != nil && same(current, got.replaces): // it was not saved, or the store has forgotten it
		if s.r.canUse(got.token) {
			s.found, s.sent = got.token, got.replaces
			return clone(got.token), nil
		}
		current, marked = got.token, false
	case s.r.take(current) && !(marked && s.force):
		s.found = current
		return nil, nil
	}
	if marked && (s.r.lost == nil || s.r.lost.nonce != m.nonce) {
		var wait bool
		if wait, s.err = s.r.waitFor(m); wait || !s.force {
			return nil, nil
		}
	}
	if s.err = s.unsendable(ctx, current); s.err != nil {
		return nil, nil
	}
	s.mine, s.sent = newMark(current, time.Now()), current
	s.r.unsent.add(s.mine.nonce)
	return s.mine.put(current), nil
}

// unsendable returns why the refresh token of current is not to be sent.
func (s *spending) unsendable(ctx context.Context, current *oauth2.Token) error {
	switch r := s.r; {
	case r.o.Refresh == nil:
		return fmt.Errorf("%w: the one of %q is missing or expired and cannot be renewed", ErrNoToken, r.o.Key)
	case current == nil || current.RefreshToken == "":
		if _, err := r.o.Refresh(ctx, current); err != nil { // says what is missing
			return err
		}
		return fmt.Errorf("%w: there is no refresh token for %q", ErrNoToken, r.o.Key)
	case r.lost != nil && same(r.lost.sent, current) && !s.force:
		return r.lost.err
	case r.refused != nil && r.refused.refresh == current.RefreshToken:
		return r.refused.err
	case time.Until(s.deadline) < r.o.FlightTimeout/2: // an answer that is not waited for leaves the token in doubt
		return fmt.Errorf("auth: no time is left to refresh %q: %w", r.o.Key, context.DeadlineExceeded)
	}
	return nil
}

// spend sends the token that claim has marked, and saves the new pair. It returns nil
// if another pair has replaced the token.
func (s *spending) spend(ctx context.Context) (*oauth2.Token, error) {
	switch place, err := s.look(ctx); {
	case err != nil:
		s.withdraw(ctx)
		return nil, err
	case place == before:
		return nil, errForgetful
	case place == cut:
		s.withdraw(ctx)
		return nil, errCut
	case place == another:
		return nil, nil
	}
	t, err := s.refresh(ctx)
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	s.r.got = &pair{token: t, replaces: s.sent}
	if saved, err := s.save(ctx, t); err != nil {
		return t, err
	} else if !saved {
		return nil, nil
	}
	s.r.hold(t, s.r.dueOfFresh(t))
	return t, nil
}

// place says what the store holds.
type place int

const (
	another place = iota // neither of these
	before               // the token that is sent, as it was or with another mark
	marked               // the same with the mark of this refresh
	cut                  // a part of that, since the store has no room for the mark
)

func (s *spending) placeOf(stored *oauth2.Token) place {
	m, isMarked := markOf(stored)
	switch {
	case isMarked && m.nonce == s.mine.nonce:
		return marked
	case same(unmarked(stored), s.sent):
		return before
	case isCut(stored, s.mine.put(s.sent)):
		return cut
	}
	return another
}

// look returns what the store holds in place of the mark.
func (s *spending) look(ctx context.Context) (place, error) {
	stored, err := s.r.o.Store.Load(ctx, s.r.o.Key)
	if err != nil || s.placeOf(stored) != marked {
		stored, err = locked(ctx, s.r.o.Store, s.r.o.Key)
	}
	return s.placeOf(stored), err
}

// refresh sends the token.
func (s *spending) refresh(ctx context.Context) (*oauth2.Token, error) {
	began := time.Now()
	until := began.Add(s.r.o.FlightTimeout)
	if s.deadline.Before(until) {
		until = s.deadline
	}
	asking, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	s.r.unsent.remove(s.mine.nonce)
	t, err := s.r.o.Refresh(asking, clone(s.sent))
	percall.Renewed(ctx, time.Since(began), err)
	if err == nil && (t == nil || t.AccessToken == "") {
		err = fmt.Errorf("%w: the refresh of %q returned none", ErrNoToken, s.r.o.Key)
	}
	return clone(t), err
}

// failed removes the mark, unless the vendor may have received the token.
func (s *spending) failed(ctx context.Context, err error) error {
	o := s.r.o.Spends
	if o.Lost(err) {
		s.r.lost = &loss{nonce: s.mine.nonce, sent: s.sent, err: err}
		return err
	}
	if o.Refused(err) {
		s.r.refused = &refusal{refresh: s.sent.RefreshToken, err: err}
	}
	s.r.unsent.add(s.mine.nonce)
	s.withdraw(ctx)
	return err
}

// withdraw removes the mark. If that fails, the token is in doubt for other processes,
// which is no worse than the error that led here.
func (s *spending) withdraw(ctx context.Context) {
	_ = s.r.update(ctx, func(_ context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		switch s.placeOf(stored) {
		case marked:
			return unmarked(stored), nil
		case cut:
			return clone(s.sent), nil
		}
		return nil, nil
	})
}

// save replaces the pair that was sent, which may have lost its mark, with the new one,
// and reports whether the store holds that. Any other pair in the store came from a
// person meanwhile, and wins.
func (s *spending) save(ctx context.Context, t *oauth2.Token) (saved bool, err error) {
	called := false
	err = s.r.update(ctx, func(_ context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		called, saved = true, s.placeOf(stored) != another
		if saved {
			return clone(t), nil
		}
		return nil, nil
	})
	switch {
	case err != nil:
		return false, fmt.Errorf("auth: update token %q: %w", s.r.o.Key, err)
	case !called:
		return false, fmt.Errorf("auth: the store did not update token %q", s.r.o.Key)
	case !saved:
		return false, nil
	}
	return true, s.replaced(ctx, t)
}

// replaced returns the error of a store that kept the token that t was to replace. If
// the vendor has sent the same pair again, the two cannot be distinguished.
func (s *spending) replaced(ctx context.Context, t *oauth2.Token) error {
	if same(t, s.sent) {
		s.r.got = nil
		return nil
	}
	return Replaced(ctx, s.r.o.Store, s.r.o.Key, s.sent, t)
}

// watch reads the store every second until the mark of the other process is gone.
func (s *spending) watch(ctx context.Context) error {
	timer := time.NewTimer(readEvery)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// waitFor reports whether the refresh of a mark may still be in progress, or else why
// the token is not sent again.
func (r *Refresher) waitFor(m mark) (bool, error) {
	// The other's clock may be behind, so that a mark is looked at for a while, or
	// ahead, so that it also counts for how long it was seen here.
	if r.seen == nil || r.seen.nonce != m.nonce {
		r.seen = &sighting{nonce: m.nonce, at: time.Now()}
	}
	seen := time.Since(r.seen.at)
	if seen < lookFor || seen < r.o.FlightTimeout && time.Since(m.at) < r.o.FlightTimeout {
		return true, nil
	}
	return false, fmt.Errorf("auth: a refresh of %q got no answer and is not repeated: %w", r.o.Key, r.o.Spends.InDoubt)
}

// loss is a token whose refresh got no answer, the nonce of its mark, and the error
// that said so.
type loss struct {
	nonce string
	sent  *oauth2.Token
	err   error
}

// refusal is a refresh token that the vendor will never take.
type refusal struct {
	refresh string
	err     error
}

// sighting is since when the mark of another process was seen.
type sighting struct {
	nonce string
	at    time.Time
}
