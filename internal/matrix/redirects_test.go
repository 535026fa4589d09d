package matrix

import "testing"

// redirects sends each operation back to where it was sent: what reads is read there,
// what writes is not sent there.
func redirects(t *testing.T) {
	inBubbles(t, single, func(t *testing.T, v *vendor, op operation) {
		var b bench
		defer b.close()
		for _, x := range redirected(v, op) {
			x.requireTable(t, b.try(t, x))
		}
	})
	t.Run("over TCP", func(t *testing.T) {
		t.Parallel()
		var all []*trial
		for _, v := range vendors {
			for _, op := range single {
				if v.has(op) {
					all = append(all, redirected(v, op)...)
				}
			}
		}
		together(all, atOnce(), func(x *trial) { x.tryOverTCP(t) })
	})
}

func redirected(v *vendor, op operation) (all []*trial) {
	home := join(
		proving(foreign, answers(page, 301, 302, 303)),
		proving(turnedAway, telling(unavailable, answers(page, 307, 308))),
	)
	if op.reads() { // the hop is a request more, as if it were another attempt
		home = proving(foreign, home)
	}
	for i := range home {
		a := &to("{uri}", home[i:i+1])[0]
		all = append(all, &trial{v: v, op: op, answer: a, times: onceOnly, script: script{pick: onceOnly.pick(a, 0)}})
	}
	return all
}
