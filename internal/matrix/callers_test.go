package matrix

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

const callers = 8

// eightCallers lets eight callers do the same at once while some of the answers, or all,
// are others than the stand-in's.
func eightCallers(t *testing.T) {
	inBubbles(t, operations, func(t *testing.T, v *vendor, op operation) {
		for _, r := range rows {
			answers := r.answers(v, op, 0)
			a := &answers[0]
			if a.own || a.wire.overTCP() || a.proof == absence && op == deletes {
				continue
			}
			for _, done := range whether(a, op) {
				picks := []func(int) *answer{everyOther(a), onceOnly.pick(a, 0), always.pick(a, 0)}
				if op.reads() {
					picks = picks[:1]
				}
				for _, pick := range picks {
					x := &trial{v: v, op: op, answer: a, script: script{pick: pick, done: done}}
					x.requireUnion(t)
				}
			}
		}
	})
}

func everyOther(a *answer) func(int) *answer {
	return func(n int) *answer { return a.when(n%2 == 0) }
}

// requireUnion carries the trial out by all callers at once, and checks what they were
// told against what stands in the store afterwards.
func (x *trial) requireUnion(t testing.TB) {
	t.Helper()
	counted.Add(1)
	at := x.inMemory(t)
	defer at.store.server.Close()
	at.link.begin(x.script)
	told := make([]result, callers)
	var group sync.WaitGroup
	for i := range told {
		group.Go(func() { told[i] = x.call(t.Context(), at.client, at.before, x.keyOf(i), nameOf(i)) })
	}
	group.Wait()
	if problem := x.judgeAll(told, at.before, stand(t, at.direct)); problem != "" {
		t.Errorf("%d callers, %s: %s", callers, x, problem)
		for _, r := range told {
			t.Log(r.who, r.created, r.err)
		}
	}
}

// keyOf is whom a caller creates: the same one where there can be no twins.
func (x *trial) keyOf(caller int) string {
	if x.v.unique {
		return key
	}
	return fmt.Sprint(caller, key)
}

func nameOf(caller int) string { return fmt.Sprint(newName, caller) }

func (x *trial) judgeAll(told []result, before scene, now []person) string {
	for _, r := range told {
		if _, ok := errors.AsType[panicked](r.err); ok {
			return "a panic"
		}
		if problem := x.judgeError(r); problem != "" {
			return problem
		}
	}
	switch x.op {
	case creates, ensures:
		return x.judgeCreations(told, now)
	case upserts:
		return judgeUpserts(told, now)
	case updates:
		return judgeUpdates(told, before, now)
	case deletes:
		return judgeDeletes(told, now)
	}
	for _, r := range told {
		want := map[operation][]person{lists: before.first, walks: before.all}[x.op]
		isOne := x.op != lists && x.op != walks
		if r.ok && (!slices.Equal(r.rows, want) || isOne && r.who != before.whom) {
			return "another result than what is there"
		}
	}
	return ""
}

func (x *trial) judgeCreations(told []result, now []person) string {
	for i, r := range told {
		there := slices.DeleteFunc(slices.Clone(now), func(p person) bool { return p.key != x.keyOf(i) })
		made := slices.ContainsFunc(told, func(r result) bool { return r.ok || r.told.has(outcomeUnknown) })
		switch {
		case len(there) > 1:
			return "twins"
		case r.ok && (len(there) != 1 || r.who != there[0]):
			return "a creation that was confirmed and not made"
		case r.told.has(alreadyExists) && len(there) == 0:
			return `"already exists" of what does not`
		case len(there) > 0 && !made:
			return "a creation that was made and not told of"
		case !x.v.unique && !r.ok && !r.told.has(outcomeUnknown) && len(there) > 0:
			return "a creation that was made and not told of"
		}
	}
	if creators := count(told, func(r result) bool { return r.created }); creators > 1 {
		return "several who have created one"
	}
	return ""
}

// judgeUpserts is for callers who all want the same person, each with another name.
func judgeUpserts(told []result, now []person) string {
	if len(now) > 1 {
		return "twins"
	}
	made := false
	for i, r := range told {
		last := len(now) > 0 && now[0].name == nameOf(i)
		switch {
		case r.ok && (len(now) == 0 || r.who.id != now[0].id || r.who.name != nameOf(i)):
			return "an upsert that was confirmed and not made"
		case last && !r.ok && !r.told.has(outcomeUnknown):
			return "an upsert that was made and not told of"
		}
		made = made || last
	}
	switch {
	case len(now) > 0 && !made:
		return "somebody whom nobody wanted"
	case count(told, func(r result) bool { return r.created }) > 1:
		return "several who have created one"
	}
	return ""
}

func judgeUpdates(told []result, before scene, now []person) string {
	if len(now) != len(before.all) {
		return "an update that adds or removes"
	}
	name, confirmed := now[0].name, false
	for i, r := range told {
		switch {
		case name == nameOf(i) && !r.ok && !r.told.has(outcomeUnknown):
			return "an update that was made and not told of"
		case r.ok && r.who.name != nameOf(i):
			return "another's update as the result"
		}
		confirmed = confirmed || r.ok
	}
	if confirmed && name == oldName {
		return "an update that was confirmed and not made"
	}
	return ""
}

func judgeDeletes(told []result, now []person) string {
	done := count(told, func(r result) bool { return r.ok })
	unknown := count(told, func(r result) bool { return r.told.has(outcomeUnknown) })
	missing := count(told, func(r result) bool { return r.told.has(notFound) })
	switch {
	case len(now) > 0 && done > 0:
		return `"deleted" that is there`
	case len(now) > 0 && missing > 0:
		return `"not found" that is there`
	case len(now) == 0 && done+unknown == 0:
		return "a delete that was made and not told of"
	}
	return ""
}

func count(told []result, is func(result) bool) (n int) {
	for _, r := range told {
		if is(r) {
			n++
		}
	}
	return n
}
