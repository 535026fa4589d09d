package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
)

func ignore(context.Context, *souk.Delivery) error { return nil }

var errHandle = errors.New("the database is away")

// post delivers ada, perhaps changed, and returns the status.
func post(h http.Handler, changes ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(ada))
	r.Header = acmeHeader("s", ada)
	for _, change := range changes {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func newHandler(t *testing.T, seen souk.Seen, handle func(context.Context, *souk.Delivery) error) http.Handler {
	t.Helper()
	h, err := acme("s").Handler(seen, handle)
	require.NoError(t, err)
	return h
}

func TestHandlerPassesADeliveryOnOnce(t *testing.T) {
	t.Parallel()
	var got []*souk.Delivery
	h := newHandler(t, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		got = append(got, d)
		return nil
	})
	for range 3 {
		answer := post(h)
		assert.Equal(t, http.StatusOK, answer.StatusCode)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		assert.Empty(t, body)
	}
	assert.Equal(t, []*souk.Delivery{
		{ID: "d-1", Topic: "people/create", Store: "demo", Body: []byte(ada), Event: &person{ID: 7, Name: "Ada"}},
	}, got)
}

// A program may overwrite its secrets once the handler has them. Anyone can sign with an
// empty secret.
func TestHandlerHasItsOwnSecrets(t *testing.T) {
	t.Parallel()
	receiver := acme("s")
	secrets := receiver.Secrets
	h, err := receiver.Handler(souk.NewMemorySeen(), ignore)
	require.NoError(t, err)

	clear(secrets)

	assert.Equal(t, http.StatusOK, post(h).StatusCode)
	forged := func(r *http.Request) { r.Header = acmeHeader("", ada) }
	assert.Equal(t, http.StatusUnauthorized, post(h, forged).StatusCode)
}

func TestHandlerTellsDeliveriesApart(t *testing.T) {
	t.Parallel()
	var handled int
	h := newHandler(t, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error {
		handled++
		return nil
	})
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for range 2 {
		post(h)
		post(h, set("X-Acme-Id", "d-2"))
		post(h, set("X-Acme-Topic", "people/delete"))
		post(h, set("X-Acme-Store", "other"))
		post(h, set("X-Acme-Store", "demop"), set("X-Acme-Topic", "eople/create"))
	}
	assert.Equal(t, 5, handled)
}

func TestHandlerLetsADeliveryComeAgainThatWasNotHandled(t *testing.T) {
	t.Parallel()
	answers := []error{errHandle, context.DeadlineExceeded, nil}
	h := newHandler(t, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error {
		err := answers[0]
		answers = answers[1:]
		return err
	})
	for _, want := range []int{500, 500, 200, 200} {
		assert.Equal(t, want, post(h).StatusCode)
	}
	assert.Empty(t, answers)
}

func TestHandlerAnswersTheVendorsThatAskWhileItIsAtWork(t *testing.T) {
	t.Parallel()
	started, finish := make(chan bool), make(chan error)
	h := newHandler(t, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error {
		started <- true
		return <-finish
	})
	first := make(chan int)
	go func() { first <- post(h).StatusCode }()
	<-started
	assert.Equal(t, 503, post(h).StatusCode)
	finish <- nil
	assert.Equal(t, 200, <-first)
	assert.Equal(t, 200, post(h).StatusCode)
}

func TestHandlerPassesADeliveryOnOnceThatComesManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	handled := make(chan bool, 100)
	h := newHandler(t, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error {
		handled <- true
		return nil
	})
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() { assert.Contains(t, []int{200, 503}, post(h).StatusCode) })
	}
	callers.Wait()
	assert.Len(t, handled, 1)
}

// A process that was killed says neither Done nor Release.
func TestHandlerTakesUpWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := souk.NewMemorySeen()
		killed := newHandler(t, deaf{seen}, ignore)
		handled := 0
		next := newHandler(t, seen, func(context.Context, *souk.Delivery) error {
			handled++
			return nil
		})
		post(killed)
		time.Sleep(time.Minute - time.Nanosecond)
		assert.Equal(t, 503, post(next).StatusCode)
		time.Sleep(time.Nanosecond)
		assert.Equal(t, 200, post(next).StatusCode)
		assert.Equal(t, 1, handled)
	})
}

