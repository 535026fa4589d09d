package loosejson_test

import (
	"encoding/json"
	"testing"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spelling is one JSON value and what it decodes to, or the kind of value that
// the error names.
type spelling[T any] struct {
	json string
	want T
	got  string
}

// decodes tests that each spelling decodes, over an older value, as it says.
func decodes[T any](t *testing.T, old T, spellings []spelling[T]) {
	t.Helper()
	for _, s := range spellings {
		t.Run(s.json, func(t *testing.T) {
			t.Parallel()
			value := old
			err := json.Unmarshal([]byte(s.json), &value)
			if s.got == "" {
				require.NoError(t, err)
				assert.Equal(t, s.want, value)
				return
			}
			assertKind(t, err, s.got)
			assert.Equal(t, old, value, "an error must leave the value alone")
		})
	}
}

func assertKind(t *testing.T, err error, kind string) {
	t.Helper()
	var e *loosejson.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, kind, e.Got)
	assert.NotContains(t, err.Error(), "secret")
	assert.NotContains(t, err.Error(), "4711")
}

func TestString(t *testing.T) {
	t.Parallel()
	decodes(t, loosejson.String("old"), []spelling[loosejson.String]{
		{json: `"text"`, want: "text"},
		{json: `"0085253657436"`, want: "0085253657436"},
		{json: `"الرياض \u0041"`, want: "الرياض A"},
		{json: `""`, want: ""},
		{json: `null`, want: ""},
		{json: `665323256199`, want: "665323256199"},
		{json: `18446744073709551616`, want: "18446744073709551616"},
		{json: `-1.50`, want: "-1.50"},
		{json: `1e400`, want: "1e400"},
		{json: `9.66555E+11`, want: "966555000000"},
		{json: ` 1e3 `, want: "1000"},
		{json: `1e-3`, want: "1e-3"},
		{json: `12.00`, want: "12.00"},
		{json: `true`, got: "boolean"},
		{json: `["secret"]`, got: "list"},
		{json: `{"secret":4711}`, got: "object"},
	})
}

func TestID(t *testing.T) {
	t.Parallel()
	decodes(t, loosejson.ID("old"), []spelling[loosejson.ID]{
		{json: `7.00`, want: "7"},
		{json: ` 1e3 `, want: "1000"},
		{json: `7.5`, want: "7.5"},
		{json: `"7.00"`, want: "7.00"},
		{json: `null`, want: ""},
		{json: `true`, got: "boolean"},
	})
}

func TestInt(t *testing.T) {
	t.Parallel()
	decodes(t, loosejson.Int(7), []spelling[loosejson.Int]{
		{json: `12`, want: 12},
		{json: `"12"`, want: 12},
		{json: `" -12 "`, want: -12},
		{json: `9007199254740993`, want: 9007199254740993},
		{json: `"9007199254740993"`, want: 9007199254740993},
		{json: `9223372036854775807`, want: 9223372036854775807},
		{json: `-9223372036854775808`, want: -9223372036854775808},
		{json: `9007199254740993.00`, want: 9007199254740993},
		{json: `1.2e3`, want: 1200},
		{json: `1.5e1`, want: 15},
		{json: `"1E+2"`, want: 100},
		{json: `"100e-2"`, want: 1},
		{json: `0.10e1`, want: 1},
		{json: `""`, want: 0},
		{json: `null`, want: 0},
		{json: `9223372036854775808`, got: "number"},
		{json: `1e30`, got: "number"},
		{json: `4711.5`, got: "number"},
		{json: `1e999999999`, got: "number"},
		{json: `"secret"`, got: "text"},
		{json: `"0x4711"`, got: "text"},
		{json: `".0"`, got: "text"},
		{json: `"NaN"`, got: "text"},
		{json: `true`, got: "boolean"},
		{json: `[4711]`, got: "list"},
		{json: `{}`, got: "object"},
	})
}

func TestBool(t *testing.T) {
	t.Parallel()
	for _, old := range []loosejson.Bool{false, true} {
		decodes(t, old, []spelling[loosejson.Bool]{
			{json: `true`, want: true},
			{json: `false`, want: false},
			{json: `1`, want: true},
			{json: `0`, want: false},
			{json: `"true"`, want: true},
			{json: `"False"`, want: false},
			{json: `"1"`, want: true},
			{json: `"0"`, want: false},
			{json: `""`, want: false},
			{json: `null`, want: false},
			{json: `4711`, got: "number"},
			{json: `"secret"`, got: "text"},
			{json: `[]`, got: "list"},
			{json: `{}`, got: "object"},
		})
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	type list = loosejson.Strings
	decodes(t, list{"old"}, []spelling[list]{
		{json: `["a","b, c"]`, want: list{"a", "b, c"}},
		{json: `["a",1]`, want: list{"a", "1"}},
		{json: `["a",""," "]`, want: list{"a"}},
		{json: `["","\u0020",1,null]`, want: list{"1"}},
		{json: `[""]`, want: list{}},
		{json: `[]`, want: list{}},
		{json: `"a,b"`, want: list{"a", "b"}},
		{json: `" a, b ,,"`, want: list{"a", "b"}},
		{json: `",a, ,b"`, want: list{"a", "b"}},
		{json: `"a"`, want: list{"a"}},
		{json: `""`, want: nil},
		{json: `null`, want: nil},
		{json: `{"secret":1}`, got: "object"},
		{json: `["secret",true]`, got: "boolean"},
		{json: `[["secret"]]`, got: "list"},
	})
}

// subscriberWire is how a vendor's package uses this one: the public type stays plain.
type subscriberWire struct {
	subscriber
	Mobile loosejson.String  `json:"mobile"`
	Flag   loosejson.Int     `json:"flag"`
	Tags   loosejson.Strings `json:"tags"`
}

type subscriber struct {
	ID     int64
	Mobile string   `json:"mobile"`
	Flag   int64    `json:"flag"`
	Tags   []string `json:"tags"`
}

func TestFieldsOfAWireTypeHideThePlainOnes(t *testing.T) {
	t.Parallel()
	var got subscriberWire
	err := json.Unmarshal([]byte(`{"ID":1,"mobile":560000000,"flag":"3","tags":"a, b"}`), &got)
	require.NoError(t, err)
	assert.Equal(t, subscriberWire{subscriber{ID: 1}, "560000000", 3, loosejson.Strings{"a", "b"}}, got)
}

func TestValuesEncodePlainly(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(struct {
		S loosejson.String
		I loosejson.Int
		B loosejson.Bool
		T loosejson.Strings
	}{"1", 1, true, loosejson.Strings{"a"}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"S":"1","I":1,"B":true,"T":["a"]}`, string(got))
}
