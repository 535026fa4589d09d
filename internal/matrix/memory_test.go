package matrix

import (
	"flag"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/souk-go/souk"
)

var update = flag.Bool("update", false, "write docs/faults.md")

// counted is how many trials were run.
var counted atomic.Int64

// inMemory returns a place with a stand-in of its own.
func (x *trial) inMemory(t testing.TB) *place {
	t.Helper()
	s := x.v.start(t)
	at := &place{store: s, direct: s.directly(t), link: &link{store: s.server.Client().Transport}}
	at.client = s.through(t, s.server.BaseURL(), souk.Options{HTTPClient: &http.Client{Transport: at.link}})
	x.furnish(t, at)
	return at
}

// bench carries trials of one operation out, at one place as long as they change
// nothing.
type bench struct{ free *place }

func (b *bench) try(t testing.TB, x *trial) result {
	t.Helper()
	counted.Add(1)
	at := b.free
	if at == nil {
		at = x.inMemory(t)
	}
	r := x.run(t, at)
	if b.free = nil; x.asBefore(at) {
		b.free = at
		return r
	}
	at.store.server.Close()
	return r
}

func (b *bench) close() {
	if b.free != nil {
		b.free.store.server.Close()
	}
}

// inBubbles runs a test of the operations of each vendor in fake time.
func inBubbles(t *testing.T, all []operation, test func(t *testing.T, v *vendor, op operation)) {
	t.Helper()
	for _, v := range tried {
		for _, op := range all {
			if v.has(op) {
				t.Run(fmt.Sprint(v.name, " ", op), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) { test(t, v, op) })
				})
			}
		}
	}
}

// everyAnswer gives each operation each answer, once and always, before the vendor has
// done what it was asked and after.
func everyAnswer(t *testing.T) {
	inBubbles(t, single, func(t *testing.T, v *vendor, op operation) {
		var b bench
		defer b.close()
		for _, r := range rows {
			for _, skip := range skips(op) {
				for _, a := range r.somewhere(v, op, skip) {
					for _, x := range trials(v, op, r.what, &a, skip) {
						x.requireTable(t, b.try(t, x))
					}
				}
			}
		}
	})
}

// somewhere returns all answers of a row to the first request of an operation, and to a
// later one those that are the nearest to its own: the stand-in's with a change, and the
// last few.
func (r row) somewhere(v *vendor, op operation, skip int) []answer {
	list := r.answers(v, op, skip)
	most := 3
	if skip == 0 || len(list) <= most {
		return list
	}
	far := slices.DeleteFunc(list[:len(list)-most:len(list)-most], func(a answer) bool { return a.change == nil })
	return append(far, list[len(list)-most:]...)
}

// trials returns those of an operation that meets an answer in memory.
func trials(v *vendor, op operation, row string, a *answer, skip int) (all []*trial) {
	if a.wire.overTCP() {
		return nil
	}
	for _, done := range whether(a, op) {
		for _, often := range bothTimes {
			if a.own && op == deletes && often == always {
				continue // to a repeat it would be another
			}
			all = append(all, &trial{v: v, op: op, row: row, answer: a, times: often, skip: skip, script: script{pick: often.pick(a, skip), done: done}})
		}
	}
	return all
}

// skips are how many requests of an operation are answered before it gets the answer:
// walks meet it on each page.
func skips(op operation) []int {
	if op == walks {
		return []int{0, 1, 2}
	}
	return []int{0}
}

// whether returns whether the stand-in does what it is asked before the answer: both
// where that can be and makes a difference.
func whether(a *answer, op operation) []bool {
	switch {
	case op.reads(), a.proof == success:
		return []bool{true}
	case a.own && a.proof.open():
		return []bool{true}
	case a.own:
		return nil
	case a.proof.open():
		return []bool{false, true}
	}
	return []bool{false}
}

// when returns the answer, or the stand-in's own.
func (a *answer) when(so bool) *answer {
	if so {
		return a
	}
	return nil
}

// requireTable compares what became of a call with the table, and notes it.
func (x *trial) requireTable(t testing.TB, got result) {
	t.Helper()
	if difference := x.differs(got); difference != "" {
		t.Errorf("%s: %s: %v", x, difference, got.err)
	}
	recorded.note(x, got)
}

// differs says how what became of a call differs from the table, "" for not at all.
func (x *trial) differs(got result) string {
	if x.op.isJoint() {
		return x.differsJoint(got)
	}
	n := x.skip
	want := expect(x.op, x.op.kind(), func() *answer {
		n++
		return x.script.pick(n - 1)
	})
	switch {
	case want.sent == manySends:
		want.sent = got.sent
	case want.ok && x.op == walks && got.pages > 0: // and all other pages
		want.sent += got.pages - 1
	case want.ok && x.op == walks:
		want.sent = got.sent
	default:
		want.sent += x.skip
	}
	if want != got.outcome {
		return fmt.Sprintf("want %+v, got %+v", want, got.outcome)
	}
	return ""
}
