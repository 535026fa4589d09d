package shoplinetest

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/souk-go/souk/internal/webhook"
	"github.com/souk-go/souk/shopline"
)

// NewDelivery returns a webhook delivery as SHOPLINE would send it, signed with
// AppSecret: what a program's handler gets.
func (s *Server) NewDelivery(topic shopline.Topic, body []byte) *http.Request {
	header := http.Header{}
	for name, value := range map[string]string{
		"Content-Type":           "application/json",
		"Content-Length":         strconv.Itoa(len(body)),
		"X-Shopline-Topic":       string(topic),
		"X-Shopline-Hmac-Sha256": hex.EncodeToString(webhook.Sign(s.AppSecret, body)),
		"X-Shopline-Shop-Domain": s.Handle + ".myshopline.com",
		"X-Shopline-Shop-Id":     "1672369729606",
		"X-Shopline-Merchant-Id": "2000234880",
		"X-Shopline-Api-Version": shopline.DefaultVersion,
		"X-Shopline-Webhook-Id":  traceID(),
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
