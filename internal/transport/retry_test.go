package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// TestSends is the conformance table: what happens to the first attempt, and
// how often a call of each class then reaches the server.
func TestSends(t *testing.T) {
	t.Parallel()
	const once, all = 1, 4
	type sends struct{ safe, idempotent, write int }
	tests := []struct {
		name    string
		fault   func(r *testkit.Reply)
		want    sends
		class   error
		unknown bool // the outcome of a write
	}{
		{"refused connection", func(r *testkit.Reply) { r.Refuse() }, sends{all, all, all}, souk.ErrUnavailable, false},
		{"dropped connection", func(r *testkit.Reply) { r.Drop() }, sends{all, all, once}, souk.ErrUnavailable, true},
		{"cut-off answer", func(r *testkit.Reply) { r.Cut(200, "application/json", `{"a`) }, sends{all, all, once}, souk.ErrUnavailable, true},
		{"408", own(408), sends{all, all, once}, souk.ErrUnavailable, true},
		{"500", own(500), sends{all, all, once}, souk.ErrUnavailable, true},
		{"500 that is a refusal", status(500, "refused"), sends{once, once, once}, souk.ErrUnavailable, false},
		{"503 of somebody", somebody(503), sends{all, all, once}, souk.ErrUnavailable, true},
		{"503 with Retry-After", func(r *testkit.Reply) { r.Status(503).Header("Retry-After", "1") }, sends{all, all, once}, souk.ErrUnavailable, true},
		{"400", own(400), sends{once, once, once}, souk.ErrInvalid, false},
		{"401", own(401), sends{once, once, once}, souk.ErrUnauthorized, false},
		{"403", own(403), sends{once, once, once}, souk.ErrForbidden, false},
		{"404", own(404), sends{once, once, once}, souk.ErrNotFound, false},
		{"409", own(409), sends{once, once, once}, souk.ErrAlreadyExists, false},
		{"410", own(410), sends{once, once, once}, souk.ErrNotFound, false},
		{"422", own(422), sends{once, once, once}, souk.ErrInvalid, false},
		{"433", own(433), sends{once, once, once}, souk.ErrInvalid, false},
		{"200 that says no", func(r *testkit.Reply) { r.JSON(200, `{"success":false}`) }, sends{once, once, once}, souk.ErrInvalid, false},
		{"200 that says 500", func(r *testkit.Reply) { r.JSON(200, `{"success":false,"code":"trouble"}`) }, sends{all, all, once}, souk.ErrUnavailable, true},
		{"200 of somebody", somebody(200), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"202 of somebody", somebody(202), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"301 of somebody", somebody(301), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"303 of somebody", somebody(303), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"304 of somebody", somebody(304), sends{once, once, once}, unreadable(souk.ErrUnavailable), false},
		{"307 of somebody", somebody(307), sends{once, once, once}, unreadable(souk.ErrUnavailable), false},
		{"308 of somebody", somebody(308), sends{once, once, once}, unreadable(souk.ErrUnavailable), false},
		{"400 of somebody", somebody(400), sends{once, once, once}, unreadable(souk.ErrInvalid), false},
		{"401 of somebody", somebody(401), sends{once, once, once}, unreadable(souk.ErrUnauthorized), false},
		{"403 of somebody", somebody(403), sends{once, once, once}, unreadable(souk.ErrForbidden), false},
		{"404 of somebody", somebody(404), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"405 of somebody", somebody(405), sends{once, once, once}, unreadable(souk.ErrInvalid), false},
		{"407 of somebody", somebody(407), sends{once, once, once}, unreadable(souk.ErrInvalid), false},
		{"409 of somebody", somebody(409), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"410 of somebody", somebody(410), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"413 of somebody", somebody(413), sends{once, once, once}, unreadable(souk.ErrInvalid), false},
		{"431 of somebody", somebody(431), sends{once, once, once}, unreadable(souk.ErrInvalid), false},
		{"500 of somebody", somebody(500), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"502 of somebody", somebody(502), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"504 of somebody", somebody(504), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"599 of somebody", somebody(599), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
		{"999 of somebody", somebody(999), sends{all, all, once}, unreadable(souk.ErrUnavailable), true},
	}
	for _, tt := range tests {
		for class, want := range map[transport.Repeat]int{
			transport.Safe: tt.want.safe, transport.Idempotent: tt.want.idempotent, transport.Write: tt.want.write,
		} {
			t.Run(fmt.Sprintf("%s/class %d", tt.name, class), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					gock := testkit.NewGock(t)
					call := classCall(class)
					tt.fault(gock.Expect(testkit.Request{
						Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body,
					}).Times(want))
					client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})

					err := client.Do(t.Context(), call)

					e := requireError(t, err)
					wanted := tt.class
					var foreign unreadableClass
					unread := errors.As(wanted, &foreign)
					if unread {
						wanted = foreign.class
					}
					assert.ErrorIs(t, err, wanted)
					assert.Equal(t, unread, errors.Is(err, souk.ErrUnreadable), "unreadable: %v", err)
					assert.Equal(t, tt.unknown && class != transport.Safe, errors.Is(err, souk.ErrOutcomeUnknown), "outcome unknown: %v", err)
					assert.Equal(t, want, e.Attempts)
					assert.Equal(t, call.Method, e.Method)
					assert.Equal(t, "/things", e.Route)
				})
			})
		}
	}
}

