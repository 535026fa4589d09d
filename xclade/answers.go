package xclade

import (
	"context"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// notDone is the error of an answer that says 200 and shows that nothing was
// done, because what the call is about is not there.
func notDone(call *transport.Call, response *transport.Response, message string) error {
	return newError(&souk.Error{
		StatusCode: response.StatusCode,
		Message:    message,
		Method:     call.Method,
		Route:      call.Route,
		Attempts:   response.Attempts,
		Err:        souk.ErrNotFound,
	})
}

// deleted carries out a delete. Its answer says the same for ids that never existed.
func deleted(ctx context.Context, c *transport.Client, route string, ids ...any) error {
	_, err := c.Do(ctx, &transport.Call{
		Method: http.MethodDelete,
		Route:  route,
		IDs:    ids,
		Repeat: transport.Idempotent,
	})
	return err
}
