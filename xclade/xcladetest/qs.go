package xcladetest

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What the query parser of the server, npm's qs, takes.
const (
	maxParameters = 1000 // the rest is dropped without a word
	maxDepth      = 5    // brackets below count as part of a name
)

// list is an array that is being put together. Gaps close at the end.
type list map[int]any

// parseQuery reads a query or form body with brackets: a=1, a[]=1, a[0]=1,
// a[b][$c]=1. Values are string, []any or map[string]any.
func parseQuery(raw string) object {
	out := newObject()
	pairs := splitPairs(raw)
	for _, key := range pairs.names {
		name, path := splitKey(key)
		if name == "" || inherited[name] {
			continue
		}
		value := nest(path, pairs.values[key])
		if before, ok := out.values[name]; ok {
			value = merge(before, value)
		}
		out.set(name, value)
	}
	for name, value := range out.values {
		out.values[name] = compact(value)
	}
	return out
}

// inherited are the names that every JavaScript object has and that qs leaves
// alone.
var inherited = map[string]bool{
	"__proto__": true, "constructor": true, "hasOwnProperty": true, "isPrototypeOf": true, "propertyIsEnumerable": true,
	"toLocaleString": true, "toString": true, "valueOf": true,
}

// splitPairs collects the values by key; a key that comes twice has a list.
func splitPairs(raw string) object {
	raw = bracketEscapes.Replace(raw)
	pairs := newObject()
	parts := strings.Split(raw, "&")
	for _, part := range parts[:min(len(parts), maxParameters)] {
		var key, value string
		if at := strings.Index(part, "]="); at >= 0 {
			key, value = part[:at+1], part[at+2:]
		} else {
			key, value, _ = strings.Cut(part, "=")
		}
		key = unescape(key)
		var parsed any = unescape(value)
		if before, ok := pairs.values[key]; ok {
			parsed = concat(before, parsed)
		}
		pairs.set(key, parsed)
	}
	return pairs
}

var bracketEscapes = strings.NewReplacer("%5B", "[", "%5b", "[", "%5D", "]", "%5d", "]")

func unescape(s string) string {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return strings.ReplaceAll(s, "+", " ")
	}
	return decoded
}

// splitKey cuts a[b][c] into "a" and [b c].
func splitKey(key string) (name string, path []string) {
	open := strings.IndexByte(key, '[')
	if open < 0 {
		return key, nil
	}
	name, rest := key[:open], key[open:]
	for len(path) < maxDepth && strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			break
		}
		path = append(path, rest[1:end])
		rest = rest[end+1:]
	}
	if strings.HasPrefix(rest, "[") {
		path = append(path, rest)
	}
	if name == "" && len(path) > 0 {
		name, path = path[0], path[1:]
	}
	return name, path
}

// nest wraps a value in the objects and lists that its path names.
func nest(path []string, value any) any {
	for _, part := range slices.Backward(path) {
		index, err := strconv.Atoi(part)
		switch {
		case part == "":
			value = concat(nil, value)
		case err == nil && index >= 0 && strconv.Itoa(index) == part:
			value = list{index: value}
		default:
			value = map[string]any{part: value}
		}
	}
	return value
}

// concat appends to a list, making one where there is none.
func concat(before, value any) list {
	out, ok := before.(list)
	if !ok {
		out = list{}
		if before != nil {
			out[0] = before
		}
	}
	if more, ok := value.(list); ok {
		for _, i := range slices.Sorted(maps.Keys(more)) {
			out.push(more[i])
		}
		return out
	}
	out.push(value)
	return out
}

func (l list) push(value any) {
	next := 0
	for i := range l {
		next = max(next, i+1)
	}
	l[next] = value
}

// merge joins what two keys say about one name.
func merge(before, value any) any {
	switch b := before.(type) {
	case map[string]any:
		return mergeObject(b, value)
	case list:
		switch v := value.(type) {
		case list:
			return mergeLists(b, v)
		case map[string]any:
			return mergeObject(asObject(b), v)
		}
	}
	return concat(before, value)
}

func mergeObject(before map[string]any, value any) any {
	switch v := value.(type) {
	case string:
		return list{0: before, 1: v}
	case list:
		value = asObject(v)
	}
	members, _ := value.(map[string]any)
	for name, member := range members {
		if old, ok := before[name]; ok {
			member = merge(old, member)
		}
		before[name] = member
	}
	return before
}

func mergeLists(before, value list) list {
	for _, i := range slices.Sorted(maps.Keys(value)) {
		old, taken := before[i]
		switch {
		case !taken:
			before[i] = value[i]
		case isObject(old) && isObject(value[i]):
			before[i] = merge(old, value[i])
		default:
			before.push(value[i])
		}
	}
	return before
}

func isObject(value any) bool {
	_, text := value.(string)
	return value != nil && !text
}

func asObject(l list) map[string]any {
	out := make(map[string]any, len(l))
	for i, value := range l {
		out[strconv.Itoa(i)] = value
	}
	return out
}

// compact turns lists into slices.
func compact(value any) any {
	switch v := value.(type) {
	case list:
		out := make([]any, 0, len(v))
		for _, i := range slices.Sorted(maps.Keys(v)) {
			out = append(out, compact(v[i]))
		}
		return out
	case map[string]any:
		for name, member := range v {
			v[name] = compact(member)
		}
	}
	return value
}
