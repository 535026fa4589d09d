package transport_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// The credential of a call never travels to another host.
func TestRedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	stranger := testkit.Unstarted(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Fail(t, "a redirect was followed", "with credential %q", r.Header.Get("Authorization"))
	}))
	stranger.Start()
	defer stranger.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
			server := testkit.NewServer(t, redirect(status, stranger.URL+"/api/things?token=secret"))
			client := newClient(t, transport.Config{
				BaseURL: server.URL, Authorizer: transport.Static("Authorization", "Bearer t"), Options: souk.Options{MaxAttempts: 1},
			})

			err := client.Do(t.Context(), classCall(class))

			e := requireError(t, err)
			assert.Equal(t, status, e.StatusCode)
			assert.ErrorContains(t, err, "a redirect that is not followed came instead of the API's answer: check BaseURL and proxies")
			assert.NotContains(t, err.Error(), stranger.URL)
			assert.Equal(t, class != transport.Safe && status <= 303, errors.Is(err, souk.ErrOutcomeUnknown), "%d %d", status, class)
		}
	}
}

func TestRedirectWithinTheHost(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, redirect(302, "/api/elsewhere"), testkit.Answer(200, `{"name":"moved"}`))
	client := newClient(t, transport.Config{BaseURL: server.URL, Authorizer: transport.Static("Authorization", "Bearer t")})
	var out struct{ Name string }
	call := classCall(transport.Safe)
	call.Out = &out

	response, err := responseOf(t.Context(), client, call)

	require.NoError(t, err)
	assert.Equal(t, "moved", out.Name)
	assert.Equal(t, 1, response.Attempts)
	second := server.Requests()[1]
	assert.Equal(t, "/api/elsewhere", second.URL.Path)
	assert.Equal(t, "Bearer t", second.Header.Get("Authorization"))
	assert.Empty(t, second.Header.Get("Referer"))
}

// net/http would follow it with a GET and without the body, and what answers that was
// not asked.
func TestRedirectOfAReadWithABodyIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303} {
		server := testkit.NewServer(t, redirect(status, "/api/elsewhere"))
		client := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{MaxAttempts: 1}})
		call := &transport.Call{Method: http.MethodPost, Route: "/things/search", Body: map[string]string{"name": "a"}, Repeat: transport.Safe}

		err := client.Do(t.Context(), call)

		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, status, requireError(t, err).StatusCode)
		assert.Len(t, server.Requests(), 1)
	}
}

// Nor does it travel to what else is on the host.
func TestRedirectOutOfThePrefix(t *testing.T) {
	t.Parallel()
	for _, to := range []string{
		"/elsewhere", "/apix/things", "/api/../elsewhere", "/api/%2e%2e/elsewhere",
		"/api/%252e%252e/elsewhere", "/api/..;/elsewhere", "/api/%2f..%2f../elsewhere", "/api/a%5c..%5c..", "/api//elsewhere", "/api", "/api;/things", "//evil.example/api/things",
	} {
		server := testkit.NewServer(t, redirect(302, to))
		client := newClient(t, transport.Config{
			BaseURL: server.URL, Authorizer: transport.Static("Authorization", "Bearer t"), Options: souk.Options{MaxAttempts: 1},
		})

		err := client.Do(t.Context(), classCall(transport.Safe))

		assert.ErrorIs(t, err, souk.ErrUnreadable, to)
		assert.Len(t, server.Requests(), 1, to)
	}
}

// On the host of a vendor without a prefix others may be, too: the API begins with the
// first segment of the path.
func TestRedirectOutOfAnAPIWithoutAPrefix(t *testing.T) {
	t.Parallel()
	bare := acme
	bare.Prefix = ""
	for to, followed := range map[string]bool{
		"/gateway/admin/others": true, "/gateway/admin/others/": true, "/gateway/admin/things/1?a=b": true,
		"/gateway/admin": false, "/gateway/adminx/things": false, "/gateway/internal": false, "/gateway/": false,
		"/": false, "/admin/things": false, "/gateway/admin/../internal": false, "/gateway/store/things": false,
	} {
		server := testkit.NewServer(t, redirect(302, to))
		server.Otherwise(testkit.Answer(200, `{}`))
		client := newClientOf(t, &bare, transport.Config{
			BaseURL: server.URL + "/gateway", Authorizer: transport.Static("Authorization", "Bearer t"), Options: souk.Options{MaxAttempts: 1},
		})

		err := client.Do(t.Context(), &transport.Call{Method: http.MethodGet, Route: "/admin/things", Repeat: transport.Safe})

		if followed {
			assert.NoError(t, err, to)
			assert.Len(t, server.Requests(), 2, to)
		} else {
			assert.ErrorIs(t, err, souk.ErrUnreadable, to)
			assert.Len(t, server.Requests(), 1, to)
		}
	}
}

// Nor does it travel in the open.
func TestRedirectToPlainHTTP(t *testing.T) {
	t.Parallel()
	host := strings.TrimPrefix(baseURL(t), "https://")
	for _, to := range []string{"http://" + host + "/api/things", "http://" + host + ":443/api/things", "HTTP://" + host + "/api/elsewhere"} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(302).Header("Location", to)
		client := newClient(t, transport.Config{
			BaseURL: baseURL(t), Authorizer: transport.Static("Authorization", "Bearer t"),
			Options: souk.Options{MaxAttempts: 1, HTTPClient: gock.Client()},
		})

		err := client.Do(t.Context(), classCall(transport.Safe))

		assert.ErrorIs(t, err, souk.ErrUnreadable, to)
		assert.Len(t, gock.Requests(), 1, to)
	}
}

func TestRedirectOfAWriteIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, class := range []transport.Repeat{transport.Idempotent, transport.Write} {
		server := testkit.NewServer(t, redirect(307, "/api/elsewhere"))
		client := newClient(t, transport.Config{BaseURL: server.URL})

		err := client.Do(t.Context(), classCall(class))

		assert.ErrorContains(t, err, "307 unavailable, unreadable: a redirect that is not followed")
	}
}

func TestRedirectLoop(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(redirect(302, "/api/things"))
	client := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{MaxAttempts: 1}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorContains(t, err, "302 unavailable, unreadable: a redirect that is not followed")
	assert.Len(t, server.Requests(), 6)
}

func redirect(status int, to string) testkit.Step {
	return testkit.Handle(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	})
}

// A redirect brings no credentials of its own.
func TestRedirectWithCredentials(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(redirect(302, strings.Replace(server.URL, "://", "://ada:secret@", 1)+"/api/elsewhere"))
	client := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{MaxAttempts: 1}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	require.ErrorIs(t, err, souk.ErrUnreadable)
	assert.NotContains(t, err.Error(), "secret")
	assert.Len(t, server.Requests(), 1)
}
