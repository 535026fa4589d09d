package xcladetest

import (
	"net/http"
	"strings"
)

var groupFilters = []filter{
	{name: "q", kind: bySearch, related: groups},
	{name: "id"},
	{name: "name"},
	{name: "customers", kind: byRelation, related: customers, listError: "string, object", inner: []filter{
		{name: "id"},
		{name: "email", operators: true},
		{name: "default_billing_address_id", missing: true},
		{name: "default_shipping_address_id", missing: true},
		{name: "company_name"},
		{name: "first_name"},
		{name: "last_name"},
		{name: "created_by"},
		{name: "created_at", kind: byDate},
		{name: "updated_at", kind: byDate},
		{name: "deleted_at", kind: byDate},
	}},
	{name: "created_by"},
	{name: "created_at", kind: byDate},
	{name: "updated_at", kind: byDate},
	{name: "deleted_at", kind: byDate},
}

func groupBody(nameRequired bool) []member {
	return []member{
		{name: "name", check: isText, notNull: true, required: nameRequired},
		{name: "metadata", check: isRecord},
	}
}

func listGroups(s *Server, c *call) (any, error) {
	p, err := c.listQuery(groups, groupFilters, true)
	if err != nil {
		return nil, err
	}
	return s.store.list(groups, p, "customer_groups", always)
}

func createGroup(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(groupBody(true), groups)
	if err != nil {
		return nil, err
	}
	name, _ := values["name"].(string)
	if s.store.names[name] != "" {
		return nil, nameTaken(name)
	}
	values["created_by"] = c.actor
	r := s.store.insert(groups, "cusgroup", values)
	s.store.names[name] = r.id()
	return s.showGroup(r.id(), shown), nil
}

func getGroup(s *Server, c *call) (any, error) {
	shown, err := c.selectQuery(groups)
	if err != nil {
		return nil, err
	}
	if s.store.find(groups, c.ids[0]) == nil {
		return nil, refuse(http.StatusNotFound, "not_found", "Customer group with id: %s not found", c.ids[0])
	}
	return s.showGroup(c.ids[0], shown), nil
}

func updateGroup(s *Server, c *call) (any, error) {
	values, shown, err := c.checkWrite(groupBody(false), groups)
	if err != nil {
		return nil, err
	}
	r := s.store.find(groups, c.ids[0])
	if r == nil {
		return nil, refuse(http.StatusNotFound, "not_found", `Customer group with id "%s" not found`, c.ids[0])
	}
	if name, ok := values["name"].(string); ok {
		if owner := s.store.names[name]; owner != "" && owner != r.id() {
			return nil, nameTaken(name)
		}
		delete(s.store.names, r.text("name"))
		s.store.names[name] = r.id()
	}
	s.store.update(r, values)
	return s.showGroup(r.id(), shown), nil
}

// deleteGroup keeps who was in the group, as the server does: its id still finds them.
func deleteGroup(s *Server, c *call) (any, error) {
	if r := s.store.find(groups, c.ids[0]); r != nil {
		delete(s.store.names, r.text("name"))
		s.store.delete(r)
	}
	return deletion{ID: c.ids[0], Object: "customer_group", Deleted: true}, nil
}

func (s *Server) showGroup(id string, shown *selection) any {
	return s.show(groups, "customer_group", id, shown)
}

// nameTaken words the refusal as the server does, which looks for the name in a
// message of the database: it takes what follows the last parenthesis, stops at a
// comma, and has a name of t or f for a boolean.
func nameTaken(name string) *refusal {
	name = name[strings.LastIndexByte(name, '(')+1:]
	name, _, _ = strings.Cut(name, ",")
	name = strings.TrimSpace(name)
	switch name {
	case "t":
		name = "true"
	case "f":
		name = "false"
	}
	return refuse(http.StatusBadRequest, "invalid_data", "Customer group with name: %s, already exists.", name)
}
