package commercengine

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// refused reports an answer that says success:false, whatever its status.
func refused(a *transport.Answer) bool {
	var body struct {
		Success *loosejson.Bool `json:"success"`
	}
	return json.Unmarshal(a.Body, &body) == nil && body.Success != nil && !bool(*body.Success)
}

// readError reads {"message","code","errors"}, the {"error":{"code","message",
// "details"}} of the vendor's SDK pages, and whatever a proxy sends.
func readError(a *transport.Answer, e *souk.Error) transport.Verdict {
	var body struct {
		Message json.RawMessage `json:"message"`
		Code    json.RawMessage `json:"code"`
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
		Details json.RawMessage `json:"details"`
	}
	_ = json.Unmarshal(a.Body, &body)
	var inner struct {
		Message json.RawMessage `json:"message"`
		Code    json.RawMessage `json:"code"`
		Details json.RawMessage `json:"details"`
	}
	if json.Unmarshal(body.Error, &inner) != nil {
		inner.Message = body.Error
	}
	e.Code = strings.ToLower(firstText(body.Code, inner.Code))
	e.Message = firstText(body.Message, inner.Message)
	var found findings
	for _, raw := range []json.RawMessage{body.Errors, body.Details, inner.Details} {
		found.read(raw)
	}
	e.Fields = found.fields
	return transport.Verdict{
		Class:        classOf(a.StatusCode, e.Code),
		NotProcessed: a.StatusCode < 300,
		Expired:      a.StatusCode == http.StatusUnauthorized && slices.Contains(tokenCodes, e.Code),
		Retry500:     true,
	}
}

// tokenCodes are the codes of a 401 that may mean an expired token. A wrong
// password or OTP has others.
var tokenCodes = []string{"", "unauthorized", "unauthenticated", "token_expired", "invalid_token", "401"}

// classOf returns the class of a failure with a status of success, which its
// code alone tells, and that of 405, which means that the server does not have
// the operation. All other statuses speak for themselves.
func classOf(status int, code string) error {
	if status == http.StatusMethodNotAllowed {
		return souk.ErrNotFound
	}
	if status >= 300 {
		return nil
	}
	switch code {
	case "unauthorized", "token_expired", "invalid_credentials":
		return souk.ErrUnauthorized
	case "forbidden":
		return souk.ErrForbidden
	case "not_found":
		return souk.ErrNotFound
	}
	return souk.ErrInvalid
}

// firstText returns the first of raws that is a text or a number, and not empty.
func firstText(raws ...json.RawMessage) string {
	for _, raw := range raws {
		var text loosejson.String
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return string(text)
		}
	}
	return ""
}

// findings are what a server says of the fields of a request. The vendor does
// not document how, so every form is read.
type findings struct {
	fields map[string][]string
	count  int
}

// The limits keep a hostile answer from making a large error.
const (
	maxFindings     = 100
	maxFindingDepth = 5
)

func (f *findings) read(raw json.RawMessage) {
	var value any
	if json.Unmarshal(raw, &value) == nil {
		f.add("", value, 0)
	}
}

func (f *findings) add(path string, value any, depth int) {
	if f.count == maxFindings || depth > maxFindingDepth {
		return
	}
	switch value := value.(type) {
	case string:
		f.note(path, value)
	case float64:
		f.note(path, strconv.FormatFloat(value, 'f', -1, 64))
	case bool:
		f.note(path, strconv.FormatBool(value))
	case []any:
		for _, item := range value {
			f.add(path, item, depth+1)
		}
	case map[string]any:
		f.addObject(path, value, depth)
	}
}

func (f *findings) addObject(path string, object map[string]any, depth int) {
	field, named := object["field"].(string)
	message, told := object["message"].(string)
	if told {
		if named {
			path = below(path, field)
		}
		f.note(path, message)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		f.add(below(path, name), object[name], depth+1)
	}
}

func (f *findings) note(path, text string) {
	if f.fields == nil {
		f.fields = make(map[string][]string)
	}
	if path == "" {
		path = "errors"
	}
	f.fields[path] = append(f.fields[path], text)
	f.count++
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
