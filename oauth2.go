package souk

import (
	"context"
	"errors"

	"golang.org/x/oauth2"
)

// FromOAuth2 returns a TokenSource that asks source, such as one made by
// [oauth2.Config] or by a cloud provider's library. A source of that kind takes no
// context, so a call whose context ends while it works waits for it.
func FromOAuth2(source oauth2.TokenSource) TokenSource { return fromOAuth2{source} }

type fromOAuth2 struct{ source oauth2.TokenSource }

func (f fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	if f.source == nil {
		return nil, errors.New("souk: FromOAuth2 was given no source")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.source.Token()
}
