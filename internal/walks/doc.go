// Package walks tests what the walks through all lists of all vendors promise: that
// each list has one, that positions are for their own list only, and that no row is
// lost when the process is killed. It holds nothing but tests.
package walks
