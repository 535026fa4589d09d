package xclade

import (
	"fmt"
	"strconv"
	"time"
)

// CustomerFilter narrows a list of customers. All conditions that are set must match; a
// list of values matches any of them. A nil list is no condition; an empty list is
// [souk.ErrInvalid], since the server would list everything. Comparisons are
// case-sensitive.
type CustomerFilter struct {
	// ID requires Medusa 2.8 or later, except for In.
	ID          Match
	Email       []string
	CompanyName []string
	FirstName   []string
	LastName    []string
	CreatedBy   []string
	// Groups matches the members of the groups that it describes.
	Groups     GroupMatch
	HasAccount *bool
	CreatedAt  TimeRange
	UpdatedAt  TimeRange
	// DeletedAt is documented by the server. It matches no row: deleted customers are
	// not listed.
	DeletedAt TimeRange
}

// CustomerGroupFilter narrows a list of customer groups as [CustomerFilter] does.
type CustomerGroupFilter struct {
	ID        []string
	Name      []string
	CreatedBy []string
	// Customers matches the groups of the customers that it describes.
	Customers CustomerMatch
	CreatedAt TimeRange
	UpdatedAt TimeRange
	// DeletedAt is documented by the server. It matches no row.
	DeletedAt TimeRange
}

// GroupMatch describes a group. All conditions that are set must match.
type GroupMatch struct {
	ID, Name             []string
	CreatedAt, UpdatedAt TimeRange
}

// CustomerMatch describes a customer. All conditions that are set must match.
type CustomerMatch struct {
	ID                               []string
	Email                            Match
	CompanyName, FirstName, LastName []string
	CreatedBy                        []string
	CreatedAt, UpdatedAt             TimeRange
}

// Match is a condition on a text. All fields that are set must match.
type Match struct {
	// In matches any of these values, NotIn any other value.
	In, NotIn []string
	// Greater and Less compare by code points; OrEqual adds equality to both.
	Greater, GreaterOrEqual, Less, LessOrEqual string
	// Like is an SQL pattern with % and _; ILike ignores letter case. A backslash
	// escapes the next character.
	Like, ILike string
	// Regexp is a POSIX regular expression in PostgreSQL's advanced syntax, which
	// supports \d and (?:…), but not \pL and (?P<name>…).
	Regexp string
}

// TimeRange is a condition on a time. A zero bound is open.
type TimeRange struct {
	After, NotBefore, Before, NotAfter time.Time
}

func (f CustomerFilter) add(p params) {
	p.match("id", "ID", f.ID)
	p.anyOf("email", "Email", f.Email)
	p.anyOf("company_name", "CompanyName", f.CompanyName)
	p.anyOf("first_name", "FirstName", f.FirstName)
	p.anyOf("last_name", "LastName", f.LastName)
	p.anyOf("created_by", "CreatedBy", f.CreatedBy)
	f.Groups.add(p.in("groups", "Groups"))
	if f.HasAccount != nil {
		p.text("has_account", strconv.FormatBool(*f.HasAccount))
	}
	p.times("created_at", "CreatedAt", f.CreatedAt)
	p.times("updated_at", "UpdatedAt", f.UpdatedAt)
	p.times("deleted_at", "DeletedAt", f.DeletedAt)
}

func (f CustomerGroupFilter) add(p params) {
	p.anyOf("id", "ID", f.ID)
	p.anyOf("name", "Name", f.Name)
	p.anyOf("created_by", "CreatedBy", f.CreatedBy)
	f.Customers.add(p.in("customers", "Customers"))
	p.times("created_at", "CreatedAt", f.CreatedAt)
	p.times("updated_at", "UpdatedAt", f.UpdatedAt)
	p.times("deleted_at", "DeletedAt", f.DeletedAt)
}

func (m GroupMatch) add(p params) {
	p.anyOf("id", "ID", m.ID)
	p.anyOf("name", "Name", m.Name)
	p.times("created_at", "CreatedAt", m.CreatedAt)
	p.times("updated_at", "UpdatedAt", m.UpdatedAt)
}

func (m CustomerMatch) add(p params) {
	p.anyOf("id", "ID", m.ID)
	p.match("email", "Email", m.Email)
	p.anyOf("company_name", "CompanyName", m.CompanyName)
	p.anyOf("first_name", "FirstName", m.FirstName)
	p.anyOf("last_name", "LastName", m.LastName)
	p.anyOf("created_by", "CreatedBy", m.CreatedBy)
	p.times("created_at", "CreatedAt", m.CreatedAt)
	p.times("updated_at", "UpdatedAt", m.UpdatedAt)
}

// filter is a filter that can be a branch of $and and $or.
type filter interface{ add(p params) }

// branches adds the filters inside $and or $or. They must be numbered: without numbers
// the server merges them into one. A branch without a condition would not reach the
// server, which would then see only the others.
func branches[F filter](p params, operator, field string, filters []F) {
	p.problems.Require(filters == nil || len(filters) > 0, field, "must not be empty; nil means no filter")
	for i, filter := range filters {
		branch, before := fmt.Sprintf("%s[%d]", field, i), len(p.values)
		filter.add(p.in(fmt.Sprintf("%s[%d]", operator, i), branch))
		p.problems.Require(len(p.values) > before, branch, "must have a condition: an empty filter matches everything")
	}
}
