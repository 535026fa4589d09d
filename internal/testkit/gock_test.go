package testkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	gock "gopkg.in/h2non/gock.v1"

	"github.com/souk-go/souk/internal/testkit"
)

const customers = "https://api.example/v1/customers"

func send(t *testing.T, client *http.Client, method, address, body string, header ...string) (*http.Response, string, error) {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, reader)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return res, string(data), err
}

func TestGockAnswersWhatIsExpected(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{
		Method: "POST", URL: customers, Query: url.Values{"notify": {"a", "b"}},
		Header: map[string]string{"X-Key": "k"}, NoHeader: []string{"Authorization"},
		Body: map[string]any{"name": "Sara", "ids": []int64{9007199254740993}},
	}).JSON(http.StatusCreated, map[string]any{"id": 1}).Header("X-Request-Id", "r1")

	res, body, err := send(t, g.Client(), "POST", customers+"?notify=a&notify=b", `{"ids":[9007199254740993],"name":"Sara"}`, "X-Key", "k")

	require.NoError(t, err)
	assert.Equal(t, http.StatusCreated, res.StatusCode)
	assert.Equal(t, "201 Created", res.Status)
	assert.Equal(t, "application/json", res.Header.Get("Content-Type"))
	assert.Equal(t, "r1", res.Header.Get("X-Request-Id"))
	assert.JSONEq(t, `{"id":1}`, body)
	require.Len(t, g.Requests(), 1)
	got := g.Requests()[0]
	assert.Equal(t, "POST", got.Method)
	assert.Equal(t, customers+"?notify=a&notify=b", got.URL.String())
	assert.Equal(t, "k", got.Header.Get("X-Key"))
	assert.JSONEq(t, `{"name":"Sara","ids":[9007199254740993]}`, string(got.Body))
}

func TestGockMatchesWholeRequests(t *testing.T) {
	t.Parallel()
	get := testkit.Request{URL: customers}
	paged := testkit.Request{URL: customers + "?page=1"}
	post := func(body any) testkit.Request { return testkit.Request{Method: "POST", URL: customers, Body: body} }
	tests := map[string]struct {
		want                  testkit.Request
		method, address, body string
		header                []string
		diff                  string
	}{
		"another method":         {get, "DELETE", customers, "", nil, "method: want GET"},
		"another scheme":         {get, "GET", "http://api.example/v1/customers", "", nil, "host: want https://api.example"},
		"another host":           {get, "GET", "https://api.example.evil/v1/customers", "", nil, "host: want https://api.example"},
		"a path that goes on":    {get, "GET", customers + "/1", "", nil, "path: want /v1/customers"},
		"a path that ends early": {get, "GET", "https://api.example/v1", "", nil, "path: want /v1/customers"},
		"a path that is decoded": {testkit.Request{Path: "/a%2Fb"}, "GET", "https://h/a/b", "", nil, "path: want /a%2Fb"},
		"a query of more digits": {paged, "GET", customers + "?page=11", "", nil, "query: want map[page:[1]]"},
		"an unnamed parameter":   {paged, "GET", customers + "?page=1&x=2", "", nil, "query: want map[page:[1]]"},
		"a repeated parameter":   {paged, "GET", customers + "?page=1&page=1", "", nil, "query: want map[page:[1]]"},
		"a query where none is":  {get, "GET", customers + "?page=1", "", nil, "query: want map[]"},
		"a missing query":        {paged, "GET", customers, "", nil, "query: want map[page:[1]]"},
		"a query of rubbish":     {get, "GET", customers + "?a;b", "", nil, "query: invalid semicolon"},
		"a missing header":       {testkit.Request{URL: customers, Header: map[string]string{"A": "1"}}, "GET", customers, "", nil, "header A: want [1]"},
		"a longer header":        {testkit.Request{URL: customers, Header: map[string]string{"A": "1"}}, "GET", customers, "", []string{"A", "11"}, "got [11]"},
		"a header twice":         {testkit.Request{URL: customers, Header: map[string]string{"A": "1"}}, "GET", customers, "", []string{"A", "1", "A", "1"}, "got [1 1]"},
		"an unwanted header":     {testkit.Request{URL: customers, NoHeader: []string{"A"}}, "GET", customers, "", []string{"A", "1"}, "header A: want []"},
		"a body where none is":   {post(nil), "POST", customers, "{}", nil, "body: want none"},
		"a body as a pattern":    {post(".*"), "POST", customers, "{}", nil, "body: want .*"},
		"a body of other bytes":  {post([]byte(`{"a":1}`)), "POST", customers, `{"a": 1}`, nil, `got {"a": 1}`},
		"a member too many":      {post(map[string]int{"a": 1}), "POST", customers, `{"a":1,"b":2}`, nil, `(string) (len=1) "b"`},
		"a number as a string":   {post(map[string]int{"a": 1}), "POST", customers, `{"a":"1"}`, nil, "body:"},
		"a digit beyond 2^53":    {post(map[string]int64{"a": 9007199254740993}), "POST", customers, `{"a":9007199254740992}`, nil, "9007199254740992"},
		"a missing body":         {post(map[string]int{"a": 1}), "POST", customers, "", nil, "want JSON"},
		"two bodies":             {post(map[string]int{"a": 1}), "POST", customers, `{"a":1}{}`, nil, "more than one JSON value"},
		"a body that is judged":  {post(func([]byte) error { return errors.New("too short") }), "POST", customers, "x", nil, "body: too short"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := new(fakeT)
			g := testkit.NewGock(fake)
			g.Expect(test.want)

			_, _, err := send(t, g.Client(), test.method, test.address, test.body, test.header...)

			require.ErrorContains(t, err, "testkit: no mock for "+test.method)
			assert.Contains(t, fake.text(false), "the nearest is "+test.want.String())
			assert.Contains(t, fake.text(false), test.diff)
			assert.Contains(t, fake.text(true), "not requested: "+test.want.String()+" of gock_test.go:")
		})
	}
}

