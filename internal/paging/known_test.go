package paging

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Of a page that shows a row that came, the eight behind it can, too.
func TestRowsThatCameAreKnownForEightPages(t *testing.T) {
	t.Parallel()
	page := func(n int) []row[string] { return []row[string]{{sum: uint64(n) << anchorShift}} }
	k := newKnown([]uint64{1})
	fresh(k, page(1))
	for n := range remembered {
		assert.True(t, k.resumed(), n)
		fresh(k, page(n+2))
	}
	assert.False(t, k.resumed())
}
