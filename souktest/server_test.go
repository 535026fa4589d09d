package souktest_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/souktest"
)

// echo is a stand-in that answers with what it was asked, and counts that.
type echo struct {
	*souktest.Server
	done chan string
}

func start(t *testing.T) echo {
	t.Helper()
	e := echo{done: make(chan string, 100)}
	e.Server = souktest.New(souktest.Vendor{
		Name: "echotest",
		Answer: func(r *http.Request, body []byte) souktest.Answer {
			e.done <- r.Method + " " + r.URL.Path
			if r.Header.Get("If-None-Match") != "" {
				return souktest.Answer{Status: http.StatusNotModified}
			}
			return souktest.Answer{Status: http.StatusOK, Header: http.Header{"x-done": {"yes"}}, Body: append([]byte("echo "), body...)}
		},
		Refuse: func(r *http.Request) (souktest.Answer, bool) {
			return souktest.Answer{Status: http.StatusRequestURITooLong, Body: []byte("too long")}, len(r.RequestURI) > 1000
		},
		Operations: []string{"Things.Create", "Things.Import", "Things.Get", "Things.GetAll"},
		Operation: func(r *http.Request) string {
			return map[string]string{"POST": "Things.Create Things.Import", "GET": "Things.Get", "PUT": "Things.GetAll"}[r.Method]
		},
		Credentials: []string{"Access-Token"},
		Secret:      func(r *http.Request) bool { return r.URL.Path == "/token" },
		Header:      func() http.Header { return http.Header{"Request-Id": {"r-1"}} },
	})
	t.Cleanup(e.Close)
	return e
}

func (e echo) ask(t *testing.T, method, path, body string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, e.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Access-Token", "secret")
	req.Header.Set("Cookie", "a=b")
	req.Header.Set("User-Agent", "tester")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

func TestRequestsAreAnsweredAndRecorded(t *testing.T) {
	t.Parallel()
	e := start(t)
	resp, text, err := e.ask(t, http.MethodPost, "/a%2Fb?x=1&x=2", "hello")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Equal(t, "yes", resp.Header.Get("X-Done"))
	assert.Equal(t, "echo hello", text)
	_, _, err = e.ask(t, http.MethodPost, "/token", "client_secret=1")
	require.NoError(t, err)

	got := e.Requests()
	require.Len(t, got, 2)
	assert.Equal(t, http.MethodPost, got[0].Method)
	assert.Equal(t, "/a%2Fb", got[0].Path)
	assert.Equal(t, url.Values{"x": {"1", "2"}}, got[0].Query)
	assert.Equal(t, "tester", got[0].Header.Get("User-Agent"))
	assert.NotContains(t, got[0].Header, "Access-Token")
	assert.NotContains(t, got[0].Header, "Cookie")
	assert.Equal(t, "hello", string(got[0].Body))
	assert.Empty(t, got[1].Body, "a body with secrets is not kept")
	before := e.Requests()[0]
	got[0].Path = "changed"
	got[0].Query.Set("x", "changed")
	got[0].Header.Set("User-Agent", "changed")
	got[0].Body[0] = '!'
	assert.Equal(t, before, e.Requests()[0], "the list is a copy")
}

func TestABodyBeyondAMegabyteIsCut(t *testing.T) {
	t.Parallel()
	e := start(t)
	_, _, err := e.ask(t, http.MethodPost, "/", strings.Repeat("a", 3<<20))
	require.NoError(t, err)
	assert.Len(t, e.Requests()[0].Body, 1<<20)

	body := strings.NewReader(strings.Repeat("a", 3<<20))
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", body))
	assert.Zero(t, body.Len(), "read to its end, or else net/http would cut the connection")
}

func TestARefusedRequestIsRecordedWithoutItsBodyAndMeetsNoFault(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Fail(1, http.StatusTeapot, "")

	resp, text, err := e.ask(t, http.MethodPost, "/a?q="+strings.Repeat("a", 1000), "hello")
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestURITooLong, resp.StatusCode)
	assert.Equal(t, "too long", text)
	assert.Empty(t, e.done, "it took no effect")

	resp, _, err = e.ask(t, http.MethodPost, "/b", "hello")
	require.NoError(t, err)
	assert.Equal(t, http.StatusTeapot, resp.StatusCode, "the fault waited for this one")
	got := e.Requests()
	require.Len(t, got, 2)
	assert.Equal(t, "/a", got[0].Path)
	assert.Empty(t, got[0].Body)
	assert.NotContains(t, got[0].Header, "Access-Token")
	assert.Equal(t, "hello", string(got[1].Body))
}

