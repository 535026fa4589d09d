package paging_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/require"
)

// simulation is a kind of list, and how it changes during a walk and between two.
type simulation struct {
	list      func(*shop) paging.List[item]
	ascending bool
	apart     time.Duration // between two rows, at most
	rows, cap int
	still     bool // no row is deleted while a loop goes on
	calm      bool // rows are added one by one
	fixed     bool // nothing changes at all
	longest   int  // position
}

var simulations = map[string]simulation{
	"ids":                        {list: (*shop).keyset, ascending: true, longest: 1024},
	"offsets":                    {list: (*shop).offset, ascending: true, longest: 1024},
	"cursors":                    {list: (*shop).cursor, longest: 4096},
	"numbers with a total":       {list: (*shop).counted, longest: 1024},
	"numbers without a total":    {list: (*shop).uncounted, still: true, calm: true, longest: 1024},
	"numbers with falling times": {list: (*shop).timed, still: true, calm: true, longest: 1024},
	"numbers without ids":        {list: (*shop).unnamed, fixed: true, longest: 1024},
	"days":                       {list: (*shop).days, apart: 12 * time.Hour, cap: 97, longest: 1024},
	"busy days":                  {list: (*shop).days, apart: 20 * time.Minute, cap: 200, rows: 600, longest: 1024},
}

// seeds is how many walks of each kind are simulated.
func seeds() uint64 {
	if underRace || testing.Short() {
		return 50
	}
	return 500
}

// Every row that is there all the time comes, exactly once in one loop, and in
// order. How many come again after a resume is logged.
func TestWalksMissNoRowWhileTheListChanges(t *testing.T) {
	t.Parallel()
	for name, sim := range simulations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sum tally
				for seed := range seeds() {
					sum.add(sim.run(t, rand.New(rand.NewPCG(seed, 1)), fmt.Sprintf("seed %d", seed)))
				}
				t.Log(name+":", sum)
			})
		})
	}
}

// tally counts what happened.
type tally struct{ walks, resumes, rows, again, requests, begun int }

func (t *tally) add(o tally) {
	t.walks++
	t.resumes += o.resumes
	t.rows += o.rows
	t.again += o.again
	t.requests += o.requests
	if o.again > 0 {
		t.begun++
	}
}

func (t tally) String() string {
	return fmt.Sprintf("%d walks of %d rows in all, %d requests, %d resumes: %d rows came again, %.1f per resume, in %d walks",
		t.walks, t.rows, t.requests, t.resumes, t.again, float64(t.again)/float64(max(t.resumes, 1)), t.begun)
}

func (sim simulation) run(t *testing.T, r *rand.Rand, where string) (sum tally) {
	s := sim.shop(r)
	var came []int // in the order in which they came first
	times := make(map[int]int)
	w := sim.walker(s, "")
	for loops := 3; ; loops-- {
		s.failing = func() bool { return loops > 0 && r.IntN(60) == 0 }
		ended := sim.loop(t, r, w, loops > 0, where, func(id int) {
			if times[id]++; times[id] == 1 {
				came = append(came, id)
			}
		})
		if ended {
			break
		}
		sum.resumes++
		position := w.Position()
		require.LessOrEqual(t, len(position), sim.longest)
		if r.IntN(4) > 0 { // in another process
			w = sim.walker(s, position)
		}
		sim.gap(r, s)
	}
	sum.rows, sum.requests = len(came), s.requests
	for _, n := range times {
		sum.again += n - 1
	}
	requireStable(t, s, came, sim.ascending, where)
	require.LessOrEqual(t, s.most, 2, where)
	require.Zero(t, s.inFlight, where)
	return sum
}

func (sim simulation) walker(s *shop, position string) *paging.Walker[item] {
	return paging.NewWalker(sim.list(s), "list", position, func(e *paging.Error) error { return e })
}

// shop returns a list of which half of the rows are kept.
func (sim simulation) shop(r *rand.Rand) *shop {
	apart := max(sim.apart, 2*time.Second)
	rows, size := r.IntN(max(sim.rows, 300)), 5+r.IntN(20)
	switch {
	case sim.ascending: // where a walk is pushed back by nothing
		size -= r.IntN(5)
	case !sim.calm:
		size -= r.IntN(4)
	}
	if r.IntN(10) == 0 && sim.cap == 0 { // pages of more rows than a position holds
		rows, size = r.IntN(1000), 100+r.IntN(150)
	}
	s := newShop(rows, size, func() time.Duration { return time.Duration(r.Int64N(int64(apart))).Truncate(time.Second) })
	s.limit, s.latency = sim.cap, 20*time.Millisecond
	for _, row := range s.rows {
		s.kept[row.ID] = r.IntN(2) == 0
	}
	budget := 2 * len(s.rows) // a list that grows for ever has no end
	some := func() int {
		if r.IntN(10) == 0 && !sim.calm {
			return r.IntN(3 * s.size)
		}
		return r.IntN(3)
	}
	s.before = func() {
		for range some() {
			if budget > 0 && !sim.fixed {
				budget--
				s.insert()
			}
		}
		for range some() {
			if !sim.still && !sim.fixed {
				s.removeOne(r)
			}
		}
	}
	return s
}

// gap changes the list between two loops: it adds up to as many rows as there are
// and deletes up to all that are not kept.
func (sim simulation) gap(r *rand.Rand, s *shop) {
	if sim.fixed {
		return
	}
	added, deleted := float64(r.IntN(3))/2*r.Float64(), float64(r.IntN(3))/2*r.Float64()
	for range int(added * float64(len(s.rows))) {
		s.insert()
	}
	s.remove(func(item) bool { return r.Float64() < deleted })
}

// loop goes through a walk and reports whether it came to the end. If it may, it
// leaves at random, by break, by the end of the context, or because the server fails.
func (sim simulation) loop(t *testing.T, r *rand.Rand, w *paging.Walker[item], may bool, where string, came func(int)) (ended bool) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stop := -1
	if may {
		stop = r.IntN(1 + max(sim.rows, 300)/2)
	}
	own := rand.New(rand.NewPCG(r.Uint64(), 2)) // since r is used by the requests meanwhile
	seen := make(map[int]bool)
	n := 0
	for row, err := range w.All(ctx) {
		if e, ok := errors.AsType[*paging.Error](err); ok && e.Problem == paging.GrewToCap {
			return false // and the next loop cuts the days shorter
		}
		if errors.Is(err, errDown) || errors.Is(err, context.Canceled) {
			return false
		}
		require.NoError(t, err, where)
		switch {
		case n != stop:
		case n%2 == 0:
			return false
		default:
			cancel()
		}
		n++
		require.False(t, seen[row.ID], "%s: row %d came twice in one loop", where, row.ID)
		seen[row.ID] = true
		came(row.ID)
		time.Sleep(time.Duration(own.IntN(3)) * time.Millisecond)
	}
	return true
}

// requireStable checks that all rows that were kept came, in the order of the list.
func requireStable(t *testing.T, s *shop, came []int, ascending bool, where string) {
	t.Helper()
	var want, got []int
	for _, row := range s.rows {
		if s.kept[row.ID] {
			want = append(want, row.ID)
		}
	}
	if !ascending {
		for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
			want[i], want[j] = want[j], want[i]
		}
	}
	for _, id := range came {
		if s.kept[id] {
			got = append(got, id)
		}
	}
	require.Equal(t, want, got, where)
}
