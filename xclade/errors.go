package xclade

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

// readError reads Medusa's {"type","message"}, the quoted text that xclade's
// page shows for 401, and whatever a proxy sends.
func readError(a *transport.Answer, e *souk.Error) transport.Verdict {
	var body struct {
		Type    string `json:"type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(a.Body, &body) != nil {
		_ = json.Unmarshal(a.Body, &body.Message)
	}
	e.Code = body.Type
	if e.Code == "" {
		e.Code = body.Code
	}
	e.Message = body.Message
	return transport.Verdict{
		Class:    classOf(a.StatusCode, e),
		Expired:  a.StatusCode == http.StatusUnauthorized,
		Retry500: e.Code == "unknown_error" || e.Code == "",
	}
}

func classOf(status int, e *souk.Error) error {
	if status == http.StatusBadRequest && e.Code == "invalid_data" && strings.HasSuffix(e.Message, "already exists.") {
		return souk.ErrAlreadyExists
	}
	switch status {
	case http.StatusConflict:
		return souk.ErrUnavailable
	case http.StatusUnprocessableEntity:
		if e.Code == "duplicate_error" {
			return souk.ErrAlreadyExists
		}
	}
	return nil
}
