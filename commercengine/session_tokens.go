package commercengine

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// renew obtains a new pair: with the refresh token, or else as an anonymous shopper. A
// refresh without an answer does no harm: if the refresh token is used up, the server
// says so the next time.
func (s *Session) renew(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if current != nil && current.RefreshToken != "" && !hasExpired(current.RefreshToken) {
		tokens, err := s.service.refresh(ctx, current.RefreshToken)
		if err == nil {
			return tokens.token(current.RefreshToken), nil
		}
		if !endsSession(err) {
			return nil, err
		}
	}
	tokens, err := s.service.begin(ctx, current)
	if err != nil {
		return nil, err
	}
	return tokens.token(""), nil
}

// hasExpired reports whether a refresh token has expired.
func hasExpired(token string) bool {
	expiry, ok := auth.JWTExpiry(token)
	return ok && time.Until(expiry) <= refreshEarly
}

// endsSession reports whether the vendor refused a refresh token for good. An error
// that is not in the vendor's own form comes from a server in between.
func endsSession(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || errors.Is(err, souk.ErrUnreadable) {
		return false
	}
	switch e.StatusCode {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusGone, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// force renews the token although it has not expired.
func (s *Session) force(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.Token(ctx)
	if err != nil {
		return token, err
	}
	was := claimsOf(token)
	s.Invalidate(token)
	token, err = s.Token(ctx)
	if now := claimsOf(token); err == nil && was.loggedIn() && now.anonymous() {
		return nil, errChanged(was, now)
	}
	return token, err
}

// current returns the session's token, nil before the session has begun.
func (s *Session) current(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, sessionError(ctx, auth.ErrNoContext)
	}
	token, err := auth.LoadWithin(ctx, s.store, s.key)
	if err != nil {
		return nil, sessionError(ctx, err)
	}
	return token, nil
}

// replace makes tokens that an operation returned the session's, unless refuses returns
// an error for the shopper whom they would replace. If the answer has no refresh token,
// the shopper keeps the previous one. Since the previous pair may be invalid by now,
// replace goes on even if the caller's context ends.
func (s *Session) replace(ctx context.Context, tokens *Tokens, refuses func(*Claims) error) (refused, err error) {
	token, err := s.refresher.Replace(context.WithoutCancel(ctx), func(stored *oauth2.Token) *oauth2.Token {
		there := claimsOf(stored)
		if refused = refuses(there); refused != nil {
			s.putting(stored)
			return nil
		}
		token := tokens.token("")
		now := claimsOf(token)
		if token.RefreshToken == "" && there.canBe(now) && now.canBe(there) {
			token.RefreshToken = stored.RefreshToken
		}
		s.putting(token)
		return token
	})
	if err != nil {
		return nil, newError(&souk.Error{Message: "the new tokens cannot be saved, and come with this error", Err: quiet{err}})
	}
	s.handOut(token)
	return refused, nil
}

// putting notes a token that an operation saves or finds in the store: the program
// knows of it, and no 401 has cast doubt on it.
func (s *Session) putting(token *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put, s.doubtedAt = token, time.Time{}
}

// sessionError turns err into an error of the package. Its text may come from the
// user's TokenStore, even if it is a *souk.Error.
func sessionError(ctx context.Context, err error) error {
	switch e, ok := errors.AsType[*souk.Error](err); {
	case ok && e.Vendor == vendor.Name:
		return err
	case errors.Is(err, auth.ErrNoContext):
		return newError(&souk.Error{Message: "the context is nil; use context.Background()", Err: souk.ErrInvalid})
	case errors.Is(err, ctx.Err()):
		return err
	}
	return newError(&souk.Error{
		Message: "the tokens of the session can be neither read nor saved",
		Err:     quiet{err},
	})
}

// quiet is souk.ErrUnavailable with a cause whose text is not shown. errors.Is and
// errors.As find the cause, but not its classes: a token store may use another vendor's
// package, or give up at a deadline of its own.
type quiet struct{ cause error }

func (quiet) Error() string { return souk.ErrUnavailable.Error() }

func (q quiet) Is(target error) bool {
	switch target {
	case souk.ErrUnavailable:
		return true
	case context.Canceled, context.DeadlineExceeded:
		return false
	}
	said, ofSouk := errors.AsType[*souk.Error](q.cause)
	return errors.Is(q.cause, target) && (!ofSouk || !errors.Is(said.Err, target))
}

func (q quiet) As(target any) bool { return errors.As(q.cause, target) }
