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

// result is what became of an answer.
type result[T any] struct {
	list[T]
	bad   []loosejson.Row
	drift []loosejson.Drift
}

// unmarshal decodes a list of rows that are known by their id.
func unmarshal[T any](t *testing.T, body string) result[T] {
	t.Helper()
	var r result[T]
	var err error
	r.bad, err = loosejson.Unmarshal([]byte(body), &r.list, loosejson.Options{
		Row:   reflect.TypeFor[T](),
		ID:    "id",
		Drift: func(d loosejson.Drift) { r.drift = append(r.drift, d) },
	})
	require.NoError(t, err)
	return r
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// What may be odd about a customer, and what is made of it.
func TestUnmarshalTakesOtherKinds(t *testing.T) {
	t.Parallel()
	drift := func(path, want, got string) []loosejson.Drift {
		return []loosejson.Drift{{Path: "rows[0]." + path, Want: want, Got: got}}
	}
	noon := time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		member string
		want   customer
		drift  []loosejson.Drift
	}{
		{`"name":4912345`, customer{Name: "4912345"}, drift("name", "text", "number")},
		{`"name":7000.50`, customer{Name: "7000.50"}, drift("name", "text", "number")},
		{`"name":1e400`, customer{Name: "1e400"}, drift("name", "text", "number")},
		{`"name":[]`, customer{}, drift("name", "text", "list")},
		{`"name":{}`, customer{}, drift("name", "text", "object")},
		{`"store_id":{"id":"s1","name":"Shop"}`, customer{StoreID: "s1"}, drift("store_id", "text", "object")},
		{`"store_id":{"id":17}`, customer{StoreID: "17"}, drift("store_id", "text", "object")},
		{`"number":"12"`, customer{Number: 12}, drift("number", "whole number", "text")},
		{`"number":" -12 "`, customer{Number: -12}, drift("number", "whole number", "text")},
		{`"number":12.00`, customer{Number: 12}, drift("number", "whole number", "number")},
		{`"number":"1.2e1"`, customer{Number: 12}, drift("number", "whole number", "text")},
		{`"number":9007199254740993.0`, customer{Number: 9007199254740993}, drift("number", "whole number", "number")},
		{`"number":"-9223372036854775808"`, customer{Number: -9223372036854775808}, drift("number", "whole number", "text")},
		{`"number":{"id":5,"name":"VIP"}`, customer{Number: 5}, drift("number", "whole number", "object")},
		{`"number":{"id":4,"id":"5"}`, customer{Number: 5}, drift("number", "whole number", "object")},
		{`"number":""`, customer{}, drift("number", "whole number", "text")},
		{`"number":[]`, customer{}, drift("number", "whole number", "list")},
		{`"sum":"7000.50"`, customer{Sum: 7000.5}, drift("sum", "number", "text")},
		{`"points":" 12.50"`, customer{Points: "12.50"}, drift("points", "number", "text")},
		{`"points":""`, customer{}, drift("points", "number", "text")},
		{`"active":1`, customer{Active: true}, drift("active", "boolean", "number")},
		{`"active":"1"`, customer{Active: true}, drift("active", "boolean", "text")},
		{`"active":"True"`, customer{Active: true}, drift("active", "boolean", "text")},
		{`"active":0.0`, customer{}, drift("active", "boolean", "number")},
		{`"verified":0`, customer{Verified: new(false)}, drift("verified", "boolean", "number")},
		{`"verified":""`, customer{}, drift("verified", "boolean", "text")},
		{`"birthday":"2026-01-05 12:00:00"`, customer{Birthday: noon}, drift("birthday", "date", "text")},
		{`"birthday":"2026-01-05T12:00:00"`, customer{Birthday: noon}, drift("birthday", "date", "text")},
		{`"birthday":"2026-01-05"`, customer{Birthday: day(2026, time.January, 5)}, drift("birthday", "date", "text")},
		{`"birthday":{"date":"2026-01-05 12:00:00.000000","timezone_type":3,"timezone":"UTC"}`, customer{Birthday: noon}, drift("birthday", "date", "object")},
		{`"birthday":"0000-00-00 00:00:00"`, customer{}, drift("birthday", "date", "text")},
		{`"birthday":""`, customer{}, drift("birthday", "date", "text")},
		{`"last_visit":""`, customer{}, drift("last_visit", "date", "text")},
		{`"last_visit":"2026-01-05"`, customer{LastVisit: new(day(2026, time.January, 5))}, drift("last_visit", "date", "text")},
		{`"tags":{}`, customer{Tags: []string{}}, drift("tags", "list", "object")},
		{`"tags":{"0":"b","2":"a"}`, customer{Tags: []string{"b", "a"}}, drift("tags", "list", "object")},
		{`"tags":""`, customer{}, drift("tags", "list", "text")},
		{`"tags":["a",5]`, customer{Tags: []string{"a", "5"}}, drift("tags[1]", "text", "number")},
		{`"groups":[1,{"id":2}]`, customer{Groups: []int64{1, 2}}, drift("groups[1]", "whole number", "object")},
		{`"state":"3"`, customer{State: 3}, drift("state", "whole number", "text")},
		{`"stats":[]`, customer{}, drift("stats", "object", "list")},
		{`"stats":{"orders":"3"}`, customer{Stats: &stats{Orders: 3}}, drift("stats.orders", "whole number", "text")},
		{`"addresses":[{},{"default":"1"}]`, customer{Addresses: []address{{}, {Default: true}}}, drift("addresses[1].default", "boolean", "text")},
		{`"default_address":""`, customer{}, drift("default_address", "object", "text")},
		{`"labels":[]`, customer{}, drift("labels", "object", "list")},
		{`"labels":{"secret":5}`, customer{Labels: map[string]string{"secret": "5"}}, drift("labels.*", "text", "number")},
		{`"metadata":[]`, customer{}, drift("metadata", "object", "list")},
		{`"NAME":5`, customer{Name: "5"}, drift("name", "text", "number")},
		{`"\u006eame":5`, customer{Name: "5"}, drift("name", "text", "number")},
		{`"unknown":"\\\"}]","name":5`, customer{Name: "5"}, drift("name", "text", "number")},
		{`"unknown":[{"any":"th\"}]ing"}],"name":5`, customer{Name: "5"}, drift("name", "text", "number")},
		{`"number":"1","number":"2"`, customer{Number: 2}, append(drift("number", "whole number", "text"), drift("number", "whole number", "text")...)},
	}
	for _, tt := range tests {
		t.Run(tt.member, func(t *testing.T) {
			t.Parallel()
			tt.want.ID = "a"
			body := `{"rows":[{"id":"a",` + tt.member + `}],"total":1}`
			require.Error(t, json.Unmarshal([]byte(body), new(list[customer])), "encoding/json takes it")

			got := unmarshal[customer](t, body)

			assert.Equal(t, list[customer]{Rows: []customer{tt.want}, Total: 1}, got.list)
			assert.Equal(t, tt.drift, got.drift)
			assert.Empty(t, got.bad)
		})
	}
}

