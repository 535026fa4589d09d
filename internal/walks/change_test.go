package walks

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The walks are left and go on from their positions, while rows come and go: in the
// loops as far as the vendor's paging can tell, and between two loops without limit.
func TestWalksThroughListsThatChange(t *testing.T) {
	t.Parallel()
	for _, l := range lists {
		if l.nameless || l.start(t).remove == nil {
			continue
		}
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(5) {
				c := &churn{list: l, store: l.start(t), random: rand.New(rand.NewPCG(seed, 20))}
				c.passing = c.fill(t, 20)
				c.staying = c.fill(t, 20)
				for range 20 {
					c.staying = append(c.staying, c.fill(t, 1)...)
					c.passing = append(c.passing, c.fill(t, 1)...)
				}
				c.walk(t)
			}
		})
	}
}

type churn struct {
	*store

	list             list
	random           *rand.Rand
	staying, passing []string
}

func (c *churn) add(t *testing.T) {
	c.passing = append(c.passing, c.fill(t, 1)...)
}

func (c *churn) drop(t *testing.T) {
	if len(c.passing) == 0 {
		return
	}
	i := c.random.IntN(len(c.passing))
	require.NoError(t, c.remove(t.Context(), c.passing[i]))
	c.passing = slices.Delete(c.passing, i, i+1)
}

func (c *churn) walk(t *testing.T) {
	// Of some changes during a loop the pages do not tell: version 2022-01 does not count
	// its rows, and the stand-ins of Commerce Engine, and of Salla's groups, list new ones last.
	uncounted := strings.HasPrefix(c.list.vendor, "shoplazza 2022-01")
	newLast := c.list.vendor == "commercengine" || c.list.String() == "salla CustomerGroups.Walk"
	came := map[string]int{}
	position := ""
	for ended := false; !ended; {
		w := c.open(t, c.list, request{limit: 5}, position)
		leave := 3 + c.random.IntN(20)
		once := map[string]bool{}
		ended = true
		for id, err := range w.rows(t.Context()) {
			require.NoError(t, err)
			if leave--; leave == 0 {
				ended = false
				break
			}
			assert.False(t, once[id], "%s came twice in one loop", id)
			once[id] = true
			came[id]++
			if c.random.IntN(4) == 0 && !newLast && c.added < 200 {
				c.add(t)
			}
			if c.random.IntN(2) == 0 && !uncounted {
				c.drop(t)
			}
		}
		position = w.position()
		for range c.random.IntN(12) {
			if c.added < 200 {
				c.add(t)
			}
			c.drop(t)
			c.drop(t)
		}
	}
	for _, id := range c.staying {
		assert.Positive(t, came[id], "%s was missed", id)
	}
}
