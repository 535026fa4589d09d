package shoplinetest

import (
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/souktest"
)

const tokenPath = "/admin/oauth/token/"

const (
	// tokenLife is how long tokens of the public app live, unless SetTokenLife was
	// called.
	tokenLife = 10 * time.Hour
	// overlap is how long a token works on after it was renewed.
	overlap = 5 * time.Minute
	// pause is how long after a token was issued it cannot be renewed.
	pause = time.Minute
	// codeLife is how long a code can be exchanged, and maxAge how old a
	// signature may be.
	codeLife = 10 * time.Minute
	maxAge   = 10 * time.Minute
)

// grants are the codes and tokens that were handed out.
type grants struct {
	private   string
	appKey    string
	appSecret string
	codes     map[string]time.Time // until when they are good
	tokens    map[string]time.Time
	life      time.Duration // of the tokens to come
	installed bool
	issued    time.Time
}

func newGrants(s *Server) grants {
	return grants{
		private:   s.Token,
		appKey:    s.ClientID,
		appSecret: s.ClientSecret,
		codes:     make(map[string]time.Time),
		tokens:    make(map[string]time.Time),
		life:      tokenLife,
	}
}

// app returns whose token it is.
func (g *grants) app(token string, now time.Time) (string, bool) {
	if token == g.private {
		return "private", true
	}
	until, ok := g.tokens[token]
	return g.appKey, ok && now.Before(until)
}

// Authorize returns the signed query with which a merchant who agreed comes to the
// app's callback, with a code that works once. From then on the app is installed.
func (s *Server) Authorize(state string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := traceID()
	s.grants.codes[code] = s.clock().Add(codeLife)
	s.grants.installed = true
	query := url.Values{"code": {code}}
	if state != "" {
		query.Set("customField", state)
	}
	return s.sign(query)
}

// Install returns the signed query, without a code, with which a merchant comes to the
// app's own URL to install it.
func (s *Server) Install() url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sign(url.Values{"lang": {"en"}})
}

// SetTokenLife sets the lifetime of the public app's tokens issued from now on. The
// default is ten hours.
func (s *Server) SetTokenLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.life = life
}

// ExpireTokens makes all tokens of the public app expire. They can be renewed at once.
// Token stays valid.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.expire()
}

// RevokeTokens revokes all tokens and codes of the public app, as when a merchant
// removes the app: nothing can be renewed before Authorize is called again. Token stays
// valid.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.expire()
	clear(s.grants.codes)
	s.grants.installed = false
}

func (g *grants) expire() {
	clear(g.tokens)
	g.issued = time.Time{}
}

func (s *Server) sign(query url.Values) url.Values {
	query.Set("appkey", s.ClientID)
	query.Set("handle", s.Handle)
	query.Set("timestamp", strconv.FormatInt(s.clock().UnixMilli(), 10))
	query.Set("sign", hex.EncodeToString(webhook.Sign(s.ClientSecret, []byte(query.Encode()))))
	return query
}

// answer carries out a call for a token. All failures but a wrong path have the
// status 200.
func (g *grants) answer(r *http.Request, action string, body []byte, now time.Time) souktest.Answer {
	route, _, _ := tokenRoutes.Find(r.Method, action, nil)
	switch {
	case route == nil:
		return notFound("Not Found").answer()
	case !g.signed(r.Header, body, now):
		return oauthRefusal("SIGN_INVALID")
	}
	return route.Handle(g, body, now)
}

// signed reports whether the app has signed the body and the time, not long ago.
func (g *grants) signed(header http.Header, body []byte, now time.Time) bool {
	timestamp := header.Get("Timestamp")
	milliseconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.UnixMilli(milliseconds)).Abs() > maxAge {
		return false
	}
	sign := hex.EncodeToString(webhook.Sign(g.appSecret, body, []byte(timestamp)))
	return header.Get("Appkey") == g.appKey && hmac.Equal([]byte(sign), []byte(header.Get("Sign")))
}

func (g *grants) exchange(body []byte, now time.Time) souktest.Answer {
	var request struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(body, &request) // no code is no good code
	until, ok := g.codes[request.Code]
	if !ok || now.After(until) {
		return oauthRefusal("OAUTH_CODE_INVALID")
	}
	delete(g.codes, request.Code)
	return g.issue(now)
}

func (g *grants) refresh(_ []byte, now time.Time) souktest.Answer {
	switch {
	case !g.installed:
		return oauthRefusal("STORE_NOT_INSTALL_APP")
	case now.Sub(g.issued) < pause:
		return oauthRefusal("REQUEST_FREQUENTLY")
	}
	return g.issue(now)
}

// issue hands out a new token. Those before it work on for a while.
func (g *grants) issue(now time.Time) souktest.Answer {
	for token, until := range g.tokens {
		if last := now.Add(overlap); until.After(last) {
			g.tokens[token] = last
		}
	}
	token, expiry := "oauth-"+traceID(), now.Add(g.life)
	g.tokens[token] = expiry
	g.issued = now
	return jsonAnswer(http.StatusOK, object{
		"code": 200, "i18nCode": "SUCCESS", "message": nil,
		"data": object{
			"accessToken": token,
			"expireTime":  expiry.UTC().Format(time.RFC3339),
			"scope":       "read_customers,write_customers",
		},
	})
}

func oauthRefusal(code string) souktest.Answer {
	return jsonAnswer(http.StatusOK, object{"code": 500, "i18nCode": code, "message": code, "data": nil})
}
