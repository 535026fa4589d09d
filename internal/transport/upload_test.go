package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

func upload(file transport.File) *transport.Call {
	file.Field, file.Name = "file", `c"1.xlsx`
	return &transport.Call{
		Method: "POST", Route: "/import",
		Body: &transport.Upload{Fields: map[string]string{"kind": "customers"}, Files: []transport.File{file}},
	}
}

// parts reads a multipart body.
func parts(t *testing.T, r testkit.Recorded) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	require.NoError(t, err)
	form, err := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"]).ReadForm(1 << 20)
	require.NoError(t, err)
	got := map[string]string{"kind": form.Value["kind"][0]}
	for _, header := range form.File["file"] {
		f, err := header.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(f)
		require.NoError(t, err)
		got[header.Filename] = header.Header.Get("Content-Type") + "|" + string(content)
	}
	return got
}

func TestUpload(t *testing.T) {
	t.Parallel()
	plain := func(s string) io.Reader { return iotest.OneByteReader(strings.NewReader(s)) }
	for name, tt := range map[string]struct {
		file  transport.File
		sized bool
	}{
		"seekable":             {transport.File{Reader: strings.NewReader("content")}, true},
		"stream of known size": {transport.File{Reader: plain("content"), Size: 7}, true},
		"stream":               {transport.File{Reader: plain("content")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewServer(t, testkit.Answer(200, "{}"))
			client := newClient(t, transport.Config{BaseURL: server.URL})

			err := client.Do(t.Context(), upload(tt.file))

			require.NoError(t, err)
			request := server.Requests()[0]
			assert.Equal(t, map[string]string{"kind": "customers", `c"1.xlsx`: "application/octet-stream|content"}, parts(t, request))
			assert.Equal(t, tt.sized, request.Header.Get("Content-Length") != "")
		})
	}
}

func TestUploadIsRepeatedWhenItCanBe(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t,
		testkit.Handle(tooMany), testkit.Answer(200, "{}"))
	client := newClient(t, transport.Config{BaseURL: server.URL})
	reader := strings.NewReader("skipped content")
	_, err := reader.Seek(8, io.SeekStart)
	require.NoError(t, err)

	err = client.Do(t.Context(), upload(transport.File{Reader: reader, ContentType: "text/csv"}))

	require.NoError(t, err)
	want := map[string]string{"kind": "customers", `c"1.xlsx`: "text/csv|content"}
	assert.Equal(t, want, parts(t, server.Requests()[0]))
	assert.Equal(t, want, parts(t, server.Requests()[1]))
}

func TestStreamIsSentOnce(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Handle(tooMany))
	client := newClient(t, transport.Config{BaseURL: server.URL})

	err := client.Do(t.Context(), upload(transport.File{Reader: iotest.OneByteReader(strings.NewReader("content"))}))

	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.Len(t, server.Requests(), 1)
}

func TestUploadThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk error at /secret/path")
	for name, tt := range map[string]struct {
		file transport.File
		want string
		is   error
	}{
		"ends early": {transport.File{Reader: strings.NewReader("cont"), Size: 7}, "the file ended before its size was reached", nil},
		"goes on":    {transport.File{Reader: strings.NewReader("content and more"), Size: 7}, "the file is longer than its size", nil},
		"breaks":     {transport.File{Reader: iotest.ErrReader(broken)}, "the file cannot be read", broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewServer(t)
			server.Otherwise(testkit.Drop())
			client := newClient(t, transport.Config{BaseURL: server.URL})

			err := client.Do(t.Context(), upload(tt.file))

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.EqualError(t, err, "acme: POST /import: invalid: "+tt.want)
			if tt.is != nil {
				assert.ErrorIs(t, err, tt.is)
			}
		})
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t) // nothing is expected
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
	call := &transport.Call{Method: "POST", Route: "/import", Body: &transport.Upload{Files: []transport.File{{Field: "file", Size: -1}}}}

	err := client.Do(t.Context(), call)

	assert.EqualError(t, err, "acme: POST /import: invalid; File: must not be nil; "+
		`Name: must be the name of the file in UTF-8, without control characters; Size: must not be negative; 0 means that it is not known`)
}

