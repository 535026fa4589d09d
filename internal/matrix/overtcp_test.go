package matrix

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/souk-go/souk"
)

// overTCP gives each operation what only a wire shows, and one answer of each other
// kind.
func overTCP(t *testing.T) {
	t.Parallel()
	var all []*trial
	for _, v := range tried {
		for _, op := range operations {
			if v.has(op) {
				all = append(all, tcpTrials(v, op)...)
			}
		}
	}
	together(all, atOnce(), func(x *trial) { x.tryOverTCP(t) })
}

// patiences are tried one after the other: on a busy machine a server that answers, or
// shakes hands, can take longer than the first.
var patiences = []time.Duration{500 * time.Millisecond, 3 * time.Second, 20 * time.Second}

func (x *trial) tryOverTCP(t testing.TB) {
	counted.Add(1)
	for i, patience := range patiences {
		r := x.onceOverTCP(t, patience)
		if wire := x.answer.wire; (wire == isStalled || wire.overTCP()) && i < len(patiences)-1 && x.differs(r) != "" {
			continue
		}
		x.requireTable(t, r)
		return
	}
}

func (x *trial) onceOverTCP(t testing.TB, patience time.Duration) result {
	at, end := x.overTCP(t, patience)
	defer end()
	r := x.run(t, at)
	if e, ok := errors.AsType[*souk.Error](r.err); ok && x.answer.proof == hopeless {
		r.sent, r.creations = e.Attempts, e.Attempts
	}
	return r
}

// atOnce is how many trials go on at once: most wait most of the time. The detector
// makes each of them busy.
func atOnce() int {
	if underRace {
		return 8
	}
	return 32
}

func together[T any](all []T, most int, try func(T)) {
	var group sync.WaitGroup
	free := make(chan struct{}, most)
	for _, x := range all {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			try(x)
		})
	}
	group.Wait()
}

func tcpTrials(v *vendor, op operation) (all []*trial) {
	for _, r := range rows {
		list := r.answers(v, op, 0)
		if list[0].wire == intact {
			list = list[:1]
		}
		for i := range list {
			a := &list[i]
			for _, done := range whether(a, op) {
				for _, often := range bothTimes {
					if a.wire == intact && (often == always) == a.own {
						continue
					}
					x := &trial{v: v, op: op, row: r.what, answer: a, times: often, script: script{pick: often.pick(a, 0), done: done}}
					if op.isJoint() {
						x.meetIn(map[operation]part{ensures: {creations: true}, upserts: {updates: true}}[op])
					}
					all = append(all, x)
				}
			}
		}
	}
	return all
}
