package shopline

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the credential, or the signature of a request
	// from SHOPLINE, is missing, wrong or expired.
	ErrUnauthorized = transport.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation, that
	// the store is frozen or locked, or that SHOPLINE has shut the caller out.
	ErrForbidden = transport.ErrForbidden
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = transport.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = transport.ErrInvalid
	// ErrAlreadyExists means that the e-mail address or the phone number is
	// taken. SHOPLINE's texts are not documented, so a refusal that does not
	// speak of it plainly is ErrInvalid; Ensure does not depend on the text.
	ErrAlreadyExists = transport.ErrAlreadyExists
	// ErrRateLimited means that a limit was met. RetryAfter says how long to
	// wait, if that is known.
	ErrRateLimited = transport.ErrRateLimited
	// ErrUnavailable means that the server could not be reached or failed.
	ErrUnavailable = transport.ErrUnavailable
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = transport.ErrOutcomeUnknown
)

// Error describes a call that failed. Its text holds method, route, status,
// code, message and request id, with e-mail addresses, numbers and tokens
// masked; it never holds a credential, a query or a body.
type Error struct {
	// StatusCode is the HTTP status, 0 when there was no answer. SHOPLINE has
	// some of its own: 423 for a locked store, 433 to 436 for security rules.
	StatusCode int
	// Code is the server's code, if it sends one: the i18nCode of OAuth, such
	// as "STORE_NOT_INSTALL_APP", or a number of the Admin API.
	Code string
	// Message is the server's text, unmasked, or the SDK's own.
	Message string
	// Fields names what is wrong with which field, of a request or a Config
	// that the SDK refused by its name in Go, or of one that the server refused
	// by its name in JSON.
	Fields map[string][]string
	// RequestID is the traceId by which SHOPLINE's support finds the request.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as "/customers/{id}.json". It is
	// empty for calls made with Client.Do.
	Route string
	// Attempts is how often the request was sent.
	Attempts int
	// RetryAfter is how long the server, or the limit, wants the caller to
	// wait. SHOPLINE itself sends no such time with a 429.
	RetryAfter time.Duration
	// Body is the answer, at most 1 MiB of it. It may hold personal data. It is
	// empty for the calls of OAuth, whose answers can hold a token.
	Body []byte
	// Err holds the classes above and the cause, for errors.Is and errors.As.
	Err error
}

// Error returns the text described at Error.
func (e *Error) Error() string { return (*transport.Error)(e).Text(vendor.Name) }

// Unwrap returns the classes and the cause.
func (e *Error) Unwrap() error { return e.Err }

// LogValue returns the error as attributes, without personal data.
func (e *Error) LogValue() slog.Value { return (*transport.Error)(e).LogValue(vendor.Name) }

func newError(e *transport.Error) error { return (*Error)(e) }

// readError reads what the Admin API answers to a failed call.
func readError(a *transport.Answer, e *transport.Error) transport.Verdict {
	readBody(a.Body, e)
	return transport.Verdict{
		Class:    classOf(a.StatusCode, e),
		Expired:  a.StatusCode == http.StatusUnauthorized,
		Refused:  a.StatusCode == http.StatusNotImplemented,
		Retry500: true,
	}
}

// readBody reads {"errors": …} in all its forms, "error" and "message" beside
// or instead of it, and whatever a proxy sends.
func readBody(data []byte, e *transport.Error) {
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
func classOf(status int, e *transport.Error) error {
	switch status {
	case http.StatusPaymentRequired, http.StatusLocked, http.StatusNotImplemented,
		statusAttack, statusRateStrategy, statusAttackPolicy, statusContentStrategy:
		return ErrForbidden
	case http.StatusUnprocessableEntity:
		if saysTaken(e) {
			return ErrAlreadyExists
		}
	}
	return nil
}

// saysTaken reports whether the server speaks of a value that another customer
// has. Its texts are not documented, so this is a guess by their words.
func saysTaken(e *transport.Error) bool {
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
	class := ErrOutcomeUnknown
	if call.Class == transport.Safe {
		class = ErrNotFound
	}
	return failed(call, response, class, "the answer holds no "+object)
}

// failed is the error of an answer that says success and is none.
func failed(call *transport.Call, response *transport.Response, class error, message string) error {
	return newError(&transport.Error{
		StatusCode: response.StatusCode,
		Message:    message,
		RequestID:  response.RequestID,
		Method:     call.Method,
		Route:      call.Route,
		Attempts:   response.Attempts,
		Err:        class,
	})
}