// What cannot be meant makes the row unreadable, and no other.
func TestUnmarshalRefusesWhatMayMeanSomethingElse(t *testing.T) {
	t.Parallel()
	tests := []struct{ member, want string }{
		{`"name":true`, "want text, got boolean in rows[1].name"},
		{`"name":["a"]`, "want text, got list in rows[1].name"},
		{`"name":{"id":"a"}`, "want text, got object in rows[1].name"},
		{`"store_id":{"name":"a"}`, "want text, got object in rows[1].store_id"},
		{`"store_id":{"id":true}`, "want text, got object in rows[1].store_id"},
		{`"number":1.5`, "want whole number, got number in rows[1].number"},
		{`"number":9223372036854775808`, "want whole number, got number in rows[1].number"},
		{`"number":1e999999999`, "want whole number, got number in rows[1].number"},
		{`"number":"0x10"`, "want whole number, got text in rows[1].number"},
		{`"number":"1,000"`, "want whole number, got text in rows[1].number"},
		{`"number":"007"`, "want whole number, got text in rows[1].number"},
		{`"number":"+7"`, "want whole number, got text in rows[1].number"},
		{`"number":1e1000000000000`, "want whole number, got number in rows[1].number"},
		{`"number":"ten"`, "want whole number, got text in rows[1].number"},
		{`"number":true`, "want whole number, got boolean in rows[1].number"},
		{`"number":[5]`, "want whole number, got list in rows[1].number"},
		{`"number":{"id":{"id":5}}`, "want whole number, got object in rows[1].number"},
		{`"sum":1e400`, "want number, got number of another form in rows[1].sum"},
		{`"sum":{"id":5}`, "want number, got object in rows[1].sum"},
		{`"points":"NaN"`, "want number, got text in rows[1].points"},
		{`"active":2`, "want boolean, got number in rows[1].active"},
		{`"active":"yes"`, "want boolean, got text in rows[1].active"},
		{`"birthday":"20/10/1950"`, "want date, got text in rows[1].birthday"},
		{`"birthday":20261005`, "want date, got number in rows[1].birthday"},
		{`"birthday":"2026-13-05"`, "want date, got text in rows[1].birthday"},
		{`"birthday":{"id":5}`, "want date, got object in rows[1].birthday"},
		{`"birthday":{"date":"2026-01-05","timezone":"No/Such"}`, "want date, got object in rows[1].birthday"},
		{`"birthday":"2026-01-05 10:00:00+24:00"`, "want date, got text in rows[1].birthday"},
		{`"birthday":"99999-01-05"`, "want date, got text in rows[1].birthday"},
		{`"tags":"a, b"`, "want list, got text in rows[1].tags"},
		{`"tags":{"a":"b"}`, "want list, got object in rows[1].tags"},
		{`"tags":{"0":"a","0":"b"}`, "want list, got object in rows[1].tags"},
		{`"tags":{"01":"a"}`, "want list, got object in rows[1].tags"},
		{`"tags":["a",[]," ",[5]]`, "want text, got list in rows[1].tags[3]"},
		{`"stats":["a"]`, "want object, got list in rows[1].stats"},
		{`"addresses":[{"id":"b"},{"city":true}]`, "want text, got boolean in rows[1].addresses[1].city"},
		{`"labels":{"secret":true}`, "want text, got boolean in rows[1].labels.*"},
		{`"state":"x"`, "want whole number, got text in rows[1].state"},
	}
	for _, tt := range tests {
		t.Run(tt.member, func(t *testing.T) {
			t.Parallel()
			row := `{"name":5,` + tt.member + `,"id":"b"}`

			got := unmarshal[customer](t, `{"rows":[{"id":"a"},`+row+`,{"id":"c"}],"total":"3"}`)

			assert.Equal(t, list[customer]{Rows: []customer{{ID: "a"}, {ID: "c"}}, Total: 3}, got.list)
			assert.Equal(t, []loosejson.Drift{{Path: "total", Want: "whole number", Got: "text"}}, got.drift)
			require.Len(t, got.bad, 1)
			require.EqualError(t, got.bad[0].Err, "loosejson: "+tt.want)
			got.bad[0].Err = nil
			assert.Equal(t, loosejson.Row{Index: 1, ID: "b", Raw: json.RawMessage(row)}, got.bad[0])
		})
	}
}

