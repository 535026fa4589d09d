package loosejson_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

const (
	tooManyRows = "loosejson: far more rows than asked for, or more than 10,000"
	tooLarge    = "loosejson: a list of more than 8 MiB"
	tooDense    = "loosejson: would take far more memory than its size"
	notJSON     = "loosejson: not JSON, or cut off"
)

// repeated is a list of the same element, so many times.
func repeated(element string, times int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", times), ",") + "]"
}

func TestRowsAreCounted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		rows  string
		asked int
		want  string
	}{
		{"ten times as many", repeated(`{"id":"a"}`, 100), 10, ""},
		{"more than that", repeated(`{"id":"a"}`, 101), 10, tooManyRows},
		{"of no object", repeated(`null`, 101), 10, tooManyRows},
		{"with objects of their own", repeated(`{"id":"a","default_address":{},"addresses":[{},{}]}`, 100), 10, ""},
		{"as an object", `{"0":{"id":"a"},"1":{"id":"b"},"2":{},"3":{},"4":{},"5":{},"6":{},"7":{},"8":{},"9":{},"10":{}}`, 1, tooManyRows},
		{"10,000", repeated(`{"id":"a"}`, 10_000), 0, ""},
		{"more than 10,000", repeated(`{"id":"a"}`, 10_001), 0, tooManyRows},
		{"more than 10,000, though asked for", repeated(`{"id":"a"}`, 10_001), 20_000, tooManyRows},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got list[customer]
			options := loosejson.Options{Row: reflect.TypeFor[customer](), Asked: tt.asked}
			body := []byte(`{"rows":` + tt.rows + `}`)

			_, err := loosejson.Unmarshal(body, &got, options)

			if tt.want != "" {
				require.EqualError(t, err, tt.want)
				assert.Empty(t, got.Rows)
				return
			}
			require.NoError(t, err)
			require.NoError(t, loosejson.Check(body, &got, options))
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		body string
		want string
	}{
		{"no rows", `{"rows":[]}`, ""},
		{"rows", `{"rows":` + repeated(`{}`, 100) + `}`, ""},
		{"too many rows", `{"rows":` + repeated(`{}`, 101) + `}`, tooManyRows},
		{"rows that a list must not have", `{"rows":` + repeated(`null`, 300_000) + `}`, tooManyRows},
		{"a list of more than 8 MiB", `{"rows":[{"id":"` + strings.Repeat("a", 8<<20) + `"}]}`, tooLarge},
		{"a long text", `{"rows":[{"id":"` + strings.Repeat("a", 1<<20) + `"}]}`, ""},
		{"commas in a text", `{"rows":[{"id":"` + strings.Repeat(",", 1<<20) + `"}]}`, ""},
		{"many small objects", `{"rows":[{"addresses":` + repeated(`{}`, 300_000) + `}]}`, ""},
		{"too many large ones", `{"rows":[{"places":` + repeated(`{}`, 300_000) + `}]}`, tooDense},
		{"too many of no kind", `{"rows":[{"places":` + repeated(`0`, 300_000) + `}]}`, tooDense},
		{"too many numbered ones", `{"rows":[{"places":{"0":0` + strings.Repeat(`,"1":{}`, 300_000) + `}}]}`, tooDense},
		{"too many behind pointers", `{"rows":[{"pointers":` + repeated(`{}`, 400_000) + `}]}`, tooDense},
		{"too many by name", `{"rows":[{"by_name":{"":{}` + strings.Repeat(`,"":{}`, 150_000) + `}}]}`, tooDense},
		{"too many by a name each", `{"rows":[{"metadata":{"a":` + repeated(`{"":{"":0}}`, 400_000) + `}}]}`, tooDense},
		{"too many dates", `{"rows":[{"dates":` + repeated(`""`, 1_000_000) + `}]}`, tooDense},
		{"too many of any kind", `{"rows":[{"metadata":{"a":` + repeated(`{"":0}`, 600_000) + `}}]}`, tooDense},
		{"many beside", `{"rows":[],"unknown":` + repeated(`{"":0}`, 300_000) + `}`, ""},
		{"many as they come", `{"rows":[{"extra":` + repeated(`{"":0}`, 300_000) + `}]}`, ""},
		{"cut off", `{"rows":` + strings.Repeat(`[{},`, 300_000), notJSON},
		{"cut off, but short", `{"rows":[`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := loosejson.Check([]byte(tt.body), new(list[victim]), loosejson.Options{Row: reflect.TypeFor[victim](), Asked: 10})
			if tt.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, tt.want)
			}
		})
	}
}

// Rows inside rows are not rows.
func TestRowsOfRowsAreNotCounted(t *testing.T) {
	t.Parallel()
	body := []byte(`{"rows":[{"id":1,"children":` + repeated(`{"id":2}`, 100) + `},{"id":3}]}`)
	options := loosejson.Options{Row: reflect.TypeFor[node](), Asked: 1}
	assert.NoError(t, loosejson.Check(body, new(list[node]), options))
}

// An answer without rows has the limit of memory only.
func TestCheckWithoutRows(t *testing.T) {
	t.Parallel()
	var got list[customer]
	assert.NoError(t, loosejson.Check([]byte(`{"rows":`+repeated(`{}`, 101)+`}`), &got, loosejson.Options{Asked: 10}))
	assert.EqualError(t, loosejson.Check([]byte(`{"rows":`+repeated(`{}`, 300_000)+`}`), &got, loosejson.Options{}), tooDense)
}
