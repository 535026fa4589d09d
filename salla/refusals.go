package salla

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// failure is the body of an answer that says no: Salla's envelope, or the bare
// form of OAuth, in which error is a text.
type failure struct {
	Status  text          `json:"status"`
	Error   failureDetail `json:"error"`
	Data    messageOnly   `json:"data"`
	Message text          `json:"message"`

	Description text `json:"error_description"`
}

// failureDetail is the member error.
type failureDetail struct {
	Code    text
	Message text
	Fields  map[string][]string
}

// UnmarshalJSON reads an object, or a text that is the code of OAuth. It takes
// what it can read and fails never.
func (d *failureDetail) UnmarshalJSON(data []byte) error {
	var object struct {
		Code    text            `json:"code"`
		Message text            `json:"message"`
		Fields  json.RawMessage `json:"fields"`
	}
	if json.Unmarshal(data, &object) != nil {
		return d.Code.UnmarshalJSON(data)
	}
	d.Code, d.Message, d.Fields = object.Code, object.Message, readFields(object.Fields)
	return nil
}

// messageOnly is the member data of a failure, which some end points use for the
// message, and which may be anything.
type messageOnly struct{ Message text }

func (m *messageOnly) UnmarshalJSON(data []byte) error {
	var object struct {
		Message text `json:"message"`
	}
	_ = json.Unmarshal(data, &object)
	m.Message = object.Message
	return nil
}

// text is a string or a number. Whatever else comes is taken for nothing.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var loose loosejson.String
	_ = json.Unmarshal(data, &loose)
	*t = text(loose)
	return nil
}

// readFields reads the texts of each field: a list of texts, or one alone.
func readFields(data json.RawMessage) map[string][]string {
	var raw map[string]loosejson.List[text]
	if json.Unmarshal(data, &raw) != nil || len(raw) == 0 {
		return nil
	}
	fields := make(map[string][]string, len(raw))
	for name, texts := range raw {
		for _, t := range texts {
			fields[name] = append(fields[name], string(t))
		}
	}
	return fields
}

// refused reports a 2xx answer whose envelope says that nothing was done.
func refused(a *transport.Answer) bool {
	if !saysNoSuccess.Match(a.Body) {
		return false
	}
	var body struct {
		Success *loosejson.Bool `json:"success"`
	}
	return json.Unmarshal(a.Body, &body) == nil && body.Success != nil && !bool(*body.Success)
}

// saysNoSuccess spares most answers the decoding.
var saysNoSuccess = regexp.MustCompile(`"success"\s*:\s*("?false|"?0)`)

// readError reads Salla's envelope, OAuth's bare form, and whatever a proxy sends.
func readError(a *transport.Answer, e *souk.Error) transport.Verdict {
	var body failure
	_ = json.Unmarshal(bytes.TrimSpace(a.Body), &body)
	e.Code = string(body.Error.Code)
	e.Fields = body.Error.Fields
	e.Message = firstOf(body.Error.Message, body.Description, body.Data.Message, body.Message)
	inBody, _ := strconv.Atoi(string(body.Status))
	verdict := transport.Verdict{Class: classOf(a.StatusCode, inBody, e), Retry500: true}
	verdict.Expired = verdict.Class == ErrTokenInvalid
	return verdict
}

// classOf tells apart what Salla's status does not, nil for nothing. inBody is the
// status in the body, which counts only where the HTTP status is a success.
func classOf(status, inBody int, e *souk.Error) error {
	if e.Code == "invalid_grant" {
		return ErrGrantInvalid
	}
	switch {
	case status == http.StatusUnauthorized:
		return reasonOf(e.Message)
	case status == http.StatusBadRequest && e.Code == "invalid_client":
		return souk.ErrUnauthorized
	case status < http.StatusMultipleChoices:
		return transport.ClassOf(inBody)
	}
	return nil
}

// reasonOf tells the five kinds of 401 apart, for which Salla offers nothing but
// the message.
func reasonOf(message string) error {
	lower := strings.ToLower(message)
	switch {
	case scopeName.MatchString(lower) || strings.Contains(lower, "one of those scopes"):
		return ErrScopeMissing
	case strings.Contains(lower, "access token is invalid"):
		return ErrTokenInvalid
	case strings.Contains(lower, "user is not exist"):
		return ErrUserDeleted
	case strings.Contains(lower, "حسابك غير مفعل"):
		return ErrUserInactive
	}
	return nil
}

// scopeName is what a scope looks like in a message of any language.
var scopeName = regexp.MustCompile(`[a-z_-]+\.read(_write)?\b`)

func firstOf(texts ...text) string {
	for _, t := range texts {
		if t != "" {
			return string(t)
		}
	}
	return ""
}
