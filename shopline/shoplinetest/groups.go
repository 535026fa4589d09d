package shoplinetest

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// group is a saved search.
type group struct {
	serial               int64
	name, query          string
	createdAt, updatedAt time.Time
}

func (g *group) id() string { return "GROUP548371939" + strconv.FormatInt(g.serial, 10) }

// view has its times in UTC, unlike those of a customer.
func (g *group) view() object {
	const layout = "2006-01-02T15:04:05-07:00"
	return object{
		"id": g.id(), "name": g.name, "query": g.query,
		"created_at": g.createdAt.UTC().Format(layout), "updated_at": g.updatedAt.UTC().Format(layout),
	}
}

func (s *store) findGroup(id string) (*group, error) {
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.id() == id })
	if i < 0 {
		return nil, notFound("The customer group does not exist.")
	}
	return s.groups[i], nil
}

func (s *store) createGroup(c *call) (any, error) {
	var in struct {
		Name  string `json:"name"`
		Query string `json:"query"`
	}
	if err := c.decode("customer_saved_search", &in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, invalid("name", "must be there")
	}
	if _, err := conditions(in.Query); err != nil || in.Query == "" {
		return nil, invalid("query", "is invalid")
	}
	g := &group{serial: s.nextSerial(), name: in.Name, query: in.Query, createdAt: c.now, updatedAt: c.now}
	s.groups = append(s.groups, g)
	return object{"customer_saved_search": g.view()}, nil
}

func (s *store) listGroups(c *call) (any, error) {
	list := make([]object, len(s.groups))
	for i, g := range s.groups {
		list[i] = c.only(g.view())
	}
	return object{"customer_saved_searches": list}, nil
}

func (s *store) countGroups(c *call) (any, error) {
	since := c.query.Get("since_id")
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.id() == since })
	return object{"count": len(s.groups) - i - 1}, nil
}

func (s *store) getGroup(c *call) (any, error) {
	g, err := s.findGroup(c.ids[0])
	if err != nil {
		return nil, err
	}
	return object{"customer_saved_search": c.only(g.view())}, nil
}

func (s *store) updateGroup(c *call) (any, error) {
	g, err := s.findGroup(c.ids[0])
	if err != nil {
		return nil, err
	}
	var in struct {
		Name string `json:"name"`
	}
	if err := c.decode("customer_saved_search", &in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, invalid("name", "must be there")
	}
	g.name, g.updatedAt = in.Name, c.now
	return object{"customer_saved_search": g.view()}, nil
}

func (s *store) deleteGroup(c *call) (any, error) {
	g, err := s.findGroup(c.ids[0])
	if err != nil {
		return nil, err
	}
	s.groups = slices.DeleteFunc(s.groups, func(other *group) bool { return other == g })
	return nil, nil
}

func (s *store) listMembers(c *call) (any, error) {
	g, err := s.findGroup(c.ids[0])
	if err != nil {
		return nil, err
	}
	if err := c.checkOrder("1", "2"); err != nil {
		return nil, err
	}
	rows, err := page(c, s.customers, 250, func(url.Values) (func(*customer) bool, error) {
		return conditions(g.query)
	})
	if err != nil {
		return nil, err
	}
	return c.customers(rows, (*customer).member), nil
}
