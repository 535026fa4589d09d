package xclade

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Node closes a connection that was idle for five seconds. A write that is on its way
// then is one of which nobody knows whether it has happened.
func TestNoConnectionIdlesAsLongAsNodeLetsIt(t *testing.T) {
	t.Parallel()
	assert.Positive(t, vendor.Idle)
	assert.LessOrEqual(t, vendor.Idle+time.Second, 5*time.Second)
}
