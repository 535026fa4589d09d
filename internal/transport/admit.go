package transport

import (
	"context"
	"strings"

	"github.com/souk-go/souk/internal/ratelimit"
)

// maxQuotas is the largest number of quotas that one call counts against.
const maxQuotas = 2

// tickets are the places in the quotas that an attempt takes.
type tickets struct {
	held [maxQuotas]ratelimit.Ticket
	n    int
}

// admit waits until every quota has room for the attempt.
func (x *exchange) admit(ctx context.Context) (tickets, error) {
	var t tickets
	for i := range x.client.quotas {
		q := &x.client.quotas[i]
		if !strings.HasPrefix(x.quotaRoute(), q.Route) || t.n == maxQuotas {
			continue
		}
		opts := ratelimit.WaitOptions{MaxGate: x.client.maxRetryWait}
		if !q.Shared {
			opts.Limiter = x.client.limiter
		}
		ticket, err := ratelimit.For(q.Key, *q.Limit).Wait(ctx, opts)
		x.admitted(ticket)
		if err != nil {
			t.cancel()
			return t, err
		}
		t.held[t.n] = ticket
		t.n++
	}
	return t, nil
}

// quotaRoute is what a quota's Route is compared with.
func (x *exchange) quotaRoute() string {
	if x.call.Path != "" {
		return x.call.Path
	}
	return x.call.Route
}

// cancel gives the places back, since nothing was sent.
func (t *tickets) cancel() {
	for i := range t.n {
		t.held[i].Cancel()
	}
	t.n = 0
}
