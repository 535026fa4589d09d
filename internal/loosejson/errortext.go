package loosejson

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Text returns a text without the blanks around it, or the digits of a number; it is
// empty for any other value, and for what is not JSON.
func Text(raw []byte) string {
	var text String
	if len(raw) == 0 || text.UnmarshalJSON(raw) != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// Quoted returns the value of a JSON string unchanged; it is empty for any other value,
// and for what is not JSON. It is for members that identify the form of an answer.
func Quoted(raw []byte) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// Texts returns the Text of a value, or of each element of a list, without the
// empty ones, and at most 100.
func Texts(raw []byte) []string {
	if !json.Valid(raw) {
		return nil
	}
	if raw = bytes.TrimSpace(raw); raw[0] != '[' {
		return appendText(nil, raw)
	}
	var texts []string
	c := cursor{data: raw}
	for c.open(); c.more() && len(texts) < maxFindings; {
		texts = appendText(texts, c.skip())
	}
	return texts
}

func appendText(texts []string, raw []byte) []string {
	if text := Text(raw); text != "" {
		return append(texts, text)
	}
	return texts
}

// Fields returns what an object says of the fields that it names, nil if raw
// names none. The value of a name is a text, a number, a list of such, or another
// such object, whose names are then joined with a dot. A name without a text
// stays, since it names what is wrong. Fields also reads an object with the
// members field and message, and a list of such. It returns at most 100 texts,
// looks at most five levels deep, and leaves out what is beyond.
func Fields(raw []byte) map[string][]string {
	if !json.Valid(raw) {
		return nil
	}
	var f findings
	f.read("", bytes.TrimSpace(raw), 0)
	return f.fields
}

const (
	maxFindings     = 100
	maxFindingDepth = 5
)

// findings are texts by the path of their field.
type findings struct {
	fields map[string][]string
	count  int // of texts, and of names without any
}

// read adds what raw says of the field at path, which is empty outside of any.
func (f *findings) read(path string, raw []byte, depth int) {
	if depth > maxFindingDepth || f.count == maxFindings {
		return
	}
	c := cursor{data: raw}
	switch raw[0] {
	case '[':
		for c.open(); c.more(); {
			f.read(path, c.skip(), depth+1)
		}
	case '{':
		f.readObject(path, raw, depth)
	default:
		if text := Text(raw); text != "" && path != "" {
			f.note(path, text)
		}
	}
}

func (f *findings) readObject(path string, raw []byte, depth int) {
	message := Text(member(raw, "message"))
	if named := below(path, Text(member(raw, "field"))); message != "" && named != "" {
		f.note(named, message)
		return
	}
	c := cursor{data: raw}
	for c.open(); c.more() && f.count < maxFindings; {
		name, before := below(path, Text(c.key())), f.count
		f.read(name, c.skip(), depth+1)
		if f.count == before && name != "" {
			f.note(name)
		}
	}
}

func (f *findings) note(path string, texts ...string) {
	if f.fields == nil {
		f.fields = make(map[string][]string)
	}
	f.fields[path] = append(f.fields[path], texts...)
	f.count++
}

func below(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}