func TestGockMatchesRawAndJudgedBodies(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]any{
		"string": `{"a": 1}`,
		"bytes":  []byte(`{"a": 1}`),
		"JSON":   json.RawMessage(`{"a":1}`),
		"func":   func(b []byte) error { assert.Equal(t, `{"a": 1}`, string(b)); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			g.Expect(testkit.Request{Method: "PUT", URL: customers, Body: body}).Status(http.StatusNoContent)

			res, _, err := send(t, g.Client(), "PUT", customers, `{"a": 1}`)

			require.NoError(t, err)
			assert.Equal(t, http.StatusNoContent, res.StatusCode)
		})
	}
}

func TestGockUsesMocksInOrderAndOnce(t *testing.T) {
	t.Parallel()
	fake := new(fakeT)
	g := testkit.NewGock(fake)
	g.Expect(testkit.Request{URL: customers}).JSON(http.StatusOK, "1").Times(2)
	g.Expect(testkit.Request{URL: customers}).JSON(http.StatusOK, "2")

	var answers []string
	for range 3 {
		_, body, err := send(t, g.Client(), "GET", customers, "")
		require.NoError(t, err)
		answers = append(answers, body)
	}
	_, _, err := send(t, g.Client(), "GET", customers, "")

	assert.Equal(t, []string{"1", "1", "2"}, answers)
	require.Error(t, err)
	assert.Contains(t, fake.text(true), "is used up")
	assert.NotContains(t, fake.text(false), "not requested")
}

func TestGockReportsAMockThatIsUsedTooRarely(t *testing.T) {
	t.Parallel()
	fake := new(fakeT)
	g := testkit.NewGock(fake)
	g.Expect(testkit.Request{URL: customers}).Times(2)

	_, _, err := send(t, g.Client(), "GET", customers, "")

	require.NoError(t, err)
	assert.Contains(t, fake.text(true), "not requested: GET "+customers)
}

func TestGockIsSilentAfterTheTest(t *testing.T) {
	t.Parallel()
	fake := new(fakeT)
	g := testkit.NewGock(fake)
	require.Empty(t, fake.text(true))

	_, _, err := send(t, g.Client(), "GET", customers, "")

	require.Error(t, err)
	assert.Empty(t, fake.text(false))
}

func TestGockRefusesUnclearExpectations(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]testkit.Request{
		"no address":   {},
		"two":          {URL: customers, Path: "/v1"},
		"no host":      {URL: "/v1"},
		"no URL":       {URL: "https://api.example/%zz"},
		"two queries":  {URL: customers + "?a=1", Query: url.Values{"a": {"1"}}},
		"no JSON body": {URL: customers, Body: make(chan int)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(new(fakeT))

			text := fatally(func() { g.Expect(want) })

			assert.Contains(t, text, "testkit: ")
		})
	}
}

