package souk

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/souk-go/souk/internal/mask"
)

// The classes of failure, for errors.Is. The documentation of a vendor's package says
// what they mean there, and which never occur.
var (
	// ErrUnauthorized means that the credential, or the signature of a request
	// from the vendor, is missing, wrong or expired.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden means that the credential does not allow the operation, or
	// that the vendor has shut the store or the caller out.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = errors.New("not found")
	// ErrInvalid means that the request is wrong. If the SDK itself found the fault,
	// nothing was sent, StatusCode is 0, and Fields says what is wrong.
	ErrInvalid = errors.New("invalid")
	// ErrAlreadyExists means that a value that must be unique, such as the e-mail
	// address, is taken.
	ErrAlreadyExists = errors.New("already exists")
	// ErrRateLimited means that a rate limit was exceeded. RetryAfter says how long to
	// wait, if known.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable means that the server, or a TokenStore, could not be reached or
	// failed. RetryAfter says how long to wait, if the server said so.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnreadable means that the answer did not come from the vendor, that it is about
	// another object than the call's, or that a row of it cannot be read. An error that
	// matches it matches another class as well.
	ErrUnreadable = errors.New("unreadable")
	// ErrReauthorize means that a person has to act: install the app again, or log in
	// again. It matches ErrUnauthorized too.
	ErrReauthorize error = reauthorize{}
	// ErrOutcomeUnknown means that a write was sent and no answer confirmed or refused
	// it: it may have been carried out. Check before you repeat it.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// reauthorize is a kind of ErrUnauthorized.
type reauthorize struct{}

func (reauthorize) Error() string { return "reauthorize" }
func (reauthorize) Unwrap() error { return ErrUnauthorized }

// Error describes a failed call. Its text, at most 4 KiB, holds vendor, method, route,
// status, code, message, fields and request id. In the text, e-mail addresses, numbers
// and tokens are masked, and so is whatever the server repeats of the request's path,
// query and body. Printers and loggers show no more than the text, and JSON omits all
// fields that can hold a server's words. No field holds a credential that the call
// sent.
type Error struct {
	// Vendor is the name of the package whose call failed, such as "shopline".
	Vendor string
	// StatusCode is the HTTP status of the last answer, 0 if none came. If a later
	// attempt got no answer, Message says so.
	StatusCode int
	// Code is the vendor's error code, empty if it sends none.
	Code string `json:"-"`
	// Message is the server's text, the SDK's own, or both, at most 4 KiB. It may hold
	// personal data.
	Message string `json:"-"`
	// Fields says what is wrong, by field. If the SDK refused a request or a Config,
	// the keys are names in Go; if the server refused the request, they are names in
	// JSON. A name without texts means that the server gave no reason.
	Fields map[string][]string `json:"-"`
	// RequestID identifies the request to the vendor's support. It is taken from the
	// last answer, at most 128 bytes of it, and empty if the vendor sends none.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as "/customers/{id}". It is empty
	// for calls made with Client.Do.
	Route string
	// Attempts counts the attempts, including those for which no connection was made.
	Attempts int
	// RetryAfter is how long to wait before another call, by the server or the rate
	// limit. 0 means that it is not known.
	RetryAfter time.Duration
	// Body is the body of the answer, at most 1 MiB of it. It may hold personal data.
	// It is empty for calls whose answers can hold a token.
	Body []byte `json:"-"`
	// Err holds the classes above and the cause, for errors.Is and errors.As.
	Err error `json:"-"`
}

// Error returns the text described at Error.
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.Vendor, strings.TrimSpace(e.Method + " " + e.Route)} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d ", e.StatusCode)
	}
	class := e.class()
	b.WriteString(class)
	if e.Code != "" && !says(class, e.Code) && e.Code != strconv.Itoa(e.StatusCode) {
		b.WriteString(" (" + e.shown(e.Code) + ")")
	}
	more := e.more()
	if e.Message != "" && !says(class, e.Message) && !says(e.Code, e.Message) {
		message := e.shown(e.Message)
		if more != "" {
			message = strings.TrimSuffix(message, ".")
		}
		b.WriteString(": " + message)
	}
	b.WriteString(more)
	return mask.Cut(b.String(), mask.MaxText)
}

// more returns the part of the text after the message.
func (e *Error) more() string {
	var b strings.Builder
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		b.WriteString("; " + e.shown(field))
		if texts := e.Fields[field]; len(texts) > 0 {
			b.WriteString(": " + e.shown(strings.Join(texts, ", ")))
		}
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; try again in %s", e.RetryAfter.Round(time.Millisecond))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; after %d attempts", e.Attempts)
	}
	if e.RequestID != "" {
		b.WriteString("; request id " + e.RequestID)
	}
	return b.String()
}

// Format prints the text of Error for every verb of fmt.
func (e Error) Format(f fmt.State, verb rune) { mask.Format(f, verb, e.Error()) }

// says reports whether one part of a text repeats another, as the code "NOT_FOUND" and
// the message "Not found." repeat the class.
func says(text, other string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ':' || r == ';' }) {
		if said := words(part); said != "" && said == words(other) {
			return true
		}
	}
	return false
}

// words returns the words of a text in lower case.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// Unwrap returns the classes and the cause.
func (e *Error) Unwrap() error { return e.Err }

// LogValue returns the error as attributes, masked like its text.
func (e Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("vendor", e.Vendor),
		slog.String("method", e.Method),
		slog.String("route", e.Route),
		slog.Int("status", e.StatusCode),
		slog.String("code", e.shown(e.Code)),
		slog.String("message", e.shown(e.Message)),
		slog.Int("attempts", e.Attempts),
		slog.String("request_id", e.RequestID),
		slog.String("class", e.class()),
	)
}

// shown masks a text that a server sent. Without an answer the text is the SDK's own
// and holds nothing to hide.
func (e *Error) shown(text string) string {
	if e.StatusCode == 0 {
		return text
	}
	return mask.Cut(mask.Text(mask.HiddenBy(e.Err).All(text)), mask.MaxText)
}

func (e *Error) class() string {
	if e.Err != nil {
		if text := e.Err.Error(); text != "" {
			return text
		}
	}
	if text := http.StatusText(e.StatusCode); text != "" {
		return strings.ToLower(text)
	}
	return "failed"
}
