package xclade

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// The checks of this file find mistakes on which the server would fail with a
// meaningless message, every time.

const noNUL = "must not contain the character NUL, which the server cannot store"

// body encodes a request once and notes the members that contain a NUL.
func body(req any, problems *transport.Problems) any {
	encoded, err := transport.JSON(req, problems)
	if err != nil {
		return req // the pipeline finds the same and says it
	}
	if bytes.Contains(encoded, []byte(`\u0000`)) {
		checkNUL(encoded, problems)
	}
	return transport.Raw{ContentType: "application/json", Bytes: encoded}
}

func checkNUL(encoded []byte, problems *transport.Problems) {
	var members map[string]any
	_ = json.Unmarshal(encoded, &members)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		problems.Require(!holdsNUL(members[name]), goName(name), noNUL)
	}
}

func holdsNUL(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	case map[string]any:
		for name, element := range v {
			if holdsNUL(name) || holdsNUL(element) {
				return true
			}
		}
	}
	return false
}

// goName returns the name of a member's field: Address1 for address_1.
func goName(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// endsInEscape reports whether a pattern ends with a backslash that escapes nothing.
func endsInEscape(like string) bool {
	backslashes := like[len(strings.TrimRight(like, `\`)):]
	return len(backslashes)%2 == 1
}

// columns maps each kind of row to the fields that a list of them can be ordered by.
var columns = map[string][]string{
	"customer": {
		"id", "company_name", "first_name", "last_name", "email", "phone", "has_account", "metadata",
		"created_by", "created_at", "updated_at", "deleted_at",
	},
	"group": {"id", "name", "metadata", "created_by", "created_at", "updated_at", "deleted_at"},
	"address": {
		"id", "customer_id", "address_name", "is_default_shipping", "is_default_billing", "company", "first_name", "last_name",
		"address_1", "address_2", "city", "country_code", "province", "postal_code", "phone", "metadata",
		"created_at", "updated_at", "deleted_at",
	},
}

// relations maps each kind of row to its relations and the kinds they lead to.
var relations = map[string]map[string]string{
	"customer": {"groups": "group", "addresses": "address"},
	"group":    {"customers": "customer"},
	"address":  {"customer": "customer"},
}

var relatedExample = map[string]string{
	"customer": "groups.name",
	"group":    "customers.email",
	"address":  "customer.email",
}

// orderable reports whether a list can be ordered by a field, or by a field of a
// relation.
func orderable(entity, path string) bool {
	name, rest, nested := strings.Cut(path, ".")
	if related, ok := relations[entity][name]; ok {
		return !nested || orderable(related, rest)
	}
	return slices.Contains(columns[entity], name) && (!nested || name == "metadata")
}
