package matrix

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
)

// programs counts requests by the program that they name, or answers none.
type programs struct {
	next   http.RoundTripper
	named  atomic.Int64
	others atomic.Int64
	silent atomic.Bool
}

const program = "app/1"

func (p *programs) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.silent.Load() {
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	}
	if r.UserAgent() == program {
		p.named.Add(1)
	} else {
		p.others.Add(1)
	}
	return p.next.RoundTrip(r)
}

// pace counts who asks to be paced.
type pace struct{ asked atomic.Int64 }

func (p *pace) Wait(ctx context.Context) error {
	p.asked.Add(1)
	return ctx.Err()
}

// What a program sets for its client holds for the client's calls, at every vendor.
func TestOptionsHoldForCalls(t *testing.T) {
	t.Parallel()
	for _, v := range vendors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := v.start(t)
				t.Cleanup(s.server.Close)
				var log testkit.Log
				var limiter pace
				w := &programs{next: s.server.Client().Transport}
				client, err := s.open(s.server.BaseURL(), souk.Options{
					HTTPClient: &http.Client{Transport: w}, UserAgent: program, Logger: log.Logger(), Limiter: &limiter,
					AttemptTimeout: 2 * time.Second, MaxAttempts: 1,
				})
				require.NoError(t, err)
				before := limiter.asked.Load()

				_, err = client.list(t.Context())

				require.NoError(t, err)
				assert.Positive(t, w.named.Load())
				assert.Zero(t, w.others.Load())
				assert.EqualValues(t, 1, limiter.asked.Load()-before)
				assert.NotEmpty(t, log.Records())

				w.silent.Store(true)
				began := time.Now()

				_, err = client.list(t.Context())

				require.ErrorIs(t, err, souk.ErrUnavailable)
				assert.Equal(t, 2*time.Second, time.Since(began))
			})
		})
	}
}
