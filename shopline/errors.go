package shopline

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// readError reads the Admin API's answer to a failed call.
func readError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	f := frameOf(a.Body)
	if !f.isFailure(a.StatusCode) {
		return transport.Verdict{}
	}
	f.tell(a.StatusCode, e)
	return transport.Verdict{
		Own:     true,
		Refused: a.StatusCode == http.StatusNotImplemented,
		Class:   classOf(call, a.StatusCode, e),
		Expired: a.StatusCode == http.StatusUnauthorized,
	}
}

// frameOf reads the marks of a failure. An answer that is not JSON has none.
func frameOf(data []byte) *frame {
	var members map[string]json.RawMessage // which, unlike a struct, minds the letter case
	if json.Unmarshal(data, &members) != nil {
		return &frame{}
	}
	return &frame{
		Errors:   members["errors"],
		Code:     members["code"],
		I18nCode: members["i18nCode"],
		Message:  members["message"],
	}
}

// isFailure reports whether an answer with this status has SHOPLINE's form of a
// failure.
func (f *frame) isFailure(status int) bool {
	switch {
	case shutOut[status] != "":
		return true // in any form: no other server has these statuses
	case status < 200, status/100 == 3:
		return false
	case status == http.StatusNotFound: // gateways send a code and a message, too
		return f.hasErrors()
	}
	return f.fails()
}

// fails reports whether an answer has the marks of a failure.
func (f *frame) fails() bool { return f.hasErrors() || f.hasCode() }

// hasErrors reports whether there are errors: null, "", [] and {} do not count.
func (f *frame) hasErrors() bool {
	if len(f.Errors) == 0 {
		return false
	}
	var value any
	if json.Unmarshal(f.Errors, &value) != nil {
		return true
	}
	switch value := value.(type) {
	case nil:
		return false
	case string:
		return strings.TrimSpace(value) != ""
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	case bool:
		return value
	}
	return value != 0.0
}

// hasCode reports whether there is the code of a failure together with a text.
func (f *frame) hasCode() bool {
	code := loosejson.Text(f.Code)
	return code != "" && !meansSuccess(code) && (loosejson.Text(f.Message) != "" || loosejson.Text(f.I18nCode) != "")
}

func meansSuccess(code string) bool {
	status, err := strconv.Atoi(code)
	if err != nil {
		return strings.EqualFold(code, "success") || strings.EqualFold(code, "ok")
	}
	return status == 0 || status/100 == 2
}

// tell fills e.
func (f *frame) tell(status int, e *souk.Error) {
	e.Code = cmp.Or(loosejson.Text(f.I18nCode), loosejson.Text(f.Code))
	e.Fields = loosejson.Fields(f.Errors)
	e.Message = strings.Join(append(loosejson.Texts(f.Errors), loosejson.Texts(f.Message)...), "; ")
	if e.Message == "" && len(e.Fields) == 0 {
		e.Message = shutOut[status]
	}
}

// shutOut maps the statuses with which SHOPLINE blocks a store or a caller to their
// meanings. Most of the statuses are SHOPLINE's own.
var shutOut = map[int]string{
	http.StatusPaymentRequired: "the store is frozen: a bill was not paid",
	http.StatusLocked:          "the store is locked",
	433:                        "the request was taken for an attack, or its address is on a list: wait",
	434:                        "a security rule on the rate of requests has shut the caller out: wait",
	435:                        "a security rule against floods of requests has shut the caller out: wait",
	436:                        "the content of the request has met a security rule",
}

// classOf returns the class of a refusal, nil if its status says it.
func classOf(call *transport.Call, status int, e *souk.Error) error {
	if shutOut[status] != "" {
		return souk.ErrForbidden
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return nil
	case http.StatusNotImplemented:
		return souk.ErrForbidden
	}
	switch {
	case writesCustomer(call) && saysTaken(e):
		return souk.ErrAlreadyExists
	case status == http.StatusConflict:
		return souk.ErrInvalid
	}
	return nil
}

// writesCustomer reports whether a call sets values that must be unique among
// customers.
func writesCustomer(call *transport.Call) bool {
	switch call.Method + " " + call.Route {
	case "POST /customers.json", "PUT /customers/{id}.json":
		return true
	}
	return false
}

// saysTaken reports whether the server clearly says that another customer has the
// e-mail address or the phone number. Its texts are not documented; in all other cases
// [CustomersService.Ensure] looks for the customer.
func saysTaken(e *souk.Error) bool {
	for field, texts := range e.Fields {
		name := strings.ToLower(field[strings.LastIndexByte(field, '.')+1:])
		if uniqueField.MatchString(name) && says(takenValue, strings.Join(texts, ". ")) {
			return true
		}
	}
	return says(takenField, e.Message)
}

// says reports whether a sentence of text matches so and has no word that negates it or
// makes it a question.
func says(so *regexp.Regexp, text string) bool {
	for _, sentence := range sentenceEnd.Split(text, -1) {
		if so.MatchString(sentence) && !doubt.MatchString(sentence) {
			return true
		}
	}
	return false
}

const (
	uniqueName = `(?:e-?mail|phone|mobile)(?:[ _](?:address|number|phone))?`
	takenWords = `(?:already (?:exists?|existed|(?:been )?(?:taken|registered|used)|in use)` +
		`|(?:(?:is|are|was) (?:already )?|(?:has|have) (?:already )?been )(?:taken|registered|used|in use|duplicated?)` +
		`|(?:has |have )?exist(?:s|ed))` +
		`(?:\W*$|\s?[,:(\[]|\s(?:by|in|to|under|with)\b)`
)

var (
	uniqueField = regexp.MustCompile(`^` + uniqueName + `$`)
	takenValue  = regexp.MustCompile(`(?i)\b` + takenWords + `|^\W*duplicated?\b`)
	takenField  = regexp.MustCompile(`(?i)\b` + uniqueName + `(?: \S*[@\d]\S*)?:? ` + takenWords +
		`|\bduplicated? ` + uniqueName + `\b`)
	sentenceEnd = regexp.MustCompile(`[.;!?]+\s+`)
	doubt       = regexp.MustCompile(`(?i)\b(?:not|no|never|none|nor|if|whether|unless)\b|n['’]t\b`)
)
