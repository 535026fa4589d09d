package shopline

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

// readError reads what the Admin API answers to a failed call.
func readError(a *transport.Answer, e *souk.Error) transport.Verdict {
	readBody(a.Body, e)
	return transport.Verdict{
		Class:        classOf(a.StatusCode, e),
		Expired:      a.StatusCode == http.StatusUnauthorized,
		NotProcessed: a.StatusCode == http.StatusNotImplemented,
		Retry500:     true,
	}
}

// readBody reads {"errors": …} in all its forms, "error" and "message" beside
// or instead of it, and whatever a proxy sends.
func readBody(data []byte, e *souk.Error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return
	}
	if data[0] == '<' {
		e.Message = "a web page came instead of an answer"
		return
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(data, &body) != nil {
		return
	}
	e.Code = scalarText(body["code"])
	if code := scalarText(body["i18nCode"]); code != "" {
		e.Code = code
	}
	var messages []string
	for _, key := range []string{"errors", "error", "message"} {
		messages = append(messages, texts(body[key])...)
	}
	e.Message = strings.Join(messages, "; ")
	e.Fields = fieldTexts(body["errors"])
	if e.Fields == nil {
		e.Fields = fieldTexts(body["error"])
	}
}

// scalarText returns a text or a number, "" for anything else.
func scalarText(data json.RawMessage) string {
	var text loosejson.String
	if data == nil || json.Unmarshal(data, &text) != nil {
		return ""
	}
	return string(text)
}

// texts returns a text, or those of a list.
func texts(data json.RawMessage) []string {
	var list loosejson.List[json.RawMessage]
	if data == nil || json.Unmarshal(data, &list) != nil {
		return nil
	}
	var found []string
	for _, item := range list {
		if text := scalarText(item); text != "" {
			found = append(found, text)
		}
	}
	return found
}

// fieldTexts returns the texts of an object by its keys. A key without a text
// stays, since it names what is wrong.
func fieldTexts(data json.RawMessage) map[string][]string {
	var object map[string]json.RawMessage
	if data == nil || json.Unmarshal(data, &object) != nil || len(object) == 0 {
		return nil
	}
	fields := make(map[string][]string, len(object))
	for key, value := range object {
		fields[key] = texts(value)
	}
	return fields
}

// The statuses that SHOPLINE has added to those of HTTP.
const (
	statusAttack          = 433 // taken for an attack, or the address is on a list
	statusRateStrategy    = 434
	statusAttackPolicy    = 435
	statusContentStrategy = 436
)

// classOf returns the class of a status that does not stand for what HTTP says.
func classOf(status int, e *souk.Error) error {
	switch status {
	case http.StatusPaymentRequired, http.StatusLocked, http.StatusNotImplemented,
		statusAttack, statusRateStrategy, statusAttackPolicy, statusContentStrategy:
		return souk.ErrForbidden
	case http.StatusUnprocessableEntity:
		if saysTaken(e) {
			return souk.ErrAlreadyExists
		}
	}
	return nil
}

// saysTaken reports whether the server speaks of a value that another customer
// has. Its texts are not documented, so this is a guess by their words.
func saysTaken(e *souk.Error) bool {
	said := []string{e.Message}
	for _, texts := range e.Fields {
		said = append(said, texts...)
	}
	text := strings.ToLower(strings.Join(said, " "))
	if strings.Contains(text, "not exist") || strings.Contains(text, "n't exist") {
		return false
	}
	for _, word := range []string{"already", "exists", "duplicate", "taken"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// without is the error of an answer that says success and lacks the object that
// it should hold: what a read asked for is not there, and what became of a write
// is not known.
func without(call *transport.Call, response *transport.Response, object string) error {
	class := souk.ErrOutcomeUnknown
	if call.Repeat == transport.Safe {
		class = souk.ErrNotFound
	}
	return failed(call, response, class, "the answer holds no "+object)
}

// failed is the error of an answer that says success and is none.
func failed(call *transport.Call, response *transport.Response, class error, message string) error {
	return newError(&souk.Error{
		StatusCode: response.StatusCode,
		Message:    message,
		RequestID:  response.RequestID,
		Method:     call.Method,
		Route:      call.Route,
		Attempts:   response.Attempts,
		Err:        class,
	})
}
