package sallatest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/souk-go/souk/souktest"
)

// events are those that can be subscribed to.
var events = []string{"customer.created", "customer.updated", "customer.login", "customer.otp.request", "order.created"}

func subscribe(s *Server, c *call) souktest.Answer {
	made := &webhook{version: 2}
	if found := made.fill(c, true); len(found) > 0 {
		return invalid(found)
	}
	for _, old := range s.store.webhooks {
		if old.url == made.url && old.event == made.event {
			made.id = old.id
			*old = *made
			return success(made.print())
		}
	}
	made.id = s.store.nextID()
	s.store.webhooks = append(s.store.webhooks, made)
	return success(made.print())
}

func listWebhooks(s *Server, c *call) souktest.Answer {
	return paged(c, 15, len(s.store.webhooks), s.store.webhooks, func(w *webhook) any { return w.print() })
}

func listEvents(_ *Server, _ *call) souktest.Answer {
	data := []object{}
	for i, event := range events {
		data = append(data, object{"id": i + 1, "label": event, "event": event})
	}
	return success(data)
}

func updateWebhook(s *Server, c *call) souktest.Answer {
	i := slices.IndexFunc(s.store.webhooks, func(w *webhook) bool { return w.id == c.id })
	if i < 0 {
		return notFound()
	}
	changed := *s.store.webhooks[i]
	if found := changed.fill(c, false); len(found) > 0 {
		return invalid(found)
	}
	if strategy, ok := c.text("security_strategy"); ok {
		changed.strategy = strategy
	}
	changed.secured = true
	*s.store.webhooks[i] = changed
	return success(changed.print())
}

func unsubscribe(s *Server, c *call) souktest.Answer {
	id, _ := strconv.ParseInt(c.query.Get("id"), 10, 64)
	address := c.query.Get("url")
	if id == 0 && address == "" {
		return invalid(findings{"id": {textRequired}})
	}
	before := len(s.store.webhooks)
	s.store.webhooks = slices.DeleteFunc(s.store.webhooks, func(w *webhook) bool {
		return w.id == id || address != "" && w.url == address
	})
	if len(s.store.webhooks) == before {
		return notFound()
	}
	return sentence(http.StatusAccepted, http.StatusAccepted, "The webhook has been removed successfully")
}

// fill puts the members of a body into a webhook and returns what is wrong.
func (w *webhook) fill(c *call, all bool) findings {
	found := make(findings)
	if text, ok := c.text("event"); ok || all {
		w.event = text
		if !slices.Contains(events, text) {
			found.add("event", textInvalid)
		}
	}
	if text, ok := c.text("url"); ok || all {
		w.url = text
		if !isReachable(text) {
			found.add("url", "لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)")
		}
	}
	for name, target := range map[string]*string{"name": &w.name, "rule": &w.rule} {
		if text, ok := c.text(name); ok {
			*target = text
		}
	}
	if n, ok := number(c.body["version"]); ok {
		w.version = n
	}
	var headers []struct{ Key, Value string }
	if _, ok := c.body["headers"]; ok && c.into("headers", &headers) {
		w.headers = make(map[string]string)
		for _, h := range headers {
			w.headers[h.Key] = h.Value
		}
	}
	return found
}

func isReachable(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && !strings.Contains(text, "localhost") && !strings.Contains(text, "test.")
}

// print shows headers as an object, or as an empty list.
func (w *webhook) print() object {
	out := object{
		"id": w.id, "name": w.name, "event": w.event, "type": "manual", "url": w.url, "version": w.version, "rule": w.rule, "headers": []any{},
	}
	if len(w.headers) > 0 {
		out["headers"] = w.headers
	}
	if w.secured {
		out["security"] = object{"strategy": w.strategy, "secret": nil}
	}
	return out
}
