package xcladetest

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// kind is a kind of row.
type kind int

const (
	customers kind = iota
	addresses
	groups
	others // rows of modules that the stand-in does not have
)

// entity names what a kind of row has.
type entity struct {
	columns   []string
	defaults  []string // what an answer holds when no fields are asked for
	search    []string // where the parameter q looks
	relations map[string]relation
}

type relation struct {
	kind kind
	one  bool // whether the row itself holds the other's id
}

var entities = [...]entity{
	customers: {
		columns:  customerColumns,
		defaults: customerColumns,
		search:   []string{"company_name", "first_name", "last_name", "email", "phone"},
		relations: map[string]relation{
			"addresses":       {kind: addresses},
			"groups":          {kind: groups},
			"orders":          {kind: others},
			"account_holders": {kind: others},
		},
	},
	addresses: {
		columns: []string{
			"id", "address_name", "is_default_shipping", "is_default_billing", "company", "first_name",
			"last_name", "address_1", "address_2", "city", "country_code", "province", "postal_code",
			"phone", "metadata", "customer_id", "created_at", "updated_at", "deleted_at",
		},
		defaults: []string{
			"id", "address_name", "company", "customer_id", "first_name", "last_name", "address_1", "address_2",
			"city", "province", "postal_code", "country_code", "phone", "metadata", "created_at", "updated_at",
		},
		search: []string{
			"address_name", "company", "first_name", "last_name", "address_1", "address_2", "city", "province", "postal_code",
		},
		relations: map[string]relation{"customer": {kind: customers, one: true}},
	},
	groups: {
		columns:   groupColumns,
		defaults:  groupColumns,
		search:    []string{"name"},
		relations: map[string]relation{"customers": {kind: customers}},
	},
	others: {},
}

var (
	customerColumns = []string{
		"id", "company_name", "first_name", "last_name", "email", "phone", "metadata", "has_account",
		"created_by", "created_at", "updated_at", "deleted_at",
	}
	groupColumns = []string{"id", "name", "created_by", "created_at", "updated_at", "deleted_at", "metadata"}
)

// record is a row: nil, string, bool, map[string]any (metadata, never changed in
// place) or time.Time by column.
type record struct {
	kind    kind
	values  map[string]any
	written int    // when it was last written; unordered reads come in this order
	search  string // its columns that the parameter q looks in, in lower case
}

func (r *record) id() string    { return r.text("id") }
func (r *record) deleted() bool { return r.values["deleted_at"] != nil }

// text is a column's string, "" when it is null.
func (r *record) text(column string) string {
	s, _ := r.values[column].(string)
	return s
}

// store holds the rows. Deleted rows stay, marked, as references to them remain
// valid. Callers hold the lock of the server.
type store struct {
	ids     *ids
	now     func() time.Time
	rows    [others][]*record    // in order of id
	hay     [others]haystack     // that rows are searched in
	homes   map[string][]*record // addresses by customer
	members []membership         // in order of joining
	joined  map[membership]bool  // the same as a set
	emails  map[account]string
	names   map[string]string
	writes  int
}

type membership struct{ customer, group string }

// account is what must be unique among live customers.
type account struct {
	email string
	has   bool
}

func newStore(now func() time.Time) *store {
	return &store{
		ids:    &ids{now: now},
		now:    now,
		homes:  make(map[string][]*record),
		joined: make(map[membership]bool),
		emails: make(map[account]string),
		names:  make(map[string]string),
	}
}

// find returns the live row of that kind and id, or nil.
func (st *store) find(k kind, id string) *record {
	r := st.lookup(k, id)
	if r == nil || r.deleted() {
		return nil
	}
	return r
}

// lookup is find for deleted rows, too.
func (st *store) lookup(k kind, id string) *record {
	i, found := slices.BinarySearchFunc(st.rows[k], id, func(r *record, id string) int { return cmp.Compare(r.id(), id) })
	if !found {
		return nil
	}
	return st.rows[k][i]
}

// insert adds a row of which values holds what is not null and not a default.
func (st *store) insert(k kind, prefix string, values map[string]any) *record {
	now := st.now()
	row := map[string]any{"created_at": now, "updated_at": now}
	for _, column := range entities[k].columns {
		if _, ok := row[column]; !ok {
			row[column] = values[column]
		}
	}
	row["id"] = st.ids.next(prefix)
	r := &record{kind: k, values: row}
	st.rows[k] = append(st.rows[k], r)
	st.touch(r)
	return r
}

// update changes what differs. If nothing does, updated_at stays.
func (st *store) update(r *record, values map[string]any) {
	changed := false
	for column, value := range values {
		if column == "metadata" {
			value = mergeMetadata(r.values[column], value)
		}
		if equal(r.values[column], value) {
			continue
		}
		r.values[column] = value
		changed = true
	}
	if changed {
		r.values["updated_at"] = st.now()
		st.touch(r)
	}
}

func (st *store) delete(r *record) {
	now := st.now()
	r.values["deleted_at"] = now
	r.values["updated_at"] = now
	st.touch(r)
}

func (st *store) touch(r *record) {
	st.writes++
	r.written = st.writes
	var texts []string
	for _, column := range entities[r.kind].search {
		texts = append(texts, strings.ToLower(r.text(column)))
	}
	if search := strings.Join(texts, betweenColumns); search != r.search {
		r.search = search
		st.hay[r.kind].add(r)
	}
}

// betweenColumns is what no parameter can hold.
const betweenColumns = "\x00"

// related returns the live rows that a relation leads to, in the order in which
// the server hands them out.
func (st *store) related(k kind, r *record, name string) []*record {
	var found []*record
	switch {
	case k == customers && name == "addresses":
		found = st.addressesOf(r.id())
		slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(a.written, b.written) })
	case k == customers && name == "groups":
		for _, m := range st.members {
			if m.customer == r.id() {
				found = appendLive(found, st.find(groups, m.group))
			}
		}
	case k == groups && name == "customers":
		for _, m := range st.members {
			if m.group == r.id() {
				found = appendLive(found, st.find(customers, m.customer))
			}
		}
	case k == addresses && name == "customer":
		found = appendLive(found, st.find(customers, r.text("customer_id")))
	}
	return found
}

// addressesOf returns the live addresses of a customer in order of id.
func (st *store) addressesOf(customer string) []*record {
	var found []*record
	for _, address := range st.homes[customer] {
		if !address.deleted() {
			found = append(found, address)
		}
	}
	return found
}

func appendLive(rows []*record, r *record) []*record {
	if r == nil {
		return rows
	}
	return append(rows, r)
}
