package auth

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/percall"
)

// readEvery is how often the store is read while another process refreshes.
const readEvery = time.Second

// spending is a flight that renews a token whose refresh token must not be sent
// twice. It never asks the vendor with the key locked.
type spending struct {
	r        *Refresher
	deadline time.Time // until when the vendor may be asked
	force    bool      // somebody has decided to send a token in doubt again

	// What one claim found: one of these.
	found *oauth2.Token // can be handed out
	sent  *oauth2.Token // the token to send, without its mark
	wait  bool          // another process is refreshing
	err   error

	mine mark // of sent; stands in the store now
}

func (s *spending) run(ctx context.Context) (*oauth2.Token, error) {
	for {
		if err := s.claim(ctx); err != nil || s.found != nil {
			return s.found, err
		}
		if s.sent != nil {
			t, err := s.refresh(ctx)
			if t != nil || err != nil {
				return t, err
			}
			continue // what has taken the token's place meanwhile wins
		}
		if t, ok := s.r.serveOn(); ok && !s.force {
			return t, nil
		}
		if err := s.watch(ctx); err != nil {
			return nil, err
		}
	}
}

// claim takes the store's token if that will do, or else marks it as being sent.
func (s *spending) claim(ctx context.Context) error {
	s.found, s.sent, s.wait, s.err = nil, nil, false, nil
	called := false
	err := s.r.o.Store.Update(ctx, s.r.o.Key, func(ctx context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
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
	s.found, s.sent, s.wait, s.err = nil, nil, false, nil
	m, marked := markOf(stored)
	if u := s.r.unsaved; u != nil {
		if marked && m.nonce == u.nonce {
			s.found = u.token
			return u.token, nil
		}
		s.r.unsaved = nil // another pair has taken its place
	}
	current := unmarked(stored)
	if usable := s.r.take(current); usable && !(marked && s.force) {
		s.found = current
		return nil, nil
	}
	if marked {
		s.wait, s.err = s.r.waitFor(m)
		if s.wait || !s.force {
			return nil, nil
		}
		s.err = nil
	}
	if s.r.o.Refresh == nil {
		s.err = fmt.Errorf("%w: the one of %q is missing or expired and cannot be renewed", ErrNoToken, s.r.o.Key)
		return nil, nil
	}
	if current == nil || current.RefreshToken == "" {
		_, s.err = s.r.o.Refresh(ctx, current) // says what is missing
		if s.err == nil {
			s.err = fmt.Errorf("%w: there is no refresh token for %q", ErrNoToken, s.r.o.Key)
		}
		return nil, nil
	}
	if s.err = s.r.refusal(current); s.err != nil {
		return nil, nil
	}
	if time.Until(s.deadline) < s.r.o.FlightTimeout/2 { // an answer that is not waited for leaves the token in doubt
		s.err = fmt.Errorf("auth: no time is left to refresh %q: %w", s.r.o.Key, context.DeadlineExceeded)
		return nil, nil
	}
	s.mine, s.sent = newMark(current), current
	return s.mine.put(current), nil
}

// refresh sends the token that claim has marked, and saves what comes. It returns
// nothing where another pair has taken the token's place.
func (s *spending) refresh(ctx context.Context) (*oauth2.Token, error) {
	s.force = false
	began := time.Now()
	until := began.Add(s.r.o.FlightTimeout)
	if s.deadline.Before(until) {
		until = s.deadline
	}
	asking, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	t, err := s.r.o.Refresh(asking, clone(s.sent))
	percall.Renewed(ctx, time.Since(began), err)
	if err == nil && (t == nil || t.AccessToken == "") {
		err = fmt.Errorf("%w: the refresh of %q returned none", ErrNoToken, s.r.o.Key)
	}
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	return s.save(ctx, clone(t))
}

// failed takes the mark back, unless the token may have been taken by the vendor.
func (s *spending) failed(ctx context.Context, err error) error {
	o := s.r.o.Spends
	if o.Lost(err) {
		s.r.lost = &loss{nonce: s.mine.nonce, err: err}
		return err
	}
	if o.Refused(err) {
		s.r.refused = &refusal{refresh: s.sent.RefreshToken, err: err}
	}
	_ = s.r.o.Store.Update(ctx, s.r.o.Key, func(_ context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		if m, marked := markOf(stored); marked && m.nonce == s.mine.nonce {
			return unmarked(stored), nil
		}
		return nil, nil
	}) // a mark that stays ends in InDoubt, which is no worse than err
	return err
}

// save puts the new pair into the place of the one that was sent, which may have
// lost its mark. What stands there instead has come from a person meanwhile, and
// wins.
func (s *spending) save(ctx context.Context, t *oauth2.Token) (*oauth2.Token, error) {
	var called, saves bool
	err := s.r.o.Store.Update(ctx, s.r.o.Key, func(_ context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
		m, marked := markOf(stored)
		called, saves = true, marked && m.nonce == s.mine.nonce || same(stored, s.sent)
		if saves {
			return clone(t), nil
		}
		return nil, nil
	})
	switch {
	case err != nil:
		err = fmt.Errorf("auth: update token %q: %w", s.r.o.Key, err)
	case !called:
		err = fmt.Errorf("auth: the store did not update token %q", s.r.o.Key)
	case !saves:
		return nil, nil
	}
	if err != nil {
		s.r.unsaved = &pair{token: t, nonce: s.mine.nonce}
		return t, err
	}
	s.r.unsaved, s.r.lost = nil, nil
	s.r.hold(t, s.r.dueOfFresh(t))
	return t, nil
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

// waitFor reports whether the refresh that a mark tells of may still be under way,
// or else why the token is not sent again.
func (r *Refresher) waitFor(m mark) (bool, error) {
	if r.lost != nil && r.lost.nonce == m.nonce {
		return false, r.lost.err
	}
	// The other's clock may be behind, so that a mark is looked at twice, or ahead,
	// so that it also counts for how long it was seen here.
	if r.seen == nil || r.seen.nonce != m.nonce {
		r.seen = &sighting{nonce: m.nonce, at: time.Now()}
		return true, nil
	}
	if time.Since(m.at) < r.o.FlightTimeout && time.Since(r.seen.at) < r.o.FlightTimeout {
		return true, nil
	}
	return false, fmt.Errorf("auth: a refresh of %q got no answer and is not repeated: %w", r.o.Key, r.o.Spends.InDoubt)
}

// refusal returns how the vendor has refused the token's refresh token before.
func (r *Refresher) refusal(t *oauth2.Token) error {
	if r.refused != nil && r.refused.refresh == t.RefreshToken {
		return r.refused.err
	}
	return nil
}

// loss is a refresh that got no answer, and the error that said so.
type loss struct {
	nonce string
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