// unreadable is a class with ErrUnreadable beside it.
func unreadable(class error) error { return unreadableClass{class} }

type unreadableClass struct{ class error }

func (unreadableClass) Error() string { return "" }

// own is a failure in the vendor's form, somebody's is a web page.
func own(code int) func(*testkit.Reply) { return status(code, "no") }

func somebody(code int) func(*testkit.Reply) {
	return func(r *testkit.Reply) { r.Body(code, "text/html", []byte("<html>Just a moment</html>")) }
}

func status(code int, errorCode string) func(*testkit.Reply) {
	return func(r *testkit.Reply) { r.JSON(code, fmt.Sprintf(`{"code":%q}`, errorCode)) }
}

// A limit ends no call that may wait: attempts that met it do not count.
func TestA429DoesNotCountAgainstMaxAttempts(t *testing.T) {
	t.Parallel()
	for _, fault := range []func(*testkit.Reply){own(429), somebody(429)} {
		for _, repeat := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				call := classCall(repeat)
				request := testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}
				reply := gock.Expect(request).Times(6)
				fault(reply)
				reply.Header("Retry-After", "1")
				gock.Expect(request).Status(200)
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 2}})

				response, err := responseOf(t.Context(), client, call)

				require.NoError(t, err)
				assert.Equal(t, 7, response.Attempts)
			})
		}
	}
}

func TestOneAttemptIsOneAlsoWhereALimitIsMet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(429)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.Equal(t, 1, requireError(t, err).Attempts)
}

// All waits that failures cause within one call come to at most MaxRetryWait.
func TestWaitsOfACallAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Times(3).Status(503).Header("Retry-After", "4")
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 9, MaxRetryWait: 10 * time.Second}})
		started := time.Now()

		err := client.Do(t.Context(), classCall(transport.Safe))

		e := requireError(t, err)
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, 3, e.Attempts)
		assert.Equal(t, 4*time.Second, e.RetryAfter)
		assert.Equal(t, 8*time.Second, time.Since(started))
	})
}

func TestRetrySucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things"}
		gock.Expect(request).Drop()
		gock.Expect(request).Status(503)
		gock.Expect(request).JSON(200, `{"name":"found"}`).Header("X-Request-Id", "r-3")
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		var out struct{ Name string }

		response, err := responseOf(t.Context(), client, &transport.Call{Method: "GET", Route: "/things", Repeat: transport.Safe, Out: &out})

		require.NoError(t, err)
		assert.Equal(t, "found", out.Name)
		assert.Equal(t, 3, response.Attempts)
		assert.Equal(t, "r-3", response.RequestID)
	})
}

