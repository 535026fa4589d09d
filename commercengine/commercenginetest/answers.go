package commercenginetest

import (
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// object is a JSON object.
type object = map[string]any

// refusal is an answer that is not a success.
type refusal struct {
	status  int
	code    string
	message string
	errors  object
}

func (r *refusal) Error() string { return r.message }

func unauthorized() *refusal {
	return &refusal{status: http.StatusUnauthorized, code: "unauthorized", message: "Not authorized for given operation on the Resource."}
}

func notFound() *refusal {
	return &refusal{status: http.StatusNotFound, code: "not_found", message: "Requested resource not found"}
}

// invalid refuses a request for what is wrong with its fields.
func invalid(errors object) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "validation_error", message: "Validation failed", errors: errors}
}

func invalidField(name, problem string) *refusal { return invalid(object{name: []string{problem}}) }

func (r *refusal) answer() souktest.Answer {
	body := object{"message": r.message, "success": false}
	if r.code != "" {
		body["code"] = r.code
	}
	if r.errors != nil {
		body["errors"] = r.errors
	}
	return answer(r.status, body)
}

// success answers with a content, which is left out when it is nil.
func success(content any) souktest.Answer {
	body := object{"message": "ok", "success": true}
	if content != nil {
		body["content"] = content
	}
	return answer(http.StatusOK, body)
}

func answer(status int, body any) souktest.Answer {
	return souktest.Answer{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   standin.Encode(body),
	}
}