func TestANotModifiedAnswerHasNoLength(t *testing.T) {
	t.Parallel()
	e := start(t)
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("If-None-Match", "x")
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	assert.Equal(t, http.StatusNotModified, recorder.Code)
	assert.NotContains(t, recorder.Header(), "Content-Length")

	recorder = httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, "5", recorder.Header().Get("Content-Length"))
}

func TestFaultsMeetWhatTheyAreMeantFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault souktest.Fault
		met   bool
	}{
		"any":               {souktest.Fault{}, true},
		"method":            {souktest.Fault{Method: http.MethodGet}, true},
		"method in letters": {souktest.Fault{Method: "get"}, true},
		"other method":      {souktest.Fault{Method: http.MethodPut}, false},
		"path":              {souktest.Fault{Path: "/a/1"}, true},
		"pattern":           {souktest.Fault{Path: "/a/*"}, true},
		"other path":        {souktest.Fault{Path: "/*"}, false},
		"operation":         {souktest.Fault{Operation: "Things.Get"}, true},
		"other operation":   {souktest.Fault{Operation: "Things.Import"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := start(t)
			c.fault.Status, c.fault.Body, c.fault.Header = http.StatusTeapot, "tea", http.Header{"Retry-After": {"1"}}
			e.Inject(c.fault)
			resp, text, err := e.ask(t, http.MethodGet, "/a/1", "")
			require.NoError(t, err)
			if !c.met {
				assert.Equal(t, http.StatusOK, resp.StatusCode)
				return
			}
			assert.Equal(t, http.StatusTeapot, resp.StatusCode)
			assert.Equal(t, "tea", text)
			assert.Equal(t, "1", resp.Header.Get("Retry-After"))
			assert.Equal(t, "r-1", resp.Header.Get("Request-Id"))
			assert.Equal(t, "application/json; charset=utf-8", resp.Header.Get("Content-Type"))
			assert.Empty(t, e.done, "it took no effect")
			resp, _, err = e.ask(t, http.MethodGet, "/a/1", "")
			require.NoError(t, err)
			assert.Equal(t, http.StatusOK, resp.StatusCode, "once")
		})
	}
}

func TestAFaultNamesAnOperation(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Inject(souktest.Fault{Operation: "Things.Import", Status: http.StatusTeapot})
	resp, _, err := e.ask(t, http.MethodPost, "/", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusTeapot, resp.StatusCode, "the second name of what was asked")

	e.Inject(souktest.Fault{Operation: "Things.Get", Status: http.StatusTeapot})
	resp, _, err = e.ask(t, http.MethodPut, "/", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, resp.StatusCode, "a name that only begins like it")

	names := e.Operations()
	assert.Equal(t, []string{"Things.Create", "Things.Import", "Things.Get", "Things.GetAll"}, names)
	names[0] = "changed"
	assert.Equal(t, "Things.Create", e.Operations()[0], "the list is a copy")
}

func TestAFaultThatNoRequestCanMeetIsAPanic(t *testing.T) {
	t.Parallel()
	e := start(t)
	for text, fault := range map[string]souktest.Fault{
		`Operation "Things.Make" is none of Things.Create, Things.Import, Things.Get, Things.GetAll`: {Operation: "Things.Make"},
		`Path "/a/[" is malformed`:                {Path: "/a/["},
		"Status -1 cannot be that of an answer":   {Status: -1},
		"Status 100 cannot be that of an answer":  {Status: 100},
		"Status 199 cannot be that of an answer":  {Status: 199},
		"Status 1000 cannot be that of an answer": {Status: 1000},
	} {
		assert.PanicsWithValue(t, "echotest: Fault."+text, func() { e.Inject(fault) })
	}
	for _, status := range []int{0, 101, 200, 999} {
		assert.NotPanics(t, func() { e.Inject(souktest.Fault{Status: status}) })
	}
}

