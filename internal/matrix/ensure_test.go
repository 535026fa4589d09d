package matrix

import (
	"fmt"
	"net/http"
	"testing"
)

// ensureWithEveryAnswer gives each answer to the creations of Ensure, to its look-ups,
// and to both.
func ensureWithEveryAnswer(t *testing.T) {
	inBubbles(t, []operation{ensures}, func(t *testing.T, v *vendor, _ operation) {
		for _, part := range parts {
			var b bench // look-ups are for somebody who is there
			defer b.close()
			for _, r := range rows {
				for _, a := range r.answers(v, ensures, 0) {
					for _, x := range part.trials(v, r.what, &a) {
						x.requireTable(t, b.try(t, x))
					}
				}
			}
		}
	})
}

// part is the part of Ensure that is disturbed.
type part struct {
	creations, lookups bool
}

var parts = []part{{creations: true}, {lookups: true}, {creations: true, lookups: true}}

func (p part) is(creation bool) bool { return creation && p.creations || !creation && p.lookups }

// trials returns those of Ensure with an answer to its part. Look-ups are for somebody
// who is there.
func (p part) trials(v *vendor, row string, a *answer) (all []*trial) {
	switch {
	case a.wire.overTCP(), a.proof == success && p.creations && p.lookups, a.proof == absence && p.lookups:
		return nil
	}
	op := creates
	if !p.creations {
		op = lists
	}
	for _, done := range whether(a, op) {
		for _, often := range bothTimes {
			all = append(all, &trial{v: v, op: ensures, part: p, row: row, answer: a, times: often, taken: !p.creations, script: script{
				about: func(r *http.Request) bool { return p.is(isCreation(r)) },
				pick:  often.pick(a, 0),
				done:  done,
			}})
		}
	}
	return all
}

// ensuring is what becomes of an Ensure.
type ensuring struct {
	ok, created bool
	told        classes
	creations   int
}

// expect returns what the table says of the creations and look-ups of an Ensure.
func (p part) expect(x *trial) (e ensuring) {
	met, there := 0, x.taken
	next := func(creation bool) *answer {
		if !p.is(creation) {
			return nil
		}
		met++
		return x.script.pick(met - 1)
	}
	var unknown classes
	for range 3 {
		created := expect(creates, write, func() *answer {
			a := next(true)
			switch {
			case a == nil && there:
				return &answer{proof: refusal, told: alreadyExists}
			case a == nil || x.script.done:
				there = true
			}
			return a
		})
		e.creations += created.sent
		unknown |= created.told & outcomeUnknown
		e.ok, e.created, e.told = created.ok, created.ok, created.told|unknown
		mayBeTaken := created.told.has(alreadyExists|outcomeUnknown) || created.told.has(invalid) && !created.told.has(unreadable)
		if e.ok {
			e.told = 0
			return e
		}
		if !mayBeTaken {
			return e
		}
		found := expect(gets, read, func() *answer { return next(false) })
		switch {
		case !found.ok:
			e.told = found.told | unknown
			return e
		case there:
			e.ok, e.told = true, 0
			return e
		case !created.told.has(alreadyExists | outcomeUnknown):
			return e
		}
	}
	return e
}

// differs says how what became of an Ensure differs from the table.
func (p part) differs(x *trial, got result) string {
	want := p.expect(x)
	if want.creations == manySends {
		want.creations = got.creations
	}
	if is := (ensuring{got.ok, got.created, got.told, got.creations}); want != is {
		return fmt.Sprintf("want %+v, got %+v", want, is)
	}
	return ""
}
