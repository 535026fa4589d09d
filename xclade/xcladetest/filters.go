package xcladetest

import (
	"fmt"
	"slices"
	"strings"
)

// condition decides whether a row is in a list.
type condition func(st *store, r *record) bool

// filter is a parameter that restricts a list.
type filter struct {
	name      string
	kind      filterKind
	operators bool     // of text: whether id[$gt] and the like are taken
	related   kind     // of relation
	inner     []filter // of relation: what its object form takes
	listError string   // of relation: the types named when a list holds objects
	missing   bool     // whether the column does not exist after all
}

type filterKind int

const (
	byText     filterKind = iota // a value, or a list of which any fits
	byDate                       // as text, with operators
	byFlag                       // true or false
	bySearch                     // words to look for in several columns
	byRelation                   // an id, a list of ids or an object of filters
)

// compiler turns parameters into a condition. findings say what is wrong with
// them; crashes says that the database would have choked.
type compiler struct {
	findings []string
	crashes  bool
}

// compileAll joins all filters that are set. at is the path to values, "" at the
// top; below a list the server no longer knows what it read.
func (c *compiler) compileAll(filters []filter, values map[string]any, at string, logic bool) condition {
	var all []condition
	for _, f := range filters {
		if value, ok := values[f.name]; ok {
			all = append(all, c.compile(f, at, value))
		}
	}
	if !logic {
		return every(all)
	}
	if value, ok := values["$and"]; ok {
		all = append(all, every(c.compileList(filters, "$and", value)))
	}
	if value, ok := values["$or"]; ok {
		all = append(all, some(c.compileList(filters, "$or", value)))
	}
	return every(all)
}

// compileList compiles $and and $or. They do not nest: one within another is
// dropped, like every name that is not known.
func (c *compiler) compileList(filters []filter, name string, value any) []condition {
	elements, ok := value.([]any)
	if !ok {
		c.findings = append(c.findings, wrongType("array", name, value))
		return nil
	}
	var all []condition
	for i, element := range elements {
		at := fmt.Sprintf("%s, %d", name, i)
		values, ok := element.(map[string]any)
		if !ok {
			c.findings = append(c.findings, fmt.Sprintf("Field '%s' is required", at))
			continue
		}
		all = append(all, c.compileAll(filters, values, at, false))
	}
	return all
}

func (c *compiler) compile(f filter, at string, value any) condition {
	c.crashes = c.crashes || f.missing || hasNUL(value)
	switch f.kind {
	case byFlag:
		return c.compileFlag(f, at, value)
	case bySearch:
		return c.compileSearch(f, at, value)
	case byRelation:
		return c.compileRelation(f, at, value)
	}
	if f.isNull(value) {
		return againstNull(f.name, "$eq")
	}
	if alternatives, ok := texts(value); ok {
		return oneOf(f.name, c.operands(f, alternatives))
	}
	object, ok := value.(map[string]any)
	switch {
	case f.kind == byText && !(ok && f.operators):
		return c.wrong(f, at, textTypes(value), value)
	case !ok:
		return c.wrong(f, at, "object", value)
	}
	return c.compileOperators(f, at, object)
}

func (c *compiler) compileFlag(f filter, at string, value any) condition {
	text, ok := value.(string)
	if !ok {
		return c.wrong(f, at, "boolean, string", value)
	}
	wanted := strings.ToLower(text)
	if wanted != "true" && wanted != "false" {
		c.findings = append(c.findings, "Invalid input")
	}
	return func(_ *store, r *record) bool { return r.values[f.name] == (wanted == "true") }
}

func (c *compiler) compileRelation(f filter, at string, value any) condition {
	if ids, ok := texts(value); ok {
		return f.joined(ids)
	}
	members, ok := value.(map[string]any)
	if !ok {
		return c.wrong(f, at, f.listError, value)
	}
	var check compiler
	where := check.compileAll(f.inner, members, "", false)
	if len(check.findings) > 0 {
		return c.wrong(f, at, "string, array", value)
	}
	c.crashes = c.crashes || check.crashes
	used := slices.DeleteFunc(slices.Clone(f.inner), func(f filter) bool { return members[f.name] == nil })
	switch {
	case len(used) == 0:
		return always // unknown names are dropped, and with them the filter
	case len(used) == 1 && used[0].name == "id":
		ids, _ := texts(members["id"])
		return f.joined(ids)
	}
	return func(st *store, r *record) bool {
		return slices.ContainsFunc(st.related(f.owner(), r, f.name), func(other *record) bool { return where(st, other) })
	}
}

// joined is the condition on the other side's id alone. For it the server only
// looks at who is a member of what, not at whether the other side still exists.
func (f filter) joined(ids []string) condition {
	return func(st *store, r *record) bool {
		return slices.ContainsFunc(ids, func(id string) bool {
			if f.owner() == groups {
				return st.joined[membership{customer: id, group: r.id()}]
			}
			return st.joined[membership{customer: r.id(), group: id}]
		})
	}
}

// owner is the kind of row that has the relation.
func (f filter) owner() kind {
	if f.related == groups {
		return customers
	}
	return groups
}

// wrong notes a type that does not fit.
func (c *compiler) wrong(f filter, at, expected string, got any) condition {
	finding := wrongType(expected, f.name, got)
	if at != "" {
		finding = fmt.Sprintf("Field '%s, %s' is required", at, f.name)
	}
	c.findings = append(c.findings, finding)
	return never
}

// textTypes are the types of which none fits: a list misses on its elements only.
func textTypes(value any) string {
	if _, ok := value.([]any); ok {
		return "string"
	}
	return "string, array"
}

// texts returns a string, or a list of strings, as a list.
func texts(value any) ([]string, bool) {
	if text, ok := value.(string); ok {
		return []string{text}, true
	}
	elements, ok := value.([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, len(elements))
	for i, element := range elements {
		if out[i], ok = element.(string); !ok {
			return nil, false
		}
	}
	return out, true
}

func always(*store, *record) bool { return true }
func never(*store, *record) bool  { return false }

func every(all []condition) condition {
	return func(st *store, r *record) bool {
		return !slices.ContainsFunc(all, func(c condition) bool { return !c(st, r) })
	}
}

func some(all []condition) condition {
	return func(st *store, r *record) bool {
		return slices.ContainsFunc(all, func(c condition) bool { return c(st, r) })
	}
}

func oneOf(column string, values []any) condition {
	return func(_ *store, r *record) bool {
		value := r.values[column]
		return value != nil && slices.ContainsFunc(values, func(v any) bool { return compare(value, v) == 0 })
	}
}
