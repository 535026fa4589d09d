package shopline_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// Nobody would see it if a vendor's own answers were read the slow way.
func TestSuccessesAreReadInOnePass(t *testing.T) { //nolint:paralleltest // counts what the process does
	for _, op := range everyOperation(t) {
		before := loosejson.Slow()

		_, _, err := ask(t, op.call, reply{status: 200, body: op.success})

		require.NoError(t, err, op.name)
		assert.Equal(t, before, loosejson.Slow(), op.name)
	}
}
