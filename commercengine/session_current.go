package commercengine

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// tokenBut is Token for a caller whose last one the server has refused, nil for none.
func (s *Session) tokenBut(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	if !s.valid() {
		return nil, newError(&souk.Error{Message: "the client has no session: its tokens come from elsewhere", Err: souk.ErrUnauthorized})
	}
	s.holder(ctx)
	token, err := s.refresher.Token(ctx)
	if err == nil && (!sendable(token) || (isSame(token, refused) || s.suspects(token)) && s.unfit(ctx, token)) {
		s.refresher.Invalidate(token)
		token, err = s.refresher.Token(ctx)
	}
	switch {
	case err != nil:
		return token, sessionError(ctx, err)
	case !sendable(token):
		return nil, newError(&souk.Error{Message: "the token of the session cannot be sent", Err: souk.ErrUnauthorized})
	}
	s.handOut(token)
	return token, nil
}

// tokenAfter returns the token that stands in the store, where another process has
// put one in the place of this.
func (s *Session) tokenAfter(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	if !s.replaced(ctx, token) {
		return token, nil
	}
	s.refresher.Invalidate(token)
	return s.Token(ctx)
}

// maxToken is the longest token that any server can be expected to take in a header.
const maxToken = 64 << 10

// sendable reports a token that can stand in a header.
func sendable(token *oauth2.Token) bool {
	text := token.AccessToken
	return text != "" && len(text) <= maxToken && transport.IsWord(text)
}

// unfit reports whether a token that the server has refused is to be replaced.
func (s *Session) unfit(ctx context.Context, token *oauth2.Token) bool {
	expired := !token.Expiry.IsZero() && !time.Now().Before(token.Expiry)
	return expired || s.replaced(ctx, token) || s.doubt(token)
}

// replaced reports that this token stands in the store no more.
func (s *Session) replaced(ctx context.Context, token *oauth2.Token) bool {
	stored, err := s.look(ctx)
	return err == nil && !isSame(stored, token)
}

// look reads what stands in the store. Nobody waits long for it, who can do without.
func (s *Session) look(ctx context.Context) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return auth.LoadWithin(ctx, s.store, s.key)
}

// doubt reports whether a token is to be renewed that is good by the clock here: its
// 401 may mean missing rights as well, so that happens at most once a minute. All
// callers who have used the same token get the same answer.
func (s *Session) doubt(token *oauth2.Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !isSame(token, s.doubted) {
		if now.Sub(s.doubtedAt) < doubtEvery {
			return false
		}
		s.doubted, s.doubtedAt = token, now
	}
	return true
}

// suspects reports a token that a call which is sent once was refused with.
func (s *Session) suspects(token *oauth2.Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return isSame(token, s.suspect)
}

func (s *Session) suspectNow(token *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspect = token
}

// holder returns whom the token stands for that was handed out last, or, before the
// first, the one in the store. It is nil where that is not known.
func (s *Session) holder(ctx context.Context) *Claims {
	s.mu.Lock()
	begun, shopper := s.last != nil, s.shopper
	s.mu.Unlock()
	if begun || ctx == nil {
		return shopper
	}
	stored, err := s.look(ctx)
	if err != nil || stored == nil {
		return nil
	}
	s.handOut(stored)
	return claimsOf(stored)
}

// handOut notes whom a token stands for, and tells the program if that is not the
// shopper any more who was logged in. Somebody who comes late with the token that
// was replaced changes nothing.
func (s *Session) handOut(token *oauth2.Token) {
	s.mu.Lock()
	if isSame(token, s.last) || isSame(token, s.before) {
		s.mu.Unlock()
		return
	}
	was, tell := s.shopper, s.onLogout
	s.before, s.last = s.last, token
	s.shopper = claimsOf(token)
	gone := was.loggedIn() && !was.canBe(s.shopper) && !isSame(token, s.put)
	s.mu.Unlock()
	if gone && tell != nil {
		tell(*was)
	}
}

// isSame reports whether two tokens are one.
func isSame(a, b *oauth2.Token) bool {
	return a != nil && b != nil && a.AccessToken == b.AccessToken
}
