package xcladetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"strings"
)

const maxBody = 100 << 10 // of Express

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
	text := bytes.TrimLeft(body, " \t\r\n")
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

// syntaxError words what is wrong with broken JSON about as the JavaScript
// engine does.
func syntaxError(body []byte) string {
	var value any
	err := json.Unmarshal(body, &value)
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	text := string(body)
	if ok && int(syntax.Offset) >= len(body) && openString(text) {
		return fmt.Sprintf("Unterminated string in JSON at position %d", len(text))
	}
	if ok && int(syntax.Offset) >= len(body) {
		return "Unexpected end of JSON input"
	}
	at := 0
	if ok {
		at = max(int(syntax.Offset)-1, 0)
	}
	return fmt.Sprintf("Unexpected token '%c', %s is not valid JSON", text[at], excerpt(text, at))
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
