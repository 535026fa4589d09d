package phpdate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLoadFallsBackWhereAZoneIsMissing(t *testing.T) {
	t.Parallel()
	fallback := time.FixedZone("fallback", 3*60*60)
	assert.Same(t, fallback, load("No/Such_Zone", fallback))
	assert.Equal(t, riyadhName, load(riyadhName, fallback).String())
}
