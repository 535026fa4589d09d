package webhook

import (
	"crypto/hmac"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// VerifyQuery compares a signature with both texts that vendors sign of a query: its
// parameters sorted by name, with the values encoded, as their own programs do, or as
// they are, as their pages have it. It reports whether one matches. The query must not
// hold the signature, and the secret must not be empty.
func VerifyQuery(secret string, signature []byte, query url.Values) bool {
	if hmac.Equal(signature, Sign(secret, []byte(query.Encode()))) {
		return true
	}
	plain, ok := plainQuery(query)
	return ok && hmac.Equal(signature, Sign(secret, []byte(plain)))
}

// plainQuery joins the parameters in the order of their names, not encoded; ok
// is false if that text can be read as other parameters, too, so that who knows
// one signed query could make another of it.
func plainQuery(query url.Values) (text string, ok bool) {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		value := query.Get(name)
		if len(query[name]) != 1 || strings.Contains(name+value, "&") || strings.Contains(name, "=") {
			return "", false
		}
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "&"), true
}
