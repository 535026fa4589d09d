package xcladetest

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/http"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

const maxHead = 16 << 10 // of Node: request line and headers

// jsonAnswer turns the result of a handler into a response.
func jsonAnswer(r *http.Request, result any, err error) souktest.Answer {
	status := http.StatusOK
	if err != nil {
		refused, ok := errors.AsType[*refusal](err)
		if !ok {
			refused = crash()
		}
		status, result = refused.status, refused.body
	}
	body := standin.Encode(result)
	tag := etag(body)
	header := baseHeader()
	header.Set("Etag", tag)
	if status == http.StatusOK && r.Header.Get("If-None-Match") == tag && isRead(r.Method) {
		return souktest.Answer{Status: http.StatusNotModified, Header: header}
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	return souktest.Answer{Status: status, Header: header, Body: body}
}

// noRoute is the page that an unknown path or method gets.
func noRoute(r *http.Request) souktest.Answer {
	header := http.Header{}
	header.Set("X-Powered-By", "Express")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Type", "text/html; charset=utf-8")
	page := fmt.Sprintf(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot %s %s</pre>
</body>
</html>
`, r.Method, html.EscapeString(r.URL.EscapedPath()))
	return souktest.Answer{Status: http.StatusNotFound, Header: header, Body: []byte(page)}
}

// refuseHead refuses a head of more than 16 KiB with all that the HTTP parser of
// the real server says about one.
func refuseHead(r *http.Request) (souktest.Answer, bool) {
	header := http.Header{}
	header.Set("Connection", "close")
	return souktest.Answer{Status: http.StatusRequestHeaderFieldsTooLarge, Header: header}, headSize(r) > maxHead
}

func headSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size
}

func baseHeader() http.Header {
	header := http.Header{}
	header.Set("X-Powered-By", "Express")
	header.Set("Vary", "Origin")
	header.Set("Access-Control-Allow-Credentials", "true")
	return header
}

func isRead(method string) bool {
	return method == http.MethodGet || method == http.MethodHead
}

// etag is the weak tag that Express makes: the length in hexadecimal and 27
// letters of the SHA-1.
func etag(body []byte) string {
	sum := sha1.Sum(body)
	return fmt.Sprintf(`W/"%x-%s"`, len(body), base64.StdEncoding.EncodeToString(sum[:])[:27])
}
