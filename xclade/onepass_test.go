package xclade_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// Nobody would see it if a vendor's own answers were read the slow way.
func TestSuccessesAreReadInOnePass(t *testing.T) { //nolint:paralleltest // counts what the process does
	for _, op := range operations() {
		client, before := scripted(t, &script{answers: []reply{{status: http.StatusOK, body: op.success}}}), loosejson.Slow()

		_, err := op.call(t.Context(), client)

		require.NoError(t, err, op.name)
		assert.Equal(t, before, loosejson.Slow(), op.name)
	}
}
