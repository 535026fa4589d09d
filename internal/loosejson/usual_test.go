package loosejson_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// Almost every date is read in a short way. What looks like it is read as all others.
func TestDateInAnObjectThatIsAlmostTheUsualOne(t *testing.T) {
	t.Parallel()
	noon := time.Date(2020, time.April, 2, 12, 0, 0, 0, time.UTC)
	for raw, want := range map[string]time.Time{
		`{"date":"2020-04-02 12:00:00.000000","timezone_type":3,"timezone":"UTC"}`:  noon,
		` { "timezone" : "UTC" , "date" : "2020-04-02 12:00:00" } `:                 noon,
		`{"date":"2020-04-02 12:00:00","timezone_type":3,"timezone":"Asia/Riyadh"}`: noon.Add(-3 * time.Hour),
		`{"date":"2020-04-02 12:00:00","timezone_type":1,"timezone":"+03:00"}`:      noon.Add(-3 * time.Hour),
		`{"date":"2020-04-02 12:00:00","timezone":"Asia/Riyadh","timezone":"UTC"}`:  noon,
		`{"date":"","date":"2020-04-02 12:00:00"}`:                                  noon,
		`{"date":"2020-04-02 12:00:00","date":""}`:                                  {},
		`{"Date":"2020-04-02 12:00:00","timezone_type":"3"}`:                        noon,
		`{"date":"2020-04-02 12:00:00","more":[{"date":"2021-04-02 12:00:00"}]}`:    noon,
		`{"date":"2020-04-02\u002012:00:00"}`:                                       noon,
		`{"date":"2020-04-02 12:00:00","timezone":null,"timezone_type":null}`:       noon,
	} {
		got, err := loosejson.Date([]byte(raw), time.UTC)

		require.NoError(t, err, raw)
		assert.True(t, want.Equal(got), "%s: %s", raw, got)
	}
	for _, raw := range []string{
		`{"date":"2020-04-02 12:00:00"`, `{"date":"2020-04-02 12:00:00","timezone":5}`, `{"date":true}`,
		`{"date":"2020-04-02 12:00:00","timezone_type":[]}`, `{"timezone":"UTC"}`,
	} {
		_, err := loosejson.Date([]byte(raw), time.UTC)

		require.Error(t, err, raw)
	}
}

// A text is read in a short way where it stands there as it is, alone and in a list.
func TestPlainTexts(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		``, `a`, `a b`, ` a `, `é`, `a\"b`, `a\\`, `\u00e9`, `\ud800`, "\xff", "a\xffb", `12`, `null`, `a,b`, `[`, `{'a':1}`,
	} {
		raw := `"` + content + `"`
		var want string
		require.NoError(t, json.Unmarshal([]byte(raw), &want), raw)
		for _, around := range []string{"", " ", "\n"} {
			var text loosejson.String
			require.NoError(t, text.UnmarshalJSON([]byte(around+raw+around)), raw)
			assert.Equal(t, loosejson.String(want), text)

			var list loosejson.Strings
			require.NoError(t, list.UnmarshalJSON([]byte(around+"["+around+raw+around+","+raw+"]"+around)), raw)
			assert.Equal(t, loosejson.Strings{want, want}, list)
		}
	}
	for _, raw := range []string{`"`, `"a`, `a"`, `"a"b"`, "\"\n\"", `"a" 5`, `5 5`, ``, ` `, `[`, `["a"`, `["a",]`, `["a"]]`, `[["a"]]`, `[{}]`} {
		require.Error(t, new(loosejson.String).UnmarshalJSON([]byte(raw)), raw)
		require.Error(t, new(loosejson.Strings).UnmarshalJSON([]byte(raw)), raw)
	}
}
