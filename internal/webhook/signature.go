package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// The errors of [DecodeSignature].
var (
	// ErrNoSignature: the text is empty.
	ErrNoSignature = errors.New("webhook: the delivery is not signed")
	// ErrMalformedSignature: the signature is neither 64 hexadecimal digits
	// nor 44 characters of base64.
	ErrMalformedSignature = errors.New("webhook: malformed signature")
)

// Sign returns the HMAC-SHA256 of the parts, one after the other, 32 bytes.
func Sign(secret string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
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
