package standin_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/standin"
)

func TestABucketHasRoomAgainAsItDrains(t *testing.T) {
	t.Parallel()
	b := standin.Bucket{Capacity: 2, Drain: 4}
	now := time.Unix(1_000_000_000, 0)
	for range 2 {
		assert.True(t, b.HasRoom(now))
		b.Fill()
	}

	assert.False(t, b.HasRoom(now))
	assert.False(t, b.HasRoom(now.Add(249*time.Millisecond)))
	assert.True(t, b.HasRoom(now.Add(250*time.Millisecond)))
}