func TestMaxAttempts(t *testing.T) {
	t.Parallel()
	for _, attempts := range []int{1, 2, 7} {
		t.Run(fmt.Sprint(attempts), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(502).Times(attempts)
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: attempts}})

				err := client.Do(t.Context(), classCall(transport.Safe))

				assert.Equal(t, attempts, requireError(t, err).Attempts)
			})
		})
	}
}

// Every form of Retry-After is waited for, whole, and by nobody less.
func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]struct {
		header func(now time.Time) string
		want   time.Duration
	}{
		"seconds":  {func(time.Time) string { return "7" }, 7 * time.Second},
		"fraction": {func(time.Time) string { return "1.5" }, 1500 * time.Millisecond},
		"RFC 1123": {func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second},
		"RFC 850":  {func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(time.RFC850) }, 9 * time.Second},
		"asctime":  {func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(time.ANSIC) }, 9 * time.Second},
	} {
		for _, code := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s/%d", name, code), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					gock := testkit.NewGock(t)
					request := testkit.Request{URL: baseURL(t) + "/api/things"}
					gock.Expect(request).Status(code).Header("Retry-After", form.header(time.Now()))
					gock.Expect(request).Status(200)
					client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
					started := time.Now()

					err := client.Do(t.Context(), classCall(transport.Safe))

					require.NoError(t, err)
					assert.GreaterOrEqual(t, time.Since(started), form.want)
					assert.Less(t, time.Since(started), form.want+time.Second)
				})
			})
		}
	}
}

// A wait that cannot be waited for fails at once and says how long it is.
func TestRetryAfterTooLong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		retryAfter string
		deadline   time.Duration
		want       time.Duration
	}{
		{"beyond MaxRetryWait", "61", time.Hour, 61 * time.Second},
		{"beyond the deadline", "30", 10 * time.Second, 30 * time.Second},
		{"a day", "86400", time.Hour, 24 * time.Hour},
		{"a year", "31536000", time.Hour, 365 * 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).
					JSON(429, `{"code":"slow","message":"slow down"}`).Header("Retry-After", tt.retryAfter)
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				started := time.Now()

				err := client.Do(ctx, classCall(transport.Safe))

				e := requireError(t, err)
				assert.ErrorIs(t, err, souk.ErrRateLimited)
				assert.Zero(t, time.Since(started))
				assert.Equal(t, tt.want, e.RetryAfter)
				assert.Equal(t, 429, e.StatusCode)
				assert.Equal(t, "slow", e.Code)
				assert.Contains(t, err.Error(), "try again in "+tt.want.String())
			})
		})
	}
}

// A backoff that would end after the deadline is not begun.
func TestBackoffStopsAtDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(502)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		started := time.Now()

		err := client.Do(ctx, classCall(transport.Safe))

		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Zero(t, time.Since(started))
	})
}

func TestCancelDuringBackoff(t *testing.T) {
	t.Parallel()
	for class, unknown := range map[transport.Repeat]bool{transport.Safe: false, transport.Idempotent: true} {
		t.Run(fmt.Sprint(class), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				call := classCall(class)
				gock.Expect(testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}).Status(503).Header("Retry-After", "20")
				if unknown {
					gock.Expect(testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}).Drop()
				}
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
				ctx, cancel := context.WithCancel(t.Context())
				wait := 5 * time.Second
				if unknown {
					wait = 20*time.Second + time.Nanosecond
				}
				time.AfterFunc(wait, cancel)

				err := client.Do(ctx, call)

				assert.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, unknown, errors.Is(err, souk.ErrOutcomeUnknown))
			})
		})
	}
}

