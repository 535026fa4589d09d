package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// mark says that a refresh token was sent and that its answer is not saved yet.
// It stands in the token's refresh token, before the real one, since that is a
// field that every store keeps:
//
//	souk-sent:<Unix seconds>:<8 random characters><8 characters of proof>:<refresh token>
//
// The proof is a hash of the random characters and the refresh token: whatever a vendor
// issues that only looks like a mark is none.
type mark struct {
	at      time.Time
	nonce   string
	refresh string // the token that was sent
}

const markPrefix = "souk-sent:"

// newMark marks the token as being sent at that time.
func newMark(t *oauth2.Token, at time.Time) mark {
	return mark{at: at, nonce: rand.Text()[:8], refresh: t.RefreshToken}
}

// Mark returns a copy of t that says that its refresh token was sent at that time.
func Mark(t *oauth2.Token, at time.Time) *oauth2.Token { return newMark(t, at).put(t) }

// put returns a copy of t that is marked. Access token and expiry stay as they are.
func (m mark) put(t *oauth2.Token) *oauth2.Token {
	t = clone(t)
	t.RefreshToken = markPrefix + strconv.FormatInt(max(m.at.Unix(), 0), 10) + ":" + m.nonce + m.proof() + ":" + m.refresh
	return t
}

func (m mark) proof() string {
	sum := sha256.Sum256([]byte(m.nonce + ":" + m.refresh))
	return base32.StdEncoding.EncodeToString(sum[:5])
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
	m = mark{at: time.Unix(seconds, 0), nonce: parts[2], refresh: parts[4]}
	if parts[3] != m.proof() {
		return mark{}, false
	}
	return m, true
}

// markForm is what put makes, but for the proof.
var markForm = regexp.MustCompile(`^` + markPrefix + `([0-9]{1,12}):([A-Z2-7]{8})([A-Z2-7]{8}):(?s:(.+))$`)

// InDoubt reports whether a refresh of t was sent whose answer is not saved, and when
// it was sent.
func InDoubt(t *oauth2.Token) (since time.Time, marked bool) {
	m, marked := markOf(t)
	return m.at, marked
}

// Same reports whether two tokens are the same, ignoring marks.
func Same(a, b *oauth2.Token) bool { return same(unmarked(a), unmarked(b)) }

// unmarked returns t without its mark. If this Refresher marks nothing, a refresh token
// that looks marked is the vendor's.
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
