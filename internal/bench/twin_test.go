package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// twin is the client that a careful programmer writes by hand: typed, with a
// timeout for each request, a capped and pooled read buffer and a transport that
// keeps its connections. It has no retries, no quota and no error types.
type twin struct {
	base       string
	credential [2]string // the header's name and its value
	client     http.Client
}

const (
	twinTimeout = 30 * time.Second
	twinMaxBody = 32 << 20
)

func newTwin(base, header, value string, transport http.RoundTripper) *twin {
	if transport == nil {
		transport = newTwinTransport()
	}
	return &twin{base: base, credential: [2]string{header, value}, client: http.Client{Transport: transport}}
}

func newTwinTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = 1024
	transport.MaxIdleConnsPerHost = 64
	transport.MaxConnsPerHost = 64
	transport.ReadBufferSize = 16 << 10
	return transport
}

func (t *twin) post(ctx context.Context, path string, body, out any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = t.do(ctx, http.MethodPost, path, bytes.NewReader(encoded), out)
	return err
}

func (t *twin) get(ctx context.Context, path string, query url.Values, out any) (http.Header, error) {
	return t.do(ctx, http.MethodGet, path+"?"+query.Encode(), nil, out)
}

var twinBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (t *twin) do(ctx context.Context, method, path string, body io.Reader, out any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, twinTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, t.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set(t.credential[0], t.credential[1])
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "twin/1.0")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	buf := twinBuffers.Get().(*bytes.Buffer)
	defer twinBuffers.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, twinMaxBody)); err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return resp.Header, json.Unmarshal(buf.Bytes(), out)
}

// twinPages reads a list page by page: it calls each with every row of a page while
// the next one is on its way. read returns a page, and what names the next one, "" at
// the end.
func twinPages(read func(place string) (rows int, next string, err error), each func()) error {
	type fetched struct {
		rows int
		next string
		err  error
	}
	fetch := func(place string) <-chan fetched {
		done := make(chan fetched, 1)
		go func() {
			rows, next, err := read(place)
			done <- fetched{rows, next, err}
		}()
		return done
	}
	page := fetch("")
	for page != nil {
		got := <-page
		if got.err != nil {
			return got.err
		}
		page = nil
		if got.next != "" {
			page = fetch(got.next)
		}
		for range got.rows {
			each()
		}
	}
	return nil
}

// pageAfter is the number of the page after one, "" at the end.
func pageAfter(page int, more bool) string {
	if !more {
		return ""
	}
	return strconv.Itoa(page + 1)
}

func pageOf(place string) int {
	page, _ := strconv.Atoi(place)
	return max(page, 1)
}
