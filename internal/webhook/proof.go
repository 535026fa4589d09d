package webhook

import (
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
	proves, err := p.read(values[0])
	if err != nil {
		return err
	}
	proven := false
	for _, secret := range secrets {
		proven = proves(secret, body) == nil || proven
	}
	if !proven {
		return ErrMismatch
	}
	return nil
}

var errTwice = errors.New("webhook: more than one signature")

// read returns a function that checks a secret against a signature or token.
func (p Proof) read(value string) (proves func(secret string, body []byte) error, err error) {
	if p.Token {
		if value == "" {
			return nil, ErrNoSignature
		}
		return func(secret string, _ []byte) error { return VerifyToken(secret, value) }, nil
	}
	signature, err := DecodeSignature(value)
	if err != nil {
		return nil, err
	}
	return func(secret string, body []byte) error { return Verify(secret, signature, body) }, nil
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
