package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// step is what a scripted transport makes of one request.
type step func(r *http.Request) (*http.Response, error)

// scripted takes a step for each request, and the last one again when there is no
// other.
func scripted(steps ...step) *http.Client {
	n := 0
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		s := steps[min(n, len(steps)-1)]
		n++
		return s(r)
	})}
}

// says answers with a status, a request id and headers.
func says(status int, id, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return nil, err
			}
		}
		resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		resp.Header.Set("X-Request-Id", id)
		for i := 0; i < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

func fails(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hangs says nothing until the request's context ends.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// cut breaks off in the middle of its answer.
func cut(r *http.Request) (*http.Response, error) {
	resp, err := says(200, "second", "")(r)
	resp.Body = io.NopCloser(brokenBody{})
	return resp, err
}

const trouble = `{"code":"trouble","message":"maintenance."}`

// limiterOf lets n calls through, and the next ones as f says.
type limiterOf struct {
	n int
	f func(ctx context.Context) error
}

func (l *limiterOf) Wait(ctx context.Context) error {
	if l.n--; l.n >= 0 {
		return nil
	}
	return l.f(ctx)
}

// failingSource has a token for the first attempt only.
type failingSource struct{ asked int }

func (s *failingSource) Token(context.Context) (*oauth2.Token, error) {
	if s.asked++; s.asked > 1 {
		return nil, &souk.Error{Vendor: "acme", StatusCode: 500, RequestID: "of the log-in", Message: "down", Err: souk.ErrUnavailable}
	}
	return &oauth2.Token{AccessToken: "token"}, nil
}

// Whichever way a call ends, its error has status and request id of the last answer
// that came, like WithResponse, and says so where the last attempt got none.
func TestTheLastAnswerIsTold(t *testing.T) {
	t.Parallel()
	first := says(503, "first", trouble)
	reset := fails(errors.New("reset"))
	dial := fails(&net.OpError{Op: "dial", Err: errors.New("refused")})
	forever := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, tt := range map[string]struct {
		steps    []step
		options  souk.Options
		source   transport.Authorizer
		deadline time.Duration
		cancel   time.Duration
		reader   io.Reader
		write    bool
		want     string
		is       error
	}{
		"lost": {
			steps: []step{first, reset}, is: souk.ErrUnavailable,
			want: "503 unavailable (trouble): maintenance; the last attempt got no answer (the connection broke before the answer was complete); after 4 attempts; request id first",
		},
		"no connection": {
			steps: []step{first, dial}, is: souk.ErrUnavailable,
			want: "503 unavailable (trouble): maintenance; the last attempt got no answer (no connection to the server); after 4 attempts; request id first",
		},
		"late": {
			steps: []step{first, hangs}, is: souk.ErrUnavailable,
			want: "503 unavailable (trouble): maintenance; the last attempt got no answer (no complete answer within the attempt's timeout); after 4 attempts; request id first",
		},
		"an answer between the lost ones": {
			steps: []step{reset, first, reset}, is: souk.ErrUnavailable,
			want: "503 unavailable (trouble): maintenance; the last attempt got no answer (the connection broke before the answer was complete); after 4 attempts; request id first",
		},
		"no answer at all": {
			steps: []step{reset}, is: souk.ErrUnavailable,
			want: "unavailable: the connection broke before the answer was complete; after 4 attempts",
		},
		"cut off": {
			steps: []step{first, cut}, is: souk.ErrUnavailable,
			want: "200 unavailable: the connection broke before the answer was complete; after 4 attempts; request id second",
		},
		"cut off, then lost": {
			steps: []step{first, cut, reset}, is: souk.ErrUnavailable,
			want: "200 unavailable: the last attempt got no answer (the connection broke before the answer was complete); after 4 attempts; request id second",
		},
		"another answer": {
			steps: []step{first, says(502, "second", "<html>")}, is: souk.ErrUnreadable,
			want: "502 unavailable, unreadable: a web page came instead of the API's answer (no content type): the API or a proxy before it failed; after 4 attempts; request id second",
		},
		"deadline within an attempt": {
			steps: []step{first, hangs}, deadline: 20 * time.Second, is: context.DeadlineExceeded,
			want: "503 context deadline exceeded (trouble): maintenance; the last attempt got no answer; after 2 attempts; request id first",
		},
		"canceled within an attempt": {
			steps: []step{first, hangs}, cancel: 20 * time.Second, is: context.Canceled,
			want: "503 context canceled (trouble): maintenance; the last attempt got no answer; after 2 attempts; request id first",
		},
		"canceled within the first attempt": {
			steps: []step{hangs}, cancel: 20 * time.Second, is: context.Canceled,
			want: "context canceled",
		},
		"canceled between attempts": {
			steps: []step{says(503, "first", trouble, "Retry-After", "30")}, cancel: 20 * time.Second, is: context.Canceled,
			want: "503 context canceled (trouble): maintenance; request id first",
		},
		"deadline before the next attempt": {
			steps: []step{says(503, "first", trouble, "Retry-After", "30")}, deadline: 20 * time.Second, is: souk.ErrUnavailable,
			want: "503 unavailable (trouble): maintenance; try again in 30s; request id first",
		},
		"deadline at the gate": {
			steps: []step{first, says(429, "second", "", "Retry-After", "30")}, deadline: 20 * time.Second, is: context.DeadlineExceeded,
			want: "429 rate limited: the API or a proxy before it answered without a body; the server asked to wait past the deadline; try again in 30s; after 2 attempts; request id second",
		},
		"canceled at the gate": {
			steps: []step{says(429, "first", "", "Retry-After", "30")}, cancel: 20 * time.Second, is: context.Canceled,
			want: "429 context canceled: the API or a proxy before it answered without a body; request id first",
		},
		"too long at the gate": {
			steps: []step{first, says(429, "second", "slow down", "Retry-After", "90")}, is: souk.ErrRateLimited,
			want: "429 rate limited: the API or a proxy before it answered with text that is not JSON or was cut off (no content type); the server asked to wait; try again in 1m30s; after 2 attempts; request id second",
		},
		"deadline in the user's limiter": {
			steps: []step{first}, deadline: 20 * time.Second, is: context.DeadlineExceeded,
			options: souk.Options{Limiter: &limiterOf{1, forever}},
			want:    "503 rate limited (trouble): maintenance; the limiter allows no request before the deadline; request id first",
		},
		"canceled in the user's limiter": {
			steps: []step{first}, cancel: 20 * time.Second, is: context.Canceled,
			options: souk.Options{Limiter: &limiterOf{1, forever}},
			want:    "503 context canceled (trouble): maintenance; request id first",
		},
		"the user's limiter refuses": {
			steps: []step{first}, is: souk.ErrRateLimited,
			options: souk.Options{Limiter: &limiterOf{1, func(context.Context) error { return errors.New("no") }}},
			want:    "503 rate limited (trouble): maintenance; the limiter refused; request id first",
		},
		"no credential any more": {
			steps: []step{first}, is: souk.ErrUnavailable, source: transport.Sourced(&failingSource{}, "Authorization", ""),
			want: "503 unavailable (trouble): maintenance; no credential could be obtained: 500 unavailable: down; request id of the log-in; request id first",
		},
		"redirected, then lost": {
			steps: []step{says(302, "first", "", "Location", "/api/there"), reset}, is: souk.ErrUnavailable, options: souk.Options{MaxAttempts: 1},
			want: "302 unavailable: the last attempt got no answer (the connection broke before the answer was complete); request id first",
		},
		"redirected, then canceled": {
			steps: []step{says(302, "first", "", "Location", "/api/there"), hangs}, cancel: 20 * time.Second, is: context.Canceled,
			want: "302 context canceled: the last attempt got no answer; request id first",
		},
		"a file that cannot be read the second time": {
			steps: []step{says(429, "first", "", "Retry-After", "1")}, is: souk.ErrInvalid, reader: &readOnce{Reader: strings.NewReader("x")},
			want: "429 invalid: the API or a proxy before it answered without a body; the file cannot be read; after 2 attempts; request id first",
		},
		"a file that cannot be sent again": {
			steps: []step{says(429, "first", "", "Retry-After", "1")}, is: souk.ErrRateLimited, reader: io.LimitReader(strings.NewReader("x"), 1),
			want: "429 rate limited: the API or a proxy before it answered without a body; the file cannot be read a second time; pass an io.ReadSeeker to allow a repeat; try again in 1s; request id first",
		},
		"a write, then no answer": {
			steps: []step{says(429, "first", "", "Retry-After", "1"), reset}, is: souk.ErrOutcomeUnknown, write: true,
			want: "429 unavailable, outcome unknown: the API or a proxy before it answered without a body; the last attempt got no answer (the connection broke before the answer was complete); after 2 attempts; request id first",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tt.options.HTTPClient = scripted(tt.steps...)
				client := newClient(t, transport.Config{Options: tt.options, Authorizer: tt.source})
				var captured souk.Response
				ctx := souk.WithResponse(t.Context(), &captured)
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				if tt.cancel > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithCancel(ctx)
					time.AfterFunc(tt.cancel, cancel)
				}
				call := classCall(transport.Safe)
				switch {
				case tt.reader != nil:
					call = upload(transport.File{Reader: tt.reader})
				case tt.write:
					call = classCall(transport.Write)
				}

				err := client.Do(ctx, call)

				require.ErrorIs(t, err, tt.is)
				e := requireError(t, err)
				assert.EqualError(t, err, "acme: "+call.Method+" "+call.Route+": "+tt.want)
				assert.Equal(t, e.StatusCode, captured.StatusCode)
				assert.Equal(t, e.RequestID, captured.RequestID)
				assert.Equal(t, e.Attempts, captured.Attempts)
			})
		})
	}
}

