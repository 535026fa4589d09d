package shoplazza_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// Nobody would see it if a vendor's own answers were read the slow way.
func TestSuccessesAreReadInOnePass(t *testing.T) { //nolint:paralleltest // counts what the process does
	for _, version := range bothGenerations {
		for name, o := range operations() {
			before := loosejson.Slow()

			_, _, err := against(t, version, o, scripted{status: http.StatusOK, body: strings.Replace(o.content(), "[]", `[{"id":"1"}]`, 1)})

			require.NoError(t, err, name)
			assert.Equal(t, before, loosejson.Slow(), name)
		}
	}
}
