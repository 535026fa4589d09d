package testkit

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/souk-go/souk/internal/loosejson"
)

// DecodeStrict decodes data into what into points to, as the SDK does, and
// fails the test for every key of data that went nowhere: one that no field
// has, or one that a field spells in another case.
//
// A type that decodes itself counts by its JSON tags when it has some, and
// otherwise by what it encodes to; what encodes to a scalar (a date, a number)
// has taken everything. A path in ignore, such as data.items[].links, excuses
// a key and all below it.
func DecodeStrict(t testing.TB, data []byte, into any, ignore ...string) {
	t.Helper()
	if _, err := loosejson.Decode(data, into, loosejson.Options{}); err != nil {
		t.Errorf("decode into %T: %v", into, err)
		return
	}
	raw, err := decodeJSON(data)
	if err != nil {
		t.Errorf("decode: %v", err)
		return
	}
	keys := &lostKeys{ignore: ignore}
	keys.compare("", raw, reflect.ValueOf(into))
	if len(keys.lost) > 0 {
		slices.Sort(keys.lost)
		t.Errorf("%T loses %d keys:\n  %s", into, len(keys.lost), strings.Join(keys.lost, "\n  "))
	}
}

// lostKeys collects paths, each once; all elements of a list share one.
type lostKeys struct {
	ignore []string
	lost   []string
}

func (k *lostKeys) add(path string) {
	if path == "" {
		path = "(the whole)"
	}
	if !slices.Contains(k.lost, path) {
		k.lost = append(k.lost, path)
	}
}

func (k *lostKeys) ignored(path string) bool {
	return slices.ContainsFunc(k.ignore, func(ignored string) bool {
		rest, ok := strings.CutPrefix(path, ignored)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// compare looks for the keys of raw in v, which was decoded from it.
func (k *lostKeys) compare(path string, raw any, v reflect.Value) {
	if !hasKeys(raw) || k.ignored(path) {
		return
	}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			k.add(path)
			return
		}
		v = v.Elem()
	}
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		return
	}
	if decodesItself(v.Type()) && !isTagged(v.Type()) {
		k.compareEncoded(path, raw, v)
		return
	}
	switch raw := raw.(type) {
	case map[string]any:
		k.compareObject(path, raw, v)
	case []any:
		k.compareList(path, raw, v)
	}
}

func (k *lostKeys) compareObject(path string, raw map[string]any, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		fields := jsonFields(v)
		for key, value := range raw {
			below := strings.TrimPrefix(path+"."+key, ".")
			field, ok := fields[key]
			if !ok {
				if !k.ignored(below) {
					k.add(below)
				}
				continue
			}
			k.compare(below, value, field)
		}
	case reflect.Map:
		for key, value := range raw {
			below := strings.TrimPrefix(path+"."+key, ".")
			found := reflect.Value{}
			if v.Type().Key().Kind() == reflect.String {
				found = v.MapIndex(reflect.ValueOf(key).Convert(v.Type().Key()))
			} else {
				found = mapIndexByText(v, key)
			}
			if !found.IsValid() {
				k.add(below)
				continue
			}
			k.compare(below, value, found)
		}
	case reflect.Slice:
		if v.Len() != 1 { // a single value that stands for a list of one
			k.add(path)
			return
		}
		k.compare(path, raw, v.Index(0))
	default:
		k.add(path)
	}
}

func (k *lostKeys) compareList(path string, raw []any, v reflect.Value) {
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		k.add(path)
		return
	}
	for i, value := range raw {
		if i >= v.Len() {
			k.add(path + "[]")
			return
		}
		k.compare(path+"[]", value, v.Index(i))
	}
}

// compareEncoded compares raw with what v encodes to.
func (k *lostKeys) compareEncoded(path string, raw any, v reflect.Value) {
	data, err := json.Marshal(v.Interface())
	if err != nil {
		k.add(fmt.Sprintf("%s (%v)", path, err))
		return
	}
	encoded, err := decodeJSON(data)
	if err != nil || encoded == nil {
		k.add(path)
		return
	}
	switch encoded.(type) {
	case map[string]any, []any:
		k.compare(path, withoutEmpty(raw), reflect.ValueOf(encoded))
	}
}

// withoutEmpty leaves out the members that an encoder may omit.
func withoutEmpty(raw any) any {
	object, ok := raw.(map[string]any)
	if !ok {
		return raw
	}
	kept := make(map[string]any)
	for key, value := range object {
		switch value {
		case nil, "", false, json.Number("0"):
			continue
		}
		kept[key] = withoutEmpty(value)
	}
	return kept
}

// hasKeys reports whether anything can be lost of raw.
func hasKeys(raw any) bool {
	switch raw := raw.(type) {
	case map[string]any:
		return len(raw) > 0
	case []any:
		return slices.ContainsFunc(raw, hasKeys)
	}
	return false
}

func decodesItself(typ reflect.Type) bool {
	return reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// isTagged reports whether typ shows its keys without being encoded.
func isTagged(typ reflect.Type) bool {
	if typ.Kind() == reflect.Map || typ.Kind() == reflect.Slice {
		return true
	}
	if typ.Kind() != reflect.Struct {
		return false
	}
	for field := range typ.Fields() {
		if _, ok := field.Tag.Lookup("json"); ok && field.IsExported() {
			return true
		}
	}
	return false
}

// jsonFields returns the fields of a struct by their JSON names, including the fields
// of embedded structs, unless a field nearer by has the name.
func jsonFields(v reflect.Value) map[string]reflect.Value {
	fields := make(map[string]reflect.Value)
	var embedded []reflect.Value
	for field, value := range v.Fields() {
		tag := field.Tag.Get("json")
		if tag == "-" {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		if field.Anonymous && name == "" {
			if value.Kind() == reflect.Pointer {
				value = value.Elem()
			}
			if value.Kind() == reflect.Struct {
				embedded = append(embedded, value)
				continue
			}
		}
		if !field.IsExported() {
			continue
		}
		if name == "" {
			name = field.Name
		}
		fields[name] = value
	}
	for _, value := range embedded {
		for name, field := range jsonFields(value) {
			if _, ok := fields[name]; !ok {
				fields[name] = field
			}
		}
	}
	return fields
}

func mapIndexByText(v reflect.Value, key string) reflect.Value {
	for _, candidate := range v.MapKeys() {
		if fmt.Sprint(candidate.Interface()) == key {
			return v.MapIndex(candidate)
		}
	}
	return reflect.Value{}
}
