package phpdate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/phpdate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ json, want string }{
		"named zone":           {`{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`, "2020-04-02T22:43:26+03:00"},
		"fraction":             {`{"date":"2025-11-27 13:45:54.321280","timezone_type":3,"timezone":"Asia/Riyadh"}`, "2025-11-27T13:45:54.32128+03:00"},
		"summer time":          {`{"date":"2026-07-01 12:00:00.000000","timezone_type":3,"timezone":"Europe/Berlin"}`, "2026-07-01T12:00:00+02:00"},
		"UTC by name":          {`{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"UTC"}`, "2020-04-02T22:43:26Z"},
		"offset":               {`{"date":"2020-04-02 22:43:26.000000","timezone_type":1,"timezone":"+04:30"}`, "2020-04-02T22:43:26+04:30"},
		"negative offset":      {`{"date":"2020-04-02 22:43:26.000000","timezone_type":1,"timezone":"-05:00"}`, "2020-04-02T22:43:26-05:00"},
		"offset without colon": {`{"date":"2020-04-02 22:43:26","timezone_type":1,"timezone":"+0300"}`, "2020-04-02T22:43:26+03:00"},
		"abbreviation":         {`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"EST"}`, "2020-04-02T22:43:26-05:00"},
		"of the Atlantic":      {`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"AST"}`, "2020-04-02T22:43:26-04:00"},
		"abbreviated offset":   {`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"+03"}`, "2020-04-02T22:43:26+03:00"},
		"UTC abbreviated":      {`{"date":"2020-04-02 22:43:26.000000","timezone_type":2,"timezone":"utc"}`, "2020-04-02T22:43:26Z"},
		"type as text":         {`{"date":"2020-04-02 22:43:26.000000","timezone_type":"2","timezone":"CEST"}`, "2020-04-02T22:43:26+02:00"},
		"date alone":           {`{"date":"1997-06-03 00:00:00.000000"}`, "1997-06-03T00:00:00+03:00"},
		"empty zone":           {`{"date":"1997-06-03 00:00:00.000000","timezone":""}`, "1997-06-03T00:00:00+03:00"},
		"plain string":         {`"2020-01-01 01:01:00.000000"`, "2020-01-01T01:01:00+03:00"},
		"without fraction":     {`"2029-02-17 17:42:14"`, "2029-02-17T17:42:14+03:00"},
		"day":                  {`"1997-06-03"`, "1997-06-03T00:00:00+03:00"},
		"RFC 3339":             {`"2026-05-28T13:34:45-07:00"`, "2026-05-28T13:34:45-07:00"},
		"ISO without zone":     {`"2026-05-28T13:34:45"`, "2026-05-28T13:34:45+03:00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got phpdate.Time
			require.NoError(t, json.Unmarshal([]byte(tt.json), &got))
			assert.Equal(t, tt.want, time.Time(got).Format(time.RFC3339Nano))
		})
	}
}

// A page names a zone many times, which takes some kilobytes.
func TestDatesShareTheirZone(t *testing.T) {
	t.Parallel()
	var dates []phpdate.Time
	const date = `{"date":"2026-07-01 12:00:00.000000","timezone_type":3,"timezone":"Europe/Berlin"}`
	require.NoError(t, json.Unmarshal([]byte(`[`+date+`,`+date+`]`), &dates))
	assert.Same(t, time.Time(dates[0]).Location(), time.Time(dates[1]).Location())
}

func TestTimeDecodesNoDateToZero(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `""`, `" "`, `{}`, `[]`, `[ ]`,
		`{"date":null,"timezone_type":3,"timezone":"Asia/Riyadh"}`,
		`{"date":"","timezone_type":3,"timezone":"Asia/Riyadh"}`,
		`"0000-00-00 00:00:00"`,
		`{"date":"-0001-11-30 00:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := phpdate.Time(time.Now())
			require.NoError(t, json.Unmarshal([]byte(text), &got))
			assert.True(t, time.Time(got).IsZero())
		})
	}
}

func TestTimeRefusesOtherValues(t *testing.T) {
	t.Parallel()
	const unknown = "loosejson: want known time zone, got unknown one in timezone"
	const text = "loosejson: want date, got other text in date"
	tests := map[string]string{
		`"secret"`:              text,
		`"2020-13-01 00:00:00"`: text,
		`4711`:                  text,
		`{"date":"secret"}`:     text,
		`{"secret":4711}`:       "loosejson: want date, got object",
		`{"date":"2020-01-01 00:00:00","timezone":"Asia/Secret"}`:              unknown,
		`{"date":"2020-01-01 00:00:00","timezone":"../secret"}`:                unknown,
		`{"date":"2020-01-01 00:00:00","timezone":"Local"}`:                    unknown,
		`{"date":"2020-01-01 00:00:00","timezone_type":1,"timezone":"+24:00"}`: unknown,
		`{"date":"2020-01-01 00:00:00","timezone_type":1,"timezone":"secret"}`: unknown,
		`{"date":"2020-01-01 00:00:00","timezone_type":2,"timezone":"XYZ"}`:    unknown,
		`{"date":["secret"]}`: "loosejson: want text or number, got list",
		`["secret"]`:          "loosejson: want date, got list",
		`true`:                "loosejson: want date, got boolean",
	}
	for input, want := range tests {
		t.Run(input, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			got := phpdate.Time(now)
			require.EqualError(t, json.Unmarshal([]byte(input), &got), want)
			assert.Equal(t, now, time.Time(got))
		})
	}
}

func TestTimeEncodesAsRFC3339(t *testing.T) {
	t.Parallel()
	var at phpdate.Time
	require.NoError(t, json.Unmarshal([]byte(`"2020-01-01 01:01:00.000000"`), &at))
	got, err := json.Marshal([]phpdate.Time{at, {}})
	require.NoError(t, err)
	assert.JSONEq(t, `["2020-01-01T01:01:00+03:00",null]`, string(got))
}
