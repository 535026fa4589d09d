package xcladetest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// flattenQuery does to the top of a query what the server does: a list of one
// element is split at commas, and a.b counts as a[b].
func flattenQuery(query object) (object, error) {
	out := newObject()
	for _, name := range query.names {
		value := query.values[name]
		if elements, ok := value.([]any); ok && len(elements) == 1 {
			value = splitCommas(elements)
		}
		parent, child, dotted := strings.Cut(name, ".")
		if !dotted {
			out.set(name, value)
			continue
		}
		if strings.Contains(child, ".") {
			return out, refuse(500, "invalid_argument", "Key accessor more than 2 levels deep: %s", name)
		}
		members, ok := out.values[parent].(map[string]any)
		if !ok {
			members = make(map[string]any)
		}
		members[child] = value
		out.set(parent, members)
	}
	return out, nil
}

func splitCommas(elements []any) any {
	text, ok := elements[0].(string)
	if !ok {
		return elements
	}
	parts := strings.Split(text, ",")
	out := make([]any, len(parts))
	for i, part := range parts {
		out[i] = part
	}
	return out
}

// selectQuery reads the query of an operation that takes nothing but fields.
func (c *call) selectQuery(k kind) (*selection, error) {
	query, err := flattenQuery(c.query)
	if err != nil {
		return nil, err
	}
	var check compiler
	fields, given := check.textParam(query, "fields")
	if unknown := unrecognized(query, map[string]bool{"fields": true}); unknown != "" {
		check.findings = append(check.findings, unknown)
	}
	if len(check.findings) > 0 {
		return nil, invalid(check.findings)
	}
	return selectFields(k, fields, given), nil
}

// page is the query of a list.
type page struct {
	selection     *selection
	offset, limit float64
	order         string
	ordered       bool
	where         condition
	word          string // that the rows have, if it is known
}

const defaultLimit = 50

// listQuery reads the query of a list with these filters.
func (c *call) listQuery(k kind, filters []filter, logic bool) (page, error) {
	query, err := flattenQuery(c.query)
	if err != nil {
		return page{}, err
	}
	var p page
	var check compiler
	fields, given := check.textParam(query, "fields")
	p.offset = check.number(query, "offset", 0)
	p.limit = check.number(query, "limit", defaultLimit)
	p.order, p.ordered = check.textParam(query, "order")
	check.withDeleted(query)
	p.where = check.compileAll(filters, query.values, "", logic)

	known := map[string]bool{"fields": true, "offset": true, "limit": true, "order": true, "with_deleted": true}
	for _, f := range filters {
		known[f.name] = true
	}
	known["$and"], known["$or"] = logic, logic
	if unknown := unrecognized(query, known); unknown != "" {
		check.findings = append(check.findings, unknown)
	}
	if len(check.findings) > 0 {
		return p, invalid(check.findings)
	}
	if check.crashes || p.offset < 0 || p.limit < 0 {
		return p, crash()
	}
	p.selection = selectFields(k, fields, given)
	if known["q"] {
		p.word = plainWord(query.values["q"])
	}
	return p, nil
}

func (c *compiler) textParam(query object, name string) (value string, given bool) {
	raw, given := query.values[name]
	value, ok := raw.(string)
	if given && !ok {
		c.findings = append(c.findings, wrongType("string", name, raw))
	}
	return value, given
}

func (c *compiler) number(query object, name string, fallback float64) float64 {
	raw, given := query.values[name]
	if !given {
		return fallback
	}
	text, _ := raw.(string)
	value, ok := parseInt(text)
	if !ok {
		c.findings = append(c.findings, wrongType("number", name, raw))
	}
	return value
}

// withDeleted checks a parameter that has no effect.
func (c *compiler) withDeleted(query object) {
	raw, given := query.values["with_deleted"]
	if given && raw != "true" && raw != "false" {
		c.findings = append(c.findings, wrongType("boolean", "with_deleted", raw))
	}
}

// parseInt is JavaScript's: it reads the number at the start of the text.
func parseInt(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	sign := 1.0
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		text, sign = rest, -1
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	if len(text) > 2 && strings.EqualFold(text[:2], "0x") {
		value, err := strconv.ParseUint(text[2:], 16, 53)
		return sign * float64(value), err == nil
	}
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	value, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || value == 0 {
		return 0, err == nil
	}
	return sign * value, true
}

// cut returns the rows of the page. Numbers that are no exact integers count as
// absent.
func (p page) cut(rows []*record) []*record {
	const exact = 1<<53 - 1
	if p.offset <= exact {
		rows = rows[min(int(p.offset), len(rows)):]
	}
	if p.limit <= exact {
		rows = rows[:min(int(p.limit), len(rows))]
	}
	return rows
}

// list answers a list of rows that match.
func (st *store) list(k kind, p page, name string, scope condition) (any, error) {
	var rows []*record
	all := st.rows[k]
	if p.word != "" {
		all = st.hay[k].with(p.word)
	}
	for _, r := range all {
		if p.where(st, r) && !r.deleted() && scope(st, r) {
			rows = append(rows, r)
		}
	}
	if p.ordered {
		if err := st.sort(k, rows, p.order); err != nil {
			return nil, err
		}
	}
	shown := make([]any, 0)
	for _, r := range p.cut(rows) {
		shown = append(shown, st.render(k, r, p.selection))
	}
	return map[string]any{name: shown, "count": len(rows), "offset": p.offset, "limit": p.limit}, nil
}

// sort orders rows by a column, or by the first or last value of a column of a
// relation, as PostgreSQL does: null is greater than all else.
func (st *store) sort(k kind, rows []*record, order string) error {
	column, descending := strings.CutPrefix(order, "-")
	name, inner, nested := strings.Cut(column, ".")
	related, isRelation := entities[k].relations[name]
	switch {
	case order == "id", isRelation && !nested:
		return nil // in that order already
	case isRelation && slices.Contains(entities[related.kind].columns, inner):
	case !nested && slices.Contains(entities[k].columns, name):
	default:
		return crash()
	}
	key := func(r *record) any {
		if !nested {
			return r.values[name]
		}
		return extreme(st.related(k, r, name), inner, descending)
	}
	slices.SortStableFunc(rows, func(a, b *record) int {
		if descending {
			a, b = b, a
		}
		return compare(key(a), key(b))
	})
	return nil
}

func extreme(rows []*record, column string, greatest bool) any {
	var found any
	for _, r := range rows {
		value := r.values[column]
		if found == nil || greatest == (compare(value, found) > 0) {
			found = value
		}
	}
	return found
}

// compare orders values of one column, null last.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	switch a := a.(type) {
	case time.Time:
		b, _ := b.(time.Time)
		return a.Compare(b)
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	default: // booleans and metadata
		return cmp.Compare(encodeText(a), encodeText(b))
	}
}

func encodeText(value any) string { return string(standin.Encode(value)) }
