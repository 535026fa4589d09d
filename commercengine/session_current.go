package commercengine

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// tokenBut is Token for a caller whose last token the server refused; refused is nil if
// it did not.
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

// tokenAfter returns token, or the one in the store if another process has replaced it.
func (s *Session) tokenAfter(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	if !s.replaced(ctx, token) {
		return token, nil
	}
	s.refresher.Invalidate(token)
	return s.Token(ctx)
}

// maxToken is the longest token that a server can be expected to accept in a header.
const maxToken = 64 << 10

// sendable reports whether a token can be sent in a header.
func sendable(token *oauth2.Token) bool {
	text := token.AccessToken
	return text != "" && len(text) <= maxToken && transport.IsWord(text)
}

// unfit reports whether a token that the server refused is to be replaced.
func (s *Session) unfit(ctx context.Context, token *oauth2.Token) bool {
	expired := !token.Expiry.IsZero() && !time.Now().Before(token.Expiry)
	return expired || s.replaced(ctx, token) || s.doubt(token)
}

// replaced reports whether the store holds another token.
func (s *Session) replaced(ctx context.Context, token *oauth2.Token) bool {
	stored, err := s.look(ctx)
	return err == nil && !isSame(stored, token)
}

// look reads the token in the store. It does not wait long, since its callers can do
// without.
func (s *Session) look(ctx context.Context) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return auth.LoadWithin(ctx, s.store, s.key)
}

// doubt reports whether to renew a token that has not expired by the local clock. Its
// 401 may also mean missing rights, so this happens at most once a minute. All callers
// that used the same token get the same answer.
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

// suspects reports whether a call that is sent only once was refused with this token.
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

// holder returns the claims of the token that was returned last or, before the first,
// of the token in the store. It is nil if they are not known.
func (s *Session) holder(ctx context.Context) *Claims {
	s.mu.Lock()
	begun, shopper := s.last != nil, s.shopper
	s.mu.Unlock()
	if begun || ctx == nil {
		return shopper
	}
	stored, _ := s.look(ctx)
	if stored == nil {
		return nil
	}
	s.handOut(stored)
	return claimsOf(stored)
}

// handOut notes whom a token belongs to, and calls onLogout if that is no longer the
// shopper who was logged in. A caller that comes late with a replaced token changes
// nothing.
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

// isSame reports whether two tokens are the same.
func isSame(a, b *oauth2.Token) bool {
	return a != nil && b != nil && a.AccessToken == b.AccessToken
}
