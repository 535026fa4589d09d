package oauth

import (
	"crypto/subtle"

	"github.com/souk-go/souk"
)

// CheckState compares the state that a callback brings with the one that was sent,
// in a time that says nothing of them, and wants a code.
func CheckState(vendor, sent, got, code string) error {
	switch {
	case sent == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(got)) != 1:
		return untrusted(vendor, "the callback has another state than was sent")
	case code == "":
		return untrusted(vendor, "the callback brings no code")
	}
	return nil
}

func untrusted(vendor, message string) error {
	return &souk.Error{Vendor: vendor, Message: message, Err: souk.ErrUnauthorized}
}
