package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// blocking is a Reader that delivers some bytes and then nothing until release is
// closed.
type blocking struct {
	first   io.Reader
	release chan struct{}
}

func newBlocking(first string) *blocking {
	return &blocking{first: strings.NewReader(first), release: make(chan struct{})}
}

func (b *blocking) Read(p []byte) (int, error) {
	if n, err := b.first.Read(p); err == nil {
		return n, nil
	}
	<-b.release
	return 0, io.EOF
}

// takesAll is net/http's transport, connected to a server that takes all it gets and
// says nothing.
func takesAll() http.RoundTripper {
	return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		return here, nil
	}}
}

// deaf is a transport that reads the body before it looks at the context.
func deaf(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func TestUploadWhoseReaderStandsStill(t *testing.T) {
	t.Parallel()
	stuck := "the file's Reader delivered nothing more within the attempt's timeout"
	for name, tt := range map[string]struct {
		within  time.Duration // that the context gives
		cancel  bool
		took    time.Duration
		message string
		is      error
	}{
		"attempt":  {0, false, transport.DefaultAttemptTimeout, stuck, souk.ErrInvalid},
		"deadline": {10 * time.Second, false, 10 * time.Second, "", context.DeadlineExceeded},
		"canceled": {10 * time.Second, true, 10 * time.Second, "", context.Canceled},
	} {
		for kind, sent := range map[string]int64{"unsized": 0, "sized": 10, "delivered but for its end": 5} {
			for through, transporter := range map[string]func() http.RoundTripper{
				"HTTP/1": takesAll,
				"deaf":   func() http.RoundTripper { return roundTripper(deaf) },
			} {
				t.Run(name+"/"+kind+"/"+through, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						observed := make(chan souk.Attempt, 2)
						api := newClient(t, transport.Config{BaseURL: "http://localhost", Options: souk.Options{
							HTTPClient: &http.Client{Transport: transporter()},
							Observer:   &souk.Observer{Attempt: func(_ context.Context, a souk.Attempt) { observed <- a }},
						}})
						ctx, reader := t.Context(), newBlocking("begin")
						if tt.within > 0 {
							var cancel context.CancelFunc
							ctx, cancel = context.WithTimeout(ctx, tt.within)
							defer cancel()
							if tt.cancel {
								ctx, cancel = context.WithCancel(t.Context())
								time.AfterFunc(tt.within, cancel)
							}
						}
						began := time.Now()

						err := api.Do(ctx, upload(transport.File{Reader: reader, Size: sent}))

						assert.Equal(t, tt.took, time.Since(began))
						assert.ErrorIs(t, err, tt.is)
						assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "the server has not got the whole request")
						e := requireError(t, err)
						assert.Equal(t, tt.message, e.Message)
						assert.Equal(t, 1, e.Attempts)
						assert.Len(t, observed, 1)
						close(reader.release)
					})
				})
			}
		}
	}
}

// HTTP/2 closes the body where it must not be held up.
func TestUploadWhoseReaderStandsStillOverHTTP2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		network.serve(t, &http.Server{TLSConfig: serverTLS(), Protocols: protocol(true), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, 2, r.ProtoMajor)
			_, _ = io.Copy(io.Discard, r.Body)
		})})
		reader := newBlocking("begin")
		client := newClientOf(t, over(t, network.dial, time.Minute), transport.Config{BaseURL: "https://example.com"})
		began := time.Now()

		err := client.Do(t.Context(), upload(transport.File{Reader: reader}))

		assert.ErrorIs(t, err, souk.ErrInvalid)
		assert.Equal(t, transport.DefaultAttemptTimeout, time.Since(began))
		close(reader.release)
	})
}

// slowSeeker takes a second for each Read, and can be read again.
type slowSeeker struct{ *bytes.Reader }

func (s slowSeeker) Read(p []byte) (int, error) {
	time.Sleep(time.Second)
	return s.Reader.Read(p)
}

// A server that refuses before it has read the file is asked again when nothing
// reads from it any more.
func TestUploadIsRepeatedWhenItsReadHasReturned(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reader io.Reader
		sent   int
		want   error
	}{
		"slow":  {slowSeeker{bytes.NewReader([]byte("content"))}, 2, nil},
		"stuck": {&blockingSeeker{}, 1, souk.ErrRateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var bodies []string
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
					if len(bodies) == 0 {
						bodies = append(bodies, "")
						go func() { _, _ = io.Copy(io.Discard, r.Body) }()
						time.Sleep(time.Millisecond)
						resp.StatusCode = http.StatusTooManyRequests
						resp.Header.Set("Retry-After", "0")
						return resp, nil
					}
					body, err := io.ReadAll(r.Body)
					bodies = append(bodies, string(body))
					return resp, err
				})}}})

				err := client.Do(t.Context(), upload(transport.File{Reader: tt.reader}))

				assert.ErrorIs(t, err, tt.want)
				require.Len(t, bodies, tt.sent)
				if tt.sent == 2 {
					assert.Contains(t, bodies[1], "\r\n\r\ncontent\r\n--")
				}
				if b, ok := tt.reader.(*blockingSeeker); ok {
					close(b.release)
				}
			})
		})
	}
}

// blockingSeeker can be read again, as it says, but never returns.
type blockingSeeker struct{ release chan struct{} }

func (b *blockingSeeker) Read([]byte) (int, error) {
	<-b.release
	return 0, io.EOF
}

func (b *blockingSeeker) Seek(int64, int) (int64, error) {
	if b.release == nil {
		b.release = make(chan struct{})
	}
	return 0, nil
}

// A Reader that panics does so in the goroutine of the call, where the program can
// recover from it, and not in one of the HTTP transport.
func TestUploadWhoseReaderPanics(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Drop())
	client := newClient(t, transport.Config{BaseURL: server.URL})
	file := transport.File{Reader: readerFunc(func([]byte) (int, error) { panic("of the user's") })}

	assert.PanicsWithValue(t, "of the user's", func() { _ = client.Do(t.Context(), upload(file)) })

	err := client.Do(t.Context(), classCall(transport.Safe))
	assert.NotErrorIs(t, err, souk.ErrRateLimited, "nothing stays taken")
}

func TestUploadWhoseReaderEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Drop())
	client := newClient(t, transport.Config{BaseURL: server.URL})
	file := transport.File{Reader: readerFunc(func([]byte) (int, error) {
		runtime.Goexit()
		return 0, errors.New("not reached")
	})}

	err := client.Do(t.Context(), upload(file))

	assert.EqualError(t, err, "acme: POST /import: invalid: the file cannot be read")
}
