package sallatest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// tokenLife is how long access tokens live: 14 days, less a second.
const tokenLife = 1_209_599 * time.Second

// authority issues tokens. A family of them has one grant of the merchant as its
// origin; using a refresh token twice revokes it.
type authority struct {
	codes  map[string][]string // scopes by code
	access map[string]*issued
	fresh  map[string]*issued // by refresh token that was not used
	used   map[string]*family
	reused int
	life   time.Duration
}

type family struct{ revoked bool }

type issued struct {
	family          *family
	access, refresh string
	scopes          []string
	expires         time.Time
}

func newAuthority() *authority {
	return &authority{
		codes:  make(map[string][]string),
		access: make(map[string]*issued),
		fresh:  make(map[string]*issued),
		used:   make(map[string]*family),
		life:   tokenLife,
	}
}

// issue makes the first token of a family.
func (a *authority) issue(now time.Time, scopes []string) *issued {
	return a.next(&family{}, now, scopes)
}

func (a *authority) next(f *family, now time.Time, scopes []string) *issued {
	t := &issued{family: f, access: "ory_at_" + rand.Text(), refresh: "ory_rt_" + rand.Text(), scopes: scopes, expires: now.Add(a.life)}
	a.access[t.access] = t
	a.fresh[t.refresh] = t
	return t
}

// check finds the token of a request and whether it has the scope.
func (a *authority) check(c *call, scope string) (reply souktest.Answer, refused bool) {
	text, ok := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	token := a.access[text]
	if !ok || token == nil || token.family.revoked || !c.now.Before(token.expires) {
		return unauthorized("The access token is invalid"), true
	}
	writes := strings.Replace(scope, ".read", ".read_write", 1)
	if scope == "" || slices.Contains(token.scopes, scope) || slices.Contains(token.scopes, writes) {
		return souktest.Answer{}, false
	}
	return unauthorized("The access token should have access to one of those scopes: " + scope), true
}

// SetTokenLife sets the lifetime of access tokens issued from now on. The default is 14
// days.
func (s *Server) SetTokenLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.auth.life = life
}

// ExpireTokens makes all access tokens issued so far expire. Their refresh tokens stay
// valid.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range s.auth.access {
		token.expires = time.Time{}
	}
}

// SetScopes sets the scopes of all issued tokens. They keep offline_access, which is
// not listed.
func (s *Server) SetScopes(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range s.auth.access {
		token.scopes = append(slices.Clone(scopes), "offline_access")
	}
}

// RevokeTokens revokes all access and refresh tokens issued so far, as when a merchant
// uninstalls the app.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range s.auth.access {
		token.family.revoked = true
	}
}

// ReusedRefreshTokens returns how often a used refresh token was sent again. Each time
// all tokens of its installation were revoked, as Salla does.
func (s *Server) ReusedRefreshTokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.auth.reused
}

// Authorize returns the query with which a merchant who agreed comes to the app's
// callback, with a code that works once. Salla does not sign it.
func (s *Server) Authorize(state string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.auth.callback(allScopes, state)
}

// callback is what comes to the app of a merchant who agreed. Salla drops hyphens from
// the state.
func (a *authority) callback(scopes []string, state string) url.Values {
	code := rand.Text()
	a.codes[code] = scopes
	return url.Values{
		"code":  {code},
		"scope": {strings.Join(scopes, " ")},
		"state": {strings.ReplaceAll(state, "-", "")},
	}
}

// Authorization returns the data of a delivery of app.store.authorize with a new token,
// as Salla sends it when the app is installed. It is for NewDelivery.
func (s *Server) Authorization() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.auth.issue(s.now(), allScopes)
	return standin.Encode(object{
		"access_token": token.access, "refresh_token": token.refresh, "expires": token.expires.Unix(),
		"scope": strings.Join(token.scopes, " "), "token_type": "bearer",
	})
}

// authorize lets the merchant agree at once.
func (s *Server) authorize(c *call) souktest.Answer {
	if c.query.Get("client_id") != s.ClientID || c.query.Get("redirect_uri") != redirectURL || c.query.Get("response_type") != "code" {
		return oauthRefusal("invalid_request", "The request is missing a required parameter.")
	}
	back := s.auth.callback(strings.Fields(c.query.Get("scope")), c.query.Get("state"))
	reply := bare(http.StatusFound, object{})
	reply.Header.Set("Location", redirectURL+"?"+back.Encode())
	return reply
}

// token is the token end point.
func (s *Server) token(c *call) souktest.Answer {
	form, err := url.ParseQuery(string(c.raw))
	if err != nil {
		return oauthRefusal("invalid_request", "The request is malformed.")
	}
	if form.Get("client_id") != s.ClientID || form.Get("client_secret") != s.ClientSecret {
		return oauthRefusal("invalid_client", "Client authentication failed.")
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.exchange(c, form)
	case "refresh_token":
		return s.refresh(c, form.Get("refresh_token"))
	}
	return oauthRefusal("unsupported_grant_type", "The authorization grant type is not supported.")
}

func (s *Server) exchange(c *call, form url.Values) souktest.Answer {
	scopes, ok := s.auth.codes[form.Get("code")]
	if !ok || form.Get("redirect_uri") != redirectURL {
		return invalidGrant()
	}
	delete(s.auth.codes, form.Get("code"))
	return s.issued(s.auth.issue(c.now, scopes), "expires")
}

// refresh takes a refresh token once. The second time all tokens of its family
// are revoked.
func (s *Server) refresh(c *call, text string) souktest.Answer {
	if f := s.auth.used[text]; f != nil {
		f.revoked = true
		s.auth.reused++
		return invalidGrant()
	}
	token := s.auth.fresh[text]
	if token == nil || token.family.revoked {
		return invalidGrant()
	}
	delete(s.auth.fresh, text)
	s.auth.used[text] = token.family
	return s.issued(s.auth.next(token.family, c.now, token.scopes), "expires_in")
}

// issued prints a token. Salla names its life in two ways.
func (s *Server) issued(token *issued, expiry string) souktest.Answer {
	body := object{
		"access_token": token.access, expiry: int64(s.auth.life / time.Second),
		"scope": strings.Join(token.scopes, " "), "token_type": "bearer",
	}
	if slices.Contains(token.scopes, "offline_access") {
		body["refresh_token"] = token.refresh
	}
	return bare(http.StatusOK, body)
}

func invalidGrant() souktest.Answer {
	return oauthRefusal("invalid_grant", "The provided authorization grant (e.g., authorization code, resource owner credentials) or "+
		"refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.")
}

func oauthRefusal(code, description string) souktest.Answer {
	return bare(http.StatusUnauthorized, object{"error": code, "error_description": description})
}

// userInfo answers whose token it is.
func userInfo(s *Server, c *call) souktest.Answer {
	text := strings.TrimPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	token := s.auth.access[text]
	return success(object{
		"id": 1771165749, "name": "Test User", "email": "merchant@example.test", "mobile": "+966500000002", "role": "user", "created_at": "2018-04-28 17:46:25",
		"merchant": object{
			"id": json.Number(s.Merchant), "username": "dev-store-name", "name": "My Store", "avatar": "https://cdn.example.test/logo.png", "store_location": "26.98,49.62",
			"plan": "special", "status": "active", "domain": "https://shop.example.test/", "tax_number": nil, "commercial_number": nil, "created_at": "2018-04-28 17:46:25",
		},
		"context": object{"app": "123", "scope": strings.Join(token.scopes, " "), "exp": token.expires.Unix()},
	})
}
