package fleet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Keyring holds the keys that tokens are encrypted with, each 32 random bytes, under
// ids of your choice. New values are encrypted with the active key. To rotate keys, add
// a key in all processes, then make it active, call [TokenStore.Reencrypt] for each
// token, and remove the old key when it is active nowhere. A process that lacks the
// active key of another cannot read its tokens, and cannot save a token that it renews at
// that moment. No printer shows the keys.
type Keyring struct {
	// Active is the id of the key that encrypts. Ids have letters, digits, - and _, at
	// most 64.
	Active string
	// Keys holds all keys that can decrypt, by id.
	Keys map[string][]byte `json:"-"`
}

// String returns the ids of the keys.
func (k Keyring) String() string {
	return "fleet.Keyring{Active:" + k.Active + " Keys:" + strings.Join(slices.Sorted(maps.Keys(k.Keys)), ",") + "}"
}

// GoString returns the text of String.
func (k Keyring) GoString() string { return k.String() }

var (
	// ErrUnknownKey means that a token was encrypted with a key that the Keyring does
	// not have. The error's text names its id.
	ErrUnknownKey = errors.New("fleet: encrypted with a key that is not in the Keyring")
	// ErrTampered means that a token in Redis is not the one that was written under
	// this name, or that a key in the Keyring is not the one that its id had before.
	ErrTampered = errors.New("fleet: the value was changed in Redis, or its key is another")
)

func (k Keyring) ciphers() (map[string]cipher.AEAD, error) {
	var problems []error
	if _, ok := k.Keys[k.Active]; !ok {
		problems = append(problems, fmt.Errorf("fleet: Keyring.Active: no key has the id %q", k.Active))
	}
	made := make(map[string]cipher.AEAD, len(k.Keys))
	for _, id := range slices.Sorted(maps.Keys(k.Keys)) {
		if !validID(id) {
			problems = append(problems, fmt.Errorf("fleet: Keyring.Keys: the id %q must be of letters, digits, - and _, at most 64", id))
		}
		key := k.Keys[id]
		if len(key) != 32 {
			problems = append(problems, fmt.Errorf("fleet: Keyring.Keys: the key %q has %d bytes; it must have 32", id, len(key)))
			continue
		}
		if !slices.ContainsFunc(key, func(b byte) bool { return b != 0 }) {
			problems = append(problems, fmt.Errorf("fleet: Keyring.Keys: the key %q is all zeros; NewKey returns one that is random", id))
			continue
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if made[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
	}
	return made, errors.Join(problems...)
}

func validID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

// sealer encrypts each value for its name, so that it cannot be read under another
// name.
type sealer struct {
	active  string
	ciphers map[string]cipher.AEAD
}

// seal returns "v1:<key id>:<base64>".
func (s *sealer) seal(name string, plain []byte) string {
	sealed := s.ciphers[s.active].Seal(nil, nil, plain, additional(s.active, name))
	return "v1:" + s.active + ":" + base64.RawStdEncoding.EncodeToString(sealed)
}

func (s *sealer) open(name, text string) ([]byte, error) {
	version, rest, _ := strings.Cut(text, ":")
	id, encoded, ok := strings.Cut(rest, ":")
	if version != "v1" || !ok || !validID(id) {
		return nil, ErrTampered
	}
	aead := s.ciphers[id]
	if aead == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnknownKey, id)
	}
	sealed, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, ErrTampered
	}
	plain, err := aead.Open(nil, nil, sealed, additional(id, name))
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

func additional(id, name string) []byte { return []byte("souk token v1\x00" + id + "\x00" + name) }

// NewKey returns a key for a Keyring.
func NewKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}
