package xclade

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// readError reads what is not the success of its call. Medusa's own are its
// {"type","message"}, and what its parts say that come before its own code.
func readError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	body := bytes.TrimSpace(a.Body)
	members := membersOf(body)
	kind, message := typed(members)
	switch status := a.StatusCode; {
	case a.IsSuccess():
		return readSuccess(call, members, e)
	case status == http.StatusUnauthorized && saysUnauthorized(body, members):
		e.Message = "Unauthorized"
		if hint := loosejson.Quoted(members["message"]); hint != "" {
			e.Message = hint
		}
		return transport.Verdict{Own: true, Expired: true}
	case status == http.StatusNotFound && isNoRoute(call, a):
		e.Message = "there is no such route: check BaseURL"
		return transport.Verdict{Own: true, NoRoute: true}
	case status == http.StatusRequestHeaderFieldsTooLarge && len(body) == 0:
		e.Message = "the head of the request is larger than the server reads, which is 16 KiB with the credential"
		return transport.Verdict{Own: true}
	case status >= 400 && kind != "":
		e.Code, e.Message = kind, message
		return transport.Verdict{
			Own:     true,
			Refused: refuses(status, kind),
			Class:   classOf(call, status, kind, message),
			Expired: status == http.StatusUnauthorized,
		}
	}
	return transport.Verdict{}
}

// readSuccess reads an answer whose status is one of success.
func readSuccess(call *transport.Call, members map[string]json.RawMessage, e *souk.Error) transport.Verdict {
	if out, ok := call.Out.(refusing); ok {
		if message, class := out.refusal(members != nil && len(members) == 0); class != nil {
			e.Message = message
			return transport.Verdict{Own: true, Class: class}
		}
	}
	kind, message := typed(members)
	status, known := statusOf[kind]
	if !known {
		return transport.Verdict{}
	}
	e.Code, e.Message = kind, message
	class := classOf(call, status, kind, message)
	if class == nil {
		class = transport.ClassOf(status)
	}
	return transport.Verdict{Own: true, Class: class}
}

// statusOf is the status that Medusa sends with a type that refuses.
var statusOf = map[string]int{
	"invalid_data":    http.StatusBadRequest,
	"not_allowed":     http.StatusBadRequest,
	"unauthorized":    http.StatusUnauthorized,
	"forbidden":       http.StatusForbidden,
	"not_found":       http.StatusNotFound,
	"conflict":        http.StatusConflict,
	"duplicate_error": http.StatusUnprocessableEntity,
}

// unknownError is the type of what Medusa did not foresee, whether in the request or in
// itself.
const unknownError = "unknown_error"

// refuses reports a 5xx that says what is wrong with the request.
func refuses(status int, kind string) bool {
	return status == http.StatusNotImplemented || status == http.StatusInternalServerError && kind != unknownError
}

// classOf returns the class of a refusal where its status does not tell it.
func classOf(call *transport.Call, status int, kind, message string) error {
	switch {
	case kind == "not_found":
		return souk.ErrNotFound
	case isTaken(call, kind, message):
		return souk.ErrAlreadyExists
	case status == http.StatusConflict: // two writes met in the database
		return souk.ErrUnavailable
	case status >= 500:
		return souk.ErrInvalid
	}
	return nil
}

// uniqueIn is how the server begins to say that a value is taken, by the operations
// that can write it.
var uniqueIn = map[string]string{
	"/admin/customers":            "Customer with email: ",
	"/admin/customers/{id}":       "Customer with email: ",
	"/admin/customer-groups":      "Customer group with name: ",
	"/admin/customer-groups/{id}": "Customer group with name: ",
}

// isTaken reports that a value must be unique and is not. Medusa has a type for it,
// but not for the values of this package.
func isTaken(call *transport.Call, kind, message string) bool {
	begin, unique := uniqueIn[call.Route]
	unique = unique && call.Method == http.MethodPost
	switch kind {
	case "duplicate_error":
		return unique || call.Path != ""
	case "invalid_data":
		return unique && strings.HasPrefix(message, begin) && strings.HasSuffix(message, ", already exists.")
	}
	return false
}

// saysUnauthorized reports what a request without a valid credential gets: JSON with
// a message alone, or the text that xclade's page shows.
func saysUnauthorized(body []byte, members map[string]json.RawMessage) bool {
	if said := string(body); said == "Unauthorized" || said == `"Unauthorized"` {
		return true
	}
	said := loosejson.Quoted(members["message"])
	return len(members) == 1 && (said == "Unauthorized" || strings.HasPrefix(said, "A secret API key was passed as a Bearer token"))
}

// isNoRoute reports the page of the server's framework for a path or method that it
// does not know. A proxy may have taken the prefix of the base URL off the path.
func isNoRoute(call *transport.Call, a *transport.Answer) bool {
	_, rest, _ := strings.Cut(string(a.Body), "<pre>Cannot "+call.Method+" ")
	path, _, found := strings.Cut(rest, "</pre>")
	path = html.UnescapeString(path)
	route, _, _ := strings.Cut(call.Route, "{")
	return found && (path == a.Path || strings.HasPrefix(path, route+call.Path) && strings.HasSuffix(a.Path, path))
}

// membersOf returns the members of an object, nil for anything else.
func membersOf(body []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

// typed returns type and message of Medusa's form of an error, "" for any other.
func typed(members map[string]json.RawMessage) (kind, message string) {
	for _, foreign := range []string{"status", "statusCode", "timestamp", "path"} { // other frameworks have them
		if members[foreign] != nil {
			return "", ""
		}
	}
	kind, message = loosejson.Quoted(members["type"]), loosejson.Quoted(members["message"])
	if message == "" || !typeName.MatchString(kind) {
		return "", ""
	}
	return kind, message
}

// typeName is a type of Medusa's, which others have as a URL or in capital letters.
var typeName = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
