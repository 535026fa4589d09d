package shopline

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/souk-go/souk/internal/transport"
)

// answer is the success of an operation. It knows whether it is complete.
type answer[T any] interface {
	transport.Checked
	held() T
}

// one carries out a call and returns what its answer holds. If rows of a list cannot be
// read, it returns both the list and the error.
func one[T any](ctx context.Context, c *transport.Client, call *transport.Call, out answer[T]) (held T, err error) {
	call.Out = out
	if err := c.Do(ctx, call); err != nil {
		return held, err
	}
	if list, ok := out.(interface{ Err() error }); ok {
		return out.held(), list.Err()
	}
	return out.held(), nil
}

// done carries out a call without a result. Any acknowledgement is a success unless the
// call sets a stricter one.
func done(ctx context.Context, c *transport.Client, call *transport.Call) error {
	if call.Out == nil {
		call.Out, call.EmptyOK = new(acknowledgement), true
	}
	return c.Do(ctx, call)
}

// count carries out a call whose answer is a number.
func count(ctx context.Context, c *transport.Client, call *transport.Call) (int, error) {
	return one(ctx, c, call, &countAnswer{Count: -1})
}

// frame holds the members of an answer that mark a failure, which can come with status
// 200.
type frame struct {
	Errors   json.RawMessage `json:"errors"`
	Code     json.RawMessage `json:"code"`
	I18nCode json.RawMessage `json:"i18nCode"`
	Message  json.RawMessage `json:"message"`
}

// lacks returns what, unless the answer has it and is not a failure.
func (f *frame) lacks(what string, has bool) string {
	if has && !f.fails() {
		return ""
	}
	return what
}

// deletedCustomer acknowledges the deletion of a customer: it holds what was left of
// the customer, or null.
type deletedCustomer struct {
	frame
	Customer json.RawMessage `json:"customer"`
}

func (a *deletedCustomer) Names(n *transport.Names) {
	n.Object(0, "customer.id", transport.IDIn(a.Customer))
}

func (a *deletedCustomer) Missing() string { return a.lacks("customer", len(a.Customer) > 0) }

// emptyObject acknowledges an operation on an address.
type emptyObject map[string]json.RawMessage

func (a *emptyObject) Missing() string {
	if *a == nil || len(*a) > 0 {
		return "the form {}"
	}
	return ""
}

// acknowledgement is what SHOPLINE documents as an empty answer: any JSON that is not a
// failure.
type acknowledgement struct {
	failed bool
}

func (a *acknowledgement) UnmarshalJSON(data []byte) error {
	f := frameOf(data)
	a.failed = f.fails()
	return nil
}

func (a *acknowledgement) Missing() string {
	if a.failed {
		return "a success"
	}
	return ""
}

// withID adds the id to a selection of fields. The id distinguishes an answer from
// other JSON.
func withID(fields []string) []string {
	if len(fields) == 0 || slices.Contains(fields, "id") {
		return fields
	}
	return append(slices.Clip(fields), "id")
}
