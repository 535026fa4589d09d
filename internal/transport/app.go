package transport

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"
	"unique"
)

// appHash is the hash of an app's credentials. As a type of its own it never equals
// another key of a quota, such as an app's id.
type appHash [sha256.Size]byte

// AppOf names the app that a credential belongs to, for the key of a quota: a hash of
// the static credentials, of which some may be "", or else the token source itself. The
// same text in another place of secrets names another app.
func AppOf(source any, secrets ...string) any {
	if strings.Join(secrets, "") != "" {
		return appHash(sha256.Sum256(fmt.Appendf(nil, "%q", secrets)))
	}
	if source != nil && reflect.ValueOf(source).Comparable() {
		return unique.Make(source) // a pointer, which is all that fmt prints of a source
	}
	return ""
}
