package matrix

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// ensureWithEveryAnswer gives each answer to the creations of Ensure and Upsert, to
// their look-ups and updates, and to creations and look-ups both.
func ensureWithEveryAnswer(t *testing.T) {
	inBubbles(t, joint, func(t *testing.T, v *vendor, op operation) {
		for _, part := range parts[op] {
			var b bench
			defer b.close()
			for _, r := range rows {
				for _, a := range r.answers(v, op, 0) {
					for _, x := range part.trials(v, op, r.what, &a) {
						x.requireTable(t, b.try(t, x))
					}
				}
			}
		}
	})
}

// part is the part of a joint operation that is disturbed.
type part struct{ lookups, creations, updates bool }

// parts are those that are disturbed. Where it is not the creations, somebody is there.
var parts = map[operation][]part{
	ensures: {{creations: true}, {lookups: true}, {creations: true, lookups: true}},
	upserts: {{creations: true}, {lookups: true}, {updates: true}},
}

// partOf returns the part that a request is.
func partOf(r *http.Request) part {
	switch {
	case isCreation(r):
		return part{creations: true}
	case isUpdate(r):
		return part{updates: true}
	}
	return part{lookups: true}
}

// isUpdate reports the requests that update: at xclade they are POSTs, too.
func isUpdate(r *http.Request) bool {
	return r.Method == http.MethodPut || r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/customers/cus_")
}

func isCreation(r *http.Request) bool {
	return r.Method == http.MethodPost && !isUpdate(r) && !strings.Contains(r.URL.Path, "query_user_by_email")
}

func (p part) has(other part) bool {
	return p.lookups && other.lookups || p.creations && other.creations || p.updates && other.updates
}

// meetIn says in which part a joint operation meets its answer.
func (x *trial) meetIn(p part) {
	x.part, x.taken = p, !p.creations
	x.script.about = func(r *http.Request) bool { return p.has(partOf(r)) }
}

// trials returns those of a joint operation with an answer to its part.
func (p part) trials(v *vendor, op operation, row string, a *answer) (all []*trial) {
	switch {
	case a.wire.overTCP(), a.proof == success && p.creations && p.lookups, a.proof == absence && p.lookups:
		return nil
	}
	skip, disturbed := 0, creates
	switch {
	case p.creations && p.lookups:
		skip = 1 // the look-up before all else
	case p.updates:
		disturbed = updates
	case p.lookups:
		disturbed = lists
	}
	for _, done := range whether(a, disturbed) {
		for _, often := range bothTimes {
			x := &trial{v: v, op: op, row: row, answer: a, times: often, script: script{pick: often.pick(a, skip), done: done}}
			x.meetIn(p)
			all = append(all, x)
		}
	}
	return all
}

// ensuring is what becomes of a joint operation.
type ensuring struct {
	ok, created bool
	told        classes
	creations   int
}

// course is a joint operation on its way.
type course struct {
	x     *trial
	met   int
	there bool
}

// next returns the answer to a request.
func (c *course) next(of part) *answer {
	if !c.x.part.has(of) {
		return nil
	}
	c.met++
	return c.x.script.pick(c.met - 1)
}

func (c *course) look() outcome {
	return expect(gets, read, func() *answer { return c.next(part{lookups: true}) })
}

func (c *course) create() outcome {
	return expect(creates, write, func() *answer {
		a := c.next(part{creations: true})
		switch {
		case a == nil && c.there:
			return &answer{proof: refusal, told: alreadyExists}
		case a == nil || c.x.script.done:
			c.there = true
		}
		return a
	})
}

func (c *course) update() outcome {
	return expect(updates, change, func() *answer { return c.next(part{updates: true}) })
}

// expectJoint returns what the table says of the calls that a joint operation makes.
func (x *trial) expectJoint() ensuring {
	c := course{x: x, there: x.taken}
	e := c.ensure()
	if x.op == upserts && e.ok && !e.created && x.taken {
		updated := c.update()
		e.ok, e.told = updated.ok, updated.told
	}
	return e
}

func (c *course) ensure() (e ensuring) {
	found := c.look()
	for range 3 {
		if !found.ok {
			e.told = found.told
			return e
		}
		if c.there {
			return ensuring{ok: true, creations: e.creations}
		}
		created := c.create()
		e.creations += created.sent
		unknown := e.told&outcomeUnknown | created.told&outcomeUnknown
		if created.ok {
			return ensuring{ok: true, created: true, creations: e.creations}
		}
		e.told = created.told | unknown
		if !created.told.has(alreadyExists|outcomeUnknown) && (!created.told.has(invalid) || created.told.has(unreadable)) {
			return e
		}
		if found = c.look(); !found.ok {
			found.told |= unknown
		}
		if found.ok && !c.there && (c.x.v.twins || !created.told.has(alreadyExists|outcomeUnknown)) {
			return e
		}
	}
	switch {
	case !found.ok:
		e.told = found.told
	case c.there:
		return ensuring{ok: true, creations: e.creations}
	}
	return e
}

// differsJoint says how what became of a joint operation differs from the table.
func (x *trial) differsJoint(got result) string {
	want := x.expectJoint()
	if want.creations == manySends {
		want.creations = got.creations
	}
	if is := (ensuring{got.ok, got.created, got.told, got.creations}); want != is {
		return fmt.Sprintf("want %+v, got %+v", want, is)
	}
	return ""
}
