//go:build race

package ratelimit

const scale = 10
