//go:build !race

package ratelimit

// scale divides the stores and the variants of the simulations where the race detector makes them ten times slower.
const scale = 1
