package shoplazza

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// payload is the part of an answer that matters, such as {"customer":{…}}.
type payload interface {
	// check returns an error if the answer lacks what was asked for. Within an
	// envelope, what is empty may be left out.
	check(wrapped bool) error
}

// envelope decodes a payload that stands bare, or from 2025-06 on mostly as
// {"code":"Success","message":"…","data":{…}}.
type envelope[P payload] struct{ payload P }

func (e *envelope[P]) UnmarshalJSON(raw []byte) error {
	if bytes.Contains(raw, []byte(`"data"`)) {
		var outer struct {
			Data *P `json:"data"`
		}
		if err := json.Unmarshal(raw, &outer); err != nil {
			return err
		}
		if outer.Data != nil {
			e.payload = *outer.Data
			return e.payload.check(true)
		}
	}
	if err := json.Unmarshal(raw, &e.payload); err != nil {
		return err
	}
	return e.payload.check(false)
}

// errNoMember tells the transport that the answer cannot be used.
var errNoMember = errors.New("the answer lacks what was asked for")

func present(ok bool) error {
	if !ok {
		return errNoMember
	}
	return nil
}

// fetch carries out a call and returns the payload of its answer.
func fetch[P payload](ctx context.Context, s *service, call *transport.Call) (P, error) {
	var out envelope[P]
	call.Out = &out
	if _, err := s.transport.Do(ctx, call); err != nil {
		var none P
		return none, err
	}
	return out.payload, nil
}

type countData struct {
	Count *loosejson.Int `json:"count"`
}

func (d countData) check(wrapped bool) error { return present(wrapped || d.Count != nil) }

// count carries out a call whose answer is {"count":…}.
func count(ctx context.Context, s *service, call *transport.Call) (int, error) {
	found, err := fetch[countData](ctx, s, call)
	if err != nil || found.Count == nil {
		return 0, err
	}
	return int(*found.Count), nil
}

// wrap returns body as the versions from 2025-06 on want it where 2022-01 has
// it flat.
func (s *service) wrap(name string, body any) any {
	if s.classic {
		return body
	}
	return map[string]any{name: body}
}