func TestUnmarshalReadsDatesInTheirZone(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 3*60*60)
	for text, want := range map[string]string{
		`"2026-01-05 10:00:00"`:                           "2026-01-05T10:00:00+03:00",
		`"2026-01-05 10:00:00.5"`:                         "2026-01-05T10:00:00.5+03:00",
		`"2026-01-05t10:00:00"`:                           "2026-01-05T10:00:00+03:00",
		`"2026-01-05"`:                                    "2026-01-05T00:00:00+03:00",
		`"2026-01-05 10:00:00Z"`:                          "2026-01-05T10:00:00Z",
		`"2026-01-05 10:00:00 Z"`:                         "2026-01-05T10:00:00Z",
		`"2026-01-05 10:00:00 +0530"`:                     "2026-01-05T10:00:00+05:30",
		`"2026-01-05 10:00:00 +05:30"`:                    "2026-01-05T10:00:00+05:30",
		`"2026-01-05T10:00:00+0530"`:                      "2026-01-05T10:00:00+05:30",
		`"2026-01-05 10:00:00-02"`:                        "2026-01-05T10:00:00-02:00",
		`"2026-01-05 10:00:00 -02"`:                       "2026-01-05T10:00:00-02:00",
		`{"date":"2026-01-05 10:00:00"}`:                  "2026-01-05T10:00:00+03:00",
		`{"date":"2026-01-05","timezone":"east"}`:         "2026-01-05T00:00:00+03:00",
		`{"date":"2026-01-05 10:00","timezone":"+01:00"}`: "",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var got time.Time
			_, err := loosejson.Unmarshal([]byte(text), &got, loosejson.Options{Zone: east})
			if want == "" {
				require.EqualError(t, err, "loosejson: want date, got object")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, want, got.Format(time.RFC3339Nano))
		})
	}
}

func TestUnmarshalOfWhatIsNoAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                             "loosejson: not JSON, or cut off",
		`{"rows":[`:                    "loosejson: not JSON, or cut off",
		`<html>`:                       "loosejson: not JSON, or cut off",
		`[]`:                           "loosejson: want object, got list",
		`{"rows":{}}`:                  "loosejson: want list, got object in rows",
		`{"rows":""}`:                  "loosejson: want list, got text in rows",
		`["secret"]`:                   "loosejson: want object, got list",
		`"secret"`:                     "loosejson: want object, got text",
		`{"rows":"secret"}`:            "loosejson: want list, got text in rows",
		`{"rows":{"id":"secret"}}`:     "loosejson: want list, got object in rows",
		`{"rows":[],"total":"secret"}`: "loosejson: want whole number, got text in total",
		strings.Repeat("[", 100_000):   "loosejson: not JSON, or cut off",
	} {
		got := list[customer]{Total: 7}
		bad, err := loosejson.Unmarshal([]byte(body), &got, loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"})
		assert.Empty(t, bad)
		if want == "" {
			require.NoError(t, err)
			assert.Zero(t, got)
			continue
		}
		require.EqualError(t, err, want)
	}
}

func TestUnmarshalNeedsAPointer(t *testing.T) {
	t.Parallel()
	for _, out := range []any{nil, customer{}, (*customer)(nil)} {
		_, err := loosejson.Unmarshal([]byte(`{}`), out, loosejson.Options{})
		require.EqualError(t, err, "loosejson: out must be a pointer")
		require.EqualError(t, loosejson.Check([]byte(`{}`), out, loosejson.Options{}), "loosejson: out must be a pointer")
	}
}
