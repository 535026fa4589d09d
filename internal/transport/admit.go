package transport

import (
	"context"
	"net/url"
	"strings"

	"github.com/souk-go/souk/internal/ratelimit"
)

// maxQuotas is the largest number of quotas that one call of any vendor counts against.
const maxQuotas = 2

// tickets are the places in the quotas that an attempt takes.
type tickets struct {
	held    [maxQuotas]ratelimit.Ticket
	n       int
	sending bool // the attempt is passed to the HTTP transport
}

// admit waits until every quota has room for the attempt.
func (x *exchange) admit(ctx context.Context, t *tickets) error {
	for i := range x.client.quotas {
		q := &x.client.quotas[i]
		if !strings.HasPrefix(x.quotaRoute(), q.Route) {
			continue
		}
		ticket, err := ratelimit.For(x.client.key(q), *q.Limit).Wait(ctx, x.waitOptions(q))
		if err == nil {
			t.held[t.n] = ticket
			t.n++
		}
		x.waitedFor(q, ticket)
		if err != nil {
			return err
		}
	}
	return nil
}

// maxInflight is how many connections to a host one app at a store may use, so that its
// stalled calls do not starve others on the same host.
const maxInflight = maxConnsPerHost * 3 / 4

func (x *exchange) waitOptions(q *Quota) ratelimit.WaitOptions {
	opts := ratelimit.WaitOptions{
		MaxGate: max(x.patience(), 1), // 0 would mean no bound
		Refused: x.sentBack,
	}
	if q.ByApp && x.client.httpClient == nil {
		opts.MaxInflight = maxInflight
	}
	opts.Limiter = x.client.limiterOf(q)
	if x.tellsWaits() {
		opts.OnWait = x.onWait
	}
	return opts
}

// limiterOf returns the user's limiter that replaces the quota's pace, nil for none.
func (c *Client) limiterOf(q *Quota) ratelimit.Limiter {
	if q.Limiter == nil && !q.Shared {
		return c.limiter
	}
	return q.Limiter
}

// key names the quota in the process.
func (c *Client) key(q *Quota) ratelimit.Key {
	key := ratelimit.Key{Vendor: c.vendor.Name, Host: c.store, Bucket: q.Bucket}
	if q.ByApp {
		key.App = c.app
	}
	return key
}

// quotaRoute returns the route to compare with a quota's Route.
func (x *exchange) quotaRoute() string {
	if x.call.Path != "" { // however it is escaped
		path, _ := url.PathUnescape(x.call.Path)
		return path
	}
	return x.call.Route
}

// settle reports the outcome of the attempt to the quotas.
func (t *tickets) settle(a *attempt) {
	if a.stage == stageUnsent {
		for _, ticket := range t.take() {
			ticket.Cancel()
		}
		return
	}
	ratelimit.DoneAll(ratelimit.Answer{Status: a.answer.StatusCode, Header: a.answer.Header}, t.take()...)
}

// giveUp gives back the places that are still held because there is no outcome, such as
// where a function of the user's panics. They cost quota if something may have been sent.
func (t *tickets) giveUp() {
	for _, ticket := range t.take() {
		if t.sending {
			ticket.Done(ratelimit.Answer{})
		} else {
			ticket.Cancel()
		}
	}
}

// take returns the places that are held, each once.
func (t *tickets) take() []ratelimit.Ticket {
	held := t.held[:t.n]
	t.n = 0
	return held
}
