package shoplazza

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// The forms below match whole sentences as returned by sentence. They give the meaning
// of a server's text if its status does not. They are narrow on purpose: a request that
// is wrongly taken for refused may have been carried out.

// sentence returns a text in lower case, without punctuation and with single spaces, or
// "" for a long text.
func sentence(text string) string {
	if len(text) > maxSentence {
		return ""
	}
	words := strings.Fields(spelling.Replace(strings.ToLower(text)))
	for i, word := range words {
		words[i] = strings.Trim(word, ".!?")
	}
	return strings.Join(words, " ")
}

const maxSentence = 500

var spelling = strings.NewReplacer("e-mail", "email", "’", "'", "_", " ", `"`, " ", "`", " ", ":", " ", ";", " ", ",", " ", "(", " ", ")", " ")

// value matches an e-mail address, a number or an id in a sentence.
const value = `[^ ]*[@0-9/][^ ]*`

func isNotActive(sentence string) bool { return sentence == "store is not active" }

var unauthorizedForm = regexp.MustCompile(`\b(unauthorized|token)\b`)

var notFoundForm = regexp.MustCompile(`\bnot found\b`)

// goneForm matches the sentence that a record was not found.
var goneForm = form(`((the|this|requested|a|an|with|by|id|` + value + `) )*(record|customer|address|webhook|subscription|resource) ` +
	`((record|address|with|by|id|` + value + `) )*(was |is )?not found( (with|by|id|` + value + `))*`)

// taken returns the form of a sentence that says that one of the fields is taken.
func taken(fields string) *regexp.Regexp {
	word := `(` + fields + `|the|this|that|your|a|an|another|other|with|or|and|by|for|in|customer's|account|user|store|shop|number|address|` + value + `)`
	return form(`(` + word + ` )*(` + fields + `) (` + word + ` )*` +
		`(((is|are|has|have|was) )?((already|been) )*(taken|registered|used|in use|exists?)|must be unique|is not unique)( ` + word + `)*`)
}

var (
	takenContact = taken(`email|phone|mobile|contact|customer`)
	takenHook    = taken(`address|topic|webhook|subscription`)
)

// takenBy returns a function that recognizes the sentence that a unique value of the
// call is taken.
func takenBy(call *transport.Call) func(sentence string) bool {
	switch call.Method + " " + call.Route {
	case http.MethodPost + " /customers":
		return takenContact.MatchString
	case http.MethodPost + " /webhooks", http.MethodPut + " /webhooks/{id}":
		return takenHook.MatchString
	}
	return func(string) bool { return false }
}

// brokenForm matches the sentences on Shoplazza's pages that a field of a write breaks
// a rule.
var brokenForm = form(`(email|phone|email or phone|phone area code|contact|contact type|password|password confirmation|` +
	`first name|last name|accepts marketing|accepts sms marketing|tags|registered at|addresses|address|topic|` +
	`country|country code|gender|company|address1|address2|area|city|province|province code|zip) ` +
	`(can't be blank|is invalid|is too short( minimum is [0-9]+ characters)?|must be equal to password)`)

var missingForm = form(`param is missing or the value is empty (customer|address|webhook)`)

// refuses reports whether a sentence is known to refuse a request: a value is taken, a
// record does not exist, or a rule is broken. "Address already in use" is not one of
// them: servers say that about their sockets.
func refuses(sentence string) bool {
	if isNotActive(sentence) {
		return true
	}
	for _, known := range []*regexp.Regexp{takenContact, goneForm, brokenForm, missingForm} {
		if known.MatchString(sentence) {
			return true
		}
	}
	return false
}

func form(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }
