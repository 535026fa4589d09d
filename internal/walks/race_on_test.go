//go:build race

package walks

const underRace = true