// readOnce can be sought, and yet not be read a second time.
type readOnce struct {
	*strings.Reader
	read bool
}

func (r *readOnce) Read(p []byte) (int, error) {
	if r.read {
		return 0, errors.New("broken")
	}
	n, err := r.Reader.Read(p)
	r.read = err == io.EOF
	return n, err
}

// What anybody may say about the server is told as that. Only what suggests that
// somebody else has answered speaks of BaseURL and proxies.
func TestTheTextOfAnAnswerThatIsNotTheVendors(t *testing.T) {
	t.Parallel()
	const page, html, check = "<html>", "text/html", ": check BaseURL and proxies"
	for name, tt := range map[string]struct {
		answer step
		want   string
	}{
		"429 of nobody":    {says(429, "", ""), "429 rate limited: the API or a proxy before it answered without a body"},
		"429 page":         {says(429, "", page, "Content-Type", html), "429 rate limited: the API or a proxy before it answered with a web page (text/html)"},
		"429 other JSON":   {says(429, "", `{"error":"slow"}`), "429 rate limited: the API or a proxy before it answered with JSON of another form (no content type)"},
		"503 of nobody":    {says(503, "", " \n"), "503 unavailable: the API or a proxy before it answered without a body"},
		"503 page":         {says(503, "", page, "Content-Type", html), "503 unavailable: the API or a proxy before it answered with a web page (text/html)"},
		"408 text":         {says(408, "", "late"), "408 unavailable: the API or a proxy before it answered with text that is not JSON or was cut off (no content type)"},
		"500 of nobody":    {says(500, "", ""), "500 unavailable, unreadable: nothing came instead of the API's answer (no content type): the API or a proxy before it failed"},
		"504 page":         {says(504, "", page, "Content-Type", html), "504 unavailable, unreadable: a web page came instead of the API's answer (text/html): the API or a proxy before it failed"},
		"999":              {says(999, "", page), "999 unavailable, unreadable: a web page came instead of the API's answer (no content type)" + check},
		"404 page":         {says(404, "", page, "Content-Type", html), "404 unavailable, unreadable: a web page came instead of the API's answer (text/html)" + check},
		"200 page":         {says(200, "", page, "Content-Type", html), "200 unavailable, unreadable: a web page came instead of the API's answer (text/html)" + check},
		"302 to elsewhere": {says(302, "", page, "Location", "https://login.example/"), "302 unavailable, unreadable: a redirect that is not followed came instead of the API's answer" + check},
		"300 to elsewhere": {says(300, "", page, "Location", "https://login.example/"), "300 unavailable, unreadable: a redirect that is not followed came instead of the API's answer" + check},
		"400 to elsewhere": {says(400, "", page, "Location", "https://login.example/"), "400 invalid, unreadable: a web page came instead of the API's answer (no content type)" + check},
		"600":              {says(600, "", page), "600 unavailable, unreadable: a web page came instead of the API's answer (no content type)" + check},
		"304":              {says(304, "", ""), "304 unavailable, unreadable: nothing came instead of the API's answer (no content type)" + check},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(tt.answer), MaxAttempts: 1}})

			err := client.Do(t.Context(), classCall(transport.Safe))

			assert.EqualError(t, err, "acme: GET /things: "+tt.want)
		})
	}
}