func TestGockFails(t *testing.T) {
	t.Parallel()
	t.Run("with any error", func(t *testing.T) {
		t.Parallel()
		g := testkit.NewGock(t)
		wrong := errors.New("wrong")
		g.Expect(testkit.Request{URL: customers}).Fail(wrong)
		_, _, err := send(t, g.Client(), "GET", customers, "")
		require.ErrorIs(t, err, wrong)
	})
	t.Run("before the request leaves", func(t *testing.T) {
		t.Parallel()
		g := testkit.NewGock(t)
		g.Expect(testkit.Request{URL: customers}).Refuse()
		written, err := sendTraced(t, g)
		op, ok := errors.AsType[*net.OpError](err)
		require.True(t, ok)
		assert.Equal(t, "dial", op.Op)
		assert.False(t, written)
	})
	t.Run("after the request left", func(t *testing.T) {
		t.Parallel()
		g := testkit.NewGock(t)
		g.Expect(testkit.Request{URL: customers}).Drop()
		written, err := sendTraced(t, g)
		require.ErrorIs(t, err, io.EOF)
		assert.True(t, written)
	})
	t.Run("within the body", func(t *testing.T) {
		t.Parallel()
		g := testkit.NewGock(t)
		g.Expect(testkit.Request{URL: customers}).Cut(http.StatusOK, "application/json", `{"id":`)
		_, body, err := send(t, g.Client(), "GET", customers, "")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, `{"id":`, body)
	})
}

func sendTraced(t *testing.T, g *testkit.Gock) (written bool, err error) {
	t.Helper()
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { written = true },
	})
	req, err := http.NewRequestWithContext(ctx, "GET", customers, nil)
	require.NoError(t, err)
	res, err := g.Client().Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	return written, err
}

func TestGockAnswersWithFixtures(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{URL: customers}).Fixture(http.StatusOK, "customer.json")
	g.Expect(testkit.Request{URL: customers}).Fixture(http.StatusNotFound, "notfound.html")

	first, json, err := send(t, g.Client(), "GET", customers, "")
	require.NoError(t, err)
	second, html, err := send(t, g.Client(), "GET", customers, "")
	require.NoError(t, err)

	assert.Equal(t, "application/json", first.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"id": 1}`, json)
	assert.Equal(t, "text/html; charset=utf-8", second.Header.Get("Content-Type"))
	assert.Equal(t, "<p>Not found</p>\n", html)
	assert.Contains(t, fatally(func() { testkit.Fixture(new(fakeT), "missing.json") }), "missing.json")
}

// gock.New would replace http.DefaultTransport and fill a global list.
func TestGockLeavesNoGlobalTrace(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{URL: customers})

	_, _, err := send(t, g.Client(), "GET", customers, "")

	require.NoError(t, err)
	assert.False(t, gock.Intercepting())
	assert.Empty(t, gock.GetAll())
	assert.False(t, gock.HasUnmatchedRequest())
	assert.IsType(t, &http.Transport{}, http.DefaultTransport)
}

// Clients that gock intercepts send for real what matches nothing.
func TestGockNeverReachesTheNetwork(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	g := testkit.NewGock(new(fakeT))

	_, _, err := send(t, g.Client(), "GET", server.URL, "")

	require.ErrorContains(t, err, "no mock for")
	assert.Zero(t, server.Connections())
	_, closes := g.Client().Transport.(interface{ CloseIdleConnections() })
	assert.False(t, closes)
}

// retryablehttp brings a transport of its own, which gock.New does not see.
func TestGockAnswersRetries(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(testkit.Request{Method: "PUT", URL: customers, Body: "x"}).Status(http.StatusBadGateway)
	g.Expect(testkit.Request{Method: "PUT", URL: customers, Body: "x"}).Status(http.StatusOK)
	client := retryablehttp.NewClient()
	client.HTTPClient, client.Logger, client.RetryWaitMin = g.Client(), nil, 0
	req, err := retryablehttp.NewRequestWithContext(t.Context(), "PUT", customers, []byte("x"))
	require.NoError(t, err)

	res, err := client.Do(req)

	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.Len(t, g.Requests(), 2)
}

func TestGocksDoNotMixInParallel(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			g.Expect(testkit.Request{URL: customers}).JSON(http.StatusOK, fmt.Sprint(i)).Times(200)
			var right atomic.Int64
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for range 50 {
						res, err := g.Client().Get(customers)
						if !assert.NoError(t, err) {
							return
						}
						body, err := io.ReadAll(res.Body)
						if assert.NoError(t, err) && string(body) == fmt.Sprint(i) {
							right.Add(1)
						}
						assert.NoError(t, res.Body.Close())
					}
				})
			}
			wg.Wait()
			assert.EqualValues(t, 200, right.Load())
		})
	}
}

func TestGockDelaysUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		g.Expect(testkit.Request{URL: customers}).Delay(time.Second)
		g.Expect(testkit.Request{URL: customers}).Delay(time.Minute)
		start := time.Now()
		_, _, err := send(t, g.Client(), "GET", customers, "")
		require.NoError(t, err)
		assert.Equal(t, time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, "GET", customers, nil)
		require.NoError(t, err)
		_, err = g.Client().Do(req)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestGockHeedsAContextThatIsDone(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", customers, nil)
	require.NoError(t, err)

	_, err = g.Client().Do(req)

	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, g.Requests())
}
