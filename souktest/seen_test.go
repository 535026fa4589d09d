package souktest_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
)

// It waits for a claim to end by a real clock, as a store of the user's has it.
func TestTheSDKsOwnSeenPasses(t *testing.T) {
	t.Parallel()
	seen := souk.NewMemorySeen()
	souktest.TestSeen(t, func() souk.Seen { return seen })
}

func TestSeensThatLieAreFound(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"done for claimed":     "Claim of a delivery that another has claimed returns false and no error, which means done; want ErrClaimed",
		"claimed by all":       "16 of 16 got the claim at the same moment; want 1",
		"no memory":            "Claim after Done returns the claim; want false and no error, which means done",
		"release undoes":       "Claim after Done and a late Release returns the claim",
		"no release":           "Claim after Release returns ErrClaimed; want the claim",
		"claims without end":   "a claim of two seconds still stands after six",
		"done needs its claim": "Claim after a Done that came later than the end of its claim returns",
		"one id":               "Claim of an id that nobody has seen returns",
		"no context":           "Claim with a context that has ended returns no error",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // where nobody is late
				seen, w := lyingSeens[name](souk.NewMemorySeen()), &witness{T: t}
				souktest.TestSeen(w, func() souk.Seen { return seen })
				assert.Contains(t, strings.Join(w.said, "\n"), want)
			})
		})
	}
}

var lyingSeens = map[string]func(souk.Seen) souk.Seen{
	"done for claimed":     func(s souk.Seen) souk.Seen { return doneForClaimed{s} },
	"claimed by all":       func(s souk.Seen) souk.Seen { return claimedByAll{s} },
	"no memory":            func(s souk.Seen) souk.Seen { return noMemory{s} },
	"release undoes":       func(s souk.Seen) souk.Seen { return &releaseUndoes{Seen: s, undone: map[string]bool{}} },
	"no release":           func(s souk.Seen) souk.Seen { return noRelease{s} },
	"claims without end":   func(s souk.Seen) souk.Seen { return withoutEnd{s} },
	"done needs its claim": func(s souk.Seen) souk.Seen { return &needsClaim{Seen: s, ends: map[string]time.Time{}} },
	"one id":               func(s souk.Seen) souk.Seen { return oneID{s} },
	"no context":           func(s souk.Seen) souk.Seen { return noContext{s} },
}

type doneForClaimed struct{ souk.Seen }

func (s doneForClaimed) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	ok, _ := s.Seen.Claim(ctx, id, lifetime)
	return ok, nil
}

type claimedByAll struct{ souk.Seen }

func (claimedByAll) Claim(context.Context, string, time.Duration) (bool, error) { return true, nil }

type noMemory struct{ souk.Seen }

func (s noMemory) Done(ctx context.Context, id string) error { return s.Release(ctx, id) }

// releaseUndoes forgets what is done. No two goroutines release.
type releaseUndoes struct {
	souk.Seen
	undone map[string]bool
}

func (s *releaseUndoes) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	ok, err := s.Seen.Claim(ctx, id, lifetime)
	return ok || s.undone[id], err
}

func (s *releaseUndoes) Release(ctx context.Context, id string) error {
	s.undone[id] = true
	return s.Seen.Release(ctx, id)
}

type noRelease struct{ souk.Seen }

func (noRelease) Release(context.Context, string) error { return nil }

type withoutEnd struct{ souk.Seen }

func (s withoutEnd) Claim(ctx context.Context, id string, _ time.Duration) (bool, error) {
	return s.Seen.Claim(ctx, id, time.Hour)
}

// needsClaim drops a Done whose claim has ended. Its claims are not raced for.
type needsClaim struct {
	souk.Seen
	ends map[string]time.Time
}

func (s *needsClaim) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	ok, err := s.Seen.Claim(ctx, id, lifetime)
	if ok && lifetime < time.Minute {
		s.ends[id] = time.Now().Add(lifetime)
	}
	return ok, err
}

func (s *needsClaim) Done(ctx context.Context, id string) error {
	if end, ok := s.ends[id]; ok && !time.Now().Before(end) {
		return nil
	}
	return s.Seen.Done(ctx, id)
}

type oneID struct{ souk.Seen }

func (s oneID) Claim(ctx context.Context, _ string, lifetime time.Duration) (bool, error) {
	return s.Seen.Claim(ctx, "id", lifetime)
}

type noContext struct{ souk.Seen }

func (s noContext) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	return s.Seen.Claim(context.WithoutCancel(ctx), id, lifetime)
}
