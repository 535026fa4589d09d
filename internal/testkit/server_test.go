package testkit_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
)

func TestServerFollowsItsScript(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t,
		testkit.Answer(http.StatusOK, `{"id":1}`),
		testkit.Drop(),
		testkit.DropUnread(),
		testkit.Truncate(http.StatusOK, `{"id":1}`, 3),
	)
	s.Otherwise(testkit.Answer(http.StatusTooManyRequests, ""))
	client := newClient(t)

	res, body, err := send(t, client, "POST", s.URL+"/a?b=c", "hello", "X-Key", "k")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.JSONEq(t, `{"id":1}`, body)

	_, _, err = send(t, client, "POST", s.URL, "hello")
	require.ErrorIs(t, err, io.EOF)

	_, _, err = send(t, client, "POST", s.URL, strings.Repeat("x", 1<<20))
	require.Error(t, err)

	res, body, err = send(t, client, "GET", s.URL, "")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.EqualValues(t, 8, res.ContentLength)
	assert.Equal(t, `{"i`, body)

	for range 2 {
		res, _, err = send(t, client, "GET", s.URL, "")
		require.NoError(t, err)
		assert.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	}

	got := s.Requests()
	require.Len(t, got, 6)
	assert.Equal(t, "POST", got[0].Method)
	assert.Equal(t, "/a?b=c", got[0].URL.String())
	assert.Equal(t, "k", got[0].Header.Get("X-Key"))
	assert.Equal(t, "hello", string(got[0].Body))
	assert.Nil(t, got[2].Body)
}

func TestServerHangsUntilTheClientLeaves(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	s := testkit.NewServer(t, testkit.After(arrived, testkit.Hang()))
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	require.NoError(t, err)
	go func() {
		arrived <- struct{}{}
		cancel()
	}()

	_, err = newClient(t).Do(req)

	require.ErrorIs(t, err, context.Canceled)
}

func TestServerFreesThoseWhoHangWhenItCloses(t *testing.T) {
	t.Parallel()
	arrived, done := make(chan struct{}), make(chan error)
	fake := new(fakeT)
	s := testkit.NewServer(fake, testkit.After(arrived, testkit.Hang()))
	client := newClient(t)
	go func() {
		res, err := client.Get(s.URL)
		if err == nil {
			_ = res.Body.Close()
		}
		done <- err
	}()
	arrived <- struct{}{}

	assert.Empty(t, fake.text(true))

	<-done
}

func TestServerCountsConnections(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	s.Otherwise(testkit.Answer(http.StatusOK, "{}"))
	for range 3 {
		client := newClient(t)
		for range 3 {
			_, _, err := send(t, client, "GET", s.URL, "")
			require.NoError(t, err)
		}
	}
	assert.Equal(t, 3, s.Connections())
}

func TestServerReportsWhatTheScriptDoesNotSay(t *testing.T) {
	t.Parallel()
	t.Run("a request too many", func(t *testing.T) {
		t.Parallel()
		fake := new(fakeT)
		s := testkit.NewServer(fake)
		res, _, err := send(t, newClient(t), "GET", s.URL, "")
		require.NoError(t, err)
		assert.Equal(t, http.StatusInternalServerError, res.StatusCode)
		assert.Contains(t, fake.text(true), "beyond the server's script")
	})
	t.Run("a step too many", func(t *testing.T) {
		t.Parallel()
		fake := new(fakeT)
		testkit.NewServer(fake, testkit.Drop(), testkit.Hang())
		assert.Contains(t, fake.text(true), "2 steps of the server's script were not requested")
	})
}

// newClient is a client with connections of its own.
func newClient(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
