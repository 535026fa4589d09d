package salla

import (
	"context"
	"net/http"
	"reflect"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// envelope is what Salla puts around its answers. By itself it is an acknowledgement,
// whatever its data.
type envelope struct {
	Success loosejson.Bool `json:"success"`
	Status  status         `json:"status"`
}

// Missing names what the answer lacks to be a success.
func (e *envelope) Missing() string {
	switch {
	case !bool(e.Success):
		return "success"
	case e.Status != 0 && !e.Status.isSuccess():
		return "a status of success"
	}
	return ""
}

// status is the status in a body, which can differ from the HTTP status: 0 if there is
// none, -1 if it is not a number.
type status int

func (s *status) UnmarshalJSON(data []byte) error {
	var n loosejson.Int
	switch err := n.UnmarshalJSON(data); {
	case string(data) == "null":
		*s = 0
	case err != nil || n <= 0 || n > 999:
		*s = -1
	default:
		*s = status(n)
	}
	return nil
}

func (s status) isSuccess() bool { return s/100 == 2 }

// isTrouble reports a failure inside Salla, after which the request may have been
// carried out.
func (s status) isTrouble() bool { return s >= 500 || s == http.StatusRequestTimeout }

// promised is data that names its object, and what it lacks of what its operation
// promises, "" for nothing.
type promised[W any] interface {
	*W
	id() int64
	lacks() string
}

// object is an answer whose data is one object, as Salla spells it.
type object[W any, P promised[W]] struct {
	envelope
	Data *W `json:"data"`
}

// Missing names what the answer lacks to be a success.
func (o *object[W, P]) Missing() string {
	switch lack := o.envelope.Missing(); {
	case lack != "":
		return lack
	case o.Data == nil:
		return "data"
	}
	return P(o.Data).lacks()
}

// Names notes the id of the object.
func (o *object[W, P]) Names(n *transport.Names) {
	var id int64
	if o.Data != nil {
		id = P(o.Data).id()
	}
	n.Object(0, "data.id", transport.Number(id))
}

// Row returns the type of the object.
func (*object[W, P]) Row() (reflect.Type, int) { return reflect.TypeFor[W](), 0 }

// one carries out a call whose answer is one T, which Salla spells as W.
func one[T, W any, P interface {
	promised[W]
	spelling[W, T]
}](ctx context.Context, c *transport.Client, call *transport.Call,
) (*T, error) {
	var out object[W, P]
	call.Out = &out
	if err := c.Do(ctx, call); err != nil {
		return nil, err
	}
	return new(P(out.Data).plain()), nil
}

// lackOfID names what an object with this id lacks.
func lackOfID(id int64) string {
	if id <= 0 {
		return "data.id"
	}
	return ""
}

// rows is an answer whose data is a list, as Salla spells it.
type rows[W any] struct {
	envelope
	transport.Unread `json:"-"`
	Data             []W `json:"data"`

	asked int // how many at most, 0 if nobody said
}

// Row returns the type of the rows.
func (r *rows[W]) Row() (reflect.Type, int) { return reflect.TypeFor[W](), r.asked }

// Missing names what the answer lacks to be a success.
func (r *rows[W]) Missing() string {
	if lack := r.envelope.Missing(); lack != "" || transport.Listed(r.Data) {
		return lack
	}
	return "data"
}

// list carries out a call whose answer is a list without pages.
func list[W any](ctx context.Context, c *transport.Client, call *transport.Call) ([]W, error) {
	var out rows[W]
	call.Out = &out
	if err := c.Do(ctx, call); err != nil {
		return nil, err
	}
	return out.Data, out.Err()
}

// page is an answer whose data is one page of a list.
type page[W any] struct {
	rows[W]
	Pagination pagination `json:"pagination"`

	number int // that was asked for, from 1
}

// Missing names what the answer lacks to be a success.
func (p *page[W]) Missing() string {
	if lack := p.rows.Missing(); lack != "" {
		return lack
	}
	return p.Pagination.lacks(p.number, len(p.Data)+p.Unread.Unread())
}

// pageOf carries out a call whose answer is one page of a list. number is the page that
// was asked for; 0 means the first. If rows cannot be read, it returns both the page
// and the error; with any other error the page is nil.
func pageOf[T, W any, P spelling[W, T]](
	ctx context.Context, c *transport.Client, call *transport.Call, number, perPage int,
) (*page[T], error) {
	out := page[W]{rows: rows[W]{Data: transport.Borrow[W](perPage), asked: perPage}, number: max(number, 1)}
	call.Out = &out
	if err := c.Do(ctx, call); err != nil {
		return nil, err
	}
	data := transport.Plain(out.Data, func(row *W) T { return P(row).plain() })
	transport.GiveBack(out.Data)
	return &page[T]{
		rows:       rows[T]{Unread: out.Unread, Data: data, asked: perPage},
		Pagination: out.Pagination,
		number:     out.number,
	}, out.Err()
}

// done carries out a call whose answer is only a sentence, or nothing.
func done(ctx context.Context, c *transport.Client, call *transport.Call) error {
	call.Out, call.NoContentOK = new(envelope), true
	return c.Do(ctx, call)
}

// receipt carries out a call whose answer says that Salla has begun.
func receipt(ctx context.Context, c *transport.Client, call *transport.Call) (*Receipt, error) {
	var out struct {
		envelope
		Data receiptWire `json:"data"`
	}
	call.Out = &out
	if err := c.Do(ctx, call); err != nil {
		return nil, err
	}
	return new(Receipt(out.Data)), nil
}

// Receipt acknowledges an operation that Salla has started and not yet finished.
type Receipt struct {
	// Code is a status such as 200, 0 if Salla sent none.
	Code int64 `json:"code"`
	// Message is a human-readable text in the language of the answers. It may be empty.
	Message string `json:"message"`
}
