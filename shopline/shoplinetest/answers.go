package shoplinetest

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// object is a value in JSON.
type object = map[string]any

// refusal is an answer that is not a success.
type refusal struct {
	status int
	errors any // a text, or an object of texts
}

func (r refusal) Error() string { return http.StatusText(r.status) }

func (r refusal) answer() souktest.Answer { return jsonAnswer(r.status, object{"errors": r.errors}) }

func notFound(message string) refusal { return refusal{http.StatusNotFound, message} }

func badRequest() refusal { return refusal{http.StatusBadRequest, "Bad Request"} }

func invalid(field, message string) refusal {
	return refusal{http.StatusUnprocessableEntity, object{field: []string{message}}}
}

// answer makes a response of the result of a handler. A nil result is an answer
// without a body.
func (c *call) answer(result any, err error) souktest.Answer {
	if err != nil {
		refused, ok := errors.AsType[refusal](err)
		if !ok {
			refused = refusal{http.StatusInternalServerError, "Internal Server Error"}
		}
		return refused.answer()
	}
	if result == nil {
		return souktest.Answer{Status: http.StatusOK, Header: http.Header{"Traceid": {traceID()}}}
	}
	answer := jsonAnswer(http.StatusOK, result)
	if len(c.links) > 0 {
		answer.Header.Set("Link", strings.Join(c.links, ", "))
	}
	return answer
}

func jsonAnswer(status int, value any) souktest.Answer {
	return souktest.Answer{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Traceid": {traceID()}},
		Body:   standin.Encode(value),
	}
}

// traceID returns 32 random hexadecimal digits.
func traceID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// decode reads the body, which must be an object with this name in it.
func (c *call) decode(name string, into any) error {
	var outer map[string]json.RawMessage
	if json.Unmarshal(c.body, &outer) != nil || len(outer[name]) == 0 || outer[name][0] != '{' {
		return badRequest()
	}
	if json.Unmarshal(outer[name], into) != nil {
		return badRequest()
	}
	return nil
}

// decodeFlat reads a body without an envelope.
func (c *call) decodeFlat(into any) error {
	if json.Unmarshal(c.body, into) != nil {
		return badRequest()
	}
	return nil
}

// lengths are the most characters that texts may have.
type lengths map[string]struct {
	text *string
	most int
}

func (l lengths) check() error {
	problems := object{}
	for field, limit := range l {
		if limit.text != nil && utf8.RuneCountInString(*limit.text) > limit.most {
			problems[field] = []string{"is too long"}
		}
	}
	if len(problems) > 0 {
		return refusal{http.StatusUnprocessableEntity, problems}
	}
	return nil
}

// only leaves the fields that the request asks for.
func (c *call) only(row object) object {
	fields := c.query.Get("fields")
	if fields == "" {
		return row
	}
	selected := object{}
	for name := range strings.SplitSeq(fields, ",") {
		if value, ok := row[name]; ok {
			selected[name] = value
		}
	}
	return selected
}

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// set replaces what a request sets.
func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
