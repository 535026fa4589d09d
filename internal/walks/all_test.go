package walks

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asked returns the URLs of the requests that a function makes.
func asked(s *store, f func()) (urls []string) {
	before := len(s.Requests())
	f()
	for _, r := range s.Requests()[before:] {
		urls = append(urls, r.Path+"?"+r.Query.Encode())
	}
	return urls
}

// All is a walk from the beginning, in every loop over it.
func TestAllIsAWalkFromTheBeginning(t *testing.T) {
	t.Parallel()
	for _, l := range lists {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := l.start(t)
			if s.add != nil {
				s.fill(t, 7)
			}
			for _, limit := range []int{0, 3} {
				w := s.open(t, l, request{limit: limit}, "")
				var rows [3][]string
				var urls [3][]string
				all := w.all(t.Context())
				for i, loop := range []func() ([]string, error){
					func() ([]string, error) { return take(t.Context(), w.rows(t.Context()), 0) },
					func() ([]string, error) { return take(t.Context(), all, 0) },
					func() ([]string, error) { return take(t.Context(), all, 0) },
				} {
					urls[i] = asked(s, func() {
						var err error
						rows[i], err = loop()
						require.NoError(t, err)
					})
				}
				assert.GreaterOrEqual(t, len(rows[0]), 3)
				assert.Len(t, slices.Compact(slices.Sorted(slices.Values(rows[0]))), len(rows[0]))
				for i := 1; i < 3; i++ {
					assert.Equal(t, rows[0], rows[i])
					assert.Equal(t, urls[0], urls[i])
				}
				if limit > 0 && !l.unsized && s.add != nil {
					assert.GreaterOrEqual(t, len(urls[0]), 3)
				}

				again, err := take(t.Context(), w.rows(t.Context()), 0)
				require.NoError(t, err)
				assert.Empty(t, again, "a walk goes on")
			}
		})
	}
}
