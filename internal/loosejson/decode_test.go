package loosejson_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		body  string
		want  list[customer]
		bad   []string
		drift int
		err   string
	}{
		{name: "even", body: `{"rows":[{"id":"a","points":"5"}],"total":1}`, want: list[customer]{[]customer{{ID: "a", Points: "5"}}, 1}},
		{name: "odd", body: `{"rows":[{"id":5}],"total":1}`, want: list[customer]{[]customer{{ID: "5"}}, 1}, drift: 1},
		{
			name: "incomplete", body: `{"rows":[{"id":"a"},{}],"total":2}`, want: list[customer]{[]customer{{ID: "a"}}, 2},
			bad: []string{`1 "" {}: loosejson: want id, got none in rows[1]`},
		},
		{name: "unreadable", body: `{"rows":5}`, err: "loosejson: want list, got number in rows"},
		{name: "too many rows", body: `{"rows":` + repeated(`{"id":"a"}`, 31) + `}`, err: tooManyRows},
		{name: "too dense", body: `{"rows":[{"id":"a","metadata":{"a":` + repeated(`{"":0}`, 600_000) + `}}]}`, err: tooDense},
		{name: "no JSON", body: `<html>`, err: notJSON},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got list[customer]
			drift := 0
			bad, err := loosejson.Decode([]byte(tt.body), &got, loosejson.Options{
				Row: reflect.TypeFor[customer](), ID: "id", Asked: 3, Drift: func(loosejson.Drift) { drift++ },
			})
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.bad, report(bad))
			assert.Equal(t, tt.drift, drift)
		})
	}
}
