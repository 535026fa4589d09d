package matrix

import "slices"

// operation is what is done with a store.
type operation string

const (
	creates operation = "Create"
	updates operation = "Update"
	deletes operation = "Delete"
	gets    operation = "Get"
	finds   operation = "GetByEmail"
	phones  operation = "GetByPhone"
	lists   operation = "List"
	walks   operation = "All"
	ensures operation = "Ensure"
	upserts operation = "Upsert"
)

var (
	// single operations are one call, or a call for each page.
	single = []operation{creates, updates, deletes, gets, finds, phones, lists, walks}
	// joint ones are made of several.
	joint      = []operation{ensures, upserts}
	operations = slices.Concat(single, joint)
	// aboutPeople are those that only customers have.
	aboutPeople = []operation{finds, phones, ensures, upserts}
)

func (op operation) isJoint() bool { return slices.Contains(joint, op) }

// kind says what sending an operation again would do.
type kind int

const (
	read   kind = iota // nothing
	change             // the same
	write              // it would be done twice
)

func (op operation) kind() kind {
	switch op {
	case creates:
		return write
	case updates, deletes:
		return change
	}
	return read
}

// reads reports the operations that change nothing.
func (op operation) reads() bool { return op.kind() == read && !op.isJoint() }

// proof is what an answer proves.
type proof int

const (
	success     proof = iota
	refusal           // the vendor's own
	absence           // the vendor's own, that there is no such thing
	limit             // 429
	longLimit         // 429 for longer than the call may wait
	trouble           // the vendor's own, or a 408 or 503 of anybody
	longTrouble       // the same for longer than the call may wait
	foreign           // of somebody who may have passed the request on
	turnedAway        // of somebody who has not passed the request on
	lost              // there is no answer
	unsent            // there was no connection
	hopeless          // there will never be one
)

// reaction is what the SDK does about an answer.
type reaction struct {
	again bool    // as often as a call is sent
	told  classes // at last, beside those of the answer
}

// table is what an answer proves, and what follows.
var table = map[proof]struct{ read, change, write reaction }{
	success:     {},
	refusal:     {},
	absence:     {once(notFound), once(notFound), once(notFound)},
	limit:       {again(rateLimited), again(rateLimited), again(rateLimited)},
	longLimit:   {once(rateLimited), once(rateLimited), once(rateLimited)},
	trouble:     {again(unavailable), again(unavailable | outcomeUnknown), once(unavailable | outcomeUnknown)},
	longTrouble: {once(unavailable), once(unavailable | outcomeUnknown), once(unavailable | outcomeUnknown)},
	foreign:     {again(unavailable | unreadable), again(unavailable | unreadable | outcomeUnknown), once(unavailable | unreadable | outcomeUnknown)},
	turnedAway:  {once(unreadable), once(unreadable), once(unreadable)},
	lost:        {again(unavailable), again(unavailable | outcomeUnknown), once(unavailable | outcomeUnknown)},
	unsent:      {again(unavailable), again(unavailable), again(unavailable)},
	hopeless:    {once(unavailable), once(unavailable), once(unavailable)},
}

func once(told classes) reaction  { return reaction{told: told} }
func again(told classes) reaction { return reaction{again: true, told: told} }

func (p proof) reaction(k kind) reaction {
	switch r := table[p]; k {
	case read:
		return r.read
	case change:
		return r.change
	default:
		return r.write
	}
}

// open reports that the vendor may have done what it was asked.
func (p proof) open() bool { return p.reaction(write).told.has(outcomeUnknown) }

// mostSends is how often a call is sent that meets no limit.
const mostSends = 4

// manySends stands for as often as there is time for.
const manySends = 0

// outcome is what becomes of a call.
type outcome struct {
	ok   bool
	told classes
	sent int
}

// expect returns what becomes of one call by the table. next returns the answers in
// their order.
func expect(op operation, k kind, next func() *answer) outcome {
	var unknown classes
	for o, counted := (outcome{}), 0; ; {
		a := next()
		o.sent++
		proof, told := success, classes(0)
		if a != nil {
			proof, told = a.proof, a.told
		}
		if proof == success || proof == absence && op == deletes && unknown != 0 {
			o.ok = true
			return o
		}
		r := proof.reaction(k)
		if proof != limit {
			counted++
		}
		unknown |= r.told & outcomeUnknown
		if !r.again || counted == mostSends {
			o.told = r.told | told | unknown
			return o
		}
		if proof == limit && o.sent > 1000 {
			return outcome{told: r.told | unknown, sent: manySends}
		}
	}
}
