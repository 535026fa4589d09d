package xcladetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// operators are the operators that the server knows, in its order. It drops all
// others without a word.
var operators = []string{"$eq", "$ne", "$in", "$nin", "$like", "$ilike", "$re", "$contains", "$gt", "$gte", "$lt", "$lte"}

// compileOperators compiles column[$operator]=value.
func (c *compiler) compileOperators(f filter, at string, values map[string]any) condition {
	var all []condition
	var misses operatorMisses
	for _, name := range operators {
		value, came := values[name]
		if !came {
			continue
		}
		alternatives, ok := texts(value)
		if expected := expectedBy(name, value); !ok || expected != "" {
			misses.add(name, expected, value)
			continue
		}
		if f.isNull(value) {
			all = append(all, againstNull(f.name, name))
			continue
		}
		all = append(all, c.operator(f, name, alternatives))
	}
	switch {
	case misses.any:
		return c.wrongOperators(f, at, misses, values)
	case len(all) == 0 && f.name == "id" && at == "":
		return never
	}
	return every(all)
}

// expectedBy returns the type that an operator misses, or "".
func expectedBy(operator string, value any) string {
	_, single := value.(string)
	_, several := value.([]any)
	switch operator {
	case "$eq", "$ne":
		return ""
	case "$in", "$nin":
		if !several {
			return "array"
		}
	default:
		if !single {
			return "string"
		}
	}
	return ""
}

// operatorMisses are the operators of a parameter that have values they cannot
// take.
type operatorMisses struct {
	any      bool
	first    string
	got      any
	expected []string
}

func (m *operatorMisses) add(operator, expected string, got any) {
	m.any = true
	if expected == "" {
		return
	}
	if m.first == "" {
		m.first, m.got = operator, got
	}
	m.expected = append(m.expected, expected)
}

func (c *compiler) wrongOperators(f filter, at string, misses operatorMisses, values map[string]any) condition {
	switch {
	case f.kind == byText:
		return c.wrong(f, at, "string, array", values)
	case misses.first == "":
		c.findings = append(c.findings, "Invalid input")
	case at != "":
		c.findings = append(c.findings, fmt.Sprintf("Field '%s, %s, %s' is required", at, f.name, misses.first))
	default:
		c.findings = append(c.findings, wrongType(strings.Join(misses.expected, ", "), f.name+", "+misses.first, misses.got))
	}
	return never
}

// isNull reports the text null for a date, which stands for a date that is not there.
// Within a list it is a value that nothing equals and everything may differ from.
func (f filter) isNull(value any) bool { return f.kind == byDate && value == null }

const null = "null"

// againstNull compiles an operator whose operand is null.
func againstNull(column, operator string) condition {
	switch operator {
	case "$eq":
		return func(_ *store, r *record) bool { return r.values[column] == nil }
	case "$ne":
		return func(_ *store, r *record) bool { return r.values[column] != nil }
	}
	return never
}

// operator compiles one operator. A column that is null never fits, whatever the
// operator.
func (c *compiler) operator(f filter, name string, alternatives []string) condition {
	if (name == "$eq" || name == "$ne") && len(alternatives) != 1 {
		c.crashes = true // PostgreSQL does not compare a value with a row of values
	}
	switch name {
	case "$eq", "$in":
		return oneOf(f.name, c.operands(f, alternatives))
	case "$ne", "$nin":
		if f.kind == byDate && slices.Contains(alternatives, null) {
			return never
		}
		listed := oneOf(f.name, c.operands(f, alternatives))
		return func(st *store, r *record) bool { return r.values[f.name] != nil && !listed(st, r) }
	case "$gt", "$gte", "$lt", "$lte":
		return ordered(f.name, name, c.operands(f, alternatives)[0])
	}
	return c.pattern(f, name, alternatives[0])
}

func ordered(column, operator string, bound any) condition {
	return func(_ *store, r *record) bool {
		value := r.values[column]
		if value == nil {
			return false
		}
		order := compare(value, bound)
		switch operator {
		case "$gt":
			return order > 0
		case "$gte":
			return order >= 0
		case "$lt":
			return order < 0
		default:
			return order <= 0
		}
	}
}

// pattern compiles the operators that only text has.
func (c *compiler) pattern(f filter, operator, value string) condition {
	var matches func(string) bool
	switch {
	case f.kind == byDate || operator == "$contains":
		c.crashes = true
		return never
	case operator == "$re":
		expression, err := regexp.Compile(value)
		if err != nil {
			c.crashes = true
			return never
		}
		matches = expression.MatchString
	default:
		matches = like(value, operator == "$ilike")
	}
	return func(_ *store, r *record) bool {
		text, ok := r.values[f.name].(string)
		return ok && matches(text)
	}
}

// operands turns texts into values of the column.
func (c *compiler) operands(f filter, values []string) []any {
	out := make([]any, 0, len(values))
	for _, value := range values {
		switch {
		case f.kind != byDate:
			out = append(out, value)
		case value != null:
			out = append(out, c.time(value))
		}
	}
	return out
}

// time reads a date as PostgreSQL does, in UTC where it names no zone. What it
// cannot read is an error of the database.
func (c *compiler) time(value string) time.Time {
	value = strings.Replace(value, " ", "T", 1)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, value); err == nil {
			return t
		}
	}
	c.crashes = true
	return time.Time{}
}

var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "20060102",
	"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00",
}
