package oauth

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Flow says how the tokens of a vendor's stores are renewed.
type Flow struct {
	// Early is how long before its expiry a token is renewed.
	Early time.Duration
	// Refresh obtains a new token in place of current, which may be nil.
	Refresh func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)
	// Spends says that the vendor revokes everything when a refresh token comes
	// twice.
	Spends bool
	// InDoubt is the class of a refresh that got no answer, such as
	// souk.ErrReauthorize.
	InDoubt error
	// App is whose quota the tokens count against.
	App any
}

// Source hands out the tokens of one store, and renews them.
type Source struct {
	// App is that of the flow.
	App any

	place     Place
	flow      Flow
	refresher *auth.Refresher
}

// NewSource returns the source of the token in a place.
func NewSource(place Place, flow Flow) *Source {
	s := &Source{App: flow.App, place: place, flow: flow}
	o := auth.Options{Store: place.Tokens, Key: place.Key, Early: flow.Early, Refresh: flow.Refresh}
	if flow.Spends {
		o.Spends = &auth.Spends{
			Lost:    func(err error) bool { return errors.Is(err, souk.ErrOutcomeUnknown) },
			Refused: func(err error) bool { return errors.Is(err, souk.ErrReauthorize) },
			InDoubt: s.inDoubt(nil),
		}
	}
	s.refresher = auth.NewRefresher(o)
	return s
}

// Token returns a token that can be used now. A new one that could not be saved
// comes with the error.
func (s *Source) Token(ctx context.Context) (*oauth2.Token, error) {
	return s.result(s.refresher.Token(ctx))
}

// Invalidate is told of a token that the vendor called expired.
func (s *Source) Invalidate(token *oauth2.Token) { s.refresher.Invalidate(token) }

// Retry sends a refresh token once more whose refresh got no answer.
func (s *Source) Retry(ctx context.Context) (*oauth2.Token, error) {
	return s.result(s.refresher.Retry(ctx))
}

func (s *Source) result(token *oauth2.Token, err error) (*oauth2.Token, error) {
	if err == nil {
		return token, nil
	}
	e, ok := errors.AsType[*souk.Error](err)
	switch {
	case ok && e.Vendor == s.place.Vendor && errors.Is(e, souk.ErrOutcomeUnknown) && s.flow.Spends:
		return token, s.inDoubt(e)
	case ok && e.Vendor == s.place.Vendor:
		return token, e
	case errors.Is(err, auth.ErrNoContext):
		return nil, &souk.Error{Vendor: s.place.Vendor, Message: "the context is nil; use context.Background()", Err: souk.ErrInvalid}
	case errors.Is(err, auth.ErrNoToken):
		return nil, &souk.Error{Vendor: s.place.Vendor, Message: err.Error(), Err: souk.ErrUnauthorized}
	}
	return token, s.place.failed(err, token)
}

// inDoubt is the error of a refresh token that may be spent. What the token end
// point said, if anything, is kept; that it left the outcome open is not, since it
// would be taken for the outcome of the call that needs the token.
func (s *Source) inDoubt(said *souk.Error) *souk.Error {
	e := &souk.Error{
		Vendor:  s.place.Vendor,
		Message: "a refresh got no answer, so the refresh token may be spent, and is not sent again by itself: install the app again, or call OAuth.RetryRefresh",
		Err:     s.flow.InDoubt,
	}
	if said != nil {
		e.StatusCode, e.RequestID, e.Method, e.Route, e.Attempts = said.StatusCode, said.RequestID, said.Method, said.Route, said.Attempts
	}
	return e
}
