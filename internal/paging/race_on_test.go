//go:build race

package paging_test

const underRace = true
