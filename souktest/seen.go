package souktest

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/souk-go/souk"
)

// TestSeen tests whether a [souk.Seen] of your own does what the webhook handlers
// require: one of many callers gets a claim, a claim ends by Release and by itself, and
// a delivery that is done stays done. Call it from a test:
//
//	souktest.TestSeen(t, func() souk.Seen { return myseen.Open(dsn) })
//
// Each call of open must return the Seen as another process would open it, on the same
// data. The ids that the test leaves behind begin with "souktest:". It takes a few
// seconds, because it waits for a claim to end.
func TestSeen(t TestingT, open func() souk.Seen) {
	t.Helper()
	for _, one := range []struct {
		name string
		test func(s seenTest, t part)
	}{
		{"ClaimsOnce", seenTest.claimsOnce},
		{"OneOfManyGetsTheClaim", seenTest.oneOfMany},
		{"DoneStaysDone", seenTest.doneStaysDone},
		{"ReleaseGivesBack", seenTest.releaseGivesBack},
		{"AClaimEnds", seenTest.claimEnds},
		{"KeepsIDsApart", seenTest.keepsIDsApart},
		{"GivesUpWithTheContext", seenTest.givesUpWithTheContext},
	} {
		runPart(t, one.name, func(t part) {
			one.test(seenTest{open: open, prefix: "souktest:" + strings.ToLower(rand.Text()) + ":"}, t)
		})
	}
}

type seenTest struct {
	open   func() souk.Seen
	prefix string
}

// The results of Claim.
const (
	claimed = "the claim"
	held    = "ErrClaimed"
	done    = "false and no error, which means done"
)

// process is one of the processes that share a Seen.
type process struct {
	seen   souk.Seen
	prefix string
}

func (s seenTest) process() process { return process{s.open(), s.prefix} }

// claim returns the result of Claim with this lifetime.
func (p process) claim(t part, name string, lifetime time.Duration) string {
	t.Helper()
	ok, err := p.seen.Claim(t.Context(), p.prefix+name, lifetime)
	switch {
	case errors.Is(err, souk.ErrClaimed) && !ok:
		return held
	case err != nil:
		t.Fatalf("Claim(%q): %t, %v", p.prefix+name, ok, err)
	case ok:
		return claimed
	}
	return done
}

func (p process) want(t part, name, want, when string) {
	t.Helper()
	if got := p.claim(t, name, time.Minute); got != want {
		t.Errorf("Claim %s returns %s; want %s", when, got, want)
	}
}

func (p process) done(t part, name string) {
	t.Helper()
	if err := p.seen.Done(t.Context(), p.prefix+name); err != nil {
		t.Errorf("Done(%q): %v", p.prefix+name, err)
	}
}

func (p process) release(t part) {
	t.Helper()
	if err := p.seen.Release(t.Context(), p.prefix+"a"); err != nil {
		t.Errorf("Release(%q): %v", p.prefix+"a", err)
	}
}

func (s seenTest) claimsOnce(t part) {
	one, other := s.process(), s.process()
	one.want(t, "a", claimed, "of a delivery that nobody has seen")
	one.want(t, "a", held, "of a delivery that it has claimed itself")
	other.want(t, "a", held, "of a delivery that another has claimed")
}

func (s seenTest) oneOfMany(t part) {
	stores := []souk.Seen{s.open(), s.open()}
	var got atomic.Int32
	var callers sync.WaitGroup
	for i := range 16 {
		callers.Go(func() {
			ok, err := stores[i%len(stores)].Claim(t.Context(), s.prefix+"a", time.Minute)
			if ok && err == nil {
				got.Add(1)
			} else if !errors.Is(err, souk.ErrClaimed) {
				t.Errorf("Claim of a delivery that another has claimed returns %t, %v; want ErrClaimed", ok, err)
			}
		})
	}
	callers.Wait()
	if n := got.Load(); n != 1 {
		t.Errorf("%d of 16 got the claim at the same moment; want 1", n)
	}
}

func (s seenTest) doneStaysDone(t part) {
	one, other := s.process(), s.process()
	one.want(t, "a", claimed, "of a delivery that nobody has seen")
	one.done(t, "a")
	other.want(t, "a", done, "after Done")
	one.release(t)
	other.want(t, "a", done, "after Done and a late Release")
	other.done(t, "a")
	one.want(t, "a", done, "after a second Done")
	one.done(t, "b")
	other.want(t, "b", done, "after a Done without a claim")
}

func (s seenTest) releaseGivesBack(t part) {
	one, other := s.process(), s.process()
	one.release(t)
	one.want(t, "a", claimed, "of a delivery that nobody has seen")
	one.release(t)
	one.release(t)
	other.want(t, "a", claimed, "after Release")
	other.release(t)
	one.want(t, "a", claimed, "after Release")
}

func (s seenTest) claimEnds(t part) {
	const lifetime = 2 * time.Second
	one, other := s.process(), s.process()
	began := time.Now()
	for _, name := range []string{"a", "b"} {
		if got := one.claim(t, name, lifetime); got != claimed {
			t.Errorf("Claim of a delivery that nobody has seen returns %s; want %s", got, claimed)
		}
	}
	got := other.claim(t, "a", time.Minute)
	if got != held && time.Since(began) < lifetime { // a busy machine may be later
		t.Errorf("Claim before an earlier claim ends returns %s; want %s", got, held)
	}
	for late := false; got == held; got = other.claim(t, "a", time.Minute) {
		if late {
			t.Error("a claim of two seconds still stands after six")
			return
		}
		time.Sleep(50 * time.Millisecond) // the claim ends by the clock of the store
		late = time.Since(began) > 3*lifetime
	}
	one.want(t, "a", held, "after an earlier claim ended and another followed")
	one.done(t, "b")
	other.want(t, "b", done, "after a Done that came later than the end of its claim")
}

func (s seenTest) keepsIDsApart(t part) {
	one, other := s.process(), s.process()
	long := strings.Repeat("k", 99-len(s.prefix))
	names := []string{"a", "A", "a:b", "a-b", long, long + "l"}
	for _, name := range names {
		one.want(t, name, claimed, "of an id that nobody has seen")
	}
	one.done(t, "a")
	for _, name := range names[1:] {
		other.want(t, name, held, "of an id, after Done of another,")
	}
}

func (s seenTest) givesUpWithTheContext(t part) {
	ended, end := context.WithCancel(t.Context())
	end()
	answer := make(chan error, 1)
	go func() {
		_, err := s.open().Claim(ended, s.prefix+"a", time.Minute)
		answer <- err
	}()
	select {
	case err := <-answer:
		if err == nil {
			t.Error("Claim with a context that has ended returns no error")
		}
	case <-time.After(10 * time.Second):
		t.Error("Claim with a context that has ended has not returned after 10 s")
	}
}
