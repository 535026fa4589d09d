package salla

import (
	"context"
	"encoding/json"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// Receipt is what Salla says about something that it has only begun to do.
type Receipt struct {
	// Code is a status such as 200, 0 where Salla sent none.
	Code int64 `json:"code"`
	// Message is a text for people, in the language of the answers. It may be
	// empty.
	Message string `json:"message"`
}

// UnmarshalJSON reads {"code", "message"}, or the list of one text that some end
// points send instead.
func (r *Receipt) UnmarshalJSON(data []byte) error {
	var texts []loosejson.String
	if json.Unmarshal(data, &texts) == nil {
		*r = Receipt{}
		if len(texts) > 0 {
			r.Message = string(texts[0])
		}
		return nil
	}
	var object struct {
		Code    loosejson.Int    `json:"code"`
		Message loosejson.String `json:"message"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	r.Code, r.Message = int64(object.Code), string(object.Message)
	return nil
}

// one carries out a call whose answer has one object in data.
func one[T any](ctx context.Context, c *transport.Client, call *transport.Call) (*T, error) {
	var out struct {
		Data *T `json:"data"`
	}
	call.Out = &out
	response, err := c.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	if out.Data == nil {
		return nil, noData(call, response)
	}
	return out.Data, nil
}

// done carries out a call whose answer is only a sentence, or nothing.
func done(ctx context.Context, c *transport.Client, call *transport.Call) error {
	call.Out = &struct{}{}
	_, err := c.Do(ctx, call)
	return err
}

// noData is the error of a success that lacks what was asked for.
func noData(call *transport.Call, response *transport.Response) error {
	e := &souk.Error{
		StatusCode: response.StatusCode,
		Message:    "the answer has no data",
		Method:     call.Method,
		Route:      call.Route,
		Attempts:   response.Attempts,
	}
	if call.Repeat != transport.Safe {
		e.Err = souk.ErrOutcomeUnknown
	}
	return newError(e)
}
