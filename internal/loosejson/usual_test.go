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
		`{"timezone":"Asia/Riyadh","date":"2020-04-02 12:00:00"}`:                   noon.Add(-3 * time.Hour),
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
		`a`, `a b`, ` a `, `é`, `a\"b`, `a\\`, `\u00e9`, `\ud800`, "\xff", "a\xffb", `12`, `null`, `a,b`, `[`, `{'a':1}`,
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

// The short ways are taken for what comes usually, which is what they are for.
func TestTheUsualFormsAreReadInAShortWay(t *testing.T) {
	t.Parallel()
	riyadh, err := time.LoadLocation("Asia/Riyadh")
	require.NoError(t, err)
	for _, raw := range []string{
		`{"date":"2020-04-02 12:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`,
		`{"timezone":"Asia/Riyadh","timezone_type":3,"date":"2020-04-02 12:00:00.000000"}`,
		`{"date":"2020-04-02 12:00:00.000000"}`,
	} {
		text, ok := loosejson.PrintedIn([]byte(raw), riyadh)
		assert.True(t, ok, raw)
		assert.Equal(t, "2020-04-02 12:00:00.000000", text)
	}
	for _, raw := range []string{`{"date":""}`, `{"timezone":"Asia/Riyadh"}`, `{"date":"x","timezone":"UTC"}`, `{"date":"x","timezone_type":33}`, `{"date":"x","date":"y"}`} {
		_, ok := loosejson.PrintedIn([]byte(raw), riyadh)
		assert.False(t, ok, raw)
	}
	for raw, want := range map[string]string{`""`: "", `"a"`: "a", `" a "`: " a ", `"é"`: "é"} {
		text, ok := loosejson.PlainText([]byte(raw))
		assert.True(t, ok, raw)
		assert.Equal(t, want, text)
	}
	for raw, want := range map[string][]string{`[]`: {}, `["a"]`: {"a"}, `["a" , "b"]`: {"a", "b"}} {
		texts, ok := loosejson.PlainTexts(append([]byte(raw), "  "...)[:len(raw)])
		assert.True(t, ok, raw)
		assert.Equal(t, want, texts)
	}
}

// PHP's abbreviations are those of the Americas and Europe: AST is not the time of
// Riyadh, which it prints as +03.
func TestDatesInZonesThatPHPAbbreviates(t *testing.T) {
	t.Parallel()
	for name, hours := range map[string]int{
		"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "eest": 3, "MSK": 3,
		"AST": -4, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
		"+03": 3, "-05": -5, "+0300": 3, "-03:00": -3, "+23:00": 23, "-23:00": -23,
	} {
		got, err := loosejson.Date([]byte(`{"date":"2020-04-02 12:00:00","timezone_type":2,"timezone":"`+name+`"}`), time.FixedZone("", 60))
		require.NoError(t, err, name)
		assert.True(t, time.Date(2020, time.April, 2, 12-hours, 0, 0, 0, time.UTC).Equal(got), "%s: %s", name, got)
	}
	for _, name := range []string{"XYZ", "Asia/Riyadh", "+24:00", "-24:00", "+3", "-"} {
		_, err := loosejson.Date([]byte(`{"date":"2020-04-02 12:00:00","timezone_type":2,"timezone":"`+name+`"}`), time.UTC)
		require.EqualError(t, err, "loosejson: want known time zone, got unknown one in timezone", name)
	}
	for _, kind := range []string{"1", "3"} {
		_, err := loosejson.Date([]byte(`{"date":"2020-04-02 12:00:00","timezone_type":`+kind+`,"timezone":"MSK"}`), time.UTC)
		require.Error(t, err, "is neither an offset nor a name")
	}
	zone := time.FixedZone("store", 60*60)
	for _, raw := range []string{`{"date":"2020-04-02 12:00:00","timezone":"","timezone_type":"3"}`, `{"date":"2020-04-02 12:00:00","timezone":"store","timezone_type":"1"}`} {
		got, err := loosejson.Date([]byte(raw), zone)
		require.NoError(t, err)
		assert.Equal(t, time.Date(2020, time.April, 2, 12, 0, 0, 0, zone), got)
	}
}
