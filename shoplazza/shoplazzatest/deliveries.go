package shoplazzatest

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/shoplazza"
)

// NewDelivery returns a webhook delivery as Shoplazza would send it, signed with
// ClientSecret: what a program's handler gets.
func (s *Server) NewDelivery(topic shoplazza.Topic, body []byte) *http.Request {
	header := http.Header{}
	for name, value := range map[string]string{
		"Content-Type":                 "application/json",
		"Content-Length":               strconv.Itoa(len(body)),
		"X-Shoplazza-Topic":            string(topic),
		"X-Shoplazza-Hmac-Sha256":      base64.StdEncoding.EncodeToString(webhook.Sign(s.ClientSecret, body)),
		"X-Shoplazza-Shop-Domain":      shop + ".myshoplaza.com",
		"X-Shoplazza-Api-Version":      shoplazza.DefaultVersion,
		"X-Shoplazza-Deduplication-Id": newID(),
	} {
		header.Set(name, value)
	}
	return &http.Request{
		Method:        http.MethodPost,
		URL:           &url.URL{Path: "/"},
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Host:          "app.example",
	}
}
