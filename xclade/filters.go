package xclade

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// What a query may hold before the server drops it without an answer: it reads
// 1000 parameters, and a request's head of 16 KiB, of which some is needed for
// the headers.
const (
	maxIDs        = 300
	maxQueryBytes = 12 << 10
	maxNumber     = 1<<53 - 1 // JavaScript keeps no greater one
	maxLimit      = 10_000    // rows of an answer that are read
)

// CustomerFilter narrows a list of customers. Conditions that are set must all
// be met; a list of values is met by any of them. A list that is nil is no condition;
// one that is empty is souk.ErrInvalid, since the server would list everything.
// Comparisons heed letter case.
type CustomerFilter struct {
	// ID needs a server of Medusa 2.8 or later for anything but In.
	ID          Match
	Email       []string
	CompanyName []string
	FirstName   []string
	LastName    []string
	CreatedBy   []string
	// Groups is met by members of a group that it describes.
	Groups     GroupMatch
	HasAccount *bool
	CreatedAt  TimeRange
	UpdatedAt  TimeRange
	// DeletedAt is in the server's documents. It meets no row: those who were
	// deleted are not listed.
	DeletedAt TimeRange
}

// CustomerGroupFilter narrows a list of customer groups as [CustomerFilter] does.
type CustomerGroupFilter struct {
	ID        []string
	Name      []string
	CreatedBy []string
	// Customers is met by groups of a customer whom it describes.
	Customers CustomerMatch
	CreatedAt TimeRange
	UpdatedAt TimeRange
	// DeletedAt is in the server's documents. It meets no row.
	DeletedAt TimeRange
}

// GroupMatch describes a group. All that is set must be met.
type GroupMatch struct {
	ID, Name             []string
	CreatedAt, UpdatedAt TimeRange
}

// CustomerMatch describes a customer. All that is set must be met.
type CustomerMatch struct {
	ID                               []string
	Email                            Match
	CompanyName, FirstName, LastName []string
	CreatedBy                        []string
	CreatedAt, UpdatedAt             TimeRange
}

// Match is a condition on a text. All that is set must be met.
type Match struct {
	// In is met by any of these values, NotIn by none of them.
	In, NotIn []string
	// Greater and Less compare by code points; OrEqual adds equality to both.
	Greater, GreaterOrEqual, Less, LessOrEqual string
	// Like is an SQL pattern with % and _; ILike ignores letter case. A backslash
	// takes the next character as it is.
	Like, ILike string
	// Regexp is a POSIX regular expression, in PostgreSQL's advanced syntax: \d and
	// (?:…) are known, \pL and (?P<name>…) are not.
	Regexp string
}

// TimeRange is a condition on a time. Zero bounds are open.
type TimeRange struct {
	After, NotBefore, Before, NotAfter time.Time
}

// params collects parameters in the form that the server reads: brackets for
// operators and members, several values under one key with [].
type params struct {
	values   url.Values
	problems *transport.Problems
}

func newParams(problems *transport.Problems) params {
	return params{values: make(url.Values), problems: problems}
}

// done returns the parameters, or notes that they are too many.
func (p params) done() url.Values {
	encoded := p.values.Encode()
	p.problems.Require(len(encoded) <= maxQueryBytes,
		"Filter", "is too long: the server reads %d bytes of query; use fewer values", maxQueryBytes)
	p.problems.Require(!strings.Contains(encoded, "%00"), "Filter", noNUL)
	return p.values
}

func (p params) text(key, value string) {
	if value != "" {
		p.values.Set(key, value)
	}
}

func (p params) flag(key string, set bool) {
	if set {
		p.values.Set(key, "true")
	}
}

// anyOf sends a single value as a scalar: the server would split the one element
// of a list at its commas.
func (p params) anyOf(key, field string, values []string) {
	if len(values) == 1 {
		p.values.Set(key, values[0])
		return
	}
	p.list(key, field, values)
}

func (p params) list(key, field string, values []string) {
	p.problems.Require(values == nil || len(values) > 0, field, "must not be empty: without a value the server would leave the filter out; nil means no filter")
	p.problems.Require(len(values) <= maxIDs, field, "holds %d values; the server reads at most %d", len(values), maxIDs)
	if len(values) > 0 {
		p.values[key+"[]"] = values
	}
}

// match sends a plain list where it can, which all servers know.
func (p params) match(key, field string, m Match) {
	if m.onlyIn() {
		p.anyOf(key, field+".In", m.In)
		return
	}
	p.problems.Require(!endsInEscape(m.Like), field+".Like", "must not end with a single backslash")
	p.problems.Require(!endsInEscape(m.ILike), field+".ILike", "must not end with a single backslash")
	if wrong := regexpProblem(m.Regexp); wrong != "" {
		p.problems.Add(field+".Regexp", "%s", wrong)
	}
	p.list(key+"[$in]", field+".In", m.In)
	p.list(key+"[$nin]", field+".NotIn", m.NotIn)
	p.text(key+"[$gt]", m.Greater)
	p.text(key+"[$gte]", m.GreaterOrEqual)
	p.text(key+"[$lt]", m.Less)
	p.text(key+"[$lte]", m.LessOrEqual)
	p.text(key+"[$like]", m.Like)
	p.text(key+"[$ilike]", m.ILike)
	p.text(key+"[$re]", m.Regexp)
}

