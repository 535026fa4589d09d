package xcladetest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// member is a member of a body.
type member struct {
	name     string
	check    func(name string, value any) string // what is wrong with the value, or ""
	notNull  bool
	required bool
}

// checkWrite returns the members of a body and what of a row of kind k the answer
// shows. The body is checked first.
func (c *call) checkWrite(schema []member, k kind) (map[string]any, *selection, error) {
	values, err := checkBody(c, schema)
	if err != nil {
		return nil, nil, err
	}
	shown, err := c.selectQuery(k)
	return values, shown, err
}

// checkBody returns the members that came, or says what is wrong with them.
func checkBody(c *call, schema []member) (map[string]any, error) {
	body, ok := c.body.(object)
	if !ok {
		return nil, invalid([]string{"Field '' is required"})
	}
	known := make(map[string]bool, len(schema))
	var findings []string
	for _, m := range schema {
		known[m.name] = true
		value, came := body.values[m.name]
		if finding := m.find(value, came); finding != "" {
			findings = append(findings, finding)
		}
	}
	if unknown := unrecognized(body, known); unknown != "" {
		findings = append(findings, unknown)
	}
	if len(findings) > 0 {
		return nil, invalid(findings)
	}
	if hasNUL(body.values) {
		return nil, crash() // PostgreSQL stores no NUL
	}
	return body.values, nil
}

func (m member) find(value any, came bool) string {
	switch {
	case !came && m.required:
		return fmt.Sprintf("Field '%s' is required", m.name)
	case !came, value == nil && !m.notNull:
		return ""
	}
	return m.check(m.name, value)
}

func isText(name string, value any) string {
	if _, ok := value.(string); !ok {
		return wrongType("string", name, value)
	}
	return ""
}

func isBoolean(name string, value any) string {
	if _, ok := value.(bool); !ok {
		return wrongType("boolean", name, value)
	}
	return ""
}

func isRecord(name string, value any) string {
	if _, ok := value.(map[string]any); !ok {
		return wrongType("record", name, value)
	}
	return ""
}

func isEmail(name string, value any) string {
	text, ok := value.(string)
	if !ok {
		return wrongType("string", name, value)
	}
	if !emailPattern.MatchString(text) || text[0] == '.' || strings.Contains(text, "..") {
		return "Invalid email address"
	}
	return ""
}

var emailPattern = regexp.MustCompile(`^[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`)

// isTexts finds fault with single elements in the words of the real server, which
// does not see them when it writes its message.
func isTexts(name string, value any) string {
	elements, ok := value.([]any)
	if !ok {
		return wrongType("array", name, value)
	}
	for i, element := range elements {
		if _, ok := element.(string); !ok {
			return fmt.Sprintf("Field '%s, %d' is required", name, i)
		}
	}
	return ""
}

func unrecognized(o object, known map[string]bool) string {
	var unknown []string
	for _, name := range o.names {
		if !known[name] {
			unknown = append(unknown, name)
		}
	}
	if unknown == nil {
		return ""
	}
	return fmt.Sprintf("Unrecognized fields: '%s'", strings.Join(unknown, ", "))
}

func wrongType(expected, field string, got any) string {
	return fmt.Sprintf("Expected type: '%s' for field '%s', got: '%s'", expected, field, display(got))
}

// display is JavaScript's String(value).
func display(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return v
	case map[string]any:
		return "[object Object]"
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			if element != nil {
				parts[i] = display(element)
			}
		}
		return strings.Join(parts, ",")
	default:
		text, _ := json.Marshal(v) // a number or boolean
		return string(text)
	}
}

func hasNUL(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, element := range v {
			if hasNUL(element) {
				return true
			}
		}
	case map[string]any:
		for name, element := range v {
			if hasNUL(name) || hasNUL(element) {
				return true
			}
		}
	}
	return false
}
