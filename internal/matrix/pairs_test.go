package matrix

import "testing"

// laterAnswers gives the first request an answer that leaves open what was done, and
// all others another one.
func laterAnswers(t *testing.T) {
	inBubbles(t, []operation{creates, updates, deletes, gets}, func(t *testing.T, v *vendor, op operation) {
		var b bench
		defer b.close()
		for _, first := range sample(v.openAnswers()) {
			for _, second := range sample(v.laterAnswers()) {
				for _, done := range []bool{false, true} {
					if second.proof == absence && !done { // would be a lie
						continue
					}
					x := &trial{v: v, op: op, answer: &second, script: script{done: done, pick: func(n int) *answer {
						if n == 0 {
							return &first
						}
						return &second
					}}}
					x.requireTable(t, b.try(t, x))
				}
			}
		}
	})
}

// openAnswers leave open what was done.
func (v *vendor) openAnswers() []answer {
	return join(
		proving(lost, wires(isReset)),
		proving(foreign, answers(page, 200, 502), answers(``, 504)),
		proving(trouble, v.troubles[:1], answers(page, 503)),
	)
}

// laterAnswers sound as if they settled it.
func (v *vendor) laterAnswers() []answer {
	return join(
		proving(foreign, answers(page, 404, 409), answers(`{}`, 404, 410), answers(``, 404)),
		proving(refusal, v.refusals),
		proving(absence, v.absences),
		proving(limit, answers(page, 429)),
		proving(turnedAway, telling(unauthorized, answers(page, 401)), telling(invalid, answers(page, 400))),
		proving(unsent, wires(noPort)),
	)
}

func proving(p proof, lists ...[]answer) []answer {
	list := join(lists...)
	for i := range list {
		list[i].proof = p
	}
	return list
}
