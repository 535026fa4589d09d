package transport

import (
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
)

// classes is one or more errors that describe the same failure: its class, possibly
// souk.ErrOutcomeUnknown, and its cause.
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

// joinClasses leaves out nil errors and does not wrap a single one.
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

// ClassOf returns the class of an HTTP status, nil for none.
func ClassOf(status int) error {
	switch status {
	case http.StatusUnauthorized:
		return souk.ErrUnauthorized
	case http.StatusForbidden:
		return souk.ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return souk.ErrNotFound
	case http.StatusConflict:
		return souk.ErrAlreadyExists
	case http.StatusTooManyRequests:
		return souk.ErrRateLimited
	case http.StatusRequestTimeout:
		return souk.ErrUnavailable
	}
	switch {
	case status >= 500:
		return souk.ErrUnavailable
	case status >= 400:
		return souk.ErrInvalid
	}
	return nil
}
