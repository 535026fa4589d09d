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

// readError reads an answer that is not a success. Medusa's own failures are
// {"type","message"}, and those of its HTTP framework.
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

// readSuccess reads an answer with a 2xx status.
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

// statusOf maps the types with which Medusa refuses a request to their statuses.
var statusOf = map[string]int{
	"invalid_data":    http.StatusBadRequest,
	"not_allowed":     http.StatusBadRequest,
	"unauthorized":    http.StatusUnauthorized,
	"forbidden":       http.StatusForbidden,
	"not_found":       http.StatusNotFound,
	"conflict":        http.StatusConflict,
	"duplicate_error": http.StatusUnprocessableEntity,
}

// unknownError is the type of an unforeseen failure, caused by the request or by Medusa
// itself.
const unknownError = "unknown_error"

// refuses reports whether a 5xx says what is wrong with the request.
func refuses(status int, kind string) bool {
	return status == http.StatusNotImplemented || status == http.StatusInternalServerError && kind != unknownError
}

// classOf returns the class of a refusal if its status does not say it, nil otherwise.
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

// uniqueIn maps the operations that write a unique value to the beginning of the
// message that it is taken.
var uniqueIn = map[string]string{
	"/admin/customers":            "Customer with email: ",
	"/admin/customers/{id}":       "Customer with email: ",
	"/admin/customer-groups":      "Customer group with name: ",
	"/admin/customer-groups/{id}": "Customer group with name: ",
}

// isTaken reports whether a unique value is taken. Medusa has a type for this, but does
// not use it for the values of this package.
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

// saysUnauthorized reports whether the answer refuses the credential: JSON with only a
// message, or the text in xclade's documentation.
func saysUnauthorized(body []byte, members map[string]json.RawMessage) bool {
	if said := string(body); said == "Unauthorized" || said == `"Unauthorized"` {
		return true
	}
	said := loosejson.Quoted(members["message"])
	return len(members) == 1 && (said == "Unauthorized" || strings.HasPrefix(said, "A secret API key was passed as a Bearer token"))
}

// isNoRoute reports whether the answer is the page of the server's framework for an
// unknown path or method. A proxy may have removed the base URL's prefix from the path.
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

// typed returns the type and message of an error in Medusa's form, "" for any other
// form.
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

// typeName matches a type of Medusa. Other servers have a URL or capital letters there.
var typeName = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
