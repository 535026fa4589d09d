package souk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

func TestWalkWithoutAList(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]*souk.Walk[int]{"nil": nil, "zero": {}} {
		n := 0
		for row, err := range w.All(t.Context()) {
			assert.Nil(t, row, name)
			require.ErrorIs(t, err, souk.ErrInvalid, name)
			n++
		}
		assert.Equal(t, 1, n, name)
		assert.Empty(t, w.Position(), name)
		assert.Equal(t, -1, w.Total(), name)
	}
}
