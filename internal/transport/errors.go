package transport

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The classes of failure. Every vendor package exports these same values.
var (
	ErrUnauthorized   = errors.New("unauthorized")
	ErrForbidden      = errors.New("forbidden")
	ErrNotFound       = errors.New("not found")
	ErrInvalid        = errors.New("invalid")
	ErrAlreadyExists  = errors.New("already exists")
	ErrRateLimited    = errors.New("rate limited")
	ErrUnavailable    = errors.New("unavailable")
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// Error describes a call that failed. The Error type of every vendor package
// has these same fields, so that one converts to the other.
type Error struct {
	StatusCode int
	Code       string
	Message    string
	Fields     map[string][]string
	RequestID  string
	Method     string
	Route      string
	Attempts   int
	RetryAfter time.Duration
	Body       []byte
	Err        error
}

// Error returns the text of e without a vendor's name.
func (e *Error) Error() string { return e.Text("") }

// Unwrap returns the classes and the cause of e.
func (e *Error) Unwrap() error { return e.Err }

// Text returns what may be shown and logged of e: vendor, method, route, status,
// code, message and request id. The message is the vendor's, so whatever
// looks like an address, a number or a token in it is masked.
func (e *Error) Text(vendor string) string {
	var b strings.Builder
	for _, part := range []string{vendor, strings.TrimSpace(e.Method + " " + e.Route)} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d ", e.StatusCode)
	}
	b.WriteString(e.class())
	if e.Code != "" {
		b.WriteString(" (" + e.shown(e.Code) + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.shown(e.Message))
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		b.WriteString("; " + e.shown(field) + ": " + e.shown(strings.Join(e.Fields[field], ", ")))
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

// LogValue returns what may be logged of e as attributes.
func (e *Error) LogValue(vendor string) slog.Value {
	attrs := []slog.Attr{
		slog.String("vendor", vendor),
		slog.String("method", e.Method),
		slog.String("route", e.Route),
		slog.Int("status", e.StatusCode),
		slog.String("code", e.shown(e.Code)),
		slog.String("message", e.shown(e.Message)),
		slog.Int("attempts", e.Attempts),
		slog.String("request_id", e.RequestID),
	}
	return slog.GroupValue(append(attrs, slog.String("class", e.class()))...)
}

// shown masks a text that a server has sent. Without an answer it is the SDK's
// own, which holds nothing to hide.
func (e *Error) shown(text string) string {
	if e.StatusCode == 0 {
		return text
	}
	return mask(text)
}

func (e *Error) class() string {
	if e.Err != nil {
		if text := e.Err.Error(); text != "" {
			return text
		}
	}
	return orDefault(strings.ToLower(http.StatusText(e.StatusCode)), "failed")
}

// classes is one or more errors that all describe the same failure: its class,
// perhaps ErrOutcomeUnknown beside it, and its cause.
type classes []error

func (c classes) Error() string {
	var texts []string
	for _, err := range c {
		if text := err.Error(); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

func (c classes) Unwrap() []error { return c }

// joinClasses leaves nil errors out and does not wrap a single one.
func joinClasses(errs ...error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return classes(errs)
}

// ClassOf returns the class that an HTTP status stands for, nil for none.
func ClassOf(status int) error {
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return ErrNotFound
	case http.StatusConflict:
		return ErrAlreadyExists
	case http.StatusTooManyRequests:
		return ErrRateLimited
	case http.StatusRequestTimeout:
		return ErrUnavailable
	}
	switch {
	case status >= 500:
		return ErrUnavailable
	case status >= 400:
		return ErrInvalid
	}
	return nil
}
