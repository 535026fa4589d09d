package loosejson_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

type (
	Inner struct {
		Name   string
		Deep   string `json:"deep"`
		Hidden int    `json:"hidden"`
		Twice  string
	}
	Other struct {
		Twice  string
		Tagged string
		Both   string `json:"both"`
	}
	Third struct {
		Third  string `json:"Tagged"`
		Both   string `json:"both"`
		*Other        // also embedded in outer, less deeply
	}
	Word  string
	lower struct {
		Lower string `json:"lower"`
	}
	Chain struct {
		*Chain
		Link string `json:"link"`
	}
	Twin struct{ Same string }
	Deep struct{ Twice string }
	Left struct {
		Twin
		Deep
	}
	Right struct{ Twin }
	outer struct {
		Inner
		*Other
		Third
		Word
		lower
		Chain
		Left
		Right
		Hidden    string `json:"hidden,omitempty"`
		Named     Inner  `json:"named"`
		Inner2    `json:"inner2"`
		Dash      string `json:"-"`
		private   string
		Kelvin    string `json:"kelvin"`
		LongS     string `json:"longs"`
		FirstCase string `json:"case"`
		OtherCase string `json:"Case"`
		Arabic    string `json:"اسم"`
		NoName    string `json:",omitempty"`
	}
	Inner2 struct{ Name string }
)

// Each name of a member goes to the field that encoding/json finds, which the
// text for a number shows: where there is no field, there is no drift.
func TestNamesFindTheFieldsOfEncodingJSON(t *testing.T) {
	t.Parallel()
	_ = outer{private: ""}
	names := []string{
		"Name", "name", "NAME", "deep", "Deep", "hidden", "Twice", "Tagged", "tagged", "both", "Word", "word", "lower",
		"link", "Same", "named", "Named", "inner2", "Inner2", "Inner", "Other", "-", "Dash", "private",
		"kelvin", "\u212aelvin", "KELVIN", "longs", "long\u017f", "case", "Case", "CASE", "cASE", "اسم", "NoName", "noname", "", "unknown",
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := json.Marshal(name)
			require.NoError(t, err)
			var want, got outer
			wantErr := json.Unmarshal(fmt.Appendf(nil, `{%s:"5"}`, key), &want)
			drift := 0

			_, err = loosejson.Unmarshal(fmt.Appendf(nil, `{%s:5}`, key), &got, loosejson.Options{
				Drift: func(loosejson.Drift) { drift++ },
			})

			if wantErr != nil { // an object
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, want, got)
			assert.Equal(t, !reflect.ValueOf(want).IsZero(), drift == 1)
		})
	}
}
