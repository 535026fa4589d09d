//go:build !race

package ratelimit

// scale divides the number of stores where the race detector makes everything ten times slower.
const scale = 1
