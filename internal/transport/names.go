package transport

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/souk-go/souk/internal/loosejson"
)

// Named is a [Checked] that says whom it is about, by ids that the call's path also has.
// Names is called after See and before Missing.
type Named interface {
	// Names notes the ids in the decoded answer.
	Names(n *Names)
}

// Names compares the ids in an answer with those in the call's path. Another id proves
// that this is the answer to another call, which a cache has kept or a proxy mistaken.
type Names struct {
	asked  []any
	unread string // the id of an object of which more cannot be read
	lack   string
}

// Object notes the id of the object that the answer is about, if it has one. place is
// the place of the same object's id in [Call.IDs], from 0: an object without a place in
// the path is a new one. If an object has several ids, one of them must be right.
func (n *Names) Object(place int, member string, ids ...string) {
	if n.unread != "" {
		ids = []string{n.unread}
	}
	n.compare(place, member, ids...)
}

// Parent notes the id of what an object or a row of a list belongs to: the first in the
// path.
func (n *Names) Parent(member, id string) { n.compare(0, member, id) }

func (n *Names) compare(place int, member string, ids ...string) {
	if n.lack != "" || place >= len(n.asked) {
		return
	}
	told := false
	for _, id := range ids {
		if id != "" && sameID(n.asked[place], id) {
			return
		}
		told = told || id != ""
	}
	if told {
		n.lack = "the " + member + " that was asked for"
	}
}

// misnamed returns what keeps an answer from being about what the call's path names, ""
// for nothing.
func (x *exchange) misnamed(out any) string {
	named, ok := out.(Named)
	if !ok {
		return ""
	}
	x.names = Names{asked: x.call.IDs}
	if x.lostRow != nil {
		x.names.unread = x.lostRow.ID
	}
	named.Names(&x.names)
	if x.names.lack != "" {
		x.lostRow = nil
	}
	return x.names.lack
}

// sameID reports whether an id in an answer is the one that was asked for, in whatever
// spelling: servers write numbers with zeros before them or behind a point, letters in
// either case, and UUIDs with hyphens or without.
func sameID(asked any, told string) bool {
	if number, ok := asked.(int64); ok {
		asked = Number(number)
	}
	id, _ := asked.(string)
	return id == told || strings.EqualFold(plainID(id), plainID(told))
}

func plainID(id string) string {
	id = strings.TrimSpace(id)
	if digits, ok := loosejson.Digits(id); ok {
		return digits
	}
	if hex := strings.ReplaceAll(id, "-", ""); len(hex) == uuidDigits {
		return hex
	}
	return id
}

const uuidDigits = 32

// Number returns the text of an id that is a number, "" for 0, which is none.
func Number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// IDIn returns the id of an object that an answer only mentions, "" where it is of any
// other kind.
func IDIn(object json.RawMessage) string {
	var mentioned struct {
		ID loosejson.ID `json:"id"`
	}
	if json.Unmarshal(object, &mentioned) != nil {
		return ""
	}
	return string(mentioned.ID)
}

// Deref returns what p points to, the zero value where that is nothing.
func Deref[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}
