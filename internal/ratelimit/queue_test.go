package ratelimit

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQueueKeepsItsOrderHoweverCallersComeAndGo(t *testing.T) {
	t.Parallel()
	var q queue
	var refused, others []*waiter // what the queue should hold
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		all := slices.Concat(refused, others)
		if len(all) > 0 && random.IntN(2) == 0 {
			w := all[random.IntN(len(all))]
			q.leave(w, 0)
			same := func(other *waiter) bool { return other == w }
			refused, others = slices.DeleteFunc(refused, same), slices.DeleteFunc(others, same)
			continue
		}
		again := random.IntN(3) == 0
		w, ahead := q.join(WaitOptions{Refused: again})
		if again {
			assert.Equal(t, len(refused), ahead)
			refused = append(refused, w)
		} else {
			assert.Equal(t, len(all), ahead)
			others = append(others, w)
		}

		want := slices.Concat(refused, others)
		var forward, backward []*waiter
		for w := q.first; w != nil; w = w.after {
			forward = append(forward, w)
		}
		for w := q.last; w != nil; w = w.before {
			backward = append(backward, w)
		}
		slices.Reverse(backward)
		assert.Equal(t, len(want), q.length)
		if !slices.Equal(want, forward) || !slices.Equal(want, backward) {
			t.Fatal("the order is not that of arrival")
		}
	}
}

// The first in the queue is called when it could leave, not each time that another one
// has left: it would look, and wait on.
func TestQueueCallsNobodyWhoWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	called := func(w *waiter) bool { return len(w.turn) > 0 }
	var q queue
	one, _ := q.join(WaitOptions{MaxInflight: 2})
	two, _ := q.join(WaitOptions{MaxInflight: 2})
	three, _ := q.join(WaitOptions{})

	q.callFirst(2)
	assert.False(t, called(one), "two are in flight")
	q.callFirst(1)
	assert.True(t, called(one))
	q.leave(one, 2)
	assert.False(t, called(two), "two are in flight")
	q.leave(two, 2)
	assert.True(t, called(three), "it has no bound")
}
