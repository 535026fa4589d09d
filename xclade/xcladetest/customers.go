package xcladetest

import (
	"fmt"
	"net/http"
	"strconv"
)

var customerBody = []member{
	{name: "email", check: isEmail},
	{name: "company_name", check: isText},
	{name: "first_name", check: isText},
	{name: "last_name", check: isText},
	{name: "phone", check: isText},
	{name: "metadata", check: isRecord},
	{name: "additional_data", check: isRecord},
}

var customerFilters = []filter{
	{name: "q", kind: bySearch, related: customers},
	{name: "id", operators: true},
	{name: "email"},
	{name: "groups", kind: byRelation, related: groups, listError: "object, string", inner: []filter{
		{name: "id"},
		{name: "name"},
		{name: "created_at", kind: byDate},
		{name: "updated_at", kind: byDate},
		{name: "deleted_at", kind: byDate},
	}},
	{name: "company_name"},
	{name: "first_name"},
	{name: "last_name"},
	{name: "has_account", kind: byFlag},
	{name: "created_by"},
	{name: "created_at", kind: byDate},
	{name: "updated_at", kind: byDate},
	{name: "deleted_at", kind: byDate},
}

// AddAccount adds a customer with has_account true, as a sign-up in the shop does, and
// returns its id. The Admin API itself creates guests only. It fails if the e-mail
// address is taken.
func (s *Server) AddAccount(email string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := account{email, true}
	if s.store.emails[owner] != "" {
		return "", fmt.Errorf("xcladetest: there is an account with the e-mail already")
	}
	r := s.store.insert(customers, "cus", map[string]any{"email": email, "has_account": true})
	s.store.emails[owner] = r.id()
	return r.id(), nil
}

// Seed adds n guests, as if the admin had created them. Names, e-mail addresses and
// phone numbers are derived from a number: the first is Customer 1 with
// customer1@example.test and +493000000001. The next call continues the numbers. A
// number whose e-mail address is taken is skipped.
func (s *Server) Seed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n > 0 {
		s.seeded++
		guest := account{fmt.Sprintf("customer%d@example.test", s.seeded), false}
		if s.store.emails[guest] != "" {
			continue
		}
		s.store.claim(s.store.insert(customers, "cus", map[string]any{
			"email":       guest.email,
			"first_name":  "Customer",
			"last_name":   strconv.Itoa(s.seeded),
			"phone":       fmt.Sprintf("+4930%08d", s.seeded),
			"has_account": false,
			"created_by":  s.auth.userID,
		}))
		n--
	}
}

func listCustomers(s *Server, c *call) (any, error) {
	p, err := c.listQuery(customers, customerFilters, true)
	if err != nil {
		return nil, err
	}
	return s.store.list(customers, p, "customers", always)
}

func createCustomer(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(customerBody, customers)
	if err != nil {
		return nil, err
	}
	email, _ := values["email"].(string)
	guest := account{email, false}
	if email != "" && s.store.emails[guest] != "" {
		return nil, emailTaken(guest)
	}
	values["has_account"] = false
	values["created_by"] = c.actor
	r := s.store.insert(customers, "cus", values)
	s.store.claim(r)
	return s.showCustomer(r.id(), shown), nil
}

func getCustomer(s *Server, c *call) (any, error) {
	shown, err := c.selectQuery(customers)
	if err != nil {
		return nil, err
	}
	if s.store.find(customers, c.ids[0]) == nil {
		return nil, refuse(http.StatusNotFound, "not_found", "Customer with id: %s not found", c.ids[0])
	}
	return s.showCustomer(c.ids[0], shown), nil
}

func updateCustomer(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(customerBody, customers)
	if err != nil {
		return nil, err
	}
	r := s.store.find(customers, c.ids[0])
	if r == nil {
		return nil, refuse(http.StatusNotFound, "not_found", `Customer with id "%s" not found`, c.ids[0])
	}
	delete(values, "additional_data")
	has, _ := r.values["has_account"].(bool)
	if email, ok := values["email"].(string); ok {
		wanted := account{email, has}
		if owner := s.store.emails[wanted]; owner != "" && owner != r.id() {
			return nil, emailTaken(wanted)
		}
	}
	s.store.release(r)
	s.store.update(r, values)
	s.store.claim(r)
	return s.showCustomer(r.id(), shown), nil
}

// deleteCustomer deletes the addresses, too, and keeps the memberships, as the server
// does: the customer's id still finds the groups.
func deleteCustomer(s *Server, c *call) (any, error) {
	if r := s.store.find(customers, c.ids[0]); r != nil {
		for _, address := range s.store.related(customers, r, "addresses") {
			s.store.delete(address)
		}
		s.store.release(r)
		s.store.delete(r)
	}
	return deletion{ID: c.ids[0], Object: "customer", Deleted: true}, nil
}

// deletion is the answer to a delete, which never fails.
type deletion struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
	Parent  any    `json:"parent,omitempty"`
}

// showCustomer wraps a customer for an answer. One that does not exist is left
// out of it.
func (s *Server) showCustomer(id string, shown *selection) any {
	return s.show(customers, "customer", id, shown)
}

func (s *Server) show(k kind, name, id string, shown *selection) any {
	out := make(map[string]any)
	if r := s.store.find(k, id); r != nil {
		out[name] = s.store.render(k, r, shown)
	}
	return out
}

func emailTaken(a account) *refusal {
	return refuse(http.StatusBadRequest, "invalid_data",
		"Customer with email: %s, has_account: %t, already exists.", a.email, a.has)
}

// claim takes the customer's e-mail, release gives it back.
func (st *store) claim(r *record) {
	if a, ok := accountOf(r); ok {
		st.emails[a] = r.id()
	}
}

func (st *store) release(r *record) {
	if a, ok := accountOf(r); ok {
		delete(st.emails, a)
	}
}

func accountOf(r *record) (account, bool) {
	email, ok := r.values["email"].(string)
	has, _ := r.values["has_account"].(bool)
	return account{email, has}, ok
}
