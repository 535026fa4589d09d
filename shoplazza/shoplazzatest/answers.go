package shoplazzatest

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// object is a value in JSON.
type object = map[string]any

// refusal is an answer that is not a success.
type refusal struct {
	status int
	body   object
}

func (r refusal) Error() string { return fmt.Sprint(r.body) }

func (r refusal) answer() souktest.Answer { return jsonAnswer(r.status, r.body) }

// invalid refuses what does not pass validation: 422, and 400 from 2025-06 on.
// The errors are a list, or an object of lists.
func (c *call) invalid(errors any) refusal {
	return refusal{c.status(http.StatusUnprocessableEntity, http.StatusBadRequest), object{"errors": errors}}
}

// taken refuses what breaks a rule of business: 422, and 500 from 2025-06 on.
func (c *call) taken() refusal {
	return refusal{c.status(http.StatusUnprocessableEntity, http.StatusInternalServerError), object{"errors": []string{"Email or Phone is already taken"}}}
}

func (c *call) notFound(message string) refusal {
	return refusal{c.status(http.StatusNotFound, http.StatusInternalServerError), object{"errors": []string{message}}}
}

func (c *call) unauthorized() refusal {
	return refusal{c.status(http.StatusUnauthorized, http.StatusBadRequest), object{"error": "Unauthorized"}}
}

func badRequest() refusal {
	return refusal{http.StatusBadRequest, object{"errors": []string{"Bad Request"}}}
}

func pageNotFound() refusal {
	return refusal{http.StatusNotFound, object{"error": "page not found"}}
}

func (c *call) status(classic, later int) int {
	if c.classic {
		return classic
	}
	return later
}

// answer wraps the result of a handler in an envelope from 2025-06 on.
func (c *call) answer(result any, err error) souktest.Answer {
	if err != nil {
		refused, ok := errors.AsType[refusal](err)
		if !ok {
			refused = refusal{http.StatusInternalServerError, object{"errors": []string{"Internal Server Error"}}}
		}
		return refused.answer()
	}
	if c.classic {
		return jsonAnswer(http.StatusOK, result)
	}
	return jsonAnswer(http.StatusOK, object{"code": "Success", "message": "Success", "data": result})
}

func jsonAnswer(status int, value any) souktest.Answer {
	return souktest.Answer{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Request-Id": {newID()}},
		Body:   standin.Encode(value),
	}
}

// newID returns a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// decode reads a body that must be an object, and below name if wrapped.
func (c *call) decode(name string, wrapped bool, into any) error {
	if !wrapped {
		if json.Unmarshal(c.body, into) != nil {
			return badRequest()
		}
		return nil
	}
	var outer map[string]json.RawMessage
	if json.Unmarshal(c.body, &outer) != nil {
		return badRequest()
	}
	inner := outer[name]
	switch string(inner) {
	case "", "null", "{}":
		return c.invalid([]string{"param is missing or the value is empty: " + name})
	}
	if json.Unmarshal(inner, into) != nil {
		return badRequest()
	}
	return nil
}
