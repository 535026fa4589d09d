package transport_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// slow lets one request leave at once and then one per second.
var slow = ratelimit.Limit{Burst: 1, Rate: 1}

func quota(bucket string) transport.Quota {
	return transport.Quota{Bucket: bucket, Limit: &slow}
}

// Repeats pay for quota like first attempts, and so does the repeat with a new token.
func TestEveryAttemptPaysForQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things"}
		gock.Expect(request).JSON(401, `{"code":"expired"}`)
		gock.Expect(request).JSON(200, `{}`)
		client := newClient(t, transport.Config{
			Quotas:     []transport.Quota{quota("")},
			Authorizer: transport.Sourced(&source{}, "Authorization", "Bearer "),
			Options:    souk.Options{HTTPClient: gock.Client()},
		})
		started := time.Now()

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, time.Second, time.Since(started))
	})
}

// Two clients of one store share its quota.
func TestClientsShareQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200).Times(4)
		cfg := transport.Config{Quotas: []transport.Quota{quota("")}, Options: souk.Options{HTTPClient: gock.Client()}}
		started := time.Now()

		for range 2 {
			client := newClient(t, cfg) // made and dropped: the quota holds all the same
			for range 2 {
				err := client.Do(t.Context(), classCall(transport.Safe))
				require.NoError(t, err)
			}
		}

		assert.Equal(t, 3*time.Second, time.Since(started))
	})
}

// A quota with a route counts the calls below it only.
func TestQuotaOfSomeRoutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200).Times(2)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/customers/7"}).Status(200).Times(2)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/customers"}).Status(200)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/%63ustomers"}).Status(200)
		customers := quota("customers")
		customers.Route = "/customers"
		client := newClient(t, transport.Config{Quotas: []transport.Quota{customers}, Options: souk.Options{HTTPClient: gock.Client()}})
		started := time.Now()

		for range 2 {
			err := client.Do(t.Context(), classCall(transport.Safe))
			require.NoError(t, err)
		}
		require.Zero(t, time.Since(started))
		for range 2 {
			err := client.Do(t.Context(), &transport.Call{Method: "GET", Route: "/customers/{id}", IDs: []any{int64(7)}, Repeat: transport.Safe})
			require.NoError(t, err)
		}
		require.NoError(t, client.Free(t.Context(), nil, "GET", "/customers", nil, nil, nil))
		require.NoError(t, client.Free(t.Context(), nil, "GET", "/%63ustomers", nil, nil, nil))

		assert.Equal(t, 3*time.Second, time.Since(started))
	})
}

// A call waits for each quota that it counts against, and for no other.
func TestEveryQuotaOfACallCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200).Times(2)
		others := quota("others")
		others.Route = "/others"
		client := newClient(t, transport.Config{Quotas: []transport.Quota{others, quota("")}, Options: souk.Options{HTTPClient: gock.Client()}})
		started := time.Now()

		for range 2 {
			err := client.Do(t.Context(), classCall(transport.Safe))
			require.NoError(t, err)
		}

		assert.Equal(t, time.Second, time.Since(started))
	})
}

// What the first quota has granted is given back where the second refuses.
func TestAPlaceInOneQuotaIsGivenBackWhereAnotherHasNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200)
		first, second := quota("first"), quota("second")
		second.Limiter = &limiter{err: errors.New("no")}
		refused := newClient(t, transport.Config{Quotas: []transport.Quota{first, second}, Options: souk.Options{HTTPClient: gock.Client()}})
		client := newClient(t, transport.Config{Quotas: []transport.Quota{first}, Options: souk.Options{HTTPClient: gock.Client()}})
		started := time.Now()
		err := refused.Do(t.Context(), classCall(transport.Safe))
		require.ErrorIs(t, err, souk.ErrRateLimited)

		err = client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Zero(t, time.Since(started))
	})
}

// So is the place of an attempt that never left.
func TestAnAttemptThatNeverLeftCostsNoQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refused := fails(&net.OpError{Op: "dial", Err: errors.New("refused")})
		client := newClient(t, transport.Config{Quotas: []transport.Quota{quota("")}, Options: souk.Options{
			HTTPClient: scripted(refused, says(200, "", "{}")), MaxAttempts: 1,
		}})
		started := time.Now()
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.ErrorIs(t, err, souk.ErrUnavailable)

		err = client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Zero(t, time.Since(started))
	})
}

// Who was sent back by a 429 goes before those who came later.
func TestWhoWasSentBackGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var left []string
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			name := r.URL.Query().Get("name")
			mu.Lock()
			n := len(left)
			left = append(left, name)
			mu.Unlock()
			switch n {
			case 0: // refused late
				time.Sleep(2 * time.Second)
				return says(429, "", "")(r)
			case 1:
				return says(429, "", "", "Retry-After", "5")(r)
			}
			time.Sleep(time.Second)
			return says(200, "", "{}")(r)
		})}}})
		var calls sync.WaitGroup
		for _, name := range []string{"first", "second", "newcomer"} {
			calls.Go(func() {
				call := classCall(transport.Safe)
				call.Query = url.Values{"name": {name}}
				err := client.Do(t.Context(), call)
				assert.NoError(t, err)
			})
			synctest.Wait()
			time.Sleep(time.Second / 2)
		}
		calls.Wait()

		assert.Equal(t, []string{"first", "second", "second", "first", "newcomer"}, left)
	})
}

