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
			q.leave(w)
			same := func(other *waiter) bool { return other == w }
			refused, others = slices.DeleteFunc(refused, same), slices.DeleteFunc(others, same)
			continue
		}
		again := random.IntN(3) == 0
		w, ahead := q.join(again)
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