// The repeat of a delete finds nothing left to delete: that is a success.
func TestRepeatedDelete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{Method: "DELETE", URL: baseURL(t) + "/api/things/7"}
		gock.Expect(request).Drop()
		gock.Expect(request).Body(404, "text/html", []byte("<html>not here</html>")) // a proxy's, which proves nothing
		gock.Expect(request).JSON(404, `{"code":"missing"}`)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call := &transport.Call{Method: "DELETE", Route: "/things/{id}", IDs: []any{"7"}, Repeat: transport.Idempotent, Deletes: true}

		err := client.Do(t.Context(), call)

		assert.NoError(t, err)
	})
}

// That there is no such operation does not say that what it is about has gone. A
// vendor knows such an answer by the path in it.
func TestNoRouteIsNoProofOfADelete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{Method: "DELETE", URL: baseURL(t) + "/api/things/a-1"}
		gock.Expect(request).Drop()
		gock.Expect(request).Body(404, "text/html", []byte("no way to /api/things/a-1"))
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call := &transport.Call{Method: "DELETE", Route: "/things/{id}", IDs: []any{"a-1"}, Repeat: transport.Idempotent, Deletes: true}

		err := client.Do(t.Context(), call)

		assert.ErrorIs(t, err, souk.ErrNotFound)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.Equal(t, 2, requireError(t, err).Attempts)
	})
}

func TestFirstDeleteOfNothing(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "DELETE", URL: baseURL(t) + "/api/things/7"}).JSON(404, `{"code":"missing"}`)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
	call := &transport.Call{Method: "DELETE", Route: "/things/{id}", IDs: []any{"7"}, Repeat: transport.Idempotent, Deletes: true}

	err := client.Do(t.Context(), call)

	assert.ErrorIs(t, err, souk.ErrNotFound)
}

// An attempt that hangs is given up and repeated; it is not the caller's deadline.
func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things"}
		gock.Expect(request).Delay(time.Hour)
		gock.Expect(request).Status(200)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), AttemptTimeout: 3 * time.Second}})
		started := time.Now()

		response, err := responseOf(t.Context(), client, classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, 2, response.Attempts)
		assert.GreaterOrEqual(t, time.Since(started), 3*time.Second)
		assert.Less(t, time.Since(started), 4*time.Second)
	})
}

func TestAttemptTimeoutOfWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		call := classCall(transport.Write)
		gock.Expect(testkit.Request{Method: "POST", URL: baseURL(t) + "/api/things", Body: call.Body}).Delay(time.Hour)
		httpClient := gock.Client()
		httpClient.Timeout = 2 * time.Second
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: httpClient}})
		started := time.Now()

		err := client.Do(t.Context(), call)

		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.NotErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 2*time.Second, time.Since(started))
		assert.Contains(t, err.Error(), "no complete answer within the attempt's timeout")
	})
}

// The shorter of both bounds counts.
func TestTimeoutOfTheUsersClient(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ attempt, client, want time.Duration }{
		{2 * time.Second, 5 * time.Second, 2 * time.Second},
		{5 * time.Second, 2 * time.Second, 2 * time.Second},
		{5 * time.Second, 0, 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			httpClient := scripted(hangs)
			httpClient.Timeout = c.client
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: httpClient, AttemptTimeout: c.attempt, MaxAttempts: 1}})
			began := time.Now()

			err := client.Do(t.Context(), classCall(transport.Safe))

			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, c.want, time.Since(began))
		})
	}
}

// MaxRetryWait shortens waits. It costs no attempt, however many there are to be.
func TestMaxRetryWaitCostsNoAttempt(t *testing.T) {
	t.Parallel()
	const attempts = 80
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		own(500)(gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Times(attempts))
		client := newClient(t, transport.Config{Options: souk.Options{
			HTTPClient: gock.Client(), MaxAttempts: attempts, MaxRetryWait: 400 * time.Millisecond,
		}})
		began := time.Now()

		err := client.Do(t.Context(), classCall(transport.Safe))

		assert.Equal(t, attempts, requireError(t, err).Attempts)
		assert.LessOrEqual(t, time.Since(began), 400*time.Millisecond)
	})
}
