package standin

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
)

// NewDelivery returns the request of a webhook delivery, without a body.
func NewDelivery(header map[string]string) *http.Request {
	r := &http.Request{
		Method:     http.MethodPost,
		URL:        &url.URL{Path: "/"},
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Host:       "app.example",
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return r
}

// SetBody sets the body of r, and a GetBody that returns it again.
func SetBody(r *http.Request, body []byte) {
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	r.ContentLength = int64(len(body))
}
