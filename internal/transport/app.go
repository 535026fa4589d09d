package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"unique"
)

// AppOf names the app that a credential belongs to, for the key of a quota: a
// hash of a static credential, or else the token source itself.
func AppOf(secret string, source any) any {
	if secret != "" {
		sum := sha256.Sum256([]byte(secret))
		return hex.EncodeToString(sum[:16])
	}
	if source != nil && reflect.ValueOf(source).Comparable() {
		return unique.Make(source) // a pointer, which is all that fmt prints of a source
	}
	return ""
}
