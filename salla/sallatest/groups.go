package sallatest

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/souk-go/souk/souktest"
)

func createGroup(s *Server, c *call) souktest.Answer {
	name, _ := c.text("name")
	found := checkConditions(c)
	if name == "" {
		found.add("name", textRequired)
	}
	if len(found) > 0 {
		return invalid(found)
	}
	made := &group{id: s.store.nextID(), name: name}
	s.store.groups = append(s.store.groups, made)
	return success(made.print())
}

func listGroups(s *Server, c *call) souktest.Answer {
	return paged(c, 15, len(s.store.groups), s.store.groups, func(g *group) any { return g.print() })
}

func updateGroup(s *Server, c *call) souktest.Answer {
	changed := s.store.group(c.id)
	if changed == nil {
		return notFound()
	}
	if found := checkConditions(c); len(found) > 0 {
		return invalid(found)
	}
	if name, ok := c.text("name"); ok {
		changed.name = name
	}
	return success(changed.print())
}

// deleteGroup deletes a group, whose customers leave it.
func deleteGroup(s *Server, c *call) souktest.Answer {
	if s.store.group(c.id) == nil {
		return notFound()
	}
	s.store.groups = slices.DeleteFunc(s.store.groups, func(g *group) bool { return g.id == c.id })
	for _, row := range s.store.customers {
		row.groups = slices.DeleteFunc(row.groups, func(id int64) bool { return id == c.id })
	}
	return sentence(http.StatusOK, http.StatusAccepted, "The Object has been removed successfully")
}

func addCustomers(s *Server, c *call) souktest.Answer {
	found := make(findings)
	id, ok := number(c.body["group_id"])
	if !ok || s.store.group(id) == nil {
		found.add("group_id", textInvalid)
	}
	ids, wrong := list(c.body["customers"])
	if len(ids) == 0 {
		found.add("customers", textRequired)
	}
	for i, member := range ids {
		if slices.Contains(wrong, i) || s.store.customer(member) == nil {
			found.add(fmt.Sprintf("customers.%d", i), textInvalid)
		}
	}
	if len(found) > 0 {
		return invalid(found)
	}
	for _, member := range ids {
		if row := s.store.customer(member); !slices.Contains(row.groups, id) {
			row.groups = append(row.groups, id)
		}
	}
	return success([]string{"The customers has been added to group successfully"})
}

func updateDefaultGroup(s *Server, c *call) souktest.Answer {
	features, ok := c.body["features"].(map[string]any)
	if !ok {
		return invalid(findings{"features": {textRequired}})
	}
	s.store.features = features
	return sentence(http.StatusCreated, http.StatusCreated, "The default group has been updated successfully")
}

func (g *group) print() object { return object{"id": g.id, "name": g.name} }

func checkConditions(c *call) findings {
	found := make(findings)
	conditions, _ := c.body["conditions"].([]any)
	for i, condition := range conditions {
		fields, _ := condition.(map[string]any)
		at := fmt.Sprintf("conditions.%d.", i)
		switch fields["symbol"] {
		case ">", "<":
			requireNumber(found, at+"value", fields["value"])
		case "between":
			requireNumber(found, at+"min_value", fields["min_value"])
			requireNumber(found, at+"max_value", fields["max_value"])
		case nil:
		default:
			found.add(at+"symbol", textInvalid)
		}
	}
	return found
}

func requireNumber(found findings, field string, value any) {
	if _, ok := value.(float64); !ok {
		found.add(field, textRequired)
	}
}
