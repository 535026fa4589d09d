package standin_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/standin"
)

func TestEncodeEscapesNothingForHTML(t *testing.T) {
	t.Parallel()
	assert.Contains(t, string(standin.Encode([]string{"<A & B>"})), "<A & B>")
	assert.Equal(t, "null", string(standin.Encode(math.NaN())))
}
