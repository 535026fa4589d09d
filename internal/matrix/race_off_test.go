//go:build !race

package matrix

// underRace says that a trial takes some ten times as long.
const underRace = false