// Each mistake is reported once, by the name that the request has for the file.
func TestUploadRefusedByItsName(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file transport.File
		want string
	}{
		"Latin-1":        {transport.File{Reader: strings.NewReader("x"), Name: "a\xe9"}, "Name: must be the name of the file in UTF-8, without control characters"},
		"no name":        {transport.File{Reader: strings.NewReader("x")}, `Name: must be the name of the file in UTF-8, without control characters`},
		"name":           {transport.File{Reader: strings.NewReader("x"), Name: "a\nb"}, `Name: must be the name of the file in UTF-8, without control characters`},
		"content type":   {transport.File{Reader: strings.NewReader("x"), Name: "a", ContentType: "a\rb"}, "ContentType: must be a media type in UTF-8, without control characters"},
		"negative size":  {transport.File{Reader: strings.NewReader("x"), Name: "a", Size: -1}, "Size: must not be negative; 0 means that it is not known"},
		"nil as a chan":  {transport.File{Reader: readerChan(nil), Name: "a"}, "Reader: must not be nil"},
		"empty as slice": {transport.File{Reader: readerSlice(nil), Name: "a"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewServer(t)
			server.Otherwise(testkit.Answer(200, "{}"))
			client := newClient(t, transport.Config{BaseURL: server.URL})
			tt.file.Field, tt.file.Param = "file", "Image"
			call := &transport.Call{Method: "POST", Route: "/import", Body: &transport.Upload{Files: []transport.File{tt.file}}}

			err := client.Do(t.Context(), call)

			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, "acme: POST /import: invalid; Image."+tt.want)
			assert.Empty(t, server.Requests())
		})
	}
}

type readerChan chan []byte

func (readerChan) Read([]byte) (int, error) { return 0, io.EOF }

type readerSlice []byte

func (readerSlice) Read([]byte) (int, error) { return 0, io.EOF }

// A file that could not be opened is nil, be it that its type is known.
func TestUploadOfNothing(t *testing.T) {
	t.Parallel()
	for name, reader := range map[string]io.Reader{
		"nil":           nil,
		"*os.File":      (*os.File)(nil),
		"*bytes.Buffer": (*bytes.Buffer)(nil),
		"seeker":        (*strings.Reader)(nil),
		"func":          readerFunc(nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			call := &transport.Call{Method: "POST", Route: "/import", Body: &transport.Upload{Files: []transport.File{
				{Field: "file", Param: "Image", Name: "a", Reader: reader},
			}}}

			err := client.Do(t.Context(), call)

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, "acme: POST /import: invalid; Image.Reader: must not be nil")
		})
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// slowServer answers one request on one connection, of which it takes 4 KiB every
// 5 seconds, and after that many bytes nothing more until done is closed.
func slowServer(takes int64, done <-chan struct{}) *http.Client {
	dial := func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			slow := bufio.NewReaderSize(pacedReader{io.LimitReader(there, takes)}, 4<<10)
			request, err := http.ReadRequest(slow)
			if err == nil {
				_, err = io.Copy(io.Discard, request.Body)
			}
			if err != nil {
				<-done
				return
			}
			time.Sleep(5 * time.Second)
			_, _ = io.WriteString(there, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
		}()
		return here, nil
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}
}

type pacedReader struct{ r io.Reader }

func (p pacedReader) Read(b []byte) (int, error) {
	time.Sleep(5 * time.Second)
	return p.r.Read(b[:min(len(b), 4<<10)])
}

// An attempt ends when a file stands still, however long it takes while it moves.
func TestTimeoutIsForFilesThatStandStill(t *testing.T) {
	t.Parallel()
	const size = 200 << 10
	file := func() transport.File { return transport.File{Reader: io.LimitReader(zeros{}, size), Size: size} }
	send := func(t *testing.T, takes int64) (time.Duration, error) {
		done := make(chan struct{})
		defer close(done)
		client := newClient(t, transport.Config{BaseURL: "http://localhost", Options: souk.Options{HTTPClient: slowServer(takes, done)}})
		began := time.Now()
		err := client.Do(t.Context(), upload(file()))
		took := time.Since(began)
		time.Sleep(time.Minute) // for the server to see it
		return took, err
	}
	t.Run("moving", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			took, err := send(t, 2*size)

			require.NoError(t, err)
			assert.Greater(t, took, 5*time.Second*size/(4<<10))
		})
	})
	t.Run("standing still", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			took, err := send(t, size/2)

			assert.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, "no complete answer within the attempt's timeout", requireError(t, err).Message)
			moved := 5 * time.Second * size / 2 / (4 << 10)
			assert.InDelta(t, moved+transport.DefaultAttemptTimeout, took, float64(30*time.Second), "what is under way is some pieces")
		})
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var read time.Time
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				_, err := io.Copy(io.Discard, r.Body)
				assert.NoError(t, err)
				read = time.Now()
				<-r.Context().Done()
				return nil, r.Context().Err()
			})}}})

			err := client.Do(t.Context(), upload(file()))

			assert.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, transport.DefaultAttemptTimeout, time.Since(read))
		})
	})
}

// A large file passes through without being held in memory.
func TestUploadStreams(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.DropUnread())
	client := newClient(t, transport.Config{BaseURL: server.URL})
	read := &counter{r: io.LimitReader(zeros{}, 1<<30)}

	err := client.Do(t.Context(), upload(transport.File{Reader: read, Size: 1 << 30}))

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Less(t, read.n, int64(64<<20), "no more is read than the connection takes")
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
