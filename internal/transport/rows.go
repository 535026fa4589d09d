package transport

import (
	"errors"
	"reflect"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/paging"
)

// Rowed is an Out with an object or a list of objects. If the whole answer cannot be
// read, they are read one by one, and tolerantly. Any other Out is read by
// encoding/json.
type Rowed interface {
	// Row returns the type of the objects, nil if there are none, and how many were
	// requested, 0 if the request does not say.
	Row() (row reflect.Type, asked int)
}

// Identified is a [Rowed] whose objects are identified by another member than "id".
type Identified interface {
	Rowed
	// RowID returns the member's name, "" if they can come without any.
	RowID() string
}

// Unread holds the rows of an Out that could not be read.
type Unread struct{ rows []*souk.RowError }

// Unread returns their number.
func (u *Unread) Unread() int { return len(u.rows) }

// Rows returns them, in their order.
func (u *Unread) Rows() []*souk.RowError { return u.rows }

// Err returns an error that holds them all, nil if there are none.
func (u *Unread) Err() error {
	switch len(u.rows) {
	case 0:
		return nil
	case 1:
		return u.rows[0]
	}
	all := make([]error, len(u.rows))
	for i, row := range u.rows {
		all[i] = row
	}
	return errors.Join(all...)
}

func (u *Unread) setUnread(rows []*souk.RowError) { u.rows = rows }

// decodeOptions says what the answer holds.
func (x *exchange) decodeOptions(out any) loosejson.Options {
	o := loosejson.Options{ID: rowID(out), Zone: x.client.vendor.Zone, Initial: x.pristine}
	if rowed, ok := out.(Rowed); ok {
		o.Row, o.Asked = rowed.Row()
	}
	if o.Row == nil {
		return loosejson.Options{Plain: true}
	}
	if observer := x.client.observer; observer != nil && observer.Drift != nil {
		o.Drift = func(d loosejson.Drift) {
			defer x.panics.Keep()
			observer.Drift(x.ctx, souk.Drift{
				Vendor: x.client.vendor.Name, Method: x.call.Method, Route: x.call.Route,
				Path: d.Path, Want: d.Want, Got: d.Got,
			})
		}
	}
	return o
}

// rowID returns the name of the member by which rows are known, "" for none.
func rowID(out any) string {
	if known, ok := out.(Identified); ok {
		return known.RowID()
	}
	return "id"
}

// unread notes the rows that cannot be read. A single object that came with its id
// is the call's failure; lack is what keeps the answer from being one.
func (x *exchange) unread(out any, rows []loosejson.Row) (lack string) {
	if len(rows) == 0 {
		return ""
	}
	if rows[0].Index < 0 {
		switch e := rows[0].Err; {
		case e.Want == "id":
			return strings.TrimPrefix(e.Field+"."+rowID(out), ".")
		case len(rows) > 1 || rows[0].ID == "":
			return lackOf(e)
		}
		x.lostRow = x.rowError(rows[0])
		return ""
	}
	list, ok := out.(interface{ setUnread([]*souk.RowError) })
	if !ok {
		return "rows that can be read"
	}
	errs := make([]*souk.RowError, len(rows))
	for i, row := range rows {
		errs[i] = x.rowError(row)
	}
	list.setUnread(errs)
	return ""
}

func (x *exchange) rowError(row loosejson.Row) *souk.RowError {
	return &souk.RowError{Index: row.Index, ID: row.ID, Raw: row.Raw, Err: &souk.Error{
		Vendor:     x.client.vendor.Name,
		StatusCode: x.answer.StatusCode,
		Message:    row.Text("the row"),
		RequestID:  x.shownID(x.answer.Header),
		Method:     x.call.Method,
		Route:      x.call.Route,
		Attempts:   x.attempts,
		Err:        souk.ErrUnreadable,
	}}
}

// RowErrors returns the rows in the error of a List, nil if the error is about anything
// else.
func RowErrors(err error) []*souk.RowError {
	if row, ok := err.(*souk.RowError); ok { //nolint:errorlint // List returns it as it is
		if row.Index < 0 {
			return nil
		}
		return []*souk.RowError{row}
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var rows []*souk.RowError
	for _, one := range joined.Unwrap() {
		row, ok := one.(*souk.RowError) //nolint:errorlint // as above
		if !ok {
			return nil
		}
		rows = append(rows, row)
	}
	return rows
}

// Batch returns a page for a walk: the rows that could be read, and in their places
// those that could not.
func Batch[T any](rows []T, unread []*souk.RowError) paging.Batch[T] {
	if len(unread) == 0 {
		return paging.Batch[T]{Rows: rows, Total: -1}
	}
	b := paging.Batch[T]{Rows: make([]T, 0, len(rows)+len(unread)), Total: -1}
	for _, row := range unread {
		n := min(row.Index-len(b.Rows), len(rows))
		b.Rows, rows = append(b.Rows, rows[:n]...), rows[n:]
		b.Failed = append(b.Failed, paging.Failed{Index: len(b.Rows), ID: row.ID, Raw: row.Raw, Err: row})
		b.Rows = append(b.Rows, *new(T))
	}
	b.Rows = append(b.Rows, rows...)
	return b
}
