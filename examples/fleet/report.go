package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/souk-go/souk/examples/internal/shops"
)

// report is what a run has come to.
type report struct {
	took              time.Duration
	stores, customers int
	missing           []string // customers whom nobody has processed
	foreign           int      // processed, and of no store
	again             int      // processed more than once
	resumed           int      // walks that went on where they were
	killed            int
	requests, refused map[string]int64 // by vendor
	tokens            int              // that could be lost
	lost              []string         // tokens that cannot be renewed
	reused            int              // refresh tokens that came twice
	installed         int              // stores that were installed again
	problems          []string
}

func (m *manager) report(ctx context.Context) (*report, error) {
	r := &report{took: time.Since(m.began), stores: len(m.standIns), requests: map[string]int64{}, refused: map[string]int64{}}
	r.killed, r.problems = m.workers.told()
	counts, err := m.redis.HGetAll(ctx, m.counts()).Result()
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Sscan(counts["again"], &r.again)
	_, _ = fmt.Sscan(counts["resumed"], &r.resumed)
	for _, s := range m.standIns {
		r.requests[s.Vendor] += s.requests.Load()
		r.refused[s.Vendor] += s.refused.Load()
		if err := r.compare(ctx, m, s); err != nil {
			return nil, err
		}
	}
	return r, r.renewAll(ctx, m)
}

// compare compares who was processed with who is there.
func (r *report) compare(ctx context.Context, m *manager, s *standIn) error {
	processed, err := m.redis.SMembersMap(ctx, m.customers(s.Name)).Result()
	if err != nil {
		return err
	}
	r.customers += len(s.customers)
	for _, id := range s.customers {
		if _, ok := processed[id]; !ok {
			r.missing = append(r.missing, s.Name+" "+id)
		}
		delete(processed, id)
	}
	r.foreign += len(processed)
	return nil
}

// renewAll renews once more each token that could have been lost.
func (r *report) renewAll(ctx context.Context, m *manager) error {
	if err := m.settle(ctx); err != nil {
		return err
	}
	r.installed = m.installed
	opener, err := m.opener(m.redis, nil)
	if err != nil {
		return err
	}
	for _, s := range m.standIns {
		if !s.once {
			continue // SHOPLINE and xclade hand out tokens as often as they are asked
		}
		r.tokens++
		if err := m.renewable(ctx, opener, s); err != nil {
			r.lost = append(r.lost, fmt.Sprintf("%s: %v", s.Name, err))
		}
	}
	for _, s := range m.standIns {
		r.reused += s.reused()
	}
	return nil
}

// err returns which promises were broken.
func (r *report) err() error {
	var broken []error
	if len(r.missing) > 0 || r.foreign > 0 {
		broken = append(broken, fmt.Errorf("%d customers were left out, %d are of no store: %v", len(r.missing), r.foreign, r.missing))
	}
	for vendor, n := range r.refused {
		if n > 0 {
			broken = append(broken, fmt.Errorf("%s refused %d requests with 429", vendor, n))
		}
	}
	if len(r.lost) > 0 || r.reused > 0 {
		broken = append(broken, fmt.Errorf("%d refresh tokens came twice; lost are: %s", r.reused, strings.Join(r.lost, "; ")))
	}
	if r.installed > r.killed {
		broken = append(broken, errors.New("more stores were installed again than workers were killed"))
	}
	return errors.Join(broken...)
}

func (r *report) String() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	line("%d customers of %d stores in %s; %d left out, %d processed again", r.customers-len(r.missing), r.stores, r.took.Round(time.Second/10), len(r.missing), r.again)
	line("%d workers killed, %d walks gone on with in another one", r.killed, r.resumed)
	for _, vendor := range shops.Vendors() {
		line("  %-10s %5d requests, %d answered 429", vendor, r.requests[vendor], r.refused[vendor])
	}
	line("%d of %d tokens that can be used once are good; for %d the merchant was asked again: the worker was killed before it had the answer", r.tokens-len(r.lost), r.tokens, r.installed)
	if n := len(r.problems); n > 0 {
		line("%d failures on the way, the last: %s", n, r.problems[n-1])
	}
	return b.String()
}
