package loosejson_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/loosejson"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		json  string
		text  string
		texts []string
	}{
		{``, "", nil},
		{`nope`, "", nil},
		{`null`, "", nil},
		{`true`, "", nil},
		{`""`, "", nil},
		{`"taken"`, "taken", []string{"taken"}},
		{` "taken" `, "taken", []string{"taken"}},
		{`" taken\n"`, "taken", []string{"taken"}},
		{`" "`, "", nil},
		{`422`, "422", []string{"422"}},
		{`[]`, "", nil},
		{` ["taken", 5, "", null, true, {"a":"b"}, ["c"]] `, "", []string{"taken", "5"}},
		{`{"a":"b"}`, "", nil},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.text, loosejson.Text([]byte(tt.json)), tt.json)
		assert.Equal(t, tt.texts, loosejson.Texts([]byte(tt.json)), tt.json)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for json, want := range map[string]string{``: "", `nope`: "", `null`: "", `422`: "", `["taken"]`: "", `{}`: "", `"taken"`: "taken", `" taken "`: " taken "} {
		assert.Equal(t, want, loosejson.Quoted([]byte(json)), json)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	type fields = map[string][]string
	tests := []struct {
		json string
		want fields
	}{
		{``, nil},
		{`nope`, nil},
		{`null`, nil},
		{`"taken"`, nil},
		{`["taken"]`, nil},
		{`[["taken"]]`, nil},
		{`{}`, nil},
		{`{"email":"taken"}`, fields{"email": {"taken"}}},
		{` {"email":["taken","too long"],"age":5} `, fields{"email": {"taken", "too long"}, "age": {"5"}}},
		{`{"email":[],"phone":null,"name":true,"city":""}`, fields{"email": nil, "phone": nil, "name": nil, "city": nil}},
		{`{"email":["taken",true,null]}`, fields{"email": {"taken"}}},
		{`{"address":{"zip":["bad"],"city":{}}}`, fields{"address.zip": {"bad"}, "address.city": nil}},
		{`{"\u0065mail":"taken"}`, fields{"email": {"taken"}}},
		{`{"":"taken"}`, nil},
		{`{"email":"taken","email":"too long"}`, fields{"email": {"taken", "too long"}}},
		{`{"field":"email","message":"taken"}`, fields{"email": {"taken"}}},
		{`[{"field":"email","message":"taken"},{"field":"phone","message":"bad"},{"message":"lost"}]`, fields{"email": {"taken"}, "phone": {"bad"}, "message": {"lost"}}},
		{`{"email":{"message":"taken","code":7}}`, fields{"email": {"taken"}}},
		{`{"address":[{"field":"zip","message":"bad"}]}`, fields{"address.zip": {"bad"}}},
		{`{"message":["too long"]}`, fields{"message": {"too long"}}},
		{`{"field":"required"}`, fields{"field": {"required"}}},
		{`[[[[[{"email":"taken"}]]]]]`, fields{"email": nil}},
		{`[[[[{"email":"taken"}]]]]`, fields{"email": {"taken"}}},
		{`{"a":{"b":{"c":{"d":{"e":"five"}}}}}`, fields{"a.b.c.d.e": {"five"}}},
		{`{"a":{"b":{"c":{"d":{"e":{"f":"six"}}}}}}`, fields{"a.b.c.d.e.f": nil}},
	}
	for _, tt := range tests {
		t.Run(tt.json, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, loosejson.Fields([]byte(tt.json)))
		})
	}
}

func TestFieldsHaveAnEnd(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `,"f%03d":["a"]`, i)
	}
	assert.Len(t, loosejson.Texts([]byte(`[`+strings.Repeat(`"a",`, 200)+`"a"]`)), 100)
	assert.Len(t, loosejson.Fields([]byte("{"+b.String()[1:]+"}")), 100)
	assert.Len(t, loosejson.Fields([]byte(`{"f":[` + strings.Repeat(`"a",`, 200) + `"a"]}`))["f"], 100)
}
