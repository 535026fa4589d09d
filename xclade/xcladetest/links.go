package xcladetest

import "slices"

var linkBody = []member{
	{name: "add", check: isTexts, notNull: true},
	{name: "remove", check: isTexts, notNull: true},
}

// linkGroups puts a customer into groups and takes it out of others.
func linkGroups(s *Server, c *call) (any, error) {
	customer := c.ids[0]
	shown, err := s.link(c, customers, func(group string) membership { return membership{customer, group} })
	if err != nil {
		return nil, err
	}
	return s.showCustomer(customer, shown), nil
}

// linkCustomers puts customers into a group and takes others out of it.
func linkCustomers(s *Server, c *call) (any, error) {
	group := c.ids[0]
	shown, err := s.link(c, groups, func(customer string) membership { return membership{customer, group} })
	if err != nil {
		return nil, err
	}
	return s.showGroup(group, shown), nil
}

// link changes memberships, all or none. An id of both lists ends up in; the real
// server leaves that to chance.
func (s *Server) link(c *call, k kind, pair func(id string) membership) (*selection, error) {
	values, shown, err := c.checkWrite(linkBody, k)
	if err != nil {
		return nil, err
	}
	add, _ := texts(values["add"])
	remove, _ := texts(values["remove"])
	for _, id := range add {
		if err := s.store.checkMembership(pair(id)); err != nil {
			return nil, err
		}
	}
	for _, id := range remove {
		s.store.leave(func(m membership) bool { return m == pair(id) })
	}
	for _, id := range add {
		s.store.join(pair(id))
	}
	return shown, nil
}

// checkMembership wants both rows to have existed once; deleted ones will do.
func (st *store) checkMembership(m membership) error {
	if st.lookup(groups, m.group) == nil {
		return noRelation("customer_group_id", m.group)
	}
	if st.lookup(customers, m.customer) == nil {
		return noRelation("customer_id", m.customer)
	}
	return nil
}

func (st *store) join(m membership) {
	if st.joined[m] {
		return
	}
	st.joined[m] = true
	st.members = append(st.members, m)
}

func (st *store) leave(gone func(membership) bool) {
	st.members = slices.DeleteFunc(st.members, func(m membership) bool {
		if !gone(m) {
			return false
		}
		delete(st.joined, m)
		return true
	})
}
