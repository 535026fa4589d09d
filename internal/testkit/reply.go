package testkit

import (
	"encoding/json"
	"io"
	"mime"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Reply is what a mock answers. Its methods return it for chaining and are
// called before the request comes.
type Reply struct {
	t    testing.TB
	mock *mock
}

// Status answers with a status and no body.
func (r *Reply) Status(status int) *Reply {
	r.mock.Response().Status(status)
	return r
}

// JSON answers with body as JSON: a string, []byte or json.RawMessage as it
// stands, everything else encoded.
func (r *Reply) JSON(status int, body any) *Reply {
	r.t.Helper()
	switch body := body.(type) {
	case string:
		return r.Body(status, "application/json", []byte(body))
	case []byte:
		return r.Body(status, "application/json", body)
	}
	data, err := json.Marshal(body)
	if err != nil {
		r.t.Fatalf("testkit: a reply that is no JSON: %v", err)
	}
	return r.Body(status, "application/json", data)
}

// Body answers with bytes. An empty content type means none.
func (r *Reply) Body(status int, contentType string, body []byte) *Reply {
	r.Status(status)
	r.mock.Response().BodyBuffer = body
	if contentType == "" {
		r.mock.Response().Header.Del("Content-Type")
		return r
	}
	return r.Header("Content-Type", contentType)
}

// Fixture answers with a file of testdata, its content type by its extension.
func (r *Reply) Fixture(status int, name string) *Reply {
	r.t.Helper()
	contentType := "application/json"
	if ext := filepath.Ext(name); ext != ".json" {
		contentType = mime.TypeByExtension(ext)
	}
	return r.Body(status, contentType, Fixture(r.t, name))
}

// Header sets a header of the answer.
func (r *Reply) Header(name, value string) *Reply {
	r.mock.Response().SetHeader(name, value)
	return r
}

// Fail lets the transport return err and no answer.
func (r *Reply) Fail(err error) *Reply {
	r.mock.Response().SetError(err)
	return r
}

// Refuse lets the dial fail: the request has provably not left.
func (r *Reply) Refuse() *Reply {
	return r.Fail(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
}

// Drop lets the connection end after the request left and before an answer
// came, so that it may or may not have been processed.
func (r *Reply) Drop() *Reply {
	return r.Fail(io.EOF)
}

// Cut answers with a body that breaks off after what is given.
func (r *Reply) Cut(status int, contentType, start string) *Reply {
	r.Body(status, contentType, nil)
	r.mock.Response().Map(func(res *http.Response) *http.Response {
		res.Body = io.NopCloser(io.MultiReader(strings.NewReader(start), brokenReader{}))
		res.ContentLength = -1
		return res
	})
	return r
}

// Delay lets the answer take a while, or until the request's context ends.
func (r *Reply) Delay(d time.Duration) *Reply {
	r.mock.Response().Delay(d)
	return r
}

// Times lets the mock answer n requests.
func (r *Reply) Times(n int) *Reply {
	r.mock.Request().Times(n)
	return r
}

// brokenReader is the rest of a body whose connection is gone.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
