package transport_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// readFunc is a Reader that is one function.
type readFunc func(p []byte) (int, error)

func (r readFunc) Read(p []byte) (int, error) { return r(p) }
func (readFunc) Close() error                 { return nil }

// unlawful are Readers that do what io.Reader forbids.
var unlawful = map[string]readFunc{
	"nothing, forever":     func([]byte) (int, error) { return 0, nil },
	"more than there is":   func(p []byte) (int, error) { return len(p) + 1, nil },
	"less than nothing":    func([]byte) (int, error) { return -1, nil },
	"less, with its error": func([]byte) (int, error) { return -1, io.EOF },
}

func TestABodyThatBreaksTheRulesIsALostAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range unlawful {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: answering(&http.Response{StatusCode: 200, Body: body})}})

			err := client.Do(t.Context(), classCall(transport.Write))

			require.ErrorIs(t, err, souk.ErrUnavailable)
			require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		})
	}
}

func TestAFileThatBreaksTheRulesIsNotUploaded(t *testing.T) {
	t.Parallel()
	for name, file := range unlawful {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				_, err := io.Copy(io.Discard, r.Body)
				return nil, err
			})}}})

			err := client.Do(t.Context(), upload(transport.File{Reader: file}))

			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
		})
	}
}

// Some Readers return nothing now and then.
func TestABodyMayPause(t *testing.T) {
	t.Parallel()
	n := 0
	slow := readFunc(func(p []byte) (int, error) {
		if n++; n%100 != 0 {
			return 0, nil
		}
		return copy(p, "x"), nil
	})

	text, err := io.ReadAll(io.LimitReader(&transport.Guarded{From: slow}, 5))

	require.NoError(t, err)
	assert.Equal(t, "xxxxx", string(text))
	require.NoError(t, iotest.TestReader(&transport.Guarded{From: strings.NewReader("text")}, []byte("text")))
}