func TestClearFaultsEndsAnOutage(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Inject(souktest.Fault{Times: -1, Status: http.StatusBadGateway})
	resp, _, err := e.ask(t, http.MethodGet, "/", "")
	require.NoError(t, err)
	require.Equal(t, http.StatusBadGateway, resp.StatusCode)
	e.ClearFaults()
	resp, _, err = e.ask(t, http.MethodGet, "/", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestFaultsAreMetInTheirOrder(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Fail(0, 418, "")
	e.Inject(souktest.Fault{Method: http.MethodPut, Status: 501})
	e.Fail(2, 502, "")
	e.Inject(souktest.Fault{Times: -1, Status: 504})
	var statuses []int
	for _, method := range []string{"GET", "POST", "PUT", "PUT", "GET"} {
		resp, _, err := e.ask(t, method, "/", "")
		require.NoError(t, err)
		statuses = append(statuses, resp.StatusCode)
	}
	assert.Equal(t, []int{502, 502, 501, 504, 504}, statuses)
}

func TestTheHeaderOfAFaultGoesBeforeAllOthers(t *testing.T) {
	t.Parallel()
	e := start(t)
	id := []string{"r-2"}
	header := http.Header{"content-type": {"text/html"}, "request-id": id}
	e.Inject(souktest.Fault{Times: -1, Status: http.StatusBadGateway, Header: header})
	id[0] = "changed later"
	for range 20 { // of two spellings of a name, a map yields either last
		resp, _, err := e.ask(t, http.MethodGet, "/", "")
		require.NoError(t, err)
		require.Equal(t, []string{"text/html"}, resp.Header.Values("Content-Type"))
		require.Equal(t, []string{"r-2"}, resp.Header.Values("Request-Id"))
	}
}

func TestAnswersAreLostBeforeAndAfterTheWork(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Inject(souktest.Fault{Drop: true})
	_, _, err := e.ask(t, http.MethodPost, "/before", "")
	require.Error(t, err)
	assert.Empty(t, e.done)

	e.Inject(souktest.Fault{Drop: true, Processed: true})
	_, _, err = e.ask(t, http.MethodPost, "/after", "")
	require.Error(t, err)
	assert.Equal(t, "POST /after", <-e.done)

	e.Inject(souktest.Fault{Status: 502, Processed: true})
	resp, _, err := e.ask(t, http.MethodPost, "/both", "")
	require.NoError(t, err)
	assert.Equal(t, 502, resp.StatusCode)
	assert.Equal(t, "POST /both", <-e.done)

	e.Inject(souktest.Fault{Truncate: 6})
	_, text, err := e.ask(t, http.MethodPost, "/cut", "hello")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, "echo h", text)
	assert.Equal(t, "POST /cut", <-e.done)
}

func TestADelayedRequestTakesNoEffectOnceItsClientLeft(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Inject(souktest.Fault{Delay: time.Hour})
	gone, leave := context.WithCancel(t.Context())
	leave()
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/", nil)
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { e.ServeHTTP(httptest.NewRecorder(), request) })
	assert.Empty(t, e.done)
}

func TestADelayEndsWithTheServerWithoutAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := start(t)
		e.Inject(souktest.Fault{Delay: time.Hour})
		ended, began := make(chan bool), time.Now()
		go func() {
			defer close(ended)
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
			assert.PanicsWithValue(t, http.ErrAbortHandler, func() { e.ServeHTTP(httptest.NewRecorder(), request) })
		}()
		synctest.Wait()
		assert.Len(t, e.Requests(), 1)
		e.Close()
		<-ended
		assert.Zero(t, time.Since(began))
		assert.Empty(t, e.done)
	})
}

func TestCloseWaitsForTheRequestsThatAreBeingAnswered(t *testing.T) {
	t.Parallel()
	working, cut := make(chan bool), make(chan bool)
	var finished atomic.Bool
	s := souktest.New(souktest.Vendor{Name: "slowtest", Answer: func(*http.Request, []byte) souktest.Answer {
		close(working)
		<-cut
		finished.Store(true)
		return souktest.Answer{Status: http.StatusOK}
	}})
	go func() {
		defer close(cut)
		_, _, err := echo{Server: s}.ask(t, http.MethodPost, "/", "") //nolint:testifylint // what it requires cannot fail here
		assert.Error(t, err)
	}()
	<-working
	s.Close()
	assert.True(t, finished.Load())
}

func TestAClosedServerTakesNoRequests(t *testing.T) {
	t.Parallel()
	e := start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.URL(), "http://")) // once closed, the port may be another test's
	require.NoError(t, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func() (*http.Response, error) {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		return http.ReadResponse(answers, nil)
	}
	resp, err := ask()
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	e.Close()
	_, err = ask() //nolint:bodyclose // there is none
	require.Error(t, err)
	assert.Len(t, e.Requests(), 1, "what came before stays recorded")
}

func TestADelayEndsWithTheServer(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.Inject(souktest.Fault{Delay: time.Millisecond})
	_, _, err := e.ask(t, http.MethodGet, "/", "")
	require.NoError(t, err)

	e.Inject(souktest.Fault{Delay: time.Hour})
	failed := make(chan error)
	go func() { // net/http would send a GET again, to whoever has the port by then
		_, _, err := e.ask(t, http.MethodPost, "/", "") //nolint:testifylint // what it requires cannot fail here
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(e.Requests()) == 2 }, time.Hour, time.Millisecond)
	e.Close()
	assert.Error(t, <-failed)
	e.Close()
}

func TestAServerIsAHandler(t *testing.T) {
	t.Parallel()
	e := start(t)
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/x", bytes.NewReader([]byte("hi"))))
	assert.Equal(t, "echo hi", recorder.Body.String())
}
