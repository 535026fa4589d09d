package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// recorder returns a client that notes the URL and answers 200.
func recorder(got **url.URL) *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		*got = r.URL
		return &http.Response{StatusCode: 200, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
	})}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNewReportsEveryProblem(t *testing.T) {
	t.Parallel()
	var problems transport.Problems

	client := transport.New(&acme, transport.Config{
		BaseURL: "http://shop.example?x=y",
		Options: souk.Options{
			AttemptTimeout: -1,
			MaxAttempts:    -1,
			MaxRetryWait:   -1,
			Limiter:        (*rate.Limiter)(nil),
			UserAgent:      "a\nb",
		},
	}, &problems)

	assert.Nil(t, client)
	assert.Equal(t, "BaseURL: must use https; plain http is for loopback addresses only, "+
		"must not contain a query or a fragment; "+
		"AttemptTimeout: must not be negative; 0 means 30s; "+
		"MaxAttempts: must not be negative; 0 means 4, 1 no repeats; "+
		"MaxRetryWait: must not be negative; 0 means 1m0s; "+
		"Limiter: must not hold a nil pointer; without one the vendor's limit is the pace; "+
		"UserAgent: must not contain control characters", problems.String())
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	const straying = `must not contain "\", empty segments or the segments "." and "..", in any spelling`
	const mustBeAbsolute = "must be an absolute URL such as https://shop.example"
	tests := []struct{ url, want string }{
		{"https://shop.example", ""},
		{"https://shop.example/prefix/", ""},
		{"http://127.0.0.1:9000", ""},
		{"http://[::1]:9000", ""},
		{"http://localhost:9000", ""},
		{"http://localhost.example", "must use https; plain http is for loopback addresses only"},
		{"http://10.0.0.1", "must use https; plain http is for loopback addresses only"},
		{"ftp://shop.example", "must use https; plain http is for loopback addresses only"},
		{"https://user:secret@shop.example", "must not contain credentials"},
		{"https://shop.example:99999", "must have a host without blanks or invisible characters, and a port of at most 65535"},
		{"https://shop.example\u200b", "must have a host without blanks or invisible characters, and a port of at most 65535"},
		{"shop.example", mustBeAbsolute},
		{"https://shop.example:443/a-b/%C3%A4/", ""},
		{"https://shop.example/..", straying},
		{"https://shop.example/a/../b", straying},
		{"https://shop.example/%2e%2E/b", straying},
		{"https://shop.example/%252e%252e", straying},
		{"https://shop.example/a/..;/b", straying},
		{"https://shop.example/./b", straying},
		{`https://shop.example/a\..\b`, straying},
		{"https://shop.example/a%5cb", straying},
		{"https://shop.example//b", straying},
		{"https://shop.example//", straying},
		{"https://shop.example/a%00", straying},
		{"https://shop.example/a%c0%ae", straying},
		{"https://shop.example/a?b=c", "must not contain a query or a fragment"},
		{"https://shop.example?", "must not contain a query or a fragment"},
		{"https://shop.example/a#b", "must not contain a query or a fragment"},
		{"https://user@shop.example", "must not contain credentials"},
		{"https:shop.example", mustBeAbsolute},
		{"https:///shop.example", mustBeAbsolute},
		{"https://:443", mustBeAbsolute},
		{"//shop.example", "must use https; plain http is for loopback addresses only"},
		{"https://", mustBeAbsolute},
		{"", mustBeAbsolute},
		{"https://sh op.example", mustBeAbsolute},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			var problems transport.Problems

			transport.New(&acme, transport.Config{BaseURL: tt.url}, &problems)

			if tt.want == "" {
				assert.True(t, problems.Empty(), problems.String())
				return
			}
			assert.Equal(t, "BaseURL: "+tt.want, problems.String())
		})
	}
}

func TestPrefixOfBaseURLIsKept(t *testing.T) {
	t.Parallel()
	var got *url.URL
	client := newClient(t, transport.Config{BaseURL: "https://gateway.example/acme/", Options: souk.Options{HTTPClient: recorder(&got)}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	require.NoError(t, err)
	assert.Equal(t, "https://gateway.example/acme/api/things", got.String())
}

func TestRequest(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST",
		URL:    baseURL(t) + "/api/things",
		Query:  url.Values{"a": {"b c"}},
		Header: map[string]string{
			"Accept":        "application/json",
			"Content-Type":  "application/json",
			"User-Agent":    "test/1",
			"Authorization": "Bearer t-1",
			"X-Client":      "client",
			"X-Call":        "call",
		},
		Body: `{"name":"x"}`,
	}).Status(201)
	client := newClient(t, transport.Config{
		Authorizer: transport.Static("authorization", "Bearer t-1"),
		Header:     http.Header{"X-Client": {"client"}},
		Options: souk.Options{
			HTTPClient: gock.Client(),
			UserAgent:  "test/1",
		},
	})

	response, err := responseOf(t.Context(), client, &transport.Call{
		Method: "POST", Route: "/things", Query: url.Values{"a": {"b c"}},
		Header: http.Header{"X-Call": {"call"}}, Body: map[string]string{"name": "x"},
	})

	require.NoError(t, err)
	assert.Equal(t, 201, response.StatusCode)
	assert.Equal(t, 1, response.Attempts)
}

