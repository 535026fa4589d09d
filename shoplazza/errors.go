package shoplazza

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// readClassicError reads a failure of version 2022-01.
func readClassicError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	return readError(call, a, e, false)
}

// readModernError reads a failure of version 2025-06 or later, in which status 500 can
// mean a broken business rule.
func readModernError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	return readError(call, a, e, true)
}

func readError(call *transport.Call, a *transport.Answer, e *souk.Error, modern bool) transport.Verdict {
	f, own := readFailure(a)
	if !own {
		return transport.Verdict{}
	}
	f.fill(e)
	v := transport.Verdict{Own: true, Class: f.class(call, a.StatusCode)}
	if a.StatusCode >= http.StatusInternalServerError {
		v.Refused = modern && a.StatusCode == http.StatusInternalServerError && f.refuses()
		if !v.Refused {
			return transport.Verdict{Own: true}
		}
		if v.Class == nil {
			v.Class = souk.ErrInvalid
		}
	}
	v.Expired = errors.Is(v.Class, souk.ErrUnauthorized) && a.StatusCode >= http.StatusBadRequest
	v.NoRoute = !f.isGone(a.StatusCode)
	return v
}

// failure is an answer in Shoplazza's form of a failure: {"errors":…}, or {"error":"…"}
// if the store or the token is at fault.
type failure struct {
	code, message string
	reason        string      // of "error"
	complaints    []complaint // of "errors"
}

// complaint is one text of "errors", with its field if "errors" is an object.
type complaint struct{ field, text string }

// alien lists members of the errors of other programs, such as web frameworks and
// proxies.
var alien = []string{"status", "statusCode", "path", "timestamp", "title"}

// beside lists the members that a failure with a 2xx status may have.
var beside = []string{"code", "message", "data", "error", "errors", "error_description", "error_uri", "request_id"}

// maxRefusal is the largest answer with a 2xx status that is searched for a failure:
// failures are short, and searching a long answer is not worth the time.
const maxRefusal = 4 << 10

// readFailure returns the failure in an answer; own reports whether it has the vendor's
// form.
func readFailure(a *transport.Answer) (f failure, own bool) {
	succeeded := a.IsSuccess()
	if !succeeded && a.StatusCode < http.StatusBadRequest {
		return f, false
	}
	if !bytes.Contains(a.Body, []byte(`"error`)) || succeeded && len(a.Body) > maxRefusal {
		return f, false
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(a.Body, &object) != nil {
		return f, false
	}
	for name := range object {
		if slices.Contains(alien, name) || succeeded && !slices.Contains(beside, name) {
			return f, false
		}
	}
	if succeeded && isSomething(object["data"]) {
		return f, false
	}
	f = failure{
		code:       loosejson.Text(object["code"]),
		message:    loosejson.Quoted(object["message"]),
		reason:     loosejson.Quoted(object["error"]),
		complaints: complaints(object["errors"]),
	}
	return f, f.reason != "" || len(f.complaints) > 0
}

// complaints returns the texts of "errors", which is a text, a list of texts or an
// object of either.
func complaints(raw json.RawMessage) (found []complaint) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		fields = map[string]json.RawMessage{"": raw}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		for _, text := range texts(fields[field]) {
			found = append(found, complaint{field, text})
		}
	}
	return found[:min(len(found), maxComplaints)]
}

// maxComplaints is the maximum number of complaints that are read.
const maxComplaints = 100

// texts returns the text, or the texts of the list; nil if raw is neither.
func texts(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		list = []string{loosejson.Quoted(raw)}
	}
	return slices.DeleteFunc(list, func(text string) bool { return text == "" })
}

// fill fills e from the failure.
func (f failure) fill(e *souk.Error) {
	e.Code = f.code
	var messages []string
	for _, c := range f.complaints {
		if c.field == "" {
			messages = append(messages, c.text)
			continue
		}
		if e.Fields == nil {
			e.Fields = make(map[string][]string)
		}
		e.Fields[c.field] = append(e.Fields[c.field], c.text)
	}
	for _, text := range []string{f.reason, f.message} {
		if text != "" && !slices.Contains(messages, text) {
			messages = append(messages, text)
		}
	}
	e.Message = strings.Join(messages, "; ")
}

// class returns the class that the texts stand for, nil if the status says it. From
// 2025-06 on, most failures have status 400 or 500.
func (f failure) class(call *transport.Call, status int) error {
	switch {
	case f.any(isNotActive):
		return souk.ErrForbidden
	case status == http.StatusUnauthorized, status == http.StatusBadRequest && unauthorizedForm.MatchString(sentence(f.reason)):
		return souk.ErrUnauthorized
	case f.any(takenBy(call)):
		return souk.ErrAlreadyExists
	case f.any(notFoundForm.MatchString) && (notFoundStatus(status) || status/100 == 2):
		return souk.ErrNotFound
	}
	return nil
}

// isGone reports whether the failure says that the subject of the call does not exist.
// A text about a missing page, store or anything else does not count.
func (f failure) isGone(status int) bool {
	return notFoundStatus(status) && slices.ContainsFunc(f.complaints, func(c complaint) bool { return c.is(goneForm.MatchString) })
}

func notFoundStatus(status int) bool {
	return status == http.StatusNotFound || status == http.StatusBadRequest || status == http.StatusInternalServerError
}

// refuses reports whether every text is known to refuse the request. Status 500 with
// any other text leaves the outcome unknown.
func (f failure) refuses() bool {
	return len(f.complaints) < maxComplaints && !slices.ContainsFunc(f.all(), func(c complaint) bool { return !c.is(refuses) })
}

// any reports whether is accepts one of the texts.
func (f failure) any(is func(sentence string) bool) bool {
	return slices.ContainsFunc(f.all(), func(c complaint) bool { return c.is(is) })
}

func (f failure) all() []complaint {
	if f.reason == "" {
		return f.complaints
	}
	return append(slices.Clip(f.complaints), complaint{text: f.reason})
}

// is reports whether is accepts the text, or the text after its field: {"email":["is
// invalid"]} means "email is invalid".
func (c complaint) is(is func(sentence string) bool) bool {
	text := sentence(c.text)
	if c.field == "" {
		return is(text) || text == "not found" && is("record "+text)
	}
	return is(text) || is(sentence(c.field[strings.LastIndexByte(c.field, '.')+1:]+" "+c.text))
}
