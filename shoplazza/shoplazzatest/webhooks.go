package shoplazzatest

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

type hook struct {
	serial         int
	id             string
	address, topic string
	created        time.Time
	updated        time.Time
}

func (h *hook) number() int { return h.serial }

type hookBody struct {
	Address *string `json:"address"`
	Topic   *string `json:"topic"`
}

// check reports what the vendor does, in an object.
func check(address, topic string) object {
	problems := object{}
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
		list := []string{"is invalid"}
		if address == "" {
			list = []string{"can't be blank", "is invalid"}
		}
		problems["address"] = list
	}
	if topic == "" {
		problems["topic"] = []string{"can't be blank"}
	}
	return problems
}

func (s *store) createWebhook(c *call) (any, error) {
	var body hookBody
	if err := c.decode("webhook", !c.classic, &body); err != nil {
		return nil, err
	}
	made := &hook{id: newID(), address: or(body.Address, ""), topic: or(body.Topic, ""), created: c.now, updated: c.now}
	if problems := check(made.address, made.topic); len(problems) > 0 {
		return nil, c.invalid(problems)
	}
	made.serial = s.nextSerial()
	s.webhooks = append(s.webhooks, made)
	return object{"webhook": made.object()}, nil
}

func (s *store) findWebhook(c *call) (*hook, error) {
	for _, found := range s.webhooks {
		if found.id == c.ids[0] {
			return found, nil
		}
	}
	return nil, c.notFound("record not found!")
}

func (s *store) getWebhook(c *call) (any, error) {
	found, err := s.findWebhook(c)
	if err != nil {
		return nil, err
	}
	return object{"webhook": found.object()}, nil
}

func (s *store) updateWebhook(c *call) (any, error) {
	found, err := s.findWebhook(c)
	if err != nil {
		return nil, err
	}
	var body hookBody
	if err := c.decode("webhook", !c.classic, &body); err != nil {
		return nil, err
	}
	address, topic := or(body.Address, found.address), or(body.Topic, found.topic)
	if problems := check(address, topic); len(problems) > 0 {
		return nil, c.invalid(problems)
	}
	found.address, found.topic, found.updated = address, topic, c.now
	return object{"webhook": found.object()}, nil
}

func (s *store) deleteWebhook(c *call) (any, error) {
	found, err := s.findWebhook(c)
	if err != nil {
		return nil, err
	}
	s.webhooks = slices.DeleteFunc(s.webhooks, func(h *hook) bool { return h == found })
	return object{}, nil
}

func (s *store) countWebhooks(c *call) (any, error) {
	found, err := s.matchingWebhooks(c)
	return object{"count": len(found)}, err
}

func (s *store) listWebhooks(c *call) (any, error) {
	matching, err := s.matchingWebhooks(c)
	if err != nil {
		return nil, err
	}
	found, cursor, err := page(c, matching, 50)
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, h := range found {
		rows = append(rows, h.object())
	}
	return c.listAnswer("webhooks", rows, cursor), nil
}

// matchingWebhooks filters by address, by topics separated by commas and by times.
func (s *store) matchingWebhooks(c *call) ([]*hook, error) {
	address, topics := c.query.Get("address"), c.query.Get("topic")
	within, err := c.times()
	if err != nil {
		return nil, err
	}
	var matching []*hook
	for _, h := range s.webhooks {
		named := topics == "" || slices.Contains(strings.Split(topics, ","), h.topic)
		if within(h.created, h.updated) && named && (address == "" || address == h.address) {
			matching = append(matching, h)
		}
	}
	return matching, nil
}

func (h *hook) object() object {
	return object{
		"id":         h.id,
		"address":    h.address,
		"topic":      h.topic,
		"format":     "json",
		"created_at": h.created,
		"updated_at": h.updated,
	}
}