func TestRequestWithoutBodyAndCredential(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method:   "POST",
		URL:      baseURL(t) + "/api/login",
		Header:   map[string]string{"User-Agent": transport.DefaultUserAgent},
		NoHeader: []string{"Authorization", "Content-Type"},
	})
	client := newClient(t, transport.Config{Authorizer: transport.Static("Authorization", "Bearer t-1"), Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), &transport.Call{Method: "POST", Route: "/login", Anonymous: true})

	assert.NoError(t, err)
}

func TestContexts(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		is   error
		text string
	}{
		"nil":       {nil, souk.ErrInvalid, "acme: POST /things: invalid: the context is nil; use context.Background()"},
		"cancelled": {cancelled, context.Canceled, "acme: POST /things: context canceled"},
		"expired":   {expired, context.DeadlineExceeded, "acme: POST /things: context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})

			err := client.Do(tt.ctx, classCall(transport.Write))

			assert.ErrorIs(t, err, tt.is)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.EqualError(t, err, tt.text)
		})
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "PATCH", URL: baseURL(t) + "/api/secret-place", Query: url.Values{"q": {"1"}}, Body: `{"a":1}`}).JSON(404, `{"code":"gone"}`)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Free(t.Context(), nil, "PATCH", "/secret-place", url.Values{"q": {"1"}}, map[string]int{"a": 1}, nil)

	assert.EqualError(t, err, "acme: PATCH: 404 not found (gone)")
}

// A PATCH may add up: it is sent once. So is whatever is not known.
func TestFreeIsRepeatedByItsMethod(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{"GET": 2, "HEAD": 2, "PUT": 2, "DELETE": 2, "POST": 1, "PATCH": 1, "LINK": 1} {
		synctest.Test(t, func(t *testing.T) {
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(502, "", "")), MaxAttempts: 2}})

			err := client.Free(t.Context(), nil, method, "/things", nil, nil, nil)

			assert.Equal(t, want, requireError(t, err).Attempts, method)
		})
	}
}

// An end point of the user's choice may answer with nothing, whatever is to be filled.
func TestFreeTakesNothingForAnAnswer(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(200, "", ""))}})
	out := map[string]any{"a": 1}
	require.NoError(t, client.Free(t.Context(), nil, "POST", "/things", nil, nil, &out))
	assert.Equal(t, map[string]any{"a": 1}, out)
}

func TestFreeRefuses(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{})
	assert.ErrorContains(t, client.Free(t.Context(), nil, "G T", "/a", nil, nil, nil), "method: must be an HTTP method")
	assert.ErrorContains(t, client.Free(t.Context(), nil, "GET", "", nil, nil, nil), "path: must begin with a slash")
}

func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	const wrong = "BaseURL: must use https; plain http is for loopback addresses only"
	for url, want := range map[string][3]string{
		"http://127.0.0.1:9000": {},
		"http://medusa:9000":    {wrong, wrong + ", unless AllowHTTP is set", ""},
		"ws://medusa:9000":      {wrong, wrong + ", unless AllowHTTP is set", wrong},
		"https://medusa:9000":   {},
	} {
		for plain, want := range want {
			var problems transport.Problems
			transport.New(&transport.Vendor{Name: "acme"}, transport.Config{BaseURL: url, PlainHTTP: transport.PlainHTTP(plain)}, &problems)
			assert.Equal(t, want, problems.String(), url)
		}
	}
}

func TestATransportMayKeepItsRequests(t *testing.T) {
	t.Parallel()
	var kept []*http.Request
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			kept = append(kept, r)
			return &http.Response{StatusCode: 200, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
		}),
	}}})

	for id := range int64(20) {
		call := &transport.Call{
			Method: http.MethodPut, Route: "/things/{thing}", IDs: []any{id + 1},
			Header: http.Header{"X-Id": {strconv.FormatInt(id+1, 10)}}, Body: map[string]int64{"id": id + 1},
		}
		require.NoError(t, client.Do(t.Context(), call))
	}

	for i, r := range kept {
		id := strconv.Itoa(i + 1)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Equal(t, "/api/things/"+id, r.URL.Path)
		assert.Equal(t, []string{id}, r.Header["X-Id"])
		assert.JSONEq(t, `{"id":`+id+`}`, string(body))
	}
	assert.Len(t, kept, 20)
}

func TestCookiesAreThoseOfOneClient(t *testing.T) {
	t.Parallel()
	var cookies []string
	server := testkit.Unstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
	}))
	server.Start()
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	with := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{HTTPClient: &http.Client{Jar: jar}}})
	without := newClient(t, transport.Config{BaseURL: server.URL})

	for range 20 {
		require.NoError(t, with.Do(t.Context(), classCall(transport.Write)))
		require.NoError(t, without.Do(t.Context(), classCall(transport.Write)))
	}

	assert.Equal(t, append([]string{"", ""}, slices.Repeat([]string{"a=1", ""}, 19)...), cookies)
}
