package mask

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Sent is what a call has sent and no text shows when a server repeats it. A nil Sent
// hides nothing.
type Sent struct {
	secrets  []string // credentials
	personal []string // all else that may say whom it is about
}

// NewSent returns the Sent of credentials and of other texts. Those that are too short
// to be told from any other text are left out.
func NewSent(secrets, others []string) *Sent {
	return &Sent{
		secrets:  slices.DeleteFunc(slices.Clone(secrets), func(text string) bool { return len(text) < minSecret }),
		personal: slices.DeleteFunc(slices.Clone(others), isCommon),
	}
}

const (
	// minSecret is the length of the shortest credential, a one-time password.
	minSecret = 4
	// minNumber is that of the shortest number that is an id rather than a limit.
	minNumber = 5
	// minWord is that of the shortest other text in ASCII; names in other scripts can
	// be shorter.
	minWord = 3
)

// isCommon reports texts that any message may hold.
func isCommon(text string) bool {
	switch {
	case text == "true", text == "false":
		return true
	case !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }):
		return len(text) < minNumber
	case utf8.RuneCountInString(text) == len(text):
		return len(text) < minWord
	}
	return utf8.RuneCountInString(text) < minWord-1
}

// Secrets replaces the credentials in a text.
func (s *Sent) Secrets(text string) string {
	if s == nil {
		return text
	}
	return hide(text, s.secrets)
}

// All replaces whatever was sent.
func (s *Sent) All(text string) string {
	if s == nil {
		return text
	}
	return hide(text, slices.Concat(s.secrets, s.personal))
}

// Beginning takes away the end of a text that was cut where it is the beginning of a
// credential.
func (s *Sent) Beginning(text string) string {
	end := fold(text)
	for _, secret := range s.secrets {
		for _, n := range needlesOf(secret) {
			for length := min(len(n.text), len(end)); length >= minSecret; length-- {
				if strings.HasSuffix(end, n.text[:length]) {
					end = end[:len(end)-length]
					break
				}
			}
		}
	}
	return text[:len(end)]
}

const masked = "[masked]"

// hide replaces what was planted in text, in whatever letter case and the usual
// spellings. A text that holds it in an unusual one is replaced as a whole.
func hide(text string, planted []string) string {
	if text == "" || len(planted) == 0 {
		return text
	}
	var needles []needle
	for _, one := range planted {
		needles = append(needles, needlesOf(one)...)
	}
	shown := replace(text, needles)
	plain := shown
	for range 3 { // a text in a text in a text
		plain = unescape(plain)
		if len(find(fold(plain), needles)) > 0 {
			return masked
		}
	}
	return shown
}
