package shoplazza

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// answer is an answer of Shoplazza: {"customer":{…}}, bare or, usually from 2025-06 on,
// in an envelope: {"code":"Success","message":"…","data":{…}}. Each operation looks for
// its own member.
type answer struct {
	promise `json:"-"` // first, for whoever looks whether anything is set

	contents
	Code loosejson.String `json:"code"`
	Data contents         `json:"data"`

	transport.Unread `json:"-"`
	marked           bool // it says whether more rows follow
	mayBeEmpty       bool // {} is a success
	empty            bool // it is {}, or its data is
	enveloped        bool // it has data
}

// contents is what an answer, or its data, holds.
type contents struct {
	Customer  *customerWire  `json:"customer"`
	Customers []customerWire `json:"customers"`
	Address   *Address       `json:"address"`
	Addresses []Address      `json:"addresses"`
	Webhook   *Webhook       `json:"webhook"`
	Webhooks  []Webhook      `json:"webhooks"`
	Count     number         `json:"count"`
	Cursor    string         `json:"cursor"`
	HasMore   *bool          `json:"has_more"`
	Error     mark           `json:"error"`
	Errors    mark           `json:"errors"`
}

// rows returns how many rows are listed.
func (c *contents) rows() int { return max(len(c.Customers), len(c.Addresses), len(c.Webhooks)) }

// found returns the contents that hold the result.
func (a *answer) found() *contents {
	if a.enveloped {
		return &a.Data
	}
	return &a.contents
}

// See notes whether there is data, and whether there is anything else.
func (a *answer) See(body []byte) {
	a.enveloped = a.kept(&a.Data)
	a.empty = isEmpty(body, "{}")
	if a.enveloped || !bytes.Contains(body, []byte(`"data"`)) {
		return
	}
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(body, &envelope) // it was decoded
	a.enveloped = len(envelope.Data) > 0 && string(envelope.Data) != "null"
	a.empty = isEmpty(envelope.Data, "{}")
}

// Names notes whom the answer is about.
func (a *answer) Names(n *transport.Names) {
	if a.names != nil {
		a.names(a.found(), n)
	}
}

func isSuccess(code loosejson.String) bool { return strings.EqualFold(string(code), "success") }

// Missing names what the answer lacks to be a success.
func (a *answer) Missing() string {
	switch found := a.found(); {
	case bool(a.Error || a.Errors || found.Error || found.Errors):
		return "a success"
	case !isSuccess(a.Code) && (a.enveloped || a.Code != ""):
		return "the code Success"
	case a.mayBeEmpty && a.empty:
		return ""
	case !a.kept(found):
		return a.member
	case a.marked && found.HasMore == nil:
		return "has_more"
	case a.marked && *found.HasMore && found.Cursor == "":
		return "a cursor of the rows that are to follow"
	case a.marked && *found.HasMore && found.rows() == 0 && a.Unread.Unread() == 0:
		return "the rows of the page"
	}
	return ""
}

// one carries out a call whose answer is one thing, and returns that.
func one[T any](ctx context.Context, s *service, call *transport.Call, p promised[T]) (held T, err error) {
	found, err := s.do(ctx, call, &answer{promise: p.promise})
	if err != nil {
		return held, err
	}
	return p.held(found), nil
}

// pageOf carries out a call whose answer is a page of rows. If rows cannot be read, it
// returns both the page and the error. From 2025-06 on the server leaves out zero
// values, so an empty first page may be {}. For a later page, which the previous one
// promised, {} is not an answer.
func pageOf[T any](ctx context.Context, s *service, call *transport.Call, p promised[[]T], at pageRef) (*page[T], error) {
	out := &answer{promise: p.promise, marked: !s.classic, mayBeEmpty: !s.classic && at.cursor == ""}
	if s.classic {
		p.room(&out.contents, at.limit)
	} else {
		p.room(&out.Data, at.limit)
	}
	found, err := s.do(ctx, call, out)
	if found == nil {
		return nil, err
	}
	rows := p.held(found)
	next, more := at.next(s, len(rows)+out.Unread.Unread(), found)
	return &page[T]{rows: rows, cursor: found.Cursor, more: more, next: next}, err
}

// count carries out a call whose answer is a number, which from 2025-06 on is left out
// if it is zero.
func count(ctx context.Context, s *service, call *transport.Call) (int, error) {
	found, err := s.do(ctx, call, &answer{promise: aNumber, mayBeEmpty: !s.classic})
	if err != nil {
		return 0, err
	}
	return found.Count.value, nil
}

func (s *service) do(ctx context.Context, call *transport.Call, a *answer) (*contents, error) {
	call.Out = a
	if err := s.transport.Do(ctx, call); err != nil {
		return nil, err
	}
	return a.found(), a.Err()
}

// done carries out a call whose answer is an acknowledgement.
func done(ctx context.Context, c *transport.Client, call *transport.Call) error {
	call.Out = &acknowledgement{}
	return c.Do(ctx, call)
}

// acknowledgement is {}, or an envelope with or without data.
type acknowledgement struct {
	lack string
	data contents
}

// UnmarshalJSON decodes an acknowledgement.
func (a *acknowledgement) UnmarshalJSON(raw []byte) error {
	var body struct {
		Code   loosejson.String `json:"code"`
		Data   json.RawMessage  `json:"data"`
		Error  mark             `json:"error"`
		Errors mark             `json:"errors"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return err
	}
	data := &a.data
	_ = json.Unmarshal(body.Data, data) // which may be of any kind
	switch {
	case bool(body.Error || body.Errors || data.Error || data.Errors):
		a.lack = "a success"
	case !isEmpty(raw, "{}") && !isSuccess(body.Code):
		a.lack = "an acknowledgement"
	}
	return nil
}

// Names notes what was done to whom, where it says so.
func (a *acknowledgement) Names(n *transport.Names) {
	aCustomer.names(&a.data, n)
	anAddress.names(&a.data, n)
	aWebhook.names(&a.data, n)
}

// Missing names what keeps the answer from being an acknowledgement.
func (a *acknowledgement) Missing() string { return a.lack }

// number is a whole number in an answer.
type number struct {
	value int
	told  bool
}

// UnmarshalJSON decodes a number, or a text that holds one. An empty text holds none.
func (n *number) UnmarshalJSON(data []byte) error {
	var value loosejson.Int
	if err := value.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = number{int(value), isSomething(data) && value >= 0}
	return nil
}

// mark is true for a member with a value other than 0.
type mark bool

// UnmarshalJSON decodes any value.
func (m *mark) UnmarshalJSON(data []byte) error {
	*m = mark(isSomething(data) && string(bytes.TrimSpace(data)) != "0")
	return nil
}

// isSomething reports whether raw is anything but nothing, false or an empty value.
func isSomething(raw []byte) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", "false", `""`:
		return false
	}
	return !isEmpty(raw, "{}") && !isEmpty(raw, "[]")
}

// isEmpty reports whether raw consists of these brackets only.
func isEmpty(raw []byte, brackets string) bool {
	inner := bytes.TrimPrefix(bytes.TrimSpace(raw), []byte(brackets[:1]))
	return string(bytes.TrimSpace(inner)) == brackets[1:]
}

// wrap returns body as it is for 2022-01, and as the member name of an object for later
// versions.
func (s *service) wrap(name string, body any) any {
	if s.classic {
		return body
	}
	return transport.In{Member: name, Value: body}
}
