package loosejson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/stretchr/testify/require"
)

var seeds = []string{
	``, ` `, `null`, `nul`, `nope`, `true`, `false`, `"true"`, `0`, `1`, `-0`, `01`, `+1`, `"+1"`, `1.0`, `1e2`,
	`1e999999999`, `9007199254740993`, `"9007199254740993"`, `18446744073709551616`, `""`, `"a, b"`, `"\ud800"`,
	"\"\xff\"", `[]`, `[ ]`, `["a",1,null]`, `[[[]]]`, `[`, `]`, `{}`, `{`, `{"date":"2020-04-02 22:43:26.000000"}`,
	`{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`,
	`{"date":"2020-04-02 22:43:26.000000","timezone_type":1,"timezone":"+03:00"}`,
	`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"EST"}`,
	`{"date":"2020-04-02 22:43:26.000000","timezone":"../../etc/passwd"}`,
	`"2020-01-01 01:01:00.000000"`, `"0000-00-00 00:00:00"`, `"99999999999-01-01"`, `1 2`, `"a" "b"`,
}

// fuzz calls UnmarshalJSON directly, as nobody else does with text that is no
// JSON, and checks that what decodes is JSON and encodes again, and that an
// error holds no part of the text.
func fuzz[T any, P interface {
	*T
	json.Unmarshaler
}](f *testing.F,
) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var value T
		if err := P(&value).UnmarshalJSON(data); err != nil {
			var e *loosejson.Error
			require.ErrorAs(t, err, &e)
			if text := strings.Trim(string(data), `"`); len(text) > 20 {
				require.NotContains(t, err.Error(), text)
			}
			return
		}
		require.True(t, json.Valid(data), "decoded what is no JSON")
		_, err := json.Marshal(value)
		require.NoError(t, err)
	})
}

func FuzzString(f *testing.F)  { fuzz[loosejson.String](f) }
func FuzzInt(f *testing.F)     { fuzz[loosejson.Int](f) }
func FuzzBool(f *testing.F)    { fuzz[loosejson.Bool](f) }
func FuzzStrings(f *testing.F) { fuzz[loosejson.Strings](f) }

func FuzzFields(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Add([]byte(`{"email":["taken",5],"address":{"zip":"bad"},"a":[{"field":"b","message":"c"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		texts, fields := loosejson.Texts(data), loosejson.Fields(data)
		if !json.Valid(data) {
			require.Empty(t, texts)
			require.Empty(t, fields)
		}
		require.LessOrEqual(t, len(fields), 100)
		if text := loosejson.Text(data); text != "" {
			require.Equal(t, []string{text}, texts)
		}
	})
}