func (m Match) onlyIn() bool {
	return m.NotIn == nil && m.Greater+m.GreaterOrEqual+m.Less+m.LessOrEqual+m.Like+m.ILike+m.Regexp == ""
}

func (p params) times(key, field string, r TimeRange) {
	if r == (TimeRange{}) {
		return
	}
	p.time(key+"[$gt]", field+".After", r.After)
	p.time(key+"[$gte]", field+".NotBefore", r.NotBefore)
	p.time(key+"[$lt]", field+".Before", r.Before)
	p.time(key+"[$lte]", field+".NotAfter", r.NotAfter)
}

func (p params) time(key, field string, t time.Time) {
	if t.IsZero() {
		return
	}
	t = t.UTC()
	p.problems.Require(t.Year() >= 1 && t.Year() <= 9999, field, "must lie in the years 1 to 9999")
	p.values.Set(key, t.Format(time.RFC3339Nano))
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

// order takes one field that the server knows: it fails on a list of them, and on
// any other.
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

func (f CustomerFilter) add(p params, path func(key string) string, field string) {
	p.match(path("id"), field+"ID", f.ID)
	p.anyOf(path("email"), field+"Email", f.Email)
	p.anyOf(path("company_name"), field+"CompanyName", f.CompanyName)
	p.anyOf(path("first_name"), field+"FirstName", f.FirstName)
	p.anyOf(path("last_name"), field+"LastName", f.LastName)
	p.anyOf(path("created_by"), field+"CreatedBy", f.CreatedBy)
	f.Groups.add(p, path("groups"), field+"Groups.")
	if f.HasAccount != nil {
		p.values.Set(path("has_account"), strconv.FormatBool(*f.HasAccount))
	}
	p.times(path("created_at"), field+"CreatedAt", f.CreatedAt)
	p.times(path("updated_at"), field+"UpdatedAt", f.UpdatedAt)
	p.times(path("deleted_at"), field+"DeletedAt", f.DeletedAt)
}

func (f CustomerGroupFilter) add(p params, path func(key string) string, field string) {
	p.anyOf(path("id"), field+"ID", f.ID)
	p.anyOf(path("name"), field+"Name", f.Name)
	p.anyOf(path("created_by"), field+"CreatedBy", f.CreatedBy)
	f.Customers.add(p, path("customers"), field+"Customers.")
	p.times(path("created_at"), field+"CreatedAt", f.CreatedAt)
	p.times(path("updated_at"), field+"UpdatedAt", f.UpdatedAt)
	p.times(path("deleted_at"), field+"DeletedAt", f.DeletedAt)
}

func (m GroupMatch) add(p params, key, field string) {
	p.anyOf(key+"[id]", field+"ID", m.ID)
	p.anyOf(key+"[name]", field+"Name", m.Name)
	p.times(key+"[created_at]", field+"CreatedAt", m.CreatedAt)
	p.times(key+"[updated_at]", field+"UpdatedAt", m.UpdatedAt)
}

func (m CustomerMatch) add(p params, key, field string) {
	p.anyOf(key+"[id]", field+"ID", m.ID)
	p.match(key+"[email]", field+"Email", m.Email)
	p.anyOf(key+"[company_name]", field+"CompanyName", m.CompanyName)
	p.anyOf(key+"[first_name]", field+"FirstName", m.FirstName)
	p.anyOf(key+"[last_name]", field+"LastName", m.LastName)
	p.anyOf(key+"[created_by]", field+"CreatedBy", m.CreatedBy)
	p.times(key+"[created_at]", field+"CreatedAt", m.CreatedAt)
	p.times(key+"[updated_at]", field+"UpdatedAt", m.UpdatedAt)
}

// top is the path of a filter outside $and and $or.
func top(key string) string { return key }

// branches adds the filters inside $and or $or. They must be numbered: without
// numbers the server makes one of them all. Without a condition a branch would not
// reach the server, which would then take the others for all.
func branches[F interface {
	add(p params, path func(key string) string, field string)
}](p params, operator, field string, filters []F) {
	p.problems.Require(filters == nil || len(filters) > 0, field, "must not be empty; nil means no filter")
	for i, filter := range filters {
		path := func(key string) string { return fmt.Sprintf("%s[%d][%s]", operator, i, key) }
		branch, before := fmt.Sprintf("%s[%d]", field, i), len(p.values)
		filter.add(p, path, branch+".")
		p.problems.Require(len(p.values) > before, branch, "must have a condition: an empty filter matches everything")
	}
}
