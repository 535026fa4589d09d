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
func (x *exchange) admit(ctx context.Context, t *tickets) error {
	for i := range x.client.quotas {
		q := &x.client.quotas[i]
		if !strings.HasPrefix(x.quotaRoute(), q.Route) || t.n == maxQuotas {
			continue
		}
		opts := ratelimit.WaitOptions{MaxGate: max(x.patience(), 1)} // 0 would mean any
		if !q.Shared {
			opts.Limiter = x.client.limiter
		}
		ticket, err := ratelimit.For(x.client.key(q), *q.Limit).Wait(ctx, opts)
		if err == nil {
			t.held[t.n] = ticket
			t.n++
		}
		x.admitted(ticket)
		if err != nil {
			return err
		}
	}
	return nil
}

// key names the quota in the process.
func (c *Client) key(q *Quota) ratelimit.Key {
	key := ratelimit.Key{Vendor: c.vendor.Name, Host: c.store, Bucket: q.Bucket}
	if q.ByApp {
		key.App = c.app
	}
	return key
}

// quotaRoute is what a quota's Route is compared with.
func (x *exchange) quotaRoute() string {
	if x.call.Path != "" {
		return x.call.Path
	}
	return x.call.Route
}

// settle tells the quotas what became of the attempt.
func (t *tickets) settle(a *attempt) {
	if a.stage == stageUnsent {
		t.cancel()
		return
	}
	ratelimit.DoneAll(ratelimit.Answer{Status: a.answer.StatusCode, Header: a.answer.Header}, t.held[:t.n]...)
	t.n = 0
}

// cancel gives back the places that are still held, since nothing was sent.
func (t *tickets) cancel() {
	for i := range t.n {
		t.held[i].Cancel()
	}
	t.n = 0
}
