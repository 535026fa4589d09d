package loosejson_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Pages of which some members have another value, and some bytes are others.
func TestMutatedPages(t *testing.T) {
	t.Parallel()
	pages := 800
	if testing.Short() {
		pages = 200
	}
	for seed := range pages {
		r := rand.New(rand.NewPCG(uint64(seed), 0))
		fuzzPage[customer](t, mutated(t, r, evenCustomer))
		fuzzPage[person](t, mutated(t, r, evenPerson))
		fuzzPage[node](t, mutated(t, r, `{"id":1,"children":[{"id":2,"children":[{"id":3}]},{"id":4}]}`))
		if t.Failed() {
			t.Fatalf("with the seed %d", seed)
		}
	}
}

// mutated returns a page of three rows.
func mutated(t *testing.T, r *rand.Rand, row string) []byte {
	t.Helper()
	rows := make([]string, 3)
	for i := range rows {
		var value any
		decoder := json.NewDecoder(strings.NewReader(row))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&value))
		encoded, err := json.Marshal(mutate(r, value))
		require.NoError(t, err)
		rows[i] = string(encoded)
	}
	page := fmt.Appendf(nil, `{"rows":[%s],"total":%s}`, strings.Join(rows, ","), values[r.IntN(len(values))])
	const others = `0{}[]",:.e-tn \`
	for range r.IntN(2) * r.IntN(4) {
		at, other := r.IntN(len(page)), r.IntN(len(others))
		page = slices.Concat(page[:at], []byte(others[other:other+1]), page[at+r.IntN(2):])
	}
	return page
}

// mutate puts another value in the place of some.
func mutate(r *rand.Rand, value any) any {
	if r.IntN(12) == 0 {
		return json.RawMessage(values[r.IntN(len(values))])
	}
	switch value := value.(type) {
	case map[string]any:
		changed := make(map[string]any, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			changed[name] = mutate(r, value[name])
		}
		return changed
	case []any:
		changed := make([]any, len(value))
		for i, inner := range value {
			changed[i] = mutate(r, inner)
		}
		return changed
	}
	return value
}