// deaf is a Seen that does not hear how it went on.
type deaf struct{ souk.Seen }

func (deaf) Done(context.Context, string) error    { return nil }
func (deaf) Release(context.Context, string) error { return nil }

func TestHandlerWorksOnWhenTheVendorHangsUp(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, hangUp := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	h := newHandler(t, souk.NewMemorySeen(), func(ctx context.Context, _ *souk.Delivery) error {
		hangUp()
		assert.Equal(t, "kept", ctx.Value(key{}))
		return ctx.Err()
	})
	assert.Equal(t, 200, post(h, func(r *http.Request) { *r = *r.WithContext(ctx) }).StatusCode)
	assert.Equal(t, 200, post(h).StatusCode, "it is done")
}

func TestHandlerEndsTheContextWithTheClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		seen := &spy{Seen: souk.NewMemorySeen()}
		h := newHandler(t, seen, func(ctx context.Context, _ *souk.Delivery) error {
			<-ctx.Done()
			assert.Equal(t, time.Minute, time.Since(began))
			return ctx.Err()
		})
		assert.Equal(t, 500, post(h).StatusCode)
		assert.Equal(t, []string{"Claim"}, seen.calls, "the claim has ended, and may be another's by now")
	})
}

// What took longer than the claim is done all the same, and nobody does it again.
func TestHandlerSaysDoneLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := souk.NewMemorySeen()
		h := newHandler(t, seen, func(context.Context, *souk.Delivery) error {
			time.Sleep(2 * time.Minute)
			return nil
		})
		assert.Equal(t, 200, post(h).StatusCode)
		assert.Equal(t, 200, post(newHandler(t, seen, func(context.Context, *souk.Delivery) error { return errHandle })).StatusCode)
	})
}

func TestAPanicIsTheUsersAndTheDeliveryComesAgain(t *testing.T) {
	t.Parallel()
	seen := souk.NewMemorySeen()
	for name, end := range map[string]func(){
		"panic": func() { panic("mine") },
		"exit":  runtime.Goexit,
	} {
		ended := make(chan any)
		h := newHandler(t, seen, func(context.Context, *souk.Delivery) error {
			end()
			return nil
		})
		go func() {
			defer func() { ended <- recover() }()
			post(h)
		}()
		got := <-ended
		assert.Equal(t, name == "panic", got == "mine", name)
	}
	assert.Equal(t, 200, post(newHandler(t, seen, ignore)).StatusCode)
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"a GET":             {func(r *http.Request) { r.Method = http.MethodGet }, 405},
		"a PUT":             {func(r *http.Request) { r.Method = http.MethodPut }, 405},
		"no signature":      {func(r *http.Request) { r.Header.Del("X-Acme-Hmac") }, 401},
		"no headers":        {func(r *http.Request) { r.Header = nil }, 401},
		"two signatures":    {func(r *http.Request) { r.Header.Add("X-Acme-Hmac", r.Header.Get("X-Acme-Hmac")) }, 401},
		"another signature": {func(r *http.Request) { r.Header = acmeHeader("other", ada) }, 401},
		"no body":           {func(r *http.Request) { r.Body = nil }, 401},
		"a broken body":     {func(r *http.Request) { r.Body = io.NopCloser(broken{}) }, 400},
		"1 GiB": {func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(broken{}), 1<<30
		}, 413},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHandler(t, souk.NewMemorySeen(), func(context.Context, *souk.Delivery) error {
				t.Error("it was passed on")
				return nil
			})

			answer := post(h, tt.change)

			assert.Equal(t, tt.want, answer.StatusCode)
			assert.Equal(t, tt.want == 405, answer.Header.Get("Allow") == "POST")
		})
	}
}

