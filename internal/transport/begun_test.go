package transport_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// watched is a body that notes when it is read, and is cut off where it has no text.
type watched struct {
	io.Reader

	note func(string)
}

func (w *watched) Read(p []byte) (int, error) {
	w.note("body")
	return w.Reader.Read(p)
}

func (w *watched) Close() error {
	w.note("closed")
	return nil
}

type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, errors.New("cut off") }

// The headers of each success are told before its body is read, those of failures not.
func TestAnAnswerThatBeginsIsToldBeforeItIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var notes []string
		note := func(text string) {
			if n := len(notes); n == 0 || notes[n-1] != text {
				notes = append(notes, text)
			}
		}
		answers := []struct {
			status int
			body   io.Reader
		}{
			{http.StatusServiceUnavailable, strings.NewReader(`{}`)},
			{http.StatusOK, cutOff{}},
			{http.StatusCreated, strings.NewReader(`{"rows":[1]}`)},
		}
		sent := 0
		httpClient := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			a := answers[sent]
			sent++
			return &http.Response{
				StatusCode: a.status, Header: http.Header{"X-End": {http.StatusText(a.status)}},
				Body: &watched{a.body, note}, Request: r,
			}, nil
		})}
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: httpClient}})
		call := classCall(transport.Safe)
		call.Out = new(paged)
		call.Begun = func(header http.Header) { note("begun " + header.Get("X-End")) }

		err := client.Do(t.Context(), call)

		require.NoError(t, err)
		assert.Equal(t, []string{"body", "closed", "begun OK", "body", "closed", "begun Created", "body", "closed"}, notes)
	})
}
