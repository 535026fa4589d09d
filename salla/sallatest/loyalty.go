package sallatest

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/souk-go/souk/souktest"
)

func listPoints(s *Server, c *call) souktest.Answer {
	id, err := strconv.ParseInt(c.query.Get("customer_id"), 10, 64)
	if err != nil || s.store.customer(id) == nil {
		return invalid(findings{"customer_id": {textInvalid}})
	}
	var rows []*points
	for _, p := range slices.Backward(s.store.points) {
		if p.customer == id {
			rows = append(rows, p)
		}
	}
	return paged(c, 30, len(rows), rows, func(p *points) any { return p.print() })
}

func updatePoints(s *Server, c *call) souktest.Answer {
	found := make(findings)
	n, ok := number(c.body["points"])
	reset, _ := c.body["reset_points"].(bool)
	if !reset && (!ok || n < 1 || n > 999_999) {
		found.add("points", textInvalid)
	}
	kind, _ := c.text("type")
	if kind != "plus" && kind != "minus" {
		found.add("type", textInvalid)
	}
	reason, _ := c.text("reason")
	if reason == "" {
		found.add("reason", textRequired)
	}
	if channels, _ := c.body["channel_send"].([]any); len(channels) == 0 {
		found.add("channel_send", textRequired)
	}
	ids := s.store.chosen(c, found)
	if len(found) > 0 {
		return invalid(found)
	}
	if kind == "minus" {
		n = -n
	}
	for _, id := range ids {
		s.store.points = append(s.store.points, &points{customer: id, change: n, notes: reason, created: c.now, id: s.store.nextID()})
	}
	return sentence(http.StatusCreated, http.StatusCreated, "تم تحديث نقاط الولاء للعملاء بنجاح")
}

// chosen are the customers that a change of points is for.
func (s *store) chosen(c *call, found findings) []int64 {
	if all, _ := c.body["select_all"].(bool); all {
		var ids []int64
		for _, row := range s.customers {
			ids = append(ids, row.id)
		}
		return ids
	}
	ids, wrong := list(c.body["customers"])
	unknown := slices.ContainsFunc(ids, func(id int64) bool { return s.customer(id) == nil })
	if len(ids) == 0 || len(wrong) > 0 || unknown {
		found.add("customers", textInvalid)
	}
	return ids
}

// print is a change of points, {} for a date that is none.
func (p *points) print() object {
	return object{
		"name": "مخصصة", "points": p.change, "used_points": 0, "status": "مؤكدة", "created_at": phpDate(p.created),
		"expiry_date": plainDate(p.created.AddDate(1, 0, 0)), "order_id": nil, "used_at": object{}, "notes": p.notes, "reference_id": p.id,
	}
}
