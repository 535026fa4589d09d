package salla_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// Nobody would see it if a vendor's own answers were read the slow way.
func TestSuccessesAreReadInOnePass(t *testing.T) { //nolint:paralleltest // counts what the process does
	for name, o := range operations {
		_, client, s := populated(t)
		if name == "Wallets.Withdraw" {
			_, err := operations["Wallets.Deposit"].call(t.Context(), client, s)
			require.NoError(t, err)
		}
		before := loosejson.Slow()

		_, err := o.call(t.Context(), client, s)

		require.NoError(t, err, name)
		assert.Equal(t, before, loosejson.Slow(), name)
	}
}
