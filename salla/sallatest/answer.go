package sallatest

import (
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// object is a JSON object.
type object = map[string]any

// bare answers with JSON that has no envelope.
func bare(status int, body any) souktest.Answer {
	return souktest.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: standin.Encode(body)}
}

// success answers with data.
func success(data any) souktest.Answer {
	return bare(http.StatusOK, envelope{Status: http.StatusOK, Success: true, Data: data})
}

// sentence answers with a text and its code. The status in the body can differ
// from the status of HTTP.
func sentence(status, inBody int, message string) souktest.Answer {
	return bare(status, envelope{Status: inBody, Success: true, Data: object{"message": message, "code": inBody}})
}

type envelope struct {
	Status     int     `json:"status"`
	Success    bool    `json:"success"`
	Data       any     `json:"data,omitempty"`
	Pagination any     `json:"pagination,omitempty"`
	Error      *reason `json:"error,omitempty"`
}

type reason struct {
	Code    any                 `json:"code,omitempty"`
	Message string              `json:"message"`
	Fields  map[string][]string `json:"fields,omitempty"`
}

func refusal(status int, code any, message string) souktest.Answer {
	return bare(status, envelope{Status: status, Error: &reason{Code: code, Message: message}})
}

func unauthorized(message string) souktest.Answer {
	return refusal(http.StatusUnauthorized, "Unauthorized", message)
}

func notFound() souktest.Answer {
	return refusal(http.StatusNotFound, http.StatusNotFound, "The content you are trying to access is no longer available")
}

func invalid(fields map[string][]string) souktest.Answer {
	return bare(http.StatusUnprocessableEntity, envelope{
		Status: http.StatusUnprocessableEntity,
		Error:  &reason{Code: "error", Message: "alert.invalid_fields", Fields: fields},
	})
}

// riyadh is the zone of the store.
var riyadh = time.FixedZone("Asia/Riyadh", 3*60*60)

// phpDate is how PHP prints a date.
func phpDate(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return object{"date": t.In(riyadh).Format("2006-01-02 15:04:05.000000"), "timezone_type": 3, "timezone": "Asia/Riyadh"}
}

// plainDate is how some end points print a date, without a zone.
func plainDate(t time.Time) string { return t.In(riyadh).Format(time.DateTime) }
