package otelsouk

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/souk-go/souk"
)

// The attributes that are souk's own.
const (
	vendorKey       = attribute.Key("souk.vendor")
	attemptsKey     = attribute.Key("souk.attempts")
	waitReasonKey   = attribute.Key("souk.wait.reason")
	waitDurationKey = attribute.Key("souk.wait.duration")
	driftPathKey    = attribute.Key("souk.drift.path")
	driftWantKey    = attribute.Key("souk.drift.want")
	driftGotKey     = attribute.Key("souk.drift.got")
)

// otherMethod stands for methods that HTTP does not know, as the conventions have it.
const otherMethod = "_OTHER"

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return otherMethod
}

// spanName returns what a span is called. Calls made with a client's Do have no route.
func spanName(method, route string) string {
	name := methodOf(method)
	if name == otherMethod {
		name = "HTTP"
	}
	if route == "" {
		return name
	}
	return name + " " + route
}

// endpoint returns what is known of a request before it is sent.
func endpoint(method, route, host string) []attribute.KeyValue {
	attributes := make([]attribute.KeyValue, 0, 8)
	attributes = append(attributes, semconv.HTTPRequestMethodKey.String(methodOf(method)))
	if route != "" {
		attributes = append(attributes, semconv.URLTemplate(route))
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return append(attributes, semconv.ServerAddress(host))
	}
	attributes = append(attributes, semconv.ServerAddress(name))
	if number, err := strconv.Atoi(port); err == nil {
		attributes = append(attributes, semconv.ServerPort(number))
	}
	return attributes
}

// failed reports whether the conventions call an attempt failed.
func failed(a souk.Attempt) bool { return a.StatusCode == 0 || a.StatusCode >= 400 || a.Failure != "" }

// outcomeOf returns what came of an attempt.
func outcomeOf(a souk.Attempt) []attribute.KeyValue {
	var attributes []attribute.KeyValue
	if a.StatusCode != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(a.StatusCode))
	}
	if !failed(a) {
		return attributes
	}
	kind := string(a.Failure)
	if kind == "" {
		kind = strconv.Itoa(a.StatusCode)
	}
	return append(attributes, semconv.ErrorTypeKey.String(kind))
}

// classes are the classes of souk.Error in the order in which one is chosen where an
// error has several: first what a program must act upon.
var classes = []struct {
	err  error
	name string
}{
	{souk.ErrOutcomeUnknown, "outcome_unknown"},
	{souk.ErrReauthorize, "reauthorize"},
	{souk.ErrRateLimited, "rate_limited"},
	{context.Canceled, "canceled"},
	{context.DeadlineExceeded, "deadline_exceeded"},
	{souk.ErrUnauthorized, "unauthorized"},
	{souk.ErrForbidden, "forbidden"},
	{souk.ErrNotFound, "not_found"},
	{souk.ErrAlreadyExists, "already_exists"},
	{souk.ErrInvalid, "invalid"},
	{souk.ErrUnavailable, "unavailable"},
	{souk.ErrUnreadable, "unreadable"},
}

// classOf returns the class of an error in one word, "" where there is none.
func classOf(err error) string {
	if err == nil {
		return ""
	}
	for _, class := range classes {
		if errors.Is(err, class.err) {
			return class.name
		}
	}
	return semconv.ErrorTypeOther.Value.AsString()
}
