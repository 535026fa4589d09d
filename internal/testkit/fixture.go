package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Fixture returns the content of a file below the package's testdata.
func Fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return data
}
