package transport

import (
	"bytes"
	"reflect"
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

// Where one call's copy of its answer was, the next one's is, and nothing is left of it.
func TestThePlaceOfACopyIsKeptEmpty(t *testing.T) {
	t.Parallel()
	type small struct{ Name string }
	type large [maxSpare + 1]byte
	x := new(exchange)
	x.pristine = x.copied(reflect.ValueOf(small{"Ada"}))
	place := x.pristine.Addr().Interface()

	x.keepSpare()
	assert.Equal(t, &small{}, place)
	assert.Same(t, place, x.copied(reflect.ValueOf(small{"Bob"})).Addr().Interface())
	assert.Equal(t, &small{"Bob"}, place)

	x.pristine = x.copied(reflect.ValueOf(large{}))
	x.keepSpare()
	assert.False(t, x.spare.IsValid())
}
