package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/percall"
)

// Flow says how the tokens of a vendor's stores are renewed.
type Flow struct {
	// Early is how long before its expiry a token is renewed.
	Early time.Duration
	// Refresh obtains a new token in place of current. For a vendor with refresh
	// tokens, current has one, which is kept if the answer has none; for others,
	// current may be nil.
	Refresh func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)
	// App is the owner of the quota that the tokens count against.
	App any
	// Secret is the secret of the app.
	Secret string
}

// Source returns the tokens of one store, and renews them.
type Source struct {
	// App is the App of the flow.
	App any

	place     Place
	flow      Flow
	refresher *auth.Refresher
}

// NewSource returns the source of the token in a place.
func NewSource(place Place, flow Flow) *Source {
	s := &Source{App: flow.App, place: place, flow: flow}
	o := auth.Options{Store: place.Tokens, Key: place.Key, Early: flow.Early, Refresh: s.refresh, Secrets: []string{flow.Secret}}
	s.flow.Secret = "" // fmt prints all of a Source that is behind a pointer in a struct
	if place.InDoubt != nil {
		o.Refresh = s.spend
		o.Spends = &auth.Spends{
			Lost:    func(err error) bool { return errors.Is(err, souk.ErrOutcomeUnknown) },
			Refused: func(err error) bool { return errors.Is(err, souk.ErrReauthorize) },
			InDoubt: place.inDoubt(""),
		}
	}
	s.refresher = auth.NewRefresher(o)
	return s
}

// refresh is the Refresh of the flow. Its errors do not show the current token.
func (s *Source) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if current != nil {
		ctx = percall.With(ctx, func(o *percall.Options) { o.Secrets = []string{current.AccessToken, current.RefreshToken} })
	}
	return s.flow.Refresh(ctx, current)
}

// spend is the same with refresh tokens.
func (s *Source) spend(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	switch {
	case current == nil:
		return nil, s.place.reauthorize("the app is not installed: no token is stored under the key " + s.place.Key)
	case current.RefreshToken == "":
		return nil, s.place.reauthorize("the token has run out, and it was saved without a refresh token")
	}
	token, err := s.refresh(ctx, current)
	if err == nil && token.RefreshToken == "" {
		token.RefreshToken = current.RefreshToken
	}
	return token, err
}

// Token returns a valid token. A token that no header can hold is renewed. A new token
// that could not be saved is returned with the error.
func (s *Source) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.refresher.Token(ctx)
	if err == nil && !sendable(token.AccessToken) {
		s.refresher.Invalidate(token)
		token, err = s.refresher.Token(ctx)
	}
	return token, s.failed(ctx, token, err)
}

// maxToken is the longest token that a server can be expected to accept in a header.
const maxToken = 64 << 10

// sendable reports whether a token can stand in a header.
func sendable(token string) bool {
	return token != "" && len(token) <= maxToken && !strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// Invalidate is told of a token that the vendor called expired.
func (s *Source) Invalidate(token *oauth2.Token) { s.refresher.Invalidate(token) }

// Secrets are what the vendor's servers may know from earlier calls.
func (s *Source) Secrets() []string { return s.refresher.Secrets() }

// Format prints where the token is kept.
func (s *Source) Format(f fmt.State, verb rune) {
	mask.Format(f, verb, "oauth.Source{"+s.place.Key+"}")
}

// Retry sends a refresh token once more whose refresh got no answer.
func (s *Source) Retry(ctx context.Context) error {
	token, err := s.refresher.Retry(ctx)
	return s.failed(ctx, token, err)
}

// failed returns the error of a flight. The outcome of the refresh is not the outcome
// of the call that needs the token.
func (s *Source) failed(ctx context.Context, token *oauth2.Token, err error) error {
	e, said := errors.AsType[*souk.Error](err)
	said = said && e.Vendor == s.place.Vendor && token == nil // or else it is the store that uses the vendor
	switch {
	case err == nil:
		return nil
	case said && s.place.InDoubt != nil && errors.Is(e, souk.ErrOutcomeUnknown):
		return s.place.lost(e)
	case said:
		return e
	case errors.Is(err, auth.ErrNoContext):
		return s.place.noContext()
	case errors.Is(err, auth.ErrNoToken):
		return &souk.Error{Vendor: s.place.Vendor, Message: err.Error(), Err: souk.ErrUnauthorized}
	}
	return s.place.failed(ctx, err, token, s.refresher.Secrets()...)
}
