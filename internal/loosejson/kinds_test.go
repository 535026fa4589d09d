package loosejson_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// values are one or more of every kind that JSON has.
var values = []string{
	`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `400`, `12.0`, `12.5`, `1e2`, `1e99`,
	`""`, `"abc"`, `"1"`, `" 12 "`, `"12.50"`, `"true"`, `"YWJj"`,
	`"2026-01-05T10:00:00Z"`, `"2026-01-05 10:00:00"`, `"20/10/1950"`,
	`[]`, `[7]`, `["a"]`, `{}`, `{"0":7}`, `{"a":7}`, `{"id":5}`, `{"id":"b"}`, `{"date":"2026-01-05"}`,
}

// Beside null and what a kind has in common with others, these are the values
// that stand for one, and how it is written. All others must be refused.
var (
	none = spellings{`""`: `null`, `[]`: `null`, `{}`: `null`}

	texts = none.and(spellings{
		`""`: `""`, `"abc"`: `"abc"`, `"1"`: `"1"`, `" 12 "`: `" 12 "`, `"12.50"`: `"12.50"`, `"true"`: `"true"`, `"YWJj"`: `"YWJj"`,
		`"2026-01-05T10:00:00Z"`: `"2026-01-05T10:00:00Z"`, `"2026-01-05 10:00:00"`: `"2026-01-05 10:00:00"`, `"20/10/1950"`: `"20/10/1950"`,
		`0`: `"0"`, `-0`: `"-0"`, `1`: `"1"`, `-1`: `"-1"`, `400`: `"400"`, `12.0`: `"12.0"`, `12.5`: `"12.5"`, `1e2`: `"100"`, `1e99`: `"1e99"`,
	})
	ids    = texts.and(spellings{`{"id":5}`: `"5"`, `{"id":"b"}`: `"b"`, `-0`: `"0"`, `12.0`: `"12"`})
	base64 = none.and(spellings{`""`: `""`, `"YWJj"`: `"YWJj"`, `"true"`: `"true"`, `[]`: `[]`, `[7]`: `[7]`})
	uint8s = none.and(spellings{
		`0`: `0`, `-0`: `0`, `1`: `1`, `12.0`: `12`, `1e2`: `100`, `"1"`: `1`, `" 12 "`: `12`, `{"id":5}`: `5`,
	})
	uints  = uint8s.and(spellings{`400`: `400`})
	int8s  = uint8s.and(spellings{`-1`: `-1`})
	ints   = int8s.and(uints)
	floats = none.and(spellings{
		`0`: `0`, `-0`: `-0`, `1`: `1`, `-1`: `-1`, `400`: `400`, `12.0`: `12.0`, `12.5`: `12.5`, `1e2`: `1e2`,
		`"1"`: `1`, `" 12 "`: `12`, `"12.50"`: `12.50`,
	})
	doubles  = floats.and(spellings{`1e99`: `1e99`})
	numbers  = doubles.and(spellings{`"1"`: `"1"`, `"12.50"`: `"12.50"`})
	booleans = none.and(spellings{
		`true`: `true`, `false`: `false`, `0`: `false`, `-0`: `false`, `1`: `true`, `"1"`: `true`, `"true"`: `true`,
	})
	dates = none.and(spellings{
		`"2026-01-05T10:00:00Z"`: `"2026-01-05T10:00:00Z"`,
		`"2026-01-05 10:00:00"`:  `"2026-01-05T10:00:00Z"`,
		`{"date":"2026-01-05"}`:  `"2026-01-05T00:00:00Z"`,
	})
	lists    = none.and(spellings{`[]`: `[]`, `{}`: `[]`})
	intLists = lists.and(spellings{`[7]`: `[7]`, `{"0":7}`: `[7]`})
	textList = lists.and(spellings{`[7]`: `["7"]`, `{"0":7}`: `["7"]`, `["a"]`: `["a"]`})
	objects  = none.and(spellings{
		`{}`: `{}`, `{"0":7}`: `{}`, `{"a":7}`: `{"a":7}`, `{"id":5}`: `{"id":"5"}`, `{"id":"b"}`: `{"id":"b"}`, `{"date":"2026-01-05"}`: `{}`,
	})
	intMaps = none.and(spellings{`{}`: `{}`, `{"0":7}`: `{"0":7}`, `{"a":7}`: `{"a":7}`, `{"id":5}`: `{"id":5}`})
	anyMaps = intMaps.and(spellings{`{"id":"b"}`: `{"id":"b"}`, `{"date":"2026-01-05"}`: `{"date":"2026-01-05"}`})
)

// spellings are how values are written for one kind of field.
type spellings map[string]string

func (s spellings) and(others spellings) spellings {
	both := make(spellings)
	for _, some := range []spellings{s, others} {
		for value, spelled := range some {
			both[value] = spelled
		}
	}
	return both
}

func everything() spellings {
	all := make(spellings)
	for _, value := range values {
		all[value] = value
	}
	return all
}

type object struct {
	ID string `json:"id"`
	A  int8   `json:"a"`
}

// kinds are the kinds of fields.
var kinds = []struct {
	field  any
	name   string // empty for any
	takes  spellings
	silent []string // what a type's own decoder takes, which is no drift
}{
	{field: "", takes: texts},
	{field: "", name: "id", takes: ids},
	{field: "", name: "store_id", takes: ids},
	{field: int(0), takes: ints},
	{field: int8(0), takes: int8s},
	{field: int16(0), takes: ints},
	{field: int32(0), takes: ints},
	{field: int64(0), takes: ints},
	{field: uint(0), takes: uints},
	{field: uint8(0), takes: uint8s},
	{field: uint16(0), takes: uints},
	{field: uint32(0), takes: uints},
	{field: uint64(0), takes: uints},
	{field: uintptr(0), takes: uints},
	{field: float32(0), takes: floats},
	{field: float64(0), takes: doubles},
	{field: json.Number(""), takes: numbers},
	{field: false, takes: booleans},
	{field: time.Time{}, takes: dates},
	{field: time.Month(0), takes: ints},
	{field: []byte(nil), takes: base64},
	{field: []int(nil), takes: intLists},
	{field: []string(nil), takes: textList},
	{field: [2]int{}, takes: intLists},
	{field: object{}, takes: objects},
	{field: map[string]int(nil), takes: intMaps},
	{field: map[string]any(nil), takes: anyMaps},
	{field: json.RawMessage(nil), takes: everything()},
	{field: struct{ V any }{}, takes: objects.and(spellings{`{"a":7}`: `{}`, `{"id":5}`: `{}`, `{"id":"b"}`: `{}`})},
	{field: state(0), takes: ints},
	{field: level(0), takes: ints.and(spellings{`-1`: ``, `-0`: ``})},
	{field: instant{}, takes: dates},
	{field: code{}, takes: texts.and(spellings{
		`" 12 "`: ``, `"12.50"`: ``, `"true"`: ``, `"YWJj"`: ``, `12.0`: ``, `12.5`: ``, `1e99`: ``,
		`"2026-01-05T10:00:00Z"`: ``, `"2026-01-05 10:00:00"`: ``, `"20/10/1950"`: ``,
	})},
}

// Every kind of field, plain, behind a pointer, in a list, in a map and in an
// object, with every value.
func TestEveryKindOfFieldWithEveryValue(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		field := reflect.TypeOf(kind.field)
		t.Run(field.String()+kind.name, func(t *testing.T) {
			t.Parallel()
			name := kind.name
			if name == "" {
				name = "v"
			}
			in := func(t reflect.Type) reflect.Type {
				return reflect.StructOf([]reflect.StructField{{Name: "V", Type: t, Tag: reflect.StructTag(`json:"` + name + `"`)}})
			}
			for _, value := range values {
				want, ok := kind.takes[value]
				if value == "null" {
					want, ok = value, true
				}
				if want == "" {
					ok = false
				}
				spot{in(field), `{"` + name + `":`, `}`, name}.holds(t, value, want, ok)
				spot{in(reflect.PointerTo(field)), `{"` + name + `":`, `}`, name}.holds(t, value, want, ok)
				spot{in(in(field)), `{"` + name + `":{"` + name + `":`, `}}`, name + "." + name}.holds(t, value, want, ok)
				if kind.name == "" {
					spot{reflect.SliceOf(field), `[null,`, `]`, "[1]"}.holds(t, value, want, ok)
					spot{reflect.MapOf(reflect.TypeFor[string](), field), `{"secret":`, `}`, "*"}.holds(t, value, want, ok)
				}
			}
		})
	}
}

// spot is a type that holds a value.
type spot struct {
	typ           reflect.Type
	before, after string
	path          string
}

// holds tests that value decodes as encoding/json decodes want, or not.
func (s spot) holds(t *testing.T, value, want string, ok bool) {
	t.Helper()
	var drift []loosejson.Drift
	got := reflect.New(s.typ)
	_, err := loosejson.Unmarshal([]byte(s.before+value+s.after), got.Interface(), loosejson.Options{
		Drift: func(d loosejson.Drift) { drift = append(drift, d) },
	})
	if !ok {
		require.Error(t, err, "%s in %s", value, s.typ)
		assert.Contains(t, err.Error(), " in "+s.path)
		return
	}
	require.NoError(t, err, "%s in %s", value, s.typ)
	expected := reflect.New(s.typ)
	require.NoError(t, json.Unmarshal([]byte(s.before+want+s.after), expected.Interface()))
	assert.Equal(t, expected.Interface(), got.Interface(), "%s in %s", value, s.typ)
	if json.Unmarshal([]byte(s.before+value+s.after), reflect.New(s.typ).Interface()) == nil {
		assert.Empty(t, drift, "%s in %s", value, s.typ)
		return
	}
	require.NotEmpty(t, drift, "%s in %s", value, s.typ)
	assert.True(t, strings.HasPrefix(drift[0].Path, s.path), drift[0].Path)
}
