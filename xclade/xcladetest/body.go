package xcladetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"sort"
	"strings"
)

const (
	maxBody   = 100 << 10 // of Express
	jsonSpace = " \t\r\n"
)

// object is a JSON object or a parsed query whose members keep their order.
type object struct {
	names  []string
	values map[string]any
}

// parseBody reads a body as its Content-Type says. Without one that the server
// knows, the body counts as empty. The result is an object, or a string or a
// list, which no operation takes.
func parseBody(contentType string, body []byte) (any, error) {
	media, params, _ := mime.ParseMediaType(contentType)
	read := map[string]func([]byte) (any, error){
		"application/json":                  parseJSON,
		"application/x-www-form-urlencoded": parseForm,
		"text/plain":                        parseText,
	}[media]
	if read == nil || len(body) == 0 {
		return newObject(), nil
	}
	charset := strings.ToLower(params["charset"])
	if charset != "" && !strings.HasPrefix(charset, "utf-") {
		return nil, httpError(http.StatusUnsupportedMediaType, "unknown_error",
			fmt.Sprintf("unsupported charset %q", strings.ToUpper(charset)))
	}
	if len(body) > maxBody {
		return nil, httpError(http.StatusRequestEntityTooLarge, "unknown_error", "request entity too large")
	}
	return read(body)
}

func httpError(status int, kind, message string) *refusal {
	return &refusal{status, errorBody{Type: kind, Message: message}}
}

func parseText(body []byte) (any, error) { return string(body), nil }

func parseForm(body []byte) (any, error) { return parseQuery(string(body)), nil }

func parseJSON(body []byte) (any, error) {
	text := bytes.TrimLeft(body, jsonSpace)
	if len(text) == 0 || text[0] != '{' && text[0] != '[' || !json.Valid(body) {
		return nil, httpError(http.StatusBadRequest, "invalid_data", syntaxError(body))
	}
	if text[0] == '[' {
		return []any{}, nil
	}
	return decodeObject(text)
}

// decodeObject decodes valid JSON. Of members with the same name the last wins.
func decodeObject(text []byte) (any, error) {
	out := newObject()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	_, _ = decoder.Token() // the brace
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, crash()
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, crash()
		}
		out.set(fmt.Sprint(name), javaScript(value))
	}
	return out, nil
}

func newObject() object { return object{values: make(map[string]any)} }

func (o *object) set(name string, value any) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// javaScript turns numbers into what JavaScript makes of them: a float64, where
// too large ones print as null and zero has no sign.
func javaScript(value any) any {
	switch v := value.(type) {
	case json.Number:
		f, _ := v.Float64()
		if math.IsInf(f, 0) {
			return nil
		}
		if f == 0 {
			return 0.0 // not -0
		}
		return f
	case []any:
		for i := range v {
			v[i] = javaScript(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = javaScript(v[name])
		}
	}
	return value
}

// syntaxError says what is wrong with broken JSON, in the words of the real
// server's engine for the commonest mistakes and in like ones for the others.
func syntaxError(body []byte) string {
	text := string(body)
	at := sort.Search(len(text), func(i int) bool { return !startsJSON(text[:i+1]) })
	switch {
	case at < len(text):
	case json.Valid(body): // but no object
		at = len(text) - len(strings.TrimLeft(text, jsonSpace))
	case openString(text):
		return fmt.Sprintf("Unterminated string in JSON at position %d", len(text))
	default:
		return "Unexpected end of JSON input"
	}
	return fmt.Sprintf("Unexpected token '%c', %s is not valid JSON", text[at], excerpt(text, at))
}

// startsJSON reports whether more text could make JSON of this.
func startsJSON(text string) bool {
	var value json.RawMessage
	err := json.NewDecoder(strings.NewReader(text)).Decode(&value)
	return err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// excerpt quotes a short text whole and of a long one what is around a place.
func excerpt(text string, at int) string {
	const around = 10
	if len(text) <= 2*around {
		return `"` + text + `"`
	}
	start, end := max(at-around, 0), min(at+around, len(text))
	quoted := `"` + text[start:end] + `"`
	if start > 0 {
		quoted = "..." + quoted
	}
	if end < len(text) {
		quoted += "... "
	}
	return strings.TrimSpace(quoted)
}

// openString reports whether the text ends within a string.
func openString(text string) bool {
	open := false
	for i := 0; i < len(text); i++ {
		switch {
		case open && text[i] == '\\':
			i++
		case text[i] == '"':
			open = !open
		}
	}
	return open
}