// The client tells the state of its own quota, which is the first.
func TestQuotaOfTheClient(t *testing.T) {
	t.Parallel()
	assert.Equal(t, souk.Quota{}, newClient(t, transport.Config{Quotas: []transport.Quota{}}).Quota())
	own := transport.Quota{Limit: &ratelimit.Limit{Burst: 5, Rate: 1}}
	assert.Equal(t, souk.Quota{Limit: 5, Remaining: 5}, newClient(t, transport.Config{Quotas: []transport.Quota{own, quota("ip")}}).Quota())
}

type limiter struct {
	waits  int
	err    error
	paused time.Time
}

func (l *limiter) Wait(context.Context) error { l.waits++; return l.err }
func (l *limiter) Pause(until time.Time)      { l.paused = until }

// The user's limiter replaces the store's pace, but not what spans stores.
func TestLimiterOfTheUser(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200).Times(3)
		own := &limiter{}
		store, shared := quota("store"), quota("ip")
		shared.Shared = true
		client := newClient(t, transport.Config{Quotas: []transport.Quota{store}, Options: souk.Options{HTTPClient: gock.Client(), Limiter: own}})
		started := time.Now()
		for range 2 {
			err := client.Do(t.Context(), classCall(transport.Safe))
			require.NoError(t, err)
		}
		assert.Zero(t, time.Since(started))
		assert.Equal(t, 2, own.waits)

		client = newClient(t, transport.Config{Quotas: []transport.Quota{shared}, Options: souk.Options{HTTPClient: gock.Client(), Limiter: own}})
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.NoError(t, err)
		assert.Equal(t, 2, own.waits)

		shared.Limiter = &limiter{err: errors.New("no")}
		client = newClient(t, transport.Config{Quotas: []transport.Quota{shared}, Options: souk.Options{HTTPClient: gock.Client(), Limiter: own}})
		err = client.Do(t.Context(), classCall(transport.Safe))
		assert.ErrorIs(t, err, souk.ErrRateLimited, "its own limiter takes the place of its pace")
		assert.Equal(t, 2, own.waits)
	})
}

func TestLimiterIsToldOf429(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(429).Header("Retry-After", "7")
		own := &limiter{}
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), Limiter: own, MaxAttempts: 1}})

		err := client.Do(t.Context(), classCall(transport.Safe))

		assert.ErrorIs(t, err, souk.ErrRateLimited)
		assert.Equal(t, time.Now().Add(7*time.Second), own.paused)
	})
}

func TestLimiterRefuses(t *testing.T) {
	t.Parallel()
	refusal := errors.New("the budget of today is spent")
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: testkit.NewGock(t).Client(), Limiter: &limiter{err: refusal}}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.ErrorIs(t, err, refusal)
	assert.EqualError(t, err, "acme: GET /things: rate limited: the limiter refused")
	assert.Zero(t, requireError(t, err).Attempts)
	assert.Zero(t, requireError(t, err).RetryAfter)
}

// What a Limiter says in the SDK's own words is made to be shown.
func TestALimitersOwnErrorIsShown(t *testing.T) {
	t.Parallel()
	for class, want := range map[error]string{
		souk.ErrUnavailable: "acme: POST /things: unavailable: the limiter refused: Redis is away; try again in 2s",
		souk.ErrRateLimited: "acme: POST /things: rate limited: the limiter refused: Redis is away; try again in 2s",
	} {
		own := &souk.Error{Vendor: "fleet", Message: "Redis is away", RetryAfter: 2 * time.Second, Err: class}
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: testkit.NewGock(t).Client(), Limiter: &limiter{err: own}}})

		err := client.Do(t.Context(), classCall(transport.Write))

		require.ErrorIs(t, err, class)
		require.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.EqualError(t, err, want)
	}
}

// A 429 to one client holds all others of the store back.
func TestGateIsForAllClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(429).Header("Retry-After", "7")
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200)
		first := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
		second := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		started := time.Now()
		err := first.Do(t.Context(), classCall(transport.Safe))
		require.ErrorIs(t, err, souk.ErrRateLimited)

		err = second.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, 7*time.Second, time.Since(started))
	})
}

// A call that could not get a credential has cost no quota.
func TestNoCredentialCostsNoQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200)
		fails := true
		client := newClient(t, transport.Config{
			Quotas: []transport.Quota{quota("")},
			Authorizer: transport.Sourced(sourceFunc(func(context.Context) (*oauth2.Token, error) {
				if fails {
					return nil, errors.New("no")
				}
				return &oauth2.Token{AccessToken: "t"}, nil
			}), "Authorization", "Bearer "),
			Options: souk.Options{HTTPClient: gock.Client()},
		})
		started := time.Now()
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.Error(t, err)
		fails = false

		err = client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Zero(t, time.Since(started))
	})
}

// A log-in counts against the quota of the calls that need it. It must not wait
// for one of them: not behind the gate, which lets one through at a time.
func TestLogInDoesNotWaitForTheAttemptThatNeedsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(429)
		gock.Expect(testkit.Request{Method: "POST", URL: baseURL(t) + "/api/login"}).JSON(200, `{}`)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(200)
		var client *transport.Client
		asked := 0
		client = newClient(t, transport.Config{
			Quotas: []transport.Quota{{Limit: &ratelimit.Limit{}}},
			Authorizer: transport.Sourced(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
				if asked++; asked == 2 {
					err := client.Do(ctx, &transport.Call{Method: "POST", Route: "/login", Anonymous: true, Repeat: transport.Write})
					require.NoError(t, err)
				}
				return &oauth2.Token{AccessToken: "t"}, nil
			}), "Authorization", "Bearer "),
			Options: souk.Options{HTTPClient: gock.Client()},
		})
		started := time.Now()

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Less(t, time.Since(started), time.Second)
	})
}
