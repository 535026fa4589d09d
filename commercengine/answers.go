package commercengine

import (
	"context"
	"reflect"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// answer is the envelope of all answers, with the content of one operation.
type answer[T, C any, P holding[T, C]] struct {
	transport.Unread `json:"-"`
	Success          flag `json:"success"`
	Content          C    `json:"content"`
	promised         bool // that success is there
}

// holding is the content of an answer.
type holding[T, C any] interface {
	*C
	// found returns what the operation is about, and the name of what is missing, ""
	// for nothing.
	found() (value T, lack string)
}

// numbered is the content of an answer with a page of a list.
type numbered interface {
	// page returns what is said of the page, the number that was asked for, and how many
	// rows could be read.
	page() (p *pagination, number, rows int)
}

// rowed is the content of an answer whose rows have another type than T and its elements.
type rowed interface{ row() reflect.Type }

// nameless is the content of an answer whose rows may come without an id.
type nameless interface{ nameless() }

// secret is the content of an answer with credentials, which the request may have, too.
type secret interface{ secret() }

// Missing names what the answer lacks to be a success.
func (a *answer[T, C, P]) Missing() string {
	if a.Success != yes && (a.promised || a.Success != unsaid) {
		return "success"
	}
	_, lack := P(&a.Content).found()
	if list, ok := any(P(&a.Content)).(numbered); ok && lack == "" {
		p, number, rows := list.page()
		lack = p.lacks(number, rows+a.Unread.Unread())
	}
	return lack
}

// naming is the content of an answer that says whom it is about.
type naming interface{ names(n *transport.Names) }

// Names notes whom the answer is about.
func (a *answer[T, C, P]) Names(n *transport.Names) {
	if content, ok := any(P(&a.Content)).(naming); ok {
		content.names(n)
	}
}

// Row returns the type of what the operation is about, or of the rows of its list.
func (a *answer[T, C, P]) Row() (reflect.Type, int) {
	if list, ok := any(P(&a.Content)).(rowed); ok {
		return list.row(), 0
	}
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t, 0
}

// RowID returns the name of the member that identifies it, "" if it may come without.
func (a *answer[T, C, P]) RowID() string {
	if _, ok := any(P(&a.Content)).(nameless); ok {
		return ""
	}
	return "id"
}

// one carries out a call and returns what the content of its answer holds. The vendor's
// description promises the member success in answers about users and sessions only.
func one[T, C any, P holding[T, C]](
	ctx context.Context, client *transport.Client, call *transport.Call, content C,
) (value T, err error) {
	out := answer[T, C, P]{Content: content, promised: strings.HasPrefix(call.Route, "/auth/")}
	call.Out = &out
	if _, ok := any(P(&out.Content)).(secret); ok {
		call.Secret = true
	}
	if err = client.Do(ctx, call); err != nil {
		return value, err
	}
	value, _ = P(&out.Content).found()
	return value, out.Err()
}

// acknowledgement is an answer without content.
type acknowledgement struct {
	Success flag `json:"success"`
}

// Missing names what the answer lacks to be a success.
func (a *acknowledgement) Missing() string { return unless(a.Success == yes, "success") }

// done carries out a call whose answer has no content.
func done(ctx context.Context, client *transport.Client, call *transport.Call) error {
	call.Out = &acknowledgement{}
	return client.Do(ctx, call)
}

// storeAnswer says by its success whether the store exists.
type storeAnswer struct {
	Success flag   `json:"success"`
	Message string `json:"message"`
}

// Missing names what the answer lacks to be either of the two.
func (a *storeAnswer) Missing() string {
	return unless(a.Success == yes || a.Success == no && a.Message != "", "success")
}

// flag is the member success of an answer.
type flag int

const (
	unsaid flag = iota
	yes
	no
	odd // none of these
)

// UnmarshalJSON decodes a boolean, a text or number that stands for one, or null.
func (f *flag) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `true`, `1`, `"true"`, `"1"`:
		*f = yes
	case `false`, `0`, `"false"`, `"0"`:
		*f = no
	case "", "null":
		*f = unsaid
	default:
		*f = odd
	}
	return nil
}

// unless returns name if it is not there, "" otherwise.
func unless(there bool, name string) string {
	if there {
		return ""
	}
	return name
}
