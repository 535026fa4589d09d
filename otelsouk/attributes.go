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

// The attributes that souk defines.
const (
	vendorKey       = attribute.Key("souk.vendor")
	attemptsKey     = attribute.Key("souk.attempts")
	waitReasonKey   = attribute.Key("souk.wait.reason")
	waitDurationKey = attribute.Key("souk.wait.duration")
	driftPathKey    = attribute.Key("souk.drift.path")
	driftWantKey    = attribute.Key("souk.drift.want")
	driftGotKey     = attribute.Key("souk.drift.got")
)

// otherMethod stands for unknown HTTP methods, as the conventions require.
const otherMethod = "_OTHER"

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return otherMethod
}

// spanName returns the name of a span. Calls made with a client's Do have no route.
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

// endpoint returns the attributes that are known before a request is sent.
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

// failed reports whether an attempt counts as failed by the conventions.
func failed(a souk.Attempt) bool { return a.StatusCode == 0 || a.StatusCode >= 400 || a.Failure != "" }

// outcomeOf returns the attributes of an attempt's outcome.
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

// classes lists the classes of souk.Error. If an error has several, the first in this
// order is used: those that a program must act upon come first.
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

// classOf returns the class of an error in one word, "" if there is none.
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
