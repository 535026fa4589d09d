package transport_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/transport"
)

type traceKey struct{}

func trace(ctx context.Context) string {
	text, _ := ctx.Value(traceKey{}).(string)
	return text
}

func traced(ctx context.Context, text string) context.Context {
	return context.WithValue(ctx, traceKey{}, trace(ctx)+text)
}

// Spans nest: what CallStart returns is the context of the call and of its attempts, and
// what AttemptStart returns is that of the request.
func TestObserverGivesContexts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		call, attempt func(ctx context.Context) context.Context
		want          []string // of AttemptStart, the request, Attempt, CallEnd
	}{
		"both":     {func(ctx context.Context) context.Context { return traced(ctx, "c") }, func(ctx context.Context) context.Context { return traced(ctx, "a") }, []string{"c", "ca", "ca", "c"}},
		"the call": {func(ctx context.Context) context.Context { return traced(ctx, "c") }, func(ctx context.Context) context.Context { return ctx }, []string{"c", "c", "c", "c"}},
		"neither":  {func(ctx context.Context) context.Context { return ctx }, func(context.Context) context.Context { return nil }, []string{"", "", "", ""}},
		"nil":      {func(context.Context) context.Context { return nil }, func(ctx context.Context) context.Context { return traced(ctx, "a") }, []string{"", "a", "a", ""}},
	} {
		var got []string
		note := func(ctx context.Context) { got = append(got, trace(ctx)) }
		client := newClient(t, transport.Config{Options: souk.Options{
			HTTPClient: scripted(func(r *http.Request) (*http.Response, error) { note(r.Context()); return says(200, "", "{}")(r) }),
			Observer: &souk.Observer{
				CallStart: func(ctx context.Context, _ souk.Call) context.Context { return tt.call(ctx) },
				AttemptStart: func(ctx context.Context, _ souk.Attempt, _ http.Header) context.Context {
					note(ctx)
					return tt.attempt(ctx)
				},
				Attempt: func(ctx context.Context, _ souk.Attempt) { note(ctx) },
				CallEnd: func(ctx context.Context, _ souk.Call, _ error) { note(ctx) },
			},
		}})

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, tt.want, got, name)
	}
}

// An observer adds headers such as traceparent, and changes none.
func TestObserverAddsHeaders(t *testing.T) {
	t.Parallel()
	var got []http.Header
	client := newClient(t, transport.Config{
		Authorizer: transport.Static("X-Api-Key", "k"), Header: http.Header{"X-Client": {"c"}},
		Options: souk.Options{HTTPClient: recording(&got), Observer: &souk.Observer{
			AttemptStart: func(ctx context.Context, _ souk.Attempt, extra http.Header) context.Context {
				extra["traceparent"], extra["X-Client"], extra["X-Api-Key"] = []string{"00-1"}, []string{"other"}, []string{"other"}
				extra["Cookie"], extra["X-Odd"], extra["X Odd"] = []string{"a=b"}, []string{"a\nb"}, []string{"a"}
				return ctx
			},
		}},
	})

	err := client.Do(t.Context(), classCall(transport.Safe))

	require.NoError(t, err)
	assert.Equal(t, http.Header{
		"Accept": {"application/json"}, "User-Agent": {transport.DefaultUserAgent}, "X-Client": {"c"}, "X-Api-Key": {"k"}, "Traceparent": {"00-1"},
	}, got[0])
}

// What happened is told, to whom it happened and how long it took.
func TestObserverIsToldOfACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []any
		info := souk.Call{Vendor: "acme", Method: "GET", Route: "/things", Host: hostOf(t)}
		client := newClient(t, transport.Config{
			Authorizer: transport.Sourced(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
				percall.Renewed(ctx, 3*time.Second, nil)
				return &oauth2.Token{AccessToken: "t"}, nil
			}), "Authorization", "Bearer "),
			Options: souk.Options{
				HTTPClient: scripted(func(r *http.Request) (*http.Response, error) {
					time.Sleep(time.Second)
					return says(200, "r-1", "{}")(r)
				}),
				Observer: &souk.Observer{
					CallStart:    func(ctx context.Context, c souk.Call) context.Context { told = append(told, c); return ctx },
					TokenRefresh: func(_ context.Context, r souk.TokenRefresh) { told = append(told, r) },
					Attempt:      func(_ context.Context, a souk.Attempt) { told = append(told, a) },
					CallEnd:      func(_ context.Context, c souk.Call, err error) { told = append(told, c, err) },
				},
			},
		})

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		end := info
		end.Attempts, end.Duration = 1, time.Second
		assert.Equal(t, []any{
			info,
			souk.TokenRefresh{Vendor: "acme", Duration: 3 * time.Second},
			souk.Attempt{Vendor: "acme", Method: "GET", Route: "/things", Host: info.Host, Number: 1, StatusCode: 200, RequestID: "r-1", Duration: time.Second},
			end, nil,
		}, told)
	})
}

func hostOf(t *testing.T) string { return newClient(t, transport.Config{}).Host() }
