package shoplazzatest

import (
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/souktest"
)

const tokenPath = "/admin/oauth/token"

// tokenOperation names the methods that make a token request.
const tokenOperation = "OAuth.Exchange OAuth.Refresh"

func isTokenRequest(r *http.Request) bool {
	return r.URL.Path == tokenPath && r.Method == http.MethodPost
}

// tokenLife is how long tokens of the public app live. Shoplazza does not tell.
const tokenLife = 24 * time.Hour

// privateApp is the app of the token that never runs out.
const privateApp = "private"

// grants are the codes and tokens that were handed out.
type grants struct {
	life    time.Duration // of access tokens
	codes   map[string]bool
	refresh map[string]*family // tokens that were not used
	spent   map[string]*family // refresh tokens
	reused  int                // how often they came again
	access  map[string]access
}

// family are the tokens that have one code as their origin. A refresh token that
// comes twice revokes them all.
type family struct{ revoked bool }

type access struct {
	app    string
	family *family
	expiry time.Time // zero is never
}

func newGrants(token string) grants {
	return grants{
		life:    tokenLife,
		codes:   make(map[string]bool),
		refresh: make(map[string]*family),
		spent:   make(map[string]*family),
		access:  map[string]access{token: {app: privateApp, family: new(family)}},
	}
}

// app returns whose token it is.
func (g *grants) app(token string, now time.Time) (string, bool) {
	found, ok := g.access[token]
	if !ok || found.family.revoked || !found.expiry.IsZero() && !now.Before(found.expiry) {
		return "", false
	}
	return found.app, true
}

// take takes a code or a refresh token, each of which works once, and returns the
// family that it is of, nil if it is not good.
func (g *grants) take(form url.Values) *family {
	if form.Get("grant_type") == "authorization_code" {
		code := form.Get("code")
		if !g.codes[code] {
			return nil
		}
		delete(g.codes, code)
		return new(family)
	}
	token := form.Get("refresh_token")
	if f := g.spent[token]; f != nil {
		f.revoked = true
		g.reused++
		return nil
	}
	f := g.refresh[token]
	if f == nil || f.revoked {
		return nil
	}
	delete(g.refresh, token)
	g.spent[token] = f
	return f
}

// issue makes the tokens of a family that come next.
func (g *grants) issue(app string, f *family, expiry time.Time) (token, refresh string) {
	token, refresh = newID(), newID()
	g.access[token] = access{app: app, family: f, expiry: expiry}
	g.refresh[refresh] = f
	return token, refresh
}

// Authorize returns the signed query with which a merchant who agreed comes to the
// app's callback, with a code that works once.
func (s *Server) Authorize(state string) url.Values {
	code := newID()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.codes[code] = true
	return s.sign(url.Values{"code": {code}, "state": {state}})
}

// Install returns the signed query, without a code, with which a merchant comes to the
// app's own URL to install it.
func (s *Server) Install() url.Values {
	return s.sign(url.Values{"install_from": {"app_store"}, "store_id": {"2"}})
}

func (s *Server) sign(query url.Values) url.Values {
	query.Set("shop", s.Shop+".myshoplaza.com")
	query.Set("hmac", hex.EncodeToString(webhook.Sign(s.ClientSecret, []byte(query.Encode()))))
	return query
}

// SetTokenLife sets the lifetime of access tokens issued from now on. The default is 24
// hours; Shoplazza does not document its own.
func (s *Server) SetTokenLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.life = life
}

// ExpireTokens makes all access tokens of the public app expire. Their refresh tokens
// stay valid.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.expire()
}

// RevokeTokens revokes all access tokens, refresh tokens and codes of the public app,
// as when a merchant removes it.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.expire()
	clear(s.grants.refresh)
	clear(s.grants.codes)
}

// ReusedRefreshTokens returns how often a used refresh token was sent again. Each time
// all tokens of its installation were revoked, as Shoplazza does.
func (s *Server) ReusedRefreshTokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grants.reused
}

// expire forgets the access tokens that were handed out. The private app's was not.
func (g *grants) expire() {
	maps.DeleteFunc(g.access, func(_ string, a access) bool { return a.app != privateApp })
}

// tokenAnswer exchanges codes and refresh tokens, each of which works once.
func (s *Server) tokenAnswer(body []byte, now time.Time) souktest.Answer {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return oauthRefusal("invalid_request")
	}
	if form.Get("client_id") != s.ClientID || form.Get("client_secret") != s.ClientSecret {
		return oauthRefusal("invalid_client")
	}
	if grant := form.Get("grant_type"); grant != "authorization_code" && grant != "refresh_token" {
		return oauthRefusal("unsupported_grant_type")
	}
	f := s.grants.take(form)
	if f == nil {
		return oauthRefusal("invalid_grant")
	}
	expiry := now.Add(s.grants.life)
	token, refresh := s.grants.issue(s.ClientID, f, expiry)
	return jsonAnswer(http.StatusOK, object{
		"token_type":    "Bearer",
		"access_token":  token,
		"refresh_token": refresh,
		"expires_at":    expiry.Unix(),
		"store_id":      "2",
		"store_name":    "Demo",
		"locale":        "en-US",
	})
}

func oauthRefusal(code string) souktest.Answer {
	status := http.StatusBadRequest
	if code == "invalid_client" {
		status = http.StatusUnauthorized
	}
	return refusal{status, object{"error": code}}.answer()
}
