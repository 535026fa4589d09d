package shoplazza

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

func newError(e *souk.Error) error {
	e.Vendor = vendorName
	return e
}

// readClassicError reads an answer of version 2022-01.
func readClassicError(a *transport.Answer, e *souk.Error) transport.Verdict {
	readBody(a.Body, e)
	return verdict(a.StatusCode, e, false)
}

// readModernError reads an answer of version 2025-06 or later, where a status
// 500 can stand for a rule of business that was broken.
func readModernError(a *transport.Answer, e *souk.Error) transport.Verdict {
	readBody(a.Body, e)
	return verdict(a.StatusCode, e, a.StatusCode == http.StatusInternalServerError && isBusiness(e))
}

// readBody reads {"errors"} as a text, a list of texts or an object of them,
// {"error"}, {"code","message"}, and a short plain text.
func readBody(body []byte, e *souk.Error) {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		e.Message = plainText(body)
		return
	}
	e.Code = strings.Join(texts(object["code"]), " ")
	messages := slices.Concat(texts(object["errors"]), texts(object["error"]), texts(object["message"]))
	e.Message = strings.Join(messages, "; ")
	var fields map[string]json.RawMessage
	if json.Unmarshal(object["errors"], &fields) != nil {
		return
	}
	for name, raw := range fields {
		if found := texts(raw); len(found) > 0 {
			if e.Fields == nil {
				e.Fields = make(map[string][]string, len(fields))
			}
			e.Fields[name] = found
		}
	}
}

// texts returns the text, or the texts of the list; nothing if raw is neither.
func texts(raw json.RawMessage) []string {
	var list loosejson.List[loosejson.String]
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var found []string
	for _, text := range list {
		if text != "" {
			found = append(found, string(text))
		}
	}
	return found
}

const maxPlainText = 200

// plainText returns a body that is a text, quoted or not, such as the
// "Unauthorized" of the documentation.
func plainText(body []byte) string {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 || len(trimmed) > maxPlainText || bytes.ContainsAny(trimmed, "<>{}[]\n") {
		return ""
	}
	return string(bytes.ToValidUTF8(trimmed, nil))
}

func verdict(status int, e *souk.Error, business bool) transport.Verdict {
	class := classOf(status, e)
	if class == nil && business {
		class = souk.ErrInvalid
	}
	return transport.Verdict{
		Class:        class,
		NotProcessed: status == http.StatusInternalServerError && class != nil,
		Expired:      class == souk.ErrUnauthorized,
		Retry500:     class == nil,
	}
}

// classOf returns the class that the text of an error stands for. The status
// alone does not tell: from 2025-06 on most failures are a 400 or a 500.
func classOf(status int, e *souk.Error) error {
	text := strings.ToLower(allText(e))
	switch {
	case status == http.StatusTooManyRequests || status > http.StatusInternalServerError:
		return nil
	case contains(text, "already taken", "already been taken", "already exist"):
		return souk.ErrAlreadyExists
	case contains(text, "record not found"):
		return souk.ErrNotFound
	case contains(text, "store is not active"):
		return souk.ErrForbidden
	}
	switch status {
	case http.StatusUnauthorized:
		return souk.ErrUnauthorized
	case http.StatusBadRequest:
		if contains(text, "unauthorized", "access token", "access-token", "access_token", "invalid token", "token is") {
			return souk.ErrUnauthorized
		}
	}
	return nil
}

// isBusiness reports whether a status 500 says why the request was refused,
// and does not just complain of the server's own trouble. In doubt it does not:
// then the outcome counts as open.
func isBusiness(e *souk.Error) bool {
	text := strings.ToLower(allText(e))
	return text != "" && !contains(text+" "+strings.ToLower(e.Code), ownTrouble...)
}

// ownTrouble is what servers say of themselves.
var ownTrouble = []string{
	"internal", "server error", "system error", "unknown", "went wrong", "fail", "busy", "timeout", "timed out",
	"deadline", "unavailable", "exception", "panic", "connection", "rpc", "sql", "try again", "retry",
}

func allText(e *souk.Error) string {
	all := []string{e.Message}
	for _, list := range e.Fields {
		all = append(all, list...)
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

func contains(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// maxRefusal is the size of the answers that refused looks at. A refusal is
// short, and a long answer is not worth the time.
const maxRefusal = 4 << 10

// refused reports that an answer of status 2xx is a failure: it consists of
// nothing but errors, or a code other than success, and what describes them.
func refused(a *transport.Answer) bool {
	if len(a.Body) > maxRefusal {
		return false
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(a.Body, &object) != nil || hasMembers(object["data"]) {
		return false
	}
	for name := range object {
		if !slices.Contains(refusalMembers, name) {
			return false
		}
	}
	return hasMembers(object["error"]) || hasMembers(object["errors"]) || !isSuccess(object["code"])
}

var refusalMembers = []string{"code", "message", "data", "error", "errors", "request_id"}

func isSuccess(code json.RawMessage) bool {
	switch strings.ToLower(strings.Join(texts(code), "")) {
	case "", "success", "ok", "0", "200":
		return true
	}
	return false
}

// hasMembers reports whether raw is anything but null and empty.
func hasMembers(raw json.RawMessage) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", "[]", "{}", `""`:
		return false
	}
	return true
}
