package commercenginetest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// tokens issues access and refresh tokens and knows what became of them.
type tokens struct {
	secret          []byte
	access, refresh time.Duration
	serial          int

	sessions map[string]*session // by the id of an access token
	renewals map[string]*session // by the id of a refresh token that was not used yet
	spent    map[string]bool     // ids of refresh tokens
	reused   int                 // how often they came again
}

// session is whose tokens they are: a user's, or, without one, an anonymous
// shopper's. Each log-in has its own, which renewed tokens share.
type session struct {
	user        *user
	anonymousID string
}

func newTokens() *tokens {
	t := &tokens{secret: make([]byte, 32), access: time.Hour, refresh: 30 * 24 * time.Hour, spent: make(map[string]bool)}
	_, _ = rand.Read(t.secret) // never fails
	t.revoke()
	return t
}

func (t *tokens) revoke() {
	t.expire()
	t.renewals = make(map[string]*session)
}

func (t *tokens) expire() { t.sessions = make(map[string]*session) }

// end ends sessions: none of their tokens is good any more.
func (t *tokens) end(ended func(*session) bool) {
	for _, known := range []map[string]*session{t.sessions, t.renewals} {
		maps.DeleteFunc(known, func(_ string, s *session) bool { return ended(s) })
	}
}

// forget ends all sessions of a user.
func (t *tokens) forget(userID string) {
	t.end(func(s *session) bool { return s.user != nil && s.user.id == userID })
}

// pair issues tokens of a session.
func (t *tokens) pair(s *session, now time.Time) object {
	access := t.id()
	t.sessions[access] = s
	renewal := t.id()
	t.renewals[renewal] = s
	return object{
		"access_token":  t.sign(s.claims("access", access, now, t.access)),
		"refresh_token": t.sign(s.claims("refresh", renewal, now, t.refresh)),
	}
}

func (t *tokens) id() string {
	t.serial++
	return "t" + strconv.Itoa(t.serial)
}

// claims are what a token says, in the vendor's words.
func (s *session) claims(kind, id string, now time.Time, life time.Duration) object {
	claims := object{
		"token_type": kind, "jti": id, "iat": now.Unix(), "exp": now.Unix() + int64(life/time.Second),
		"store_id": "x2yh61zw4k", "anonymous_id": s.anonymousID, "ulid": s.anonymousID, "username": "anonymous",
		"is_anonymous": true, "is_logged_in": false, "customer_id": nil, "customer_group_id": nil,
		"email": nil, "phone": nil, "first_name": nil, "last_name": nil,
		"channel": object{"id": "c1", "name": "Web", "type": "web"},
	}
	if s.user == nil {
		return claims
	}
	for _, name := range []string{"email", "phone", "first_name", "last_name"} {
		claims[name] = s.user.fields[name]
	}
	claims["ulid"], claims["username"] = s.user.id, s.user.id
	claims["is_anonymous"], claims["is_logged_in"] = false, true
	claims["customer_id"], claims["customer_group_id"] = s.user.customer.id, groupID
	return claims
}

// sessionOf returns the session of an access token that is good, or nil.
func (t *tokens) sessionOf(token string, now time.Time) *session {
	id, ok := t.read(token, "access", now)
	if !ok {
		return nil
	}
	return t.sessions[id]
}

// anonymousID returns who an earlier access token belonged to, even if it has
// run out, or nothing.
func (t *tokens) anonymousID(token string) string {
	var claims struct {
		AnonymousID string `json:"anonymous_id"`
	}
	if !t.verify(token, &claims) {
		return ""
	}
	return claims.AnonymousID
}

// redeem returns the session of a refresh token that was not used yet, or nil.
func (t *tokens) redeem(token string, now time.Time) *session {
	id, ok := t.read(token, "refresh", now)
	if !ok {
		return nil
	}
	if t.spent[id] {
		t.reused++
	}
	t.spent[id] = true
	s := t.renewals[id]
	delete(t.renewals, id)
	return s
}

// read returns the id of a token that has not run out.
func (t *tokens) read(token, kind string, now time.Time) (string, bool) {
	var claims struct {
		Kind    string `json:"token_type"`
		ID      string `json:"jti"`
		Expires int64  `json:"exp"`
	}
	ok := t.verify(token, &claims) && claims.Kind == kind && now.Unix() < claims.Expires
	return claims.ID, ok
}

const jwtHeader = `{"alg":"HS256","typ":"JWT"}`

func (t *tokens) sign(claims object) string {
	unsigned := base64URL([]byte(jwtHeader)) + "." + base64URL(standin.Encode(claims))
	return unsigned + "." + t.signature(unsigned)
}

func (t *tokens) verify(token string, claims any) bool {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || !hmac.Equal([]byte(token[dot+1:]), []byte(t.signature(token[:dot]))) {
		return false
	}
	_, payload, _ := strings.Cut(token[:dot], ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	return err == nil && json.Unmarshal(raw, claims) == nil
}

func (t *tokens) signature(unsigned string) string {
	mac := hmac.New(sha256.New, t.secret)
	mac.Write([]byte(unsigned))
	return base64URL(mac.Sum(nil))
}

func base64URL(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