// A delivery of 1 GiB that does not say how long it is is not read to its end.
func TestHandlerReadsNoMoreThanMaxBody(t *testing.T) {
	t.Parallel()
	long := &endless{}
	h := newHandler(t, souk.NewMemorySeen(), ignore)

	answer := post(h, func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(long), -1 })

	assert.Equal(t, 413, answer.StatusCode)
	assert.LessOrEqual(t, long.read.Load(), int64(2<<20))
}

type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read.Add(int64(len(p)))
	return len(p), nil
}

func TestHandlerTakesWhatIsProvenInAnyForm(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"chunked":              func(r *http.Request) { r.ContentLength = -1 },
		"another content type": func(r *http.Request) { r.Header.Set("Content-Type", "image/png") },
		"a query":              func(r *http.Request) { r.URL.RawQuery = "a=b" },
		"no topic and store": func(r *http.Request) {
			r.Header.Del("X-Acme-Topic")
			r.Header.Del("X-Acme-Store")
		},
	} {
		handled := 0
		h := newHandler(t, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
			handled++
			assert.JSONEq(t, ada, string(d.Body))
			return nil
		})
		assert.Equal(t, 200, post(h, change).StatusCode, name)
		assert.Equal(t, 1, handled, name)
	}
}

// spy is a Seen that fails on demand and records how it is asked.
type spy struct {
	souk.Seen
	fail  map[string]func(ctx context.Context) error
	calls []string
	id    string
}

func (s *spy) ask(ctx context.Context, call, id string) error {
	s.calls, s.id = append(s.calls, call), id
	if fail := s.fail[call]; fail != nil {
		return fail(ctx)
	}
	return nil
}

func (s *spy) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	if err := s.ask(ctx, "Claim", id); err != nil {
		return false, err
	}
	return s.Seen.Claim(ctx, id, lifetime)
}

func (s *spy) Done(ctx context.Context, id string) error {
	if err := s.ask(ctx, "Done", id); err != nil {
		return err
	}
	return s.Seen.Done(ctx, id)
}

func (s *spy) Release(ctx context.Context, id string) error {
	if err := s.ask(ctx, "Release", id); err != nil {
		return err
	}
	return s.Seen.Release(ctx, id)
}

func TestHandlerAndASeenThatFails(t *testing.T) {
	t.Parallel()
	fails := func(context.Context) error { return errors.New("redis is away") }
	blocks := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	tests := map[string]struct {
		call   string
		fail   func(context.Context) error
		handle error
		want   int
		calls  []string
		took   time.Duration
	}{
		"Claim fails":    {"Claim", fails, nil, 503, []string{"Claim"}, 0},
		"Claim blocks":   {"Claim", blocks, nil, 503, []string{"Claim"}, 3 * time.Second},
		"Done fails":     {"Done", fails, nil, 200, []string{"Claim", "Done"}, 0},
		"Done blocks":    {"Done", blocks, nil, 200, []string{"Claim", "Done"}, 3 * time.Second},
		"Release fails":  {"Release", fails, errHandle, 500, []string{"Claim", "Release"}, 0},
		"Release blocks": {"Release", blocks, errHandle, 500, []string{"Claim", "Release"}, 3 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &spy{Seen: souk.NewMemorySeen(), fail: map[string]func(context.Context) error{tt.call: tt.fail}}
				h := newHandler(t, seen, func(context.Context, *souk.Delivery) error { return tt.handle })
				began := time.Now()

				assert.Equal(t, tt.want, post(h).StatusCode)

				assert.Equal(t, tt.calls, seen.calls)
				assert.Equal(t, tt.took, time.Since(began))
			})
		})
	}
}

func TestAPanicOfSeenIsTheUsers(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"Claim", "Done", "Release"} {
		seen := &spy{Seen: souk.NewMemorySeen(), fail: map[string]func(context.Context) error{
			call: func(context.Context) error { panic("mine") },
		}}
		h := newHandler(t, seen, func(context.Context, *souk.Delivery) error {
			if call == "Release" {
				return errHandle
			}
			return nil
		})
		assert.PanicsWithValue(t, "mine", func() { post(h) }, call)
	}
}

