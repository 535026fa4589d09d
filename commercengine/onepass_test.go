package commercengine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/testkit"
)

// Nobody would see it if a vendor's own answers were read the slow way.
func TestSuccessesAreReadInOnePass(t *testing.T) { //nolint:paralleltest // counts what the process does
	for _, o := range operations() {
		gock := testkit.NewGock(t)
		gock.Expect(o.request()).Fixture(200, o.fixture+".json")
		client, before := newClient(t, gock), loosejson.Slow()

		_, err := o.call(t.Context(), client)

		require.NoError(t, err, o.fixture)
		assert.Equal(t, before, loosejson.Slow(), o.fixture)
	}
}
