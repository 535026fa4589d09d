package souk

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/mask"
)

// FromOAuth2 returns a [TokenSource] that asks source, such as one made by
// [oauth2.Config] or by a cloud provider's library. Such a source takes no context, so
// a call waits for it even if the call's context ends. If the token end point refuses,
// the call fails with [ErrUnauthorized]; if the refusal is invalid_grant, which means
// that the refresh token is no longer valid, it fails with [ErrReauthorize].
func FromOAuth2(source oauth2.TokenSource) TokenSource { return fromOAuth2{source} }

type fromOAuth2 struct{ source oauth2.TokenSource }

// Format prints nothing of the source, which may hold its token in plain text.
func (f fromOAuth2) Format(s fmt.State, verb rune) { mask.Format(s, verb, "souk.FromOAuth2") }

func (f fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	if f.source == nil {
		return nil, errors.New("souk: FromOAuth2 was given no source")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	token, err := f.source.Token()
	if class := refusalOf(err); class != nil {
		return nil, &refusedGrant{class, err}
	}
	return token, err
}

// refusalOf returns the class of a token end point's refusal, nil for any other error.
func refusalOf(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		return nil
	case refused.ErrorCode == "invalid_grant":
		return ErrReauthorize
	case refused.Response == nil:
		return nil
	}
	switch status := refused.Response.StatusCode; {
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		return nil
	case status >= 400 && status < 500:
		return ErrUnauthorized
	}
	return nil
}

// refusedGrant is a refusal of a token end point with its class. Its text leaves the
// answer out, which may repeat what was sent.
type refusedGrant struct{ class, err error }

func (e *refusedGrant) Error() string        { return "the token end point refused: " + e.class.Error() }
func (e *refusedGrant) Unwrap() error        { return e.class }
func (e *refusedGrant) Is(target error) bool { return errors.Is(e.err, target) }
func (e *refusedGrant) As(target any) bool   { return errors.As(e.err, target) }
