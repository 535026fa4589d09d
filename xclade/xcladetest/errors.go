package xcladetest

import (
	"fmt"
	"net/http"
	"strings"
)

// refusal is an answer that is not a success.
type refusal struct {
	status int
	body   errorBody
}

type errorBody struct {
	Code    string `json:"code,omitempty"`
	Type    string `json:"type,omitempty"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return r.body.Message }

func refuse(status int, kind, format string, args ...any) *refusal {
	return &refusal{status, errorBody{Type: kind, Message: fmt.Sprintf(format, args...)}}
}

func unauthorized() *refusal {
	return &refusal{http.StatusUnauthorized, errorBody{Message: "Unauthorized"}}
}

// crash is how the server answers what it did not expect, which often is a
// mistake of the client that its checks let through.
func crash() *refusal {
	const unknown = "unknown_error"
	return &refusal{http.StatusInternalServerError, errorBody{unknown, unknown, "An unknown error occurred."}}
}

// invalid reports up to three findings about a body or a query.
func invalid(findings []string) *refusal {
	return refuse(http.StatusBadRequest, "invalid_data", "Invalid request: %s",
		strings.Join(findings[:min(len(findings), 3)], "; "))
}

// noRelation is the database's complaint about a reference to a row that never
// existed.
func noRelation(column, id string) *refusal {
	return refuse(http.StatusNotFound, "not_found",
		"You tried to set relationship %s: %s, but such entity does not exist", column, id)
}