func TestSeenKnowsDeliveriesByShortKeys(t *testing.T) {
	t.Parallel()
	seen := &spy{Seen: souk.NewMemorySeen()}
	post(newHandler(t, seen, ignore), func(r *http.Request) { r.Header.Set("X-Acme-Id", strings.Repeat("x", 1<<16)) })
	assert.Regexp(t, `^acme:[0-9a-f]{64}$`, seen.id)
}

func TestHandlerWantsASeenAndAFunction(t *testing.T) {
	t.Parallel()
	_, err := acme().Handler(nil, nil)
	assert.EqualError(t, err, "acme: invalid; Secrets: must not be empty; handle: must not be nil; seen: must not be nil")

	_, err = acme("secret").Handler((*spy)(nil), ignore)
	assert.EqualError(t, err, "acme: invalid; seen: must not be nil", "as a constructor leaves it whose error nobody looked at")
}

// The log says what became of a delivery and nothing of what it holds, nor what the
// user's code says.
func TestHandlerLogs(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	planted := errors.New(canary.Email)
	person := `{"id":7,"name":{"` + canary.FirstName + `":"` + canary.Phone + `"}}`
	fails := func(context.Context) error { return planted }
	tests := map[string]struct {
		body   string
		secret string
		seen   *spy
		handle error
		want   string
	}{
		"done":        {ada, "s", &spy{}, nil, `level=DEBUG msg=delivery vendor=acme status=200 key=K duration=0s`},
		"unreadable":  {person, "s", &spy{}, nil, `level=WARN msg=delivery vendor=acme status=200 problem="acme: unreadable: name: expected text, got object" key=K duration=0s`},
		"not proven":  {person, canary.ClientSecret, &spy{}, nil, `level=WARN msg=delivery vendor=acme status=401 problem="the delivery's signature does not match the secret" duration=0s`},
		"not handled": {ada, "s", &spy{}, planted, `level=WARN msg=delivery vendor=acme status=500 problem="the delivery was not handled: the function returned an error" key=K duration=0s`},
		"Claim fails": {ada, "s", &spy{fail: map[string]func(context.Context) error{"Claim": fails}}, nil, `level=WARN msg=delivery vendor=acme status=503 problem="Seen.Claim failed" key=K duration=0s`},
		"claimed":     {ada, "s", &spy{fail: map[string]func(context.Context) error{"Claim": func(context.Context) error { return souk.ErrClaimed }}}, nil, `level=WARN msg=delivery vendor=acme status=503 problem="the delivery is being handled elsewhere" key=K duration=0s`},
		"Done fails":  {ada, "s", &spy{fail: map[string]func(context.Context) error{"Done": fails}}, nil, `level=WARN msg=delivery vendor=acme status=200 problem="Seen.Done failed: the delivery may be handled again" key=K duration=0s`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				r := acme("s")
				r.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					switch a.Key {
					case slog.TimeKey:
						return slog.Attr{}
					case "key":
						assert.Equal(t, tt.seen.id, a.Value.String())
						return slog.String("key", "K")
					}
					return a
				}}))
				tt.seen.Seen = souk.NewMemorySeen()
				h, err := r.Handler(tt.seen, func(context.Context, *souk.Delivery) error { return tt.handle })
				require.NoError(t, err)

				post(h, func(r *http.Request) {
					r.Header, r.Body, r.ContentLength = acmeHeader(tt.secret, tt.body), io.NopCloser(strings.NewReader(tt.body)), int64(len(tt.body))
				})

				assert.Equal(t, tt.want+"\n", log.String())
				canary.Check(t, log.String())
			})
		})
	}
}

// Over a socket a delivery that is too long ends its connection instead of being read.
func TestHandlerOverASocket(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newHandler(t, souk.NewMemorySeen(), ignore))
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(ada))
	require.NoError(t, err)
	request.Header = acmeHeader("s", ada)
	answer, err := server.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, 200, answer.StatusCode)

	long := &endless{}
	request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, io.LimitReader(long, 1<<30))
	require.NoError(t, err)
	answer, err = server.Client().Do(request)
	if err == nil {
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, 413, answer.StatusCode)
	}
	assert.Less(t, long.read.Load(), int64(64<<20))
}
