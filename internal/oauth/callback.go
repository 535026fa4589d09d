package oauth

import (
	"crypto/subtle"
	"maps"
	"net/url"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// CheckQuery refuses the query of a callback that has a parameter twice: the signer may
// have used the other value.
func CheckQuery(vendor string, query url.Values) error {
	for _, values := range query {
		if len(values) != 1 {
			return Untrusted(vendor, "the query names a parameter twice")
		}
	}
	return nil
}

// CheckSignature refuses the query of a callback that the vendor has not signed with
// the app's secret. sign is the name of the parameter with the signature.
func CheckSignature(vendor string, query url.Values, sign, secret string) error {
	if secret == "" {
		var problems transport.Problems
		problems.Add("ClientSecret", NoSecret)
		return problems.Err(vendor)
	}
	if err := CheckQuery(vendor, query); err != nil {
		return err
	}
	signature, err := webhook.DecodeSignature(query.Get(sign))
	if err != nil {
		return Untrusted(vendor, "the query is not signed, or not as the vendor signs")
	}
	signed := maps.Clone(query)
	delete(signed, sign)
	if !webhook.VerifyQuery(secret, signature, signed) {
		return Untrusted(vendor, "the signature does not match")
	}
	return nil
}

// NoSecret says what is wrong with an empty secret.
const NoSecret = "must not be empty: everybody could sign with an empty secret"

// CheckState compares the state in a callback with the one that was sent, in constant
// time, and requires a code, and no error beside it.
func CheckState(vendor, sent, got string, query url.Values) error {
	code := query.Get("code")
	switch {
	case sent == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(got)) != 1:
		return Untrusted(vendor, "the callback has another state than was sent")
	case query.Get("error") != "":
		return Untrusted(vendor, "the callback says that the installation was refused")
	case strings.TrimSpace(code) == "":
		return Untrusted(vendor, "the callback brings no code")
	}
	return nil
}

// Untrusted returns the error of a request that is not proven to come from the vendor.
func Untrusted(vendor, message string) error {
	return &souk.Error{Vendor: vendor, Message: message, Err: souk.ErrUnauthorized}
}

// IsRedirect reports whether a vendor can send a browser to this address.
func IsRedirect(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.IsAbs() && u.Host != ""
}
