package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// The reasons for which a delivery is not trusted.
var (
	// ErrNoSecret: the receiver has no secret to verify with. An empty secret
	// would trust everybody, so it is refused.
	ErrNoSecret = errors.New("webhook: no secret to verify with")
	// ErrNoSignature: the delivery carries no signature, or no token.
	ErrNoSignature = errors.New("webhook: the delivery is not signed")
	// ErrMalformedSignature: the signature is neither 64 hexadecimal digits
	// nor 44 characters of base64.
	ErrMalformedSignature = errors.New("webhook: malformed signature")
	// ErrMismatch: the signature or the token is another than the secret
	// yields. The sender does not know the secret, or the body was changed on
	// the way.
	ErrMismatch = errors.New("webhook: signature does not match")
)

// Sign returns the HMAC-SHA256 of the parts, one after the other, 32 bytes.
func Sign(secret string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// Verify reports whether signature is the HMAC-SHA256 of the parts, one after
// the other. It returns nil, [ErrNoSecret], [ErrNoSignature] for an empty
// signature, or [ErrMismatch].
func Verify(secret string, signature []byte, parts ...[]byte) error {
	if secret == "" {
		return ErrNoSecret
	}
	if len(signature) == 0 {
		return ErrNoSignature
	}
	if !hmac.Equal(signature, Sign(secret, parts...)) {
		return ErrMismatch
	}
	return nil
}

// VerifyToken reports whether token, which the delivery carries as it is, is the
// secret. It returns nil, [ErrNoSecret], [ErrNoSignature] for an empty token, or
// [ErrMismatch]. Its duration reveals nothing about the secret, not even the length.
func VerifyToken(secret, token string) error {
	if secret == "" {
		return ErrNoSecret
	}
	if token == "" {
		return ErrNoSignature
	}
	want, got := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return ErrMismatch
	}
	return nil
}

// DecodeSignature returns the 32 bytes of a signature. Its length determines the form:
// 64 characters are hexadecimal digits of either case, 44 are padded standard base64.
// Space around them is dropped. An empty text is [ErrNoSignature], any other
// [ErrMalformedSignature].
func DecodeSignature(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	var signature []byte
	var err error
	switch len(text) {
	case 0:
		return nil, ErrNoSignature
	case hex.EncodedLen(sha256.Size):
		signature, err = hex.DecodeString(text)
	case base64.StdEncoding.EncodedLen(sha256.Size):
		signature, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	if err != nil || len(signature) != sha256.Size {
		return nil, ErrMalformedSignature
	}
	return signature, nil
}
