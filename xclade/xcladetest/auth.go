package xcladetest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// authority knows the admin, the secret API keys and the key that signs tokens.
type authority struct {
	email, password string
	userID          string
	identityID      string

	mu           sync.Mutex // guards what follows
	secret       []byte
	life         time.Duration
	keys         map[string]string // id by secret
	headerIsFine bool
}

func newAuthority(email, password string, ids *ids) *authority {
	return &authority{
		email:      email,
		password:   password,
		userID:     ids.next("user"),
		identityID: ids.next("authid"),
		secret:     newSecret(),
		life:       24 * time.Hour,
		keys:       make(map[string]string),
	}
}

func newSecret() []byte {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return secret
}

// SetTokenLife sets the lifetime of tokens issued from now on, in whole seconds. The
// default is a day.
func (s *Server) SetTokenLife(life time.Duration) {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	s.auth.life = life
}

// ExpireTokens makes all tokens issued so far expire, whatever their claims say. They
// cannot be refreshed, since that requires a valid token: a client with Email and
// Password logs in again. API keys stay valid.
func (s *Server) ExpireTokens() {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	s.auth.secret = newSecret()
}

// NewToken returns a new token of the admin, as a login does.
func (s *Server) NewToken() string {
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	return s.auth.issue(now)
}

// NewAPIKey returns a new secret API key, which begins with "sk_".
func (s *Server) NewAPIKey() string {
	s.mu.Lock()
	id := s.store.ids.next("apk")
	s.mu.Unlock()

	key := "sk_" + hex.EncodeToString(newSecret())
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	s.auth.keys[key] = id
	return key
}

// RevokeAPIKey revokes a key.
func (s *Server) RevokeAPIKey(key string) {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	delete(s.auth.keys, key)
}

// AcceptAPIKeyHeader sets whether a secret API key is accepted in the header x-api-key,
// as in xclade's documentation. By default it is not, as in stock Medusa, which
// requires HTTP Basic.
func (s *Server) AcceptAPIKeyHeader(accept bool) {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	s.auth.headerIsFine = accept
}

// actor returns who sends the request: the id of the API key or of the admin.
func (a *authority) actor(r *http.Request, now time.Time) (string, error) {
	if id := a.keyID(r); id != "" {
		return id, nil
	}
	credentials := r.Header.Get("Authorization")
	if a.bearer(credentials, now) {
		return a.userID, nil
	}
	scheme, token, _ := strings.Cut(credentials, " ")
	if strings.EqualFold(scheme, "bearer") && strings.HasPrefix(token, "sk_") {
		return "", &refusal{http.StatusUnauthorized, errorBody{
			Message: "A secret API key was passed as a Bearer token. Secret API keys must be sent using HTTP Basic authentication instead (Authorization: Basic <secret-api-key>).",
		}}
	}
	return "", unauthorized()
}

var bearerPattern = regexp.MustCompile(`(\S+)\s+(\S+)`)

// bearer reports whether the header holds a valid token of the admin.
func (a *authority) bearer(header string, now time.Time) bool {
	parts := bearerPattern.FindStringSubmatch(header)
	return parts != nil && strings.EqualFold(parts[1], "bearer") && a.valid(parts[2], now)
}

// keyID returns the id of the API key that came with the request, or "".
func (a *authority) keyID(r *http.Request) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if id := a.keys[r.Header.Get("X-Api-Key")]; id != "" && a.headerIsFine {
		return id
	}
	parts := strings.Split(r.Header.Get("Authorization"), " ")
	if len(parts) < 2 || !strings.EqualFold(parts[0], "basic") {
		return ""
	}
	return a.keys[strings.TrimSuffix(plainKey(parts[1]), ":")]
}

// plainKey undoes base64 where a key was sent in it.
func plainKey(credentials string) string {
	if strings.HasPrefix(credentials, "sk_") {
		return credentials
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(credentials, "="))
	if err != nil {
		return ""
	}
	return string(decoded)
}

// login answers POST /auth/{actor}/{provider}. No actor but the admin has a
// password here.
func login(s *Server, c *call) (any, error) {
	actor, provider := c.ids[0], c.ids[1]
	if provider != "emailpass" {
		return nil, refuse(http.StatusBadRequest, "not_allowed",
			"The actor type %s is not allowed to use the auth provider %s", actor, provider)
	}
	body, _ := c.body.(object)
	password, _ := body.values["password"].(string)
	email, _ := body.values["email"].(string)
	switch {
	case password == "":
		return nil, refuse(http.StatusUnauthorized, "unauthorized", "Password should be a string")
	case email == "":
		return nil, refuse(http.StatusUnauthorized, "unauthorized", "Email should be a string")
	case actor != "user" || email != s.auth.email || password != s.auth.password:
		return nil, refuse(http.StatusUnauthorized, "unauthorized", "Invalid email or password")
	}
	return tokenAnswer{s.auth.issue(c.now)}, nil
}

// refresh answers POST /auth/token/refresh.
func refresh(s *Server, c *call) (any, error) {
	if !s.auth.bearer(c.request.Header.Get("Authorization"), c.now) {
		return nil, unauthorized()
	}
	return tokenAnswer{s.auth.issue(c.now)}, nil
}

type tokenAnswer struct {
	Token string `json:"token"`
}
