package xcladetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// claims are what a token of the admin says.
type claims struct {
	ActorID        string         `json:"actor_id"`
	ActorType      string         `json:"actor_type"`
	AuthIdentityID string         `json:"auth_identity_id"`
	AuthProvider   string         `json:"auth_provider"`
	MFAEnabled     bool           `json:"mfa_enabled"`
	MFACompletedAt *time.Time     `json:"mfa_challenge_completed_at"`
	AppMetadata    map[string]any `json:"app_metadata"`
	UserMetadata   map[string]any `json:"user_metadata"`
	IssuedAt       int64          `json:"iat"`
	ExpiresAt      int64          `json:"exp"`
}

const jwtHeader = `{"alg":"HS256","typ":"JWT"}`

// issue makes a token that is good from now for its life. Two tokens of the same
// second are equal.
func (a *authority) issue(now time.Time) string {
	a.mu.Lock()
	life := a.life
	a.mu.Unlock()
	payload := standin.Encode(claims{
		ActorID:        a.userID,
		ActorType:      "user",
		AuthIdentityID: a.identityID,
		AuthProvider:   "emailpass",
		AppMetadata:    map[string]any{"user_id": a.userID},
		UserMetadata:   map[string]any{},
		IssuedAt:       now.Unix(),
		ExpiresAt:      now.Unix() + int64(life/time.Second),
	})
	unsigned := base64URL([]byte(jwtHeader)) + "." + base64URL(payload)
	return unsigned + "." + a.sign(unsigned)
}

// valid reports whether the token was issued here and has not run out.
func (a *authority) valid(token string, now time.Time) bool {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || !hmac.Equal([]byte(token[dot+1:]), []byte(a.sign(token[:dot]))) {
		return false
	}
	_, payload, _ := strings.Cut(token[:dot], ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return false
	}
	var c claims
	return json.Unmarshal(raw, &c) == nil && c.ActorType == "user" && now.Unix() < c.ExpiresAt
}

func (a *authority) sign(unsigned string) string {
	a.mu.Lock()
	mac := hmac.New(sha256.New, a.secret)
	a.mu.Unlock()
	mac.Write([]byte(unsigned))
	return base64URL(mac.Sum(nil))
}

func base64URL(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
