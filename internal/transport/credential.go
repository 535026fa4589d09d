package transport

import (
	"context"
	"errors"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

// Static is a credential that never changes: one header with one value.
func Static(header, value string) Authorizer {
	return &staticCredential{header: http.CanonicalHeaderKey(header), value: []string{value}}
}

// staticCredential is used by pointer, which is all that fmt prints of a client
// that holds one.
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

func (*staticCredential) Expired(*oauth2.Token) bool { return false }

// Sourced asks source for a token on every attempt and sends prefix and token in
// header. A source that also has Invalidate(*oauth2.Token) is told of a token
// that the server called expired.
func Sourced(source auth.Source, header, prefix string) Authorizer {
	return sourcedCredential{source: source, header: http.CanonicalHeaderKey(header), prefix: prefix}
}

type sourcedCredential struct {
	source         auth.Source
	header, prefix string
}

// errTokenText stops what the HTTP transport would refuse with an error that
// looks like a lost answer. A line break at the end of a token's file is enough.
var errTokenText = errors.New("the credential contains control characters, such as a line break")

var errNoToken = errors.New("the token source returned no token")

func (c sourcedCredential) Header() string { return c.header }

func (c sourcedCredential) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	token, err := c.source.Token(ctx)
	if err != nil {
		return nil, err
	}
	if token == nil || token.AccessToken == "" {
		return nil, errNoToken
	}
	if !headerValue(token.AccessToken) {
		return nil, errTokenText
	}
	header[c.header] = []string{c.prefix + token.AccessToken}
	return token, nil
}

func (c sourcedCredential) Expired(token *oauth2.Token) bool {
	if token == nil {
		return false
	}
	if source, ok := c.source.(interface{ Invalidate(*oauth2.Token) }); ok {
		source.Invalidate(token)
	}
	return true
}
