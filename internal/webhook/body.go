package webhook

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// MaxBody is the number of bytes that [ReadBody] reads unless told otherwise:
// 1 MiB.
const MaxBody = 1 << 20

// ErrBodyTooLarge reports a delivery whose body is longer than the limit.
var ErrBodyTooLarge = errors.New("webhook: body too large")

// ReadBody reads the body of r, byte for byte as it was signed. Zero or a
// negative limit stands for [MaxBody]. A longer body is [ErrBodyTooLarge], also
// where an [http.MaxBytesReader] around it noticed first; a body that breaks
// off is the error of the connection, wrapped. A request without a body has an
// empty one.
func ReadBody(r *http.Request, limit int64) ([]byte, error) {
	if limit <= 0 {
		limit = MaxBody
	}
	if r.Body == nil {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, ErrBodyTooLarge
	}
	body, err := io.ReadAll(&transport.Guarded{From: http.MaxBytesReader(nil, r.Body, limit)})
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, ErrBodyTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("webhook: reading the body: %w", err)
	}
	return body, nil
}
