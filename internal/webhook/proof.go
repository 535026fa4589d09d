package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/http"
)

// Proof is how a delivery proves that it comes from the vendor.
type Proof struct {
	// Header is the header that has the signature, or the token.
	Header string
	// Token says that Header has the secret itself. Otherwise it has an
	// HMAC-SHA256 of the body in one of the forms of [DecodeSignature].
	Token bool
}

var (
	errTwice    = errors.New("webhook: more than one signature")
	errMismatch = errors.New("webhook: signature does not match")
)

// verify returns nil if the header proves that the sender of the body knows one of the
// secrets. It tries all of them, even after one fits.
func (p Proof) verify(header http.Header, body []byte, secrets []string) error {
	values := header[p.Header]
	switch {
	case len(values) == 0:
		return ErrNoSignature
	case len(values) > 1:
		return errTwice
	}
	sent, err := p.sent(values[0])
	if err != nil {
		return err
	}
	proven := false
	for _, secret := range secrets {
		proven = hmac.Equal(sent, p.expected(secret, body)) || proven
	}
	if !proven {
		return errMismatch
	}
	return nil
}

// sent returns the signature in the header, or a hash of the token: comparing hashes
// takes the same time for tokens of any length.
func (p Proof) sent(value string) ([]byte, error) {
	switch {
	case !p.Token:
		return DecodeSignature(value)
	case value == "":
		return nil, ErrNoSignature
	}
	return p.expected(value, nil), nil
}

// expected returns what sent returns for somebody who knows the secret.
func (p Proof) expected(secret string, body []byte) []byte {
	if !p.Token {
		return Sign(secret, body)
	}
	hash := sha256.Sum256([]byte(secret))
	return hash[:]
}

func (p Proof) noun() string {
	if p.Token {
		return "token"
	}
	return "signature"
}

// text says what is wrong with the proof of a delivery.
func (p Proof) text(err error) string {
	switch {
	case errors.Is(err, ErrNoSignature):
		return "the delivery has no " + p.noun()
	case errors.Is(err, errTwice):
		return "the delivery has more than one " + p.noun()
	case errors.Is(err, ErrMalformedSignature):
		return "the delivery's signature is neither 64 hexadecimal digits nor 44 characters of base64"
	}
	return "the delivery's " + p.noun() + " does not match the secret"
}
