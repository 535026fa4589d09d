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

// The classes of failure, for errors.Is. What a vendor makes of them, and which
// of them it never sends, is in the documentation of its package.
var (
	// ErrUnauthorized means that the credential, or the signature of a request
	// from the vendor, is missing, wrong or expired.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden means that the credential does not allow the operation, or
	// that the vendor has shut the store or the caller out.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = errors.New("not found")
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = errors.New("invalid")
	// ErrAlreadyExists means that a value that must be unique, such as the e-mail
	// address, is taken.
	ErrAlreadyExists = errors.New("already exists")
	// ErrRateLimited means that a limit was met. RetryAfter says how long to
	// wait, if that is known.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable means that the server, or a TokenStore, could not be reached
	// or failed. RetryAfter says how long to wait, if the server did.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnreadable means that what came is not the vendor's answer, or that a row
	// of it cannot be read. It stands beside another class.
	ErrUnreadable = errors.New("unreadable")
	// ErrReauthorize means that a person has to act: to install the app again or
	// to log in again. It matches ErrUnauthorized too.
	ErrReauthorize error = reauthorize{}
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// reauthorize is a kind of ErrUnauthorized.
type reauthorize struct{}

func (reauthorize) Error() string { return "reauthorize" }
func (reauthorize) Unwrap() error { return ErrUnauthorized }

// Error describes a call that failed. Its text, at most 4 KiB, holds vendor, method,
// route, status, code, message, fields and request id. Masked in it are e-mail
// addresses, numbers and tokens, and whatever of the request's path, query and body the
// server repeats. No printer and no logger shows more, and JSON leaves out all fields
// that can hold what a server says. In no field stands a credential that the call sent.
type Error struct {
	// Vendor is the name of the package whose call failed, such as "shopline".
	Vendor string
	// StatusCode is the HTTP status of the last answer that came, 0 when there was
	// none. Where a later attempt got no answer, Message says so.
	StatusCode int
	// Code is the vendor's code, if it sends one.
	Code string `json:"-"`
	// Message is the server's text, at most 4 KiB of it, or the SDK's own, or the one
	// behind the other. It may hold personal data.
	Message string `json:"-"`
	// Fields names what is wrong with which field: of a request or a Config that
	// the SDK refused by its name in Go, of one that the server refused by its
	// name in JSON. It has a name without texts where the server has said no more.
	Fields map[string][]string `json:"-"`
	// RequestID is what the vendor's support finds the request by: that of the last
	// answer that came, at most 128 bytes of it. It is empty where the vendor sends
	// none.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as "/customers/{id}". It is empty
	// for calls made with Client.Do.
	Route string
	// Attempts is how often the request was sent, or no connection could be had.
	Attempts int
	// RetryAfter is how long the server, or the limit, wants the caller to wait.
	RetryAfter time.Duration
	// Body is the answer, at most 1 MiB of it. It may hold personal data. It is
	// empty for calls whose answers can hold a token.
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

// more is what the text says behind the message.
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

// says reports whether a part of a text is what another one says, too, such as the
// code "NOT_FOUND" and the message "Not found." beside the class: that need not be
// read twice.
func says(text, other string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ':' || r == ';' }) {
		if said := words(part); said != "" && said == words(other) {
			return true
		}
	}
	return false
}

// words returns the words of a text in small letters.
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

// shown masks a text that a server has sent. Without an answer it is the SDK's
// own, which holds nothing to hide.
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
