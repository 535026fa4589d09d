package transport

import (
	"context"
	"net/http"
	"reflect"
	"strings"
)

// Free carries out a call to an end point that the SDK does not know. A nil credential
// means the client's.
func (c *Client) Free(ctx context.Context, credential Authorizer, method, path string, query, body, out any) error {
	var problems Problems
	problems.Require(path != "", "path", "must begin with a slash")
	problems.Require(isToken(method), "method", "must be an HTTP method")
	problems.Require(out == nil || reflect.ValueOf(out).Kind() == reflect.Pointer && !reflect.ValueOf(out).IsNil(),
		"out", "must be a pointer that is not nil, or nil for none")
	return c.Do(ctx, &Call{
		Method:  method,
		Path:    path,
		Query:   query,
		Body:    body,
		Out:     out,
		Repeat:  repeatOfMethod(method),
		EmptyOK: true,

		Credential: credential,
		Problems:   problems,
	})
}

func repeatOfMethod(method string) Repeat {
	switch method {
	case http.MethodGet, http.MethodHead:
		return Safe
	case http.MethodPut, http.MethodDelete:
		return Idempotent
	}
	return Write
}

// isToken reports whether method is valid in a request line.
func isToken(method string) bool {
	return method != "" && strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
