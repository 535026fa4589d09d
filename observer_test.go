package souk_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func failure(t *testing.T, err error) *souk.Error {
	t.Helper()
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "%v is no *souk.Error", err)
	return e
}

// events writes down what an Observer is told.
type events struct {
	mu   sync.Mutex
	list []any
}

func (e *events) add(event any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event)
}

type ended struct {
	souk.Call
	err error
}

func (e *events) observer() *souk.Observer {
	return &souk.Observer{
		CallStart:    func(ctx context.Context, c souk.Call) context.Context { e.add(c); return ctx },
		Attempt:      func(_ context.Context, a souk.Attempt) { e.add(a) },
		Wait:         func(_ context.Context, w souk.Wait) { e.add(w) },
		TokenRefresh: func(_ context.Context, r souk.TokenRefresh) { e.add(r) },
		CallEnd:      func(_ context.Context, c souk.Call, err error) { e.add(ended{c, err}) },
	}
}

func TestAnObserverIsToldOfACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told events
		server, client := tenant(t, souk.Options{Observer: told.observer()})
		server.Inject(souktest.Fault{Operation: "Customers.List", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}})

		_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

		require.NoError(t, err)
		host := strings.TrimPrefix(server.BaseURL(), "https://")
		login := souk.Call{Vendor: "xclade", Host: host, Method: "POST", Route: "/auth/user/emailpass"}
		loggedIn := login
		loggedIn.Attempts = 1
		list := souk.Call{Vendor: "xclade", Host: host, Method: "GET", Route: "/admin/customers"}
		listed := list
		listed.Attempts, listed.Duration = 2, 30*time.Second
		assert.Equal(t, []any{
			list,
			login,
			souk.Attempt{Vendor: "xclade", Host: host, Method: "POST", Route: "/auth/user/emailpass", Number: 1, StatusCode: 200},
			ended{loggedIn, nil},
			souk.TokenRefresh{Vendor: "xclade"},
			souk.Attempt{Vendor: "xclade", Host: host, Method: "GET", Route: "/admin/customers", Number: 1, StatusCode: 429},
			souk.Wait{Vendor: "xclade", Method: "GET", Route: "/admin/customers", Reason: souk.WaitHeld, Duration: 30 * time.Second},
			souk.Attempt{Vendor: "xclade", Host: host, Method: "GET", Route: "/admin/customers", Number: 2, StatusCode: 200},
			ended{listed, nil},
		}, told.list)
	})
}

func TestAnObserverIsToldWhatTheCallReturns(t *testing.T) {
	t.Parallel()
	var told events
	_, client := tenant(t, souk.Options{Observer: &souk.Observer{
		CallEnd: func(_ context.Context, c souk.Call, err error) { told.add(err) },
	}})

	_, err := client.Customers.Get(t.Context(), "cus_unknown", xclade.GetCustomerRequest{})

	require.ErrorIs(t, err, souk.ErrNotFound)
	assert.Equal(t, []any{nil, err}, told.list, "of the log-in, and of the call")
}

func TestTheContextOfCallStartIsThatOfTheCall(t *testing.T) {
	t.Parallel()
	type key struct{}
	var told events
	_, client := tenant(t, souk.Options{Observer: &souk.Observer{
		CallStart: func(ctx context.Context, c souk.Call) context.Context { return context.WithValue(ctx, key{}, c.Route) },
		Attempt:   func(ctx context.Context, _ souk.Attempt) { told.add(ctx.Value(key{})) },
		CallEnd:   func(ctx context.Context, _ souk.Call, _ error) { told.add(ctx.Value(key{})) },
	}})

	_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

	require.NoError(t, err)
	login, list := any("/auth/user/emailpass"), any("/admin/customers")
	assert.Equal(t, []any{login, login, list, list}, told.list)
}

func TestAnAttemptLeavesWithWhatItsStartAdds(t *testing.T) {
	t.Parallel()
	type key struct{}
	var told events
	server, client := tenant(t, souk.Options{Observer: &souk.Observer{
		AttemptStart: func(ctx context.Context, a souk.Attempt, header http.Header) context.Context {
			told.add(a)
			header.Set("Traceparent", "00-1-2-01")
			header.Set("Authorization", "Bearer of-the-observer")
			header.Set("User-Agent", "of-the-observer")
			header.Set("X-Broken", "a\r\nb")
			return context.WithValue(ctx, key{}, a.Route)
		},
		Attempt: func(ctx context.Context, a souk.Attempt) { told.add(ctx.Value(key{})) },
		CallEnd: func(ctx context.Context, _ souk.Call, _ error) { told.add(ctx.Value(key{})) },
	}})

	_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

	require.NoError(t, err)
	host := strings.TrimPrefix(server.BaseURL(), "https://")
	login, list := "/auth/user/emailpass", "/admin/customers"
	assert.Equal(t, []any{
		souk.Attempt{Vendor: "xclade", Method: "POST", Route: login, Host: host, Number: 1},
		login, nil,
		souk.Attempt{Vendor: "xclade", Method: "GET", Route: list, Host: host, Number: 1},
		list, nil,
	}, told.list, "the context is the attempt's, not the call's")
	for _, request := range server.Requests() {
		assert.Equal(t, []string{"00-1-2-01"}, request.Header["Traceparent"])
		assert.NotContains(t, request.Header, "X-Broken")
		assert.NotContains(t, request.Header.Get("Authorization"), "observer")
		assert.NotContains(t, request.Header.Get("User-Agent"), "observer")
	}
}

// The panic is the user's own. It leaves nothing locked: the next call goes through.
func TestAPanicOfAnObserverLeavesNothingLocked(t *testing.T) {
	t.Parallel()
	for name, hook := range map[string]func(o *souk.Observer, boom func()){
		"CallStart": func(o *souk.Observer, boom func()) {
			o.CallStart = func(ctx context.Context, _ souk.Call) context.Context { boom(); return ctx }
		},
		"AttemptStart": func(o *souk.Observer, boom func()) {
			o.AttemptStart = func(ctx context.Context, _ souk.Attempt, _ http.Header) context.Context { boom(); return ctx }
		},
		"Attempt": func(o *souk.Observer, boom func()) { o.Attempt = func(context.Context, souk.Attempt) { boom() } },
		"Wait":    func(o *souk.Observer, boom func()) { o.Wait = func(context.Context, souk.Wait) { boom() } },
		"TokenRefresh": func(o *souk.Observer, boom func()) {
			o.TokenRefresh = func(context.Context, souk.TokenRefresh) { boom() }
		},
		"CallEnd": func(o *souk.Observer, boom func()) { o.CallEnd = func(context.Context, souk.Call, error) { boom() } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := xcladetest.NewServer()
				t.Cleanup(server.Close)
				cfg := server.Config()
				observer := new(souk.Observer)
				cfg.Observer = observer
				client, err := xclade.NewClient(cfg)
				require.NoError(t, err)
				seed(t, client, "ada")
				server.ExpireTokens()
				server.Inject(souktest.Fault{Operation: "Customers.List", Status: http.StatusServiceUnavailable})
				list := func() error {
					_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
					return err
				}
				armed := true
				hook(observer, func() {
					if armed {
						armed = false
						panic("boom")
					}
				})

				assert.PanicsWithValue(t, "boom", func() { _ = list() })

				require.NoError(t, list())
			})
		})
	}
}
