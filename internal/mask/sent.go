package mask

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Sent holds what a call has sent, which no text may show if a server repeats it. A nil
// Sent hides nothing.
type Sent struct {
	secrets func() wanted // credentials
	all     func() wanted // and what else may say whom it is about
}

// NewSent returns the Sent of credentials and other texts. It leaves out texts that are
// too short to be distinctive.
func NewSent(secrets, others []string) *Sent {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(text string) bool { return len(text) < minSecret })
	others = slices.DeleteFunc(slices.Clone(others), isCommon)
	return &Sent{secrets: wantedOf(nil, secrets), all: wantedOf(others, secrets)}
}

// wanted is what is looked for.
type wanted struct {
	needles []needle
	pieces  pieces // of the credentials
}

// wantedOf makes it when somebody looks.
func wantedOf(others, secrets []string) func() wanted {
	return sync.OnceValue(func() wanted {
		w := wanted{pieces: make(pieces)}
		texts := slices.Concat(others, secrets)
		slices.Sort(texts)
		for _, text := range slices.Compact(texts) {
			w.needles = append(w.needles, needlesOf(text)...)
		}
		for _, secret := range secrets {
			w.pieces.add(secret)
		}
		return w
	})
}

const (
	// minSecret is the length of the shortest credential, a one-time password.
	minSecret = 4
	// minNumber is the length of the shortest number that is an id rather than a limit.
	minNumber = 5
	// minWord is the length of the shortest other text, in bytes: outside ASCII, two
	// letters can be a name.
	minWord = 3
)

// isCommon reports whether any message may hold the text.
func isCommon(text string) bool {
	switch {
	case text == "true", text == "false":
		return true
	case !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }):
		return len(text) < minNumber
	}
	return len(text) < minWord || utf8.RuneCountInString(text) == 1
}

// Secrets replaces the credentials in a text.
func (s *Sent) Secrets(text string) string {
	if s == nil {
		return text
	}
	return hide(text, s.secrets())
}

// All replaces whatever was sent.
func (s *Sent) All(text string) string {
	if s == nil {
		return text
	}
	return hide(text, s.all())
}

// Beginning takes away the end of a text that was cut where it is the beginning of a
// credential.
func (s *Sent) Beginning(text string) string {
	end := fold(text)
	for _, n := range s.secrets().needles {
		end = end[:len(end)-begun(n.text, end)]
	}
	return text[:len(end)]
}

// begun returns how much of a secret stands at the end of a text.
func begun(secret, text string) int {
	for length := min(len(secret), len(text)); length >= minSecret; length-- {
		if strings.HasSuffix(text, secret[:length]) {
			return length
		}
	}
	return 0
}

const masked = "[masked]"

// hide replaces what the needles find, in whatever letter case. A text that holds it in
// an unusual spelling is replaced as a whole.
func hide(text string, w wanted) string {
	if len(w.needles) == 0 {
		return text
	}
	shown := replace(text, w)
	plain := shown
	for range 3 { // a text in a text in a text
		next := unescape(plain)
		if next == plain {
			break
		}
		if plain = next; len(w.find(fold(plain))) > 0 {
			return masked
		}
	}
	return shown
}
