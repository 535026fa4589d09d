package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
)

// ErrNotJWT means that a text is not a JSON Web Token with readable claims.
var ErrNotJWT = errors.New("auth: not a JSON web token")

// maxUnix is the last second of the year 9999, the last one that JSON can say.
const maxUnix = 253402300799

// JWTClaims decodes the claims of a JSON Web Token into what into points to. It does
// not verify the signature, so do not base authorization on the claims. All its errors
// are [ErrNotJWT], which says nothing of the token.
func JWTClaims(token string, into any) error {
	if !IsJWT(token) {
		return ErrNotJWT
	}
	_, rest, _ := strings.Cut(token, ".")
	claims, _, _ := strings.Cut(rest, ".")
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(claims, "="))
	if err != nil {
		return ErrNotJWT
	}
	if json.Unmarshal(payload, into) != nil {
		return ErrNotJWT
	}
	return nil
}

// IsJWT reports whether a text has the three parts of a JSON Web Token.
func IsJWT(token string) bool { return strings.Count(token, ".") == 2 }

// JWTExpiry returns the time after which a JSON Web Token is no longer good
// (its claim exp), and false when the token names none. It does not verify the
// signature.
func JWTExpiry(token string) (time.Time, bool) {
	var claims struct {
		Exp json.Number `json:"exp"`
	}
	if JWTClaims(token, &claims) != nil {
		return time.Time{}, false
	}
	seconds, err := claims.Exp.Float64()
	if err != nil || seconds <= 0 || seconds > maxUnix {
		return time.Time{}, false
	}
	return time.Unix(int64(math.Floor(seconds)), 0).UTC(), true
}
