package xclade

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// The limits beyond which the server drops a query without an answer: it reads 1000
// parameters, and a request's head of 16 KiB, including the headers.
const (
	maxIDs        = 300
	maxQueryBytes = 12 << 10
	maxNumber     = 1<<53 - 1 // JavaScript keeps no greater one
	maxLimit      = 10_000    // rows of an answer that are read
)

// params collects parameters in the server's form: brackets for operators and members,
// several values under one key with [].
type params struct {
	values   url.Values
	problems *transport.Problems
	// The parameter, "" for none, and the field of the request whose members are added.
	parent, field string
}

func newParams(problems *transport.Problems) params {
	return params{values: make(url.Values), problems: problems}
}

// in returns params to which the members of a parameter are added.
func (p params) in(name, field string) params {
	p.parent, p.field = p.key(name), p.path(field)+"."
	return p
}

// key returns the key of a parameter.
func (p params) key(name string) string {
	if p.parent == "" {
		return name
	}
	return p.parent + "[" + name + "]"
}

// path returns the name of a field for a problem.
func (p params) path(field string) string { return p.field + field }

// done returns the parameters, or notes that there are too many.
func (p params) done() url.Values {
	encoded := p.values.Encode()
	p.problems.Require(len(encoded) <= maxQueryBytes,
		"Filter", "is too long: the server reads %d bytes of query; use fewer values", maxQueryBytes)
	p.problems.Require(!strings.Contains(encoded, "%00"), "Filter", noNUL)
	p.problems.UTF8(p.values, "Filter")
	return p.values
}

func (p params) text(name, value string) {
	if value != "" {
		p.values.Set(p.key(name), value)
	}
}

func (p params) flag(name string, set bool) {
	if set {
		p.values.Set(p.key(name), "true")
	}
}

// anyOf adds a condition on a list of values. A single value is sent as a scalar: the
// server would split the only element of a list at its commas.
func (p params) anyOf(name, field string, values []string) {
	if len(values) == 1 {
		p.values.Set(p.key(name), values[0])
		return
	}
	p.list(name, field, values)
}

func (p params) list(name, field string, values []string) {
	field = p.path(field)
	transport.Values(p.problems, field, values)
	p.problems.Require(len(values) <= maxIDs, field, "holds %d values; the server reads at most %d", len(values), maxIDs)
	if len(values) > 0 {
		p.values[p.key(name)+"[]"] = values
	}
}

// match adds a condition on a text, as a plain list if possible, which all servers
// know.
func (p params) match(name, field string, m Match) {
	if m.onlyIn() {
		p.anyOf(name, field+".In", m.In)
		return
	}
	p = p.in(name, field)
	p.problems.Require(!endsInEscape(m.Like), p.path("Like"), "must not end with a single backslash")
	p.problems.Require(!endsInEscape(m.ILike), p.path("ILike"), "must not end with a single backslash")
	if wrong := regexpProblem(m.Regexp); wrong != "" {
		p.problems.Add(p.path("Regexp"), "%s", wrong)
	}
	p.list("$in", "In", m.In)
	p.list("$nin", "NotIn", m.NotIn)
	p.text("$gt", m.Greater)
	p.text("$gte", m.GreaterOrEqual)
	p.text("$lt", m.Less)
	p.text("$lte", m.LessOrEqual)
	p.text("$like", m.Like)
	p.text("$ilike", m.ILike)
	p.text("$re", m.Regexp)
}

func (m Match) onlyIn() bool {
	return m.NotIn == nil && m.Greater+m.GreaterOrEqual+m.Less+m.LessOrEqual+m.Like+m.ILike+m.Regexp == ""
}

func (p params) times(name, field string, r TimeRange) {
	p = p.in(name, field)
	p.time("$gt", "After", r.After)
	p.time("$gte", "NotBefore", r.NotBefore)
	p.time("$lt", "Before", r.Before)
	p.time("$lte", "NotAfter", r.NotAfter)
}

func (p params) time(name, field string, t time.Time) {
	if t.IsZero() {
		return
	}
	p.problems.Time(p.path(field), t)
	p.values.Set(p.key(name), t.UTC().Format(time.RFC3339Nano))
}

func (p params) page(entity, order string, limit, offset int) {
	p.problems.Require(limit >= 0, "Limit", "must not be negative; 0 means the server's default")
	p.problems.Require(offset >= 0, "Offset", "must not be negative")
	p.problems.Require(limit <= maxLimit, "Limit", "must be at most %d", maxLimit)
	p.problems.Require(int64(offset) <= maxNumber, "Offset", "must be at most %d", int64(maxNumber))
	p.order(entity, order)
	if limit > 0 {
		p.values.Set("limit", strconv.Itoa(limit))
	}
	if offset > 0 {
		p.values.Set("offset", strconv.Itoa(offset))
	}
}

// order adds an order by one known field: the server fails on a list of fields, and on
// an unknown one.
func (p params) order(entity, order string) {
	name := strings.TrimPrefix(order, "-")
	switch {
	case order == "":
		return
	case !fieldName.MatchString(name):
		p.problems.Add("Order", `must be one field, with "-" before it for descending order`)
	case !orderable(entity, name):
		p.problems.Add("Order", "must be a field of what is listed, such as created_at, or one of a relation, such as %s", relatedExample[entity])
	}
	p.text("order", order)
}
