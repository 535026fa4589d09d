package shoplinetest

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// hook is a subscription to an event.
type hook struct {
	id                      int64
	address, version, topic string
	createdAt, updatedAt    time.Time
}

func (h *hook) view() object {
	return object{
		"id": h.id, "address": h.address, "api_version": h.version, "topic": h.topic,
		"created_at": stamp(h.createdAt), "updated_at": stamp(h.updatedAt),
	}
}

func (s *store) findWebhook(id string) (*hook, error) {
	i := slices.IndexFunc(s.webhooks, func(h *hook) bool { return strconv.FormatInt(h.id, 10) == id })
	if i < 0 {
		return nil, notFound("The webhook does not exist.")
	}
	return s.webhooks[i], nil
}

func checkAddress(address string) error {
	if address == "" || utf8.RuneCountInString(address) > 255 {
		return invalid("address", "must have 1 to 255 characters")
	}
	return nil
}

func (s *store) createWebhook(c *call) (any, error) {
	var in struct {
		Address    string `json:"address"`
		APIVersion string `json:"api_version"`
		Topic      string `json:"topic"`
	}
	if err := c.decode("webhook", &in); err != nil {
		return nil, err
	}
	if err := checkAddress(in.Address); err != nil {
		return nil, err
	}
	if in.Topic == "" || in.APIVersion < "v20240601" {
		return nil, invalid("topic", "and an api_version of v20240601 or later must be there")
	}
	h := &hook{
		id: s.nextSerial(), address: in.Address, version: in.APIVersion, topic: in.Topic,
		createdAt: c.now, updatedAt: c.now,
	}
	s.webhooks = append(s.webhooks, h)
	return object{"webhook": h.view()}, nil
}

func (s *store) listWebhooks(*call) (any, error) {
	list := make([]object, len(s.webhooks))
	for i, h := range s.webhooks {
		list[i] = h.view()
	}
	return object{"webhooks": list}, nil
}

func (s *store) countWebhooks(*call) (any, error) { return object{"count": len(s.webhooks)}, nil }

func (s *store) getWebhook(c *call) (any, error) {
	h, err := s.findWebhook(c.ids[0])
	if err != nil {
		return nil, err
	}
	return object{"webhook": h.view()}, nil
}

func (s *store) updateWebhook(c *call) (any, error) {
	h, err := s.findWebhook(c.ids[0])
	if err != nil {
		return nil, err
	}
	var in struct {
		Address string `json:"address"`
	}
	if err := c.decode("webhook", &in); err != nil {
		return nil, err
	}
	if err := checkAddress(in.Address); err != nil {
		return nil, err
	}
	h.address, h.updatedAt = in.Address, c.now
	return object{"webhook": h.view()}, nil
}

func (s *store) deleteWebhook(c *call) (any, error) {
	h, err := s.findWebhook(c.ids[0])
	if err != nil {
		return nil, err
	}
	s.webhooks = slices.DeleteFunc(s.webhooks, func(other *hook) bool { return other == h })
	return nil, nil
}
