package phpdate_test

import (
	"encoding/json"
	"testing"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/phpdate"
	"github.com/stretchr/testify/require"
)

// FuzzTime calls UnmarshalJSON directly, as nobody else does with text that is no
// JSON, and checks that what decodes is JSON and encodes again.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{
		``, ` `, `null`, `nul`, `4711`, `""`, `[]`, `[`, `{}`, `{`, `{"date":""}`, `"2020-01-01 01:01:00.000000"`, `"0000-00-00 00:00:00"`,
		`{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`,
		`{"date":"2020-04-02 22:43:26.000000","timezone_type":1,"timezone":"+03:00"}`,
		`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"EST"}`,
		`{"date":"2020-04-02 22:43:26.000000","timezone":"../../etc/passwd"}`, `"99999999999-01-01"`, `"2020-01-01" "b"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var value phpdate.Time
		if err := value.UnmarshalJSON(data); err != nil {
			var e *loosejson.Error
			require.ErrorAs(t, err, &e)
			return
		}
		require.True(t, json.Valid(data), "decoded what is no JSON")
		_, err := json.Marshal(value)
		require.NoError(t, err)
	})
}
