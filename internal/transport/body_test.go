package transport

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// One large answer must not stay in memory for good.
func TestLargeBuffersAreNotKept(t *testing.T) {
	t.Parallel()
	kept := func(size int) bool {
		for range 100 { // others take and release buffers at the same time
			b := bytes.NewBuffer(make([]byte, 0, size))
			other := takeBuffer()
			releaseBuffer(b)
			isSpare := buffers.spare.Load() == b
			releaseBuffer(other)
			if isSpare {
				return true
			}
		}
		return false
	}
	assert.True(t, kept(maxPooled))
	assert.False(t, kept(maxPooled+1))
}
