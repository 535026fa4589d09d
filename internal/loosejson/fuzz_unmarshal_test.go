package loosejson_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// pages are seeds: whole, odd, unreadable in part, no list, and no JSON.
var pages = []string{
	`{"rows":[{"id":"a","number":1,"name":"A","sum":1.5,"points":"2","active":true,"birthday":"2026-01-05T10:00:00Z"}],"total":1}`,
	`{"rows":[{"id":5,"number":"1","name":2,"sum":"1.5","points":" 2","active":"1","verified":0,"birthday":"2026-01-05"}],"total":"1"}`,
	`{"rows":[{"id":"a","tags":{"0":"a","2":5},"groups":[{"id":1},"2"],"state":"3","stats":[],"addresses":[{"id":1,"default":1}]}]}`,
	`{"rows":[{"id":"a","labels":{"x":1},"metadata":[],"extra":{"a":[{}]},"last_visit":{"date":"2026-01-05 10:00:00","timezone":"+03:00"}}]}`,
	`{"rows":[{"id":"a","default_address":"","addresses":[{"city":true}]},null,{},5,"x",[],{"id":{"id":"b"}},{"ID":"c"}],"total":1.0}`,
	`{"rows":{"0":{"id":"a"},"2":{"id":"b","name":[]}}}`,
	`{"rows":{"0":{"id":"a"},"0":{"id":"b"}}}`,
	`{"rows":"","total":""}`,
	`{"rows":[{"id":"a","name":"\ud800","number":1e2,"sum":1e400}]}`,
	"{\"rows\":[{\"id\":\"\xff\",\"name\":5}],\"Rows\":[{\"id\":\"b\"}]}",
	`{"rows":[{"id":"a","number":1,"number":"2","addresses":[{"city":"a"}],"addresses":[{"id":"b"},{}]}]}`,
	`[]`, `null`, `""`, `5`, `{"rows":[`, ``,
}

// parts splits a page in the way of a reader that knows nothing but JSON:
// its rows, and the same page without any. ok is false if it has no list of rows,
// or several, which encoding/json decodes over one another.
func parts(data []byte) (rows []json.RawMessage, rest []byte, ok bool) {
	var page map[string]json.RawMessage
	if json.Unmarshal(data, &page) != nil || page == nil {
		return nil, nil, false
	}
	for name, value := range page {
		if name != "rows" && strings.EqualFold(name, "rows") {
			return nil, nil, false
		}
		if name == "rows" {
			ok = json.Unmarshal(value, &rows) == nil
		}
	}
	if !ok || strings.Count(string(data), `"rows"`) != 1 || strings.Contains(string(data), `\u`) {
		return nil, nil, false
	}
	page["rows"] = json.RawMessage(`[]`)
	rest, _ = json.Marshal(page)
	return rows, rest, true
}

func FuzzUnmarshal(f *testing.F) {
	for _, page := range pages {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzPage[customer](t, data)
		fuzzPage[person](t, data)
		fuzzPage[node](t, data)
		fuzzPage[own](t, data)
	})
}

func fuzzPage[T any](t *testing.T, data []byte) {
	t.Helper()
	drift := 0
	options := loosejson.Options{Row: reflect.TypeFor[T](), Drift: func(loosejson.Drift) { drift++ }}
	original := string(data)
	var got, want list[T]
	bad, err := loosejson.Unmarshal(data, &got, options)
	require.Equal(t, original, string(data), "the answer was changed")

	if json.Unmarshal(data, &want) == nil {
		require.NoError(t, err)
		require.Empty(t, bad)
		require.Zero(t, drift)
		require.Equal(t, want, got)
		return
	}
	rows, rest, ok := parts(data)
	if !ok {
		return
	}
	if _, errOfRest := loosejson.Unmarshal(rest, new(list[T]), options); errOfRest != nil {
		require.Error(t, err)
		return
	}
	require.NoError(t, err, "the page is lost for a row")
	require.Len(t, rows, len(got.Rows)+len(bad))
	for i, row := range rows {
		var single T
		if len(bad) > 0 && bad[0].Index == i {
			require.Error(t, json.Unmarshal(row, &single), "a good row was left out")
			assert.Equal(t, string(row), string(bad[0].Raw))
			bad = bad[1:]
			continue
		}
		if json.Unmarshal(row, &single) == nil {
			require.Equal(t, single, got.Rows[0])
		}
		got.Rows = got.Rows[1:]
	}
}
