package transport

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"
	"unique"
)

// appHash is the hash of the credentials of an app, which no other key of a quota is
// equal to, such as an app's id that looks like it.
type appHash [sha256.Size]byte

// AppOf names the app that a credential belongs to, for the key of a quota: a
// hash of the static credentials, of which some may be "", or else the token source
// itself. The same text as another credential is another app's.
func AppOf(source any, secrets ...string) any {
	if strings.Join(secrets, "") != "" {
		return appHash(sha256.Sum256(fmt.Appendf(nil, "%q", secrets)))
	}
	if source != nil && reflect.ValueOf(source).Comparable() {
		return unique.Make(source) // a pointer, which is all that fmt prints of a source
	}
	return ""
}
