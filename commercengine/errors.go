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

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

// failure is an answer that is no success, by its members.
type failure map[string]json.RawMessage

// readError reads {"success","message","code","errors"}, and what the vendor's SDK
// pages have beside that: {"error":{"code","message","details"}}.
func readError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	var f failure
	if json.Unmarshal(a.Body, &f) != nil || !f.own(call, a.StatusCode) {
		return transport.Verdict{}
	}
	var inner failure
	_ = json.Unmarshal(f["error"], &inner)
	e.Code = strings.ToLower(firstText(f["code"], inner["code"]))
	e.Message = firstText(f["message"])
	var found findings
	for _, raw := range []json.RawMessage{f["errors"], f["details"], inner["details"]} {
		found.read(raw)
	}
	e.Fields = found.fields
	gone := e.Code == "not_found" || a.StatusCode == http.StatusNotFound && f.success() == no
	return transport.Verdict{
		Own:     true,
		Class:   classOf(call, a.StatusCode, e.Code),
		NoRoute: !gone,
		Expired: a.StatusCode == http.StatusUnauthorized && mayBeToken(e.Code),
	}
}

// own reports that the answer has the vendor's form of a failure: success:false
// and a message, or, with a status of failure, a code and a message and nothing
// that the vendor does not send. Of a call of the user's own making nothing is
// known but that success:false is none.
func (f failure) own(call *transport.Call, status int) bool {
	ok := status < 300
	switch f.success() {
	case no:
		return isText(f["message"]) || ok && call.Path != ""
	case yes, odd:
		return false
	}
	for name := range f {
		if !slices.Contains(failureMembers, name) {
			return false
		}
	}
	return !ok && isText(f["message"]) && isText(f["code"])
}

var failureMembers = []string{"success", "message", "code", "errors", "error", "details", "content"}

func (f failure) success() (said flag) {
	_ = said.UnmarshalJSON(f["success"])
	return said
}

// isText reports a text that is not empty.
func isText(raw json.RawMessage) bool {
	var text string
	return json.Unmarshal(raw, &text) == nil && text != ""
}

// mayBeToken reports the codes of a 401 that may mean an expired token: those that
// say no more than the status, and those that speak of a token or a session. A wrong
// password or OTP has others.
func mayBeToken(code string) bool {
	switch code {
	case "", "401", "unauthorized", "unauthenticated":
		return true
	}
	about := func(word string) bool { return strings.Contains(code, word) }
	return !about("otp") && (about("token") || about("jwt") || about("session"))
}

// classOf returns the class of a refusal where its status does not tell it.
func classOf(call *transport.Call, status int, code string) error {
	switch {
	case code == "not_found", status == http.StatusMethodNotAllowed:
		return souk.ErrNotFound
	case status == http.StatusConflict && !slices.Contains(claiming, call.Method+" "+call.Route):
		return souk.ErrInvalid
	case status >= 300:
		return nil
	}
	switch code {
	case "unauthorized", "token_expired", "invalid_credentials":
		return souk.ErrUnauthorized
	case "forbidden":
		return souk.ErrForbidden
	}
	return souk.ErrInvalid
}

// claiming are the operations that claim what may be taken. A conflict of any other
// is with the state that something is in.
var claiming = []string{
	"POST /auth/register/email",
	"POST /auth/register/phone",
	"POST /auth/register/whatsapp",
	"POST /auth/register/password",
	"PUT /auth/user/{id}",
	"POST /customers",
	"POST " + addressesRoute,
	"POST " + bankAccountsRoute,
	"POST " + mandatesRoute,
	"POST " + documentsRoute,
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
