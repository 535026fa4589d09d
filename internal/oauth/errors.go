package oauth

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
)

func (p Place) noContext() error {
	return &souk.Error{Vendor: p.Vendor, Message: "the context is nil; use context.Background()", Err: souk.ErrInvalid}
}

func (p Place) reauthorize(message string) error {
	return &souk.Error{Vendor: p.Vendor, Message: message, Err: souk.ErrReauthorize}
}

// inDoubt returns the error of a refresh token that may be used up.
func (p Place) inDoubt(said string) *souk.Error {
	message := "a refresh got no answer, so the refresh token may be used up, and is not sent again by itself: " +
		"install the app again, or call OAuth.RetryRefresh"
	if said != "" {
		message += " (" + said + ")"
	}
	return &souk.Error{Vendor: p.Vendor, Message: message, Err: p.InDoubt}
}

// lost returns the error of a refresh that got no answer. It keeps what the token end
// point said, if anything, but not ErrOutcomeUnknown, which would be taken for the
// outcome of the call that needs the token.
func (p Place) lost(said *souk.Error) error {
	e := p.inDoubt(said.Message)
	e.StatusCode, e.RequestID, e.Method, e.Route, e.Attempts = said.StatusCode, said.RequestID, said.Method, said.Route, said.Attempts
	return e
}

// failed returns the error of a store that failed. It holds the token that could not be
// saved, if any. Its text hides that and the secrets, since stores may quote what they
// had and what they were to save.
func (p Place) failed(ctx context.Context, err error, token *oauth2.Token, secrets ...string) error {
	if ctx.Err() != nil {
		return Unsaved(ctx.Err(), token)
	}
	text := strings.TrimPrefix(err.Error(), "auth: ")
	return Unsaved(&souk.Error{
		Vendor:  p.Vendor,
		Message: "the token store failed: " + mask.Cut(mask.NewSent(append(secrets, secretsOf(token)...), nil).Secrets(text), mask.MaxText),
		Err:     storeError{err},
	}, token)
}

// Unsaved adds to an error the token that could not be saved, if there is one.
func Unsaved(err error, token *oauth2.Token) error {
	if token == nil {
		return err
	}
	pair := &souk.UnsavedError{Token: new(*token)}
	if e, ok := err.(*souk.Error); ok { //nolint:errorlint // not one further down
		e.Err = withPair{e.Err, pair}
		return e
	}
	return withPair{err, pair}
}

// withPair is an error with a pair of tokens that its text does not show.
type withPair struct {
	error
	pair *souk.UnsavedError
}

func (w withPair) Unwrap() []error { return []error{w.error, w.pair} }

// storeError has the class ErrUnavailable and no class of the store's own error. A
// deadline of the store is not the caller's.
type storeError struct{ cause error }

func (storeError) Error() string { return souk.ErrUnavailable.Error() }

func (e storeError) Is(target error) bool {
	if target == souk.ErrUnavailable {
		return true
	}
	_, foreign := errors.AsType[*souk.Error](e.cause)
	return !foreign && target != context.Canceled && target != context.DeadlineExceeded && errors.Is(e.cause, target)
}

func (e storeError) As(target any) bool { return errors.As(e.cause, target) }

// secretsOf returns what is secret in a token.
func secretsOf(token *oauth2.Token) []string {
	if token == nil {
		return nil
	}
	return []string{token.AccessToken, token.RefreshToken}
}
