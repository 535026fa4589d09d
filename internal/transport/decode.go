package transport

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/souk-go/souk/internal/loosejson"
)

// decode fills Out. lack names what the answer needs to be the success of its
// operation, "" for nothing. checked reports whether Out has decided that.
func (x *exchange) decode() (lack string, checked bool) {
	a, call := &x.answer, x.call
	switch {
	case !a.IsSuccess():
		return "a success", false
	case len(bytes.TrimSpace(a.Body)) == 0:
		if call.EmptyOK || call.Out == nil || call.NoContentOK && a.StatusCode == http.StatusNoContent {
			return "", true
		}
		return "a body", false
	case call.Out == nil:
		if !json.Valid(a.Body) {
			return "JSON", false
		}
		return "", false
	}
	out := x.emptied(call.Out)
	rows, err := loosejson.Decode(a.Body, out, x.decodeOptions(out))
	if err != nil {
		return lackOf(err), false
	}
	if out, ok := out.(Headed); ok {
		out.Head(a.Header)
	}
	if out, ok := out.(Seen); ok {
		out.See(a.Body)
	}
	if lack := cmp.Or(x.unread(out, rows), x.misnamed(out)); lack != "" || x.lostRow != nil {
		return lack, true
	}
	if out, ok := out.(Checked); ok {
		return out.Missing(), true
	}
	return "", false
}

// emptied returns out as it was before an earlier attempt's answer was decoded
// into it.
func (x *exchange) emptied(out any) any {
	v := reflect.ValueOf(out).Elem()
	switch {
	case x.decoded && !x.pristine.IsValid():
		v.SetZero()
	case x.decoded:
		v.Set(x.pristine)
		loosejson.RenewRoom(v)
	case !v.IsZero():
		x.pristine = x.copied(v)
	}
	x.decoded = true
	return out
}

// copied returns a copy of what a call decodes into. Calls that have the same type of
// answer, one after the other, have their copies in the same place.
func (x *exchange) copied(v reflect.Value) reflect.Value {
	c := x.spare
	if !c.IsValid() || c.Type() != v.Type() {
		c = reflect.New(v.Type()).Elem()
	}
	c.Set(v)
	return c
}

// maxSpare is the largest of these places that is kept for the next call.
const maxSpare = 4 << 10

// keepSpare keeps the place of the call's copy, and nothing of what is there.
func (x *exchange) keepSpare() {
	x.spare = reflect.Value{}
	if x.pristine.Type().Size() <= maxSpare {
		x.pristine.SetZero()
		x.spare = x.pristine
	}
}

// lackOf says what a decoder stumbled over, without its value and without the
// names of Go's types.
func lackOf(err error) string {
	if e, ok := errors.AsType[*loosejson.Error](err); ok && e.Field != "" {
		return "a value of the right kind in " + e.Field
	}
	return otherForm
}

// otherForm is the lack of an answer of which no more can be said.
const otherForm = "the form of an answer"

// describeForeign says what came instead of the vendor's answer, and what to do. If the
// status counts whoever sent it, as k says, nothing but the status is wrong.
func describeForeign(a *Answer, k kind, lack string) string {
	switch {
	case (k == limited || k == troubled) && len(bytes.TrimSpace(a.Body)) == 0:
		return "the API or a proxy before it answered without a body"
	case k == limited || k == troubled:
		return "the API or a proxy before it answered with " + describe(a, lack) + " (" + mediaType(a.Header) + ")"
	case a.StatusCode >= 300 && a.StatusCode < 400 && a.Header.Get("Location") != "":
		return "a redirect that is not followed came instead of the API's answer: check BaseURL and proxies"
	}
	advice := "check BaseURL and proxies"
	if a.StatusCode >= 500 && a.StatusCode < 600 {
		advice = "the API or a proxy before it failed"
	}
	return fmt.Sprintf("%s came instead of the API's answer (%s): %s", describe(a, lack), mediaType(a.Header), advice)
}

func describe(a *Answer, lack string) string {
	body := bytes.TrimSpace(a.Body)
	switch {
	case len(body) == 0:
		return "nothing"
	case body[0] == '<':
		return "a web page"
	case !json.Valid(body):
		return "text that is not JSON or was cut off"
	case a.StatusCode >= http.StatusOK && a.StatusCode <= 299 && lack != otherForm:
		return "JSON without " + lack
	}
	return "JSON of another form"
}
