package testkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"
)

// Request is a request that a test expects, compared as a whole: a query
// parameter or a body that is not mentioned must not be there.
type Request struct {
	// Method is the HTTP method. Empty means GET.
	Method string

	// URL is scheme, host and escaped path, and perhaps the query.
	URL string

	// Path stands in place of URL if scheme and host do not matter. It
	// is escaped.
	Path string

	// Query is the whole query, values of one key in their order. Nil means
	// the query of URL, which mostly is none.
	Query url.Values

	// Header names headers that must be there with exactly this value.
	Header map[string]string

	// NoHeader names headers that must not be there.
	NoHeader []string

	// Body is the whole body: a string or []byte is compared byte by byte,
	// a func([]byte) error decides by itself, nil means no body, and
	// everything else is compared with the body as JSON, by value.
	Body any
}

// String returns the method and the address.
func (r Request) String() string {
	return strings.TrimSpace(r.method() + " " + r.URL + r.Path)
}

func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// check finds mistakes in the expectation itself.
func (r *Request) check() error {
	if (r.URL == "") == (r.Path == "") {
		return errors.New("a request needs either URL or Path")
	}
	u, err := url.Parse(r.URL + r.Path)
	if err != nil {
		return fmt.Errorf("a request whose address cannot be parsed: %w", err)
	}
	if r.URL != "" && u.Host == "" {
		return fmt.Errorf("URL %q has no host", r.URL)
	}
	if u.RawQuery != "" && r.Query != nil {
		return errors.New("a request has a query in its URL and in Query")
	}
	if _, err := jsonValue(r.Body); err != nil {
		return fmt.Errorf("a body that is no JSON: %w", err)
	}
	return nil
}

// differences says in what got is not the wanted request.
func (r *Request) differences(got Recorded) []string {
	want, _ := url.Parse(r.URL + r.Path)
	var found []string
	differ := func(what string, want, got any) {
		if !reflect.DeepEqual(want, got) {
			found = append(found, fmt.Sprintf("  %s: want %v\n  %s  got %v", what, want, strings.Repeat(" ", len(what)), got))
		}
	}
	differ("method", r.method(), got.Method)
	if r.URL != "" {
		differ("host", want.Scheme+"://"+want.Host, got.URL.Scheme+"://"+got.URL.Host)
	}
	differ("path", want.EscapedPath(), got.URL.EscapedPath())
	if text := r.queryDifference(want, got.URL); text != "" {
		found = append(found, text)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		differ("header "+name, []string{r.Header[name]}, got.Header.Values(name))
	}
	for _, name := range r.NoHeader {
		differ("header "+name, []string(nil), got.Header.Values(name))
	}
	if text := r.bodyDifference(got.Body); text != "" {
		found = append(found, text)
	}
	return found
}

func (r *Request) queryDifference(wantURL, gotURL *url.URL) string {
	want := r.Query
	if want == nil {
		want = wantURL.Query()
	}
	got, err := url.ParseQuery(gotURL.RawQuery)
	if err != nil {
		return fmt.Sprintf("  query: %v", err)
	}
	if len(want) == 0 && len(got) == 0 || reflect.DeepEqual(want, got) {
		return ""
	}
	return fmt.Sprintf("  query: want %v\n          got %v", want, got)
}

func (r *Request) bodyDifference(got []byte) string {
	switch want := r.Body.(type) {
	case nil:
		if len(got) > 0 {
			return fmt.Sprintf("  body: want none\n         got %s", got)
		}
	case string:
		return rawDifference([]byte(want), got)
	case []byte:
		return rawDifference(want, got)
	case func([]byte) error:
		if err := want(got); err != nil {
			return fmt.Sprintf("  body: %v", err)
		}
	default:
		return jsonDifference(want, got)
	}
	return ""
}

func rawDifference(want, got []byte) string {
	if bytes.Equal(want, got) {
		return ""
	}
	return fmt.Sprintf("  body: want %s\n         got %s", want, got)
}

func jsonDifference(want any, got []byte) string {
	wantValue, _ := jsonValue(want)
	gotValue, err := decodeJSON(got)
	if err != nil {
		return fmt.Sprintf("  body: want JSON\n         got %q (%v)", got, err)
	}
	var text collector
	assert.Equal(&text, wantValue, gotValue)
	if text == "" {
		return ""
	}
	return "  body: " + string(text)
}

// collector takes an assertion's text without failing a test.
type collector string

func (c *collector) Errorf(format string, args ...any) {
	*c += collector(fmt.Sprintf(format, args...))
}

// jsonValue returns what a body must equal as JSON, nil if it is compared in another
// way.
func jsonValue(body any) (any, error) {
	switch body.(type) {
	case nil, string, []byte, func([]byte) error:
		return nil, nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return decodeJSON(data)
}

// decodeJSON decodes one JSON value, numbers to the digit.
func decodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}
