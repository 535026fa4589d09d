package transport_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// A function of the user's that ends the context before the request is sent leaves
// nothing in doubt, costs no quota, and keeps no place from others.
func TestAContextThatEndsBeforeTheRequestIsSent(t *testing.T) {
	t.Parallel()
	for name, ending := range map[string]func(cfg *transport.Config, end func()){
		"in CallStart": func(cfg *transport.Config, end func()) {
			cfg.Observer = &souk.Observer{CallStart: func(context.Context, souk.Call) context.Context { end(); return nil }}
		},
		"in AttemptStart": func(cfg *transport.Config, end func()) {
			cfg.Observer = &souk.Observer{AttemptStart: func(context.Context, souk.Attempt, http.Header) context.Context { end(); return nil }}
		},
		"in the source of tokens": func(cfg *transport.Config, end func()) {
			cfg.Authorizer = transport.Sourced(endingSource(end), "Authorization", "Bearer ")
		},
		"in the limiter": func(cfg *transport.Config, end func()) {
			cfg.Quotas[1].Limiter = &limiterOf{f: func(context.Context) error { end(); return nil }}
		},
		"in the limiter of the first quota": func(cfg *transport.Config, end func()) {
			cfg.Quotas[0].Limiter = &limiterOf{f: func(context.Context) error { end(); return nil }}
		},
	} {
		for _, repeat := range []transport.Repeat{transport.Write, transport.Idempotent, transport.Safe} {
			t.Run(name+", "+classCall(repeat).Method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var mu sync.Mutex
					sent := 0
					cfg := transport.Config{
						BaseURL: baseURL(t),
						Quotas: []transport.Quota{
							{Bucket: "one", Limit: &ratelimit.Limit{Burst: 100, Rate: 0.0001}}, {Bucket: "other", Limit: &ratelimit.Limit{Burst: 100, Rate: 0.0001}},
						},
						Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
							mu.Lock()
							defer mu.Unlock()
							sent++
							return says(200, "", "{}")(r)
						})}},
					}
					plain := cfg
					plain.Quotas = append([]transport.Quota(nil), cfg.Quotas...)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					ending(&cfg, cancel)

					err := newClient(t, cfg).Do(ctx, classCall(repeat))

					require.ErrorIs(t, err, context.Canceled)
					require.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
					require.Zero(t, sent)
					others := newClient(t, plain)
					assert.Equal(t, 100, others.Quota().Remaining)
					var group sync.WaitGroup
					for range 64 {
						group.Go(func() { assert.NoError(t, others.Do(t.Context(), classCall(repeat))) })
					}
					group.Wait()
					assert.Equal(t, 36, others.Quota().Remaining)
				})
			})
		}
	}
}

type endingSource func()

func (s endingSource) Token(context.Context) (*oauth2.Token, error) {
	s()
	return &oauth2.Token{AccessToken: "t"}, nil
}
