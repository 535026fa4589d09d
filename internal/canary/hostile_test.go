package canary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// hostile is a server that repeats what it gets, and what the client keeps secret,
// wherever an answer can hold a text.
type hostile struct {
	standIn http.RoundTripper
	refusal func(status int, text string) any // the vendor's form of one
	shape   shape
	secrets []string
	sent    int // requests
}

// shape is what becomes of an answer.
type shape struct {
	name string
	// make returns the answer in place of the stand-in's, which is a success or not.
	make func(h *hostile, own *http.Response, body []byte, text string) *http.Response
	// own says that it can be a success.
	own bool
}

func (h *hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	text := h.note(r, body)
	own, err := h.standIn.RoundTrip(r)
	if err != nil || h.shape.make == nil {
		return own, err
	}
	answer, err := io.ReadAll(own.Body)
	own.Body.Close()
	if err != nil {
		return nil, err
	}
	resp := h.shape.make(h, own, answer, text)
	resp.Request = r
	line := strings.Join(strings.Fields(text), " ")
	for _, name := range []string{"Traceid", "Request-Id", "X-Request-Id"} {
		resp.Header.Set(name, line)
	}
	return resp, nil
}

// note returns the text to repeat.
func (h *hostile) note(r *http.Request, body []byte) string {
	h.sent++
	said := slices.Clone(h.secrets)
	for name, values := range r.Header {
		if name != "User-Agent" && name != "Accept" && name != "Content-Type" {
			said = append(said, values...)
		}
	}
	said = append(said, "|", r.URL.RequestURI(), r.URL.Path)
	for _, values := range r.URL.Query() {
		said = append(said, values...)
	}
	return strings.Join(append(said, "|", plainBody(r, body)), " ")
}

// plainBody is a body and what its values are, without file contents.
func plainBody(r *http.Request, body []byte) string {
	switch kind := r.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "multipart/"):
		return ""
	case strings.HasPrefix(kind, "application/x-www-form"):
		form, _ := url.ParseQuery(string(body))
		return string(body) + " " + fmt.Sprint(form)
	}
	return string(body) + " " + strings.Join(texts(body), " ")
}

// texts are the values in a JSON.
func texts(data []byte) (all []string) {
	var value any
	if json.Unmarshal(data, &value) != nil {
		return nil
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(value)
	return all
}

func answer(status int, contentType string, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func asJSON(status int, value any) *http.Response {
	data, _ := json.Marshal(value)
	return answer(status, "application/json", data)
}

var shapes = []shape{
	{name: "refusal", make: func(h *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		return asJSON(422, h.refusal(422, text))
	}},
	{name: "401", make: func(h *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		return asJSON(401, h.refusal(401, text))
	}},
	{name: "trouble", make: func(h *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		return asJSON(500, h.refusal(500, text))
	}},
	{name: "web page", make: func(_ *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		return answer(200, "text/html; for="+url.QueryEscape(text), []byte("<html>"+text))
	}},
	{name: "proxy", make: func(_ *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		return answer(400, "text/"+strings.Join(strings.Fields(text), "-"), []byte(text))
	}},
	{name: "limit", make: func(h *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		resp := asJSON(429, h.refusal(429, text))
		resp.Header.Set("Retry-After", text)
		return resp
	}},
	{name: "redirect", make: func(_ *hostile, _ *http.Response, _ []byte, text string) *http.Response {
		resp := answer(302, "text/html", []byte(text))
		resp.Header.Set("Location", "https://elsewhere.example/?"+url.QueryEscape(text))
		return resp
	}},
	{name: "odd", make: odd, own: true},
	{name: "success that says more", own: true, make: func(h *hostile, own *http.Response, body []byte, text string) *http.Response {
		var value any
		if json.Unmarshal(body, &value) != nil {
			return asJSON(200, h.refusal(200, text))
		}
		return asJSON(own.StatusCode, longer(value, text))
	}},
	{name: "cut off", make: func(h *hostile, own *http.Response, body []byte, text string) *http.Response {
		resp := asJSON(own.StatusCode, h.refusal(422, text))
		data, _ := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)-3]), broken{}))
		return resp
	}},
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// odd is the stand-in's own answer, with every value but the first few of another kind.
func odd(_ *hostile, own *http.Response, body []byte, text string) *http.Response {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return asJSON(200, map[string]any{text: text})
	}
	return asJSON(own.StatusCode, twisted("", value, text))
}

// twisted keeps ids, and what envelopes have.
func twisted(name string, value any, text string) any {
	switch v := value.(type) {
	case map[string]any:
		all := make(map[string]any)
		for name, one := range v {
			all[name] = twisted(name, one, text)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = twisted("", v[i], text)
		}
		return all
	}
	switch name {
	case "id", "success", "status", "currentPage", "totalPages", "count", "offset", "limit", "code":
		return value
	case "email", "first_name", "name", "title", "message":
		return []any{text}
	}
	return map[string]any{text: text}
}

// longer appends the text to all others.
func longer(value any, text string) any {
	switch v := value.(type) {
	case map[string]any:
		all := make(map[string]any)
		for name, one := range v {
			all[name] = longer(one, text)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = longer(v[i], text)
		}
		return all
	case string:
		return v + " " + text
	}
	return value
}
