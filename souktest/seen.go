package souktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/souk-go/souk"
)

// TestSeen tests whether a [souk.Seen] of your own remembers deliveries as the webhook
// handlers need it: that one of many gets a claim, that a claim ends by Release and by
// itself, and that what is done stays done. Call it from a test:
//
//	souktest.TestSeen(t, func() souk.Seen { return myseen.Open(dsn) })
//
// Each call of open returns the Seen as another process would open it, on the same
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
			one.test(seenTest{open: open, prefix: fmt.Sprintf("souktest:%d:", time.Now().UnixNano())}, t)
		})
	}
}

type seenTest struct {
	open   func() souk.Seen
	prefix string
}

// What Claim can say.
const (
	claimed = "the claim"
	held    = "ErrClaimed"
	done    = "false and no error, which means done"
)

// claim says what a Seen that is opened anew answers, for a claim of this lifetime.
func (s seenTest) claim(t part, name string, lifetime time.Duration) string {
	t.Helper()
	ok, err := s.open().Claim(t.Context(), s.prefix+name, lifetime)
	switch {
	case errors.Is(err, souk.ErrClaimed) && !ok:
		return held
	case err != nil:
		t.Fatalf("Claim(%q): %t, %v", s.prefix+name, ok, err)
	case ok:
		return claimed
	}
	return done
}

func (s seenTest) want(t part, name, want, when string) {
	t.Helper()
	if got := s.claim(t, name, time.Minute); got != want {
		t.Errorf("Claim %s returns %s; want %s", when, got, want)
	}
}

func (s seenTest) done(t part, name string) {
	t.Helper()
	if err := s.open().Done(t.Context(), s.prefix+name); err != nil {
		t.Errorf("Done(%q): %v", s.prefix+name, err)
	}
}

func (s seenTest) release(t part) {
	t.Helper()
	if err := s.open().Release(t.Context(), s.prefix+"a"); err != nil {
		t.Errorf("Release: %v", err)
	}
}

func (s seenTest) claimsOnce(t part) {
	s.want(t, "a", claimed, "of a delivery that nobody has seen")
	s.want(t, "a", held, "of a delivery that another has claimed")
	s.want(t, "a", held, "of a delivery that another has claimed")
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
	s.want(t, "a", claimed, "of a delivery that nobody has seen")
	s.done(t, "a")
	s.want(t, "a", done, "after Done")
	s.release(t)
	s.want(t, "a", done, "after Done and a late Release")
	s.done(t, "a")
	s.want(t, "a", done, "after a second Done")
	s.done(t, "b")
	s.want(t, "b", done, "after a Done without a claim")
}

func (s seenTest) releaseGivesBack(t part) {
	s.release(t)
	for range 2 {
		s.want(t, "a", claimed, "after Release")
		s.release(t)
		s.release(t)
	}
}

func (s seenTest) claimEnds(t part) {
	for _, name := range []string{"a", "b"} {
		if got := s.claim(t, name, 2*time.Second); got != claimed {
			t.Errorf("Claim of a delivery that nobody has seen returns %s; want %s", got, claimed)
		}
	}
	s.want(t, "a", held, "before an earlier claim ends")
	deadline := time.Now().Add(6 * time.Second)
	for s.claim(t, "a", time.Minute) == held {
		if time.Now().After(deadline) {
			t.Error("a claim of two seconds still stands after six")
			return
		}
		time.Sleep(50 * time.Millisecond) // the claim ends by the clock of the store
	}
	s.want(t, "a", held, "after an earlier claim ended and another followed")
	s.done(t, "b")
	s.want(t, "b", done, "after a Done that came later than the end of its claim")
}

func (s seenTest) keepsIDsApart(t part) {
	long := strings.Repeat("k", 99-len(s.prefix))
	names := []string{"a", "A", "a:b", "a-b", long, long + "l"}
	for _, name := range names {
		s.want(t, name, claimed, "of an id that nobody has seen")
	}
	s.done(t, "a")
	for _, name := range names[1:] {
		s.want(t, name, held, "of an id, after Done of another,")
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
