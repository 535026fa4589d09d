package xclade_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade"
)

func TestNullable(t *testing.T) {
	t.Parallel()
	type request struct {
		Name xclade.Nullable[string] `json:"name,omitzero"`
	}
	for text, want := range map[string]request{
		`{}`:             {},
		`{"name":null}`:  {xclade.Null[string]()},
		`{"name":""}`:    {xclade.Value("")},
		`{"name":"Ada"}`: {xclade.Value("Ada")},
	} {
		encoded, err := json.Marshal(want)
		require.NoError(t, err)
		assert.Equal(t, text, string(encoded))

		var decoded request
		require.NoError(t, json.Unmarshal([]byte(text), &decoded))
		assert.Equal(t, want, decoded)
		value, ok := decoded.Name.Get()
		assert.Equal(t, text == `{"name":""}` || text == `{"name":"Ada"}`, ok)
		assert.Equal(t, text == `{"name":"Ada"}`, value == "Ada")
		assert.Equal(t, text == `{"name":null}`, decoded.Name.IsNull())
	}
	assert.Error(t, json.Unmarshal([]byte(`{"name":7}`), &request{}))
}