// What has been done, or refused, is said, also where the caller has left meanwhile.
func TestAnAnswerStandsThoughTheContextEnds(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]error{200: nil, 422: souk.ErrInvalid} {
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(func(r *http.Request) (*http.Response, error) {
			cancel()
			return says(status, "r-1", map[int]string{200: `{}`, 422: `{"code":"no"}`}[status])(r)
		})}})

		response, err := responseOf(ctx, client, &transport.Call{Method: http.MethodPost, Route: "/things", Out: new(map[string]any)})

		if class == nil {
			require.NoError(t, err)
			assert.Equal(t, "r-1", response.RequestID)
			continue
		}
		require.ErrorIs(t, err, class)
		require.NotErrorIs(t, err, context.Canceled)
	}
}

// Programs count on it that there is no such customer, and not on a wrong address.
func TestThatThereIsNoSuchRouteIsAWarning(t *testing.T) {
	t.Parallel()
	for body, level := range map[string]string{`{"code":"no"}`: "DEBUG", "no way to /api/things": "WARN"} {
		var log testkit.Log
		client := newClient(t, transport.Config{Options: souk.Options{
			HTTPClient: scripted(says(404, "r-1", body)), MaxAttempts: 1, Logger: log.Logger(),
		}})
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.Error(t, err)
		assert.Contains(t, log.Text(), level, body)
	}
}
