package webhook

import (
	"errors"
	"net/http"
)

// Proof is how a vendor proves that a delivery is its own.
type Proof struct {
	// Header is the header that has the signature, or the token.
	Header string
	// Token says that Header has the secret itself. Otherwise it has an
	// HMAC-SHA256 of the body in one of the forms of [DecodeSignature].
	Token bool
}

// verify returns nil if the header proves that who sent the body knows the secret.
func (p Proof) verify(header http.Header, body []byte, secret string) error {
	values := header[p.Header]
	switch {
	case len(values) == 0:
		return ErrNoSignature
	case len(values) > 1:
		return errTwice
	case p.Token:
		return VerifyToken(secret, values[0])
	}
	signature, err := DecodeSignature(values[0])
	if err != nil {
		return err
	}
	return Verify(secret, signature, body)
}

var errTwice = errors.New("webhook: more than one signature")

// verifyAny does so for any of several secrets, however many do not fit.
func (p Proof) verifyAny(header http.Header, body []byte, secrets []string) error {
	err := error(ErrNoSecret)
	proven := false
	for _, secret := range secrets {
		err = p.verify(header, body, secret)
		proven = proven || err == nil
	}
	if proven {
		return nil
	}
	return err
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
