package xclade

import (
	"fmt"
	"strconv"
	"time"
)

// CustomerFilter narrows a list of customers. Conditions that are set must all
// be met; a list of values is met by any of them. A list that is nil is no condition;
// one that is empty is [souk.ErrInvalid], since the server would list everything.
// Comparisons are case-sensitive.
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

// branches adds the filters inside $and or $or. They must be numbered: without
// numbers the server makes one of them all. Without a condition a branch would not
// reach the server, which would then take the others for all.
func branches[F filter](p params, operator, field string, filters []F) {
	p.problems.Require(filters == nil || len(filters) > 0, field, "must not be empty; nil means no filter")
	for i, filter := range filters {
		branch, before := fmt.Sprintf("%s[%d]", field, i), len(p.values)
		filter.add(p.in(fmt.Sprintf("%s[%d]", operator, i), branch))
		p.problems.Require(len(p.values) > before, branch, "must have a condition: an empty filter matches everything")
	}
}
