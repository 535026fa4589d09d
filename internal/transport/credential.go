package transport

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/mask"
)

// Static returns a credential that never changes: one header with one value.
func Static(header, value string) Authorizer {
	return &staticCredential{header: http.CanonicalHeaderKey(header), value: []string{value}}
}

// staticCredential is held by pointer, so that fmt prints only an address if it prints
// a client's fields.
type staticCredential struct {
	header string
	value  []string
}

func (c *staticCredential) Header() string { return c.header }

func (c *staticCredential) Authorize(_ context.Context, header http.Header) (*oauth2.Token, error) {
	if !headerValue(c.value[0]) {
		return nil, errTokenText
	}
	header[c.header] = c.value
	return nil, nil
}

// Secrets returns the header's value.
func (c *staticCredential) Secrets() []string { return c.value }

func (*staticCredential) Expired(*oauth2.Token) bool { return false }

// Sourced asks source for a token on every attempt and sends prefix and token in
// header. If the source has a method Invalidate(*oauth2.Token), it is called with a
// token that the server called expired.
func Sourced(source souk.TokenSource, header, prefix string) Authorizer {
	return &sourcedCredential{source: source, header: http.CanonicalHeaderKey(header), prefix: prefix}
}

// sourcedCredential is held by pointer for the same reason.
type sourcedCredential struct {
	source         souk.TokenSource
	header, prefix string
	recent         mask.Recent
}

// errTokenText is the error of a token that the HTTP transport would refuse with an
// error that looks like a lost answer. A line break at the end of a token's file is
// enough.
var errTokenText = errors.New("the credential contains control characters, such as a line break")

var errNoToken = errors.New("the token source returned no token")

func (c *sourcedCredential) Header() string { return c.header }

// Secrets returns the tokens that were sent last, and the secrets of the source, if it is
// a Keeper.
func (c *sourcedCredential) Secrets() []string {
	return append(c.recent.Secrets(), SecretsOf(c.source)...)
}

func (c *sourcedCredential) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	token, err := c.source.Token(ctx)
	if err != nil {
		return nil, err
	}
	if token == nil || strings.TrimSpace(token.AccessToken) == "" {
		return nil, errNoToken
	}
	if !headerValue(token.AccessToken) {
		return nil, errTokenText
	}
	c.recent.Use(token.AccessToken)
	header[c.header] = []string{c.prefix + token.AccessToken}
	return token, nil
}

func (c *sourcedCredential) Expired(token *oauth2.Token) bool {
	if token == nil {
		return false
	}
	if source, ok := c.source.(interface{ Invalidate(*oauth2.Token) }); ok {
		source.Invalidate(token)
	}
	return true
}

// credentialClass returns the class of a call for which no credential could be
// obtained. Other classes of the token end point's error concern its own request, not
// this call.
func credentialClass(err error) error {
	for _, class := range []struct{ of, call error }{
		{context.Canceled, souk.ErrUnavailable}, // it was not the call's context that ended
		{context.DeadlineExceeded, souk.ErrUnavailable},
		{souk.ErrReauthorize, souk.ErrReauthorize},
		{souk.ErrUnreadable, souk.ErrUnavailable}, // it was not the vendor who said so
		{souk.ErrForbidden, souk.ErrForbidden},
		{souk.ErrUnavailable, souk.ErrUnavailable},
		{souk.ErrRateLimited, souk.ErrUnavailable},
	} {
		if errors.Is(err, class.of) {
			return class.call
		}
	}
	if _, said := errors.AsType[*souk.Error](err); said || errors.Is(err, souk.ErrUnauthorized) || isOwn(err) {
		return souk.ErrUnauthorized
	}
	return souk.ErrUnavailable
}

func isOwn(err error) bool {
	return errors.Is(err, errNoToken) || errors.Is(err, errTokenText) || errors.Is(err, auth.ErrNoToken)
}

// credentialCause is the reason why no credential could be obtained. errors.As finds
// the token end point's error. errors.Is does not find its class, which would be taken
// for the class of the call. Its text is hidden, since token end points may repeat what
// they were sent.
type credentialCause struct{ cause error }

func (credentialCause) Error() string { return "" }

// As finds the cause.
func (c credentialCause) As(target any) bool { return errors.As(c.cause, target) }

// Is finds everything but the classes of package souk.
func (c credentialCause) Is(target error) bool {
	return !slices.Contains(classesOfSouk, target) && errors.Is(c.cause, target)
}

var classesOfSouk = []error{
	souk.ErrUnauthorized, souk.ErrForbidden, souk.ErrNotFound, souk.ErrInvalid, souk.ErrAlreadyExists, souk.ErrRateLimited,
	souk.ErrUnavailable, souk.ErrUnreadable, souk.ErrReauthorize, souk.ErrOutcomeUnknown,
}
