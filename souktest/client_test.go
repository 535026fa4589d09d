package souktest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/souktest"
)

// seen is what a client is told.
type seen struct {
	status int
	length int64
	body   string
	failed bool
}

func see(t *testing.T, client *http.Client, base, method string) seen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+"/a%2Fb?x=1", strings.NewReader("hello"))
	require.NoError(t, err)
	resp, err := client.Do(req)
	if err != nil {
		return seen{failed: true}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return seen{resp.StatusCode, resp.ContentLength, string(body), err != nil}
}

func TestAClientSeesTheSameInMemoryAndOnLoopback(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  souktest.Fault
		method string
		want   seen
	}{
		"answer":             {souktest.Fault{}, "POST", seen{200, 10, "echo hello", false}},
		"head":               {souktest.Fault{}, "HEAD", seen{200, 10, "", false}},
		"refused":            {souktest.Fault{Status: 422, Body: "no"}, "POST", seen{422, 2, "no", false}},
		"no body":            {souktest.Fault{Status: 503}, "POST", seen{503, 0, "", false}},
		"204 has none":       {souktest.Fault{Status: 204, Body: "no"}, "POST", seen{204, 0, "", false}},
		"304 has none":       {souktest.Fault{Status: 304, Body: "no"}, "POST", seen{304, 0, "", false}},
		"dropped":            {souktest.Fault{Drop: true, Status: 200}, "POST", seen{failed: true}},
		"dropped afterwards": {souktest.Fault{Drop: true, Processed: true}, "POST", seen{failed: true}},
		"cut":                {souktest.Fault{Truncate: 6}, "POST", seen{200, 10, "echo h", true}},
		"cut at its end":     {souktest.Fault{Truncate: 10}, "POST", seen{200, 10, "echo hello", false}},
		"cut beyond":         {souktest.Fault{Truncate: 11}, "POST", seen{200, 10, "echo hello", false}},
		"cut before":         {souktest.Fault{Truncate: -1}, "POST", seen{200, 10, "echo hello", false}},
		"negative delay":     {souktest.Fault{Delay: -time.Hour}, "POST", seen{200, 10, "echo hello", false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := start(t)
			e.Inject(c.fault)
			inMemory := see(t, e.Client(), e.BaseURL(), c.method)
			e.Inject(c.fault)
			onLoopback := see(t, http.DefaultClient, e.URL(), c.method)
			assert.Equal(t, c.want, onLoopback, "on loopback")
			assert.Equal(t, c.want, inMemory, "in memory")
		})
	}
}

func TestARequestIsSeenInMemoryAsOnLoopback(t *testing.T) {
	t.Parallel()
	type request struct {
		url, uri, proto, body string
		length                int64
	}
	var got []request
	var hosts []string
	server := souktest.New(souktest.Vendor{Answer: func(r *http.Request, body []byte) souktest.Answer {
		got = append(got, request{r.URL.String(), r.RequestURI, r.Proto, string(body), r.ContentLength})
		hosts = append(hosts, r.Host)
		assert.NotEmpty(t, r.RemoteAddr)
		return souktest.Answer{Status: http.StatusNoContent}
	}})
	t.Cleanup(server.Close)
	onLoopback, inMemory := server.URL(), server.BaseURL()
	see(t, http.DefaultClient, onLoopback, http.MethodPost)
	see(t, server.Client(), strings.ToUpper(inMemory), http.MethodPost)

	assert.Equal(t, request{"/a%2Fb?x=1", "/a%2Fb?x=1", "HTTP/1.1", "hello", 5}, got[0])
	assert.Equal(t, got[0], got[1])
	assert.Equal(t, []string{strings.TrimPrefix(onLoopback, "http://"), strings.ToUpper(strings.TrimPrefix(inMemory, "https://"))}, hosts)
	recorded := server.Requests()
	require.Len(t, recorded, 2)
	for i := range recorded {
		recorded[i].Header.Del("User-Agent") // net/http's own
		recorded[i].Header.Del("Accept-Encoding")
	}
	assert.Equal(t, recorded[0], recorded[1])
}

func TestOtherHostsAreNotThere(t *testing.T) {
	t.Parallel()
	e := start(t)
	for _, url := range []string{"https://example.test/", e.BaseURL() + ":8443/", start(t).BaseURL()} {
		resp, err := e.Client().Post(url, "", strings.NewReader("hello"))
		if err == nil {
			resp.Body.Close()
		}
		dns, ok := errors.AsType[*net.DNSError](err)
		require.True(t, ok, "%v", err)
		assert.True(t, dns.IsNotFound)
		op, _ := errors.AsType[*net.OpError](err)
		assert.Equal(t, "dial", op.Op)
	}
	assert.Empty(t, e.Requests())
}

func TestAClosedServerRefusesConnectionsInMemory(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Close()
	resp, err := e.Client().Get(e.BaseURL())
	if err == nil {
		resp.Body.Close()
	}
	op, ok := errors.AsType[*net.OpError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "dial", op.Op)
	assert.Empty(t, e.Requests())
}

func TestARequestThatIsNotWantedAnyMoreIsNotSent(t *testing.T) {
	t.Parallel()
	e := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // a select takes either of two that are ready
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.BaseURL(), strings.NewReader("hello"))
		require.NoError(t, err)
		_, err = e.Client().Do(req) //nolint:bodyclose // there is none
		require.ErrorIs(t, err, context.Canceled)
	}
	assert.Empty(t, e.Requests())
}

func TestABodyThatDoesNotComeIsNotWaitedForLongerThanTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := start(t)
		never, _ := io.Pipe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.BaseURL(), never)
		require.NoError(t, err)

		_, err = e.Client().Do(req) //nolint:bodyclose // there is none

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Empty(t, e.Requests())
		e.Close()
	})
}

func TestABodyThatCannotBeReadIsNotSent(t *testing.T) {
	t.Parallel()
	e := start(t)
	r, w := io.Pipe()
	require.NoError(t, w.CloseWithError(assert.AnError))
	_, err := e.Client().Post(e.BaseURL(), "", r) //nolint:bodyclose // there is none
	require.ErrorIs(t, err, assert.AnError)
	assert.Empty(t, e.Requests())
}

func TestADelayTakesNoRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := start(t)
		began := time.Now()
		e.Inject(souktest.Fault{Delay: time.Hour})
		assert.Equal(t, seen{200, 10, "echo hello", false}, see(t, e.Client(), e.BaseURL(), http.MethodPost))
		assert.Equal(t, time.Hour, time.Since(began))
	})
}

func TestCloseEndsRequestsInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := start(t)
		e.Inject(souktest.Fault{Times: -1, Delay: time.Hour})
		var asking sync.WaitGroup
		for range 20 {
			asking.Go(func() {
				assert.Equal(t, seen{failed: true}, see(t, e.Client(), e.BaseURL(), http.MethodPost))
			})
		}
		synctest.Wait()
		began := time.Now()
		for range 3 {
			asking.Go(e.Close)
		}
		asking.Wait()
		assert.Zero(t, time.Since(began))
		assert.Empty(t, e.done)
	})
}
