package auth

import (
	"crypto/rand"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// mark says that a refresh token was sent and that its answer is not saved yet.
// It stands in the token's refresh token, before the real one, since that is a
// field that every store keeps:
//
//	souk-sent:<Unix seconds>:<8 random characters>:<refresh token>
type mark struct {
	at      time.Time
	nonce   string
	refresh string // the token that was sent
}

const markPrefix = "souk-sent:"

// newMark marks the token as being sent now.
func newMark(t *oauth2.Token) mark {
	return mark{at: time.Now(), nonce: rand.Text()[:8], refresh: t.RefreshToken}
}

// put returns a copy of t that is marked. Access token and expiry stay as they are.
func (m mark) put(t *oauth2.Token) *oauth2.Token {
	t = clone(t)
	t.RefreshToken = markPrefix + strconv.FormatInt(m.at.Unix(), 10) + ":" + m.nonce + ":" + m.refresh
	return t
}

// markOf returns the mark of t, if it has one.
func markOf(t *oauth2.Token) (m mark, marked bool) {
	if t == nil {
		return mark{}, false
	}
	parts := markForm.FindStringSubmatch(t.RefreshToken)
	if parts == nil {
		return mark{}, false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return mark{}, false
	}
	return mark{at: time.Unix(seconds, 0), nonce: parts[2], refresh: parts[3]}, true
}

// markForm is what put makes, and nothing else: a refresh token of the vendor's that
// begins in the same way is none.
var markForm = regexp.MustCompile(`^` + markPrefix + `([0-9]{1,12}):([A-Z2-7]{8}):(?s:(.+))$`)

// InDoubt reports whether a refresh of t was sent whose answer is not saved.
func InDoubt(t *oauth2.Token) bool {
	_, marked := markOf(t)
	return marked
}

// Same reports whether two tokens are one, be it that a refresh of it was sent.
func Same(a, b *oauth2.Token) bool { return same(unmarked(a), unmarked(b)) }

// unmarked returns t without its mark. Where nothing is marked, a refresh token that
// looks so is the vendor's.
func (r *Refresher) unmarked(t *oauth2.Token) *oauth2.Token {
	if r.o.Spends == nil {
		return t
	}
	return unmarked(t)
}

// unmarked returns t without its mark.
func unmarked(t *oauth2.Token) *oauth2.Token {
	m, marked := markOf(t)
	if !marked {
		return t
	}
	t = clone(t)
	t.RefreshToken = m.refresh
	return t
}
