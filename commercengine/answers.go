package commercengine

import (
	"context"
	"encoding/json"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// content carries out a call and returns the content of its answer.
func content[T any](ctx context.Context, c caller, call *transport.Call) (*T, error) {
	var out struct {
		Content *T `json:"content"`
	}
	call.Out = &out
	response, err := c.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	if out.Content == nil {
		return nil, incomplete(call, response)
	}
	return out.Content, nil
}

// one carries out a call and returns a member of its answer's content: the
// first of names that is there.
func one[T any](ctx context.Context, c caller, call *transport.Call, names ...string) (*T, error) {
	out := member[T]{names: names}
	call.Out = &out
	response, err := c.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	if out.value == nil {
		return nil, incomplete(call, response)
	}
	return out.value, nil
}

// done carries out a call whose answer is only a sentence, or nothing.
func done(ctx context.Context, c caller, call *transport.Call) error {
	call.Out = &struct{}{}
	call.EmptyOK = true
	_, err := c.Do(ctx, call)
	return err
}

// member decodes one member of an answer's content.
type member[T any] struct {
	names []string
	value *T
}

func (m *member[T]) UnmarshalJSON(data []byte) error {
	var answer struct {
		Content map[string]json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	for _, name := range m.names {
		if raw := answer.Content[name]; len(raw) > 0 && string(raw) != "null" {
			m.value = new(T)
			return json.Unmarshal(raw, m.value)
		}
	}
	return nil
}

// incomplete is the error of a success that lacks what was asked for.
func incomplete(call *transport.Call, response *transport.Response) error {
	e := &souk.Error{
		StatusCode: response.StatusCode,
		Message:    "the answer lacks what was asked for",
		Method:     call.Method,
		Route:      call.Route,
		Attempts:   response.Attempts,
	}
	if call.Repeat != transport.Safe {
		e.Err = souk.ErrOutcomeUnknown
	}
	return newError(e)
}
