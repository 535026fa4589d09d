package souk_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The documentation of a service shows how it is used, by a program whose output is compared.
func TestEveryServiceHasAnExample(t *testing.T) {
	t.Parallel()
	services := 0
	for _, vendor := range []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"} {
		shown := examples(t, vendor)
		for _, name := range exported(t, vendor) {
			if strings.HasSuffix(name, "Service") {
				services++
				assert.True(t, shown[name], "%s.%s has no Example with output", vendor, name)
			}
		}
	}
	assert.Greater(t, services, 20)
}

// examples returns the types that the Examples of a package show.
func examples(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	shown := map[string]bool{}
	for _, example := range doc.Examples(files...) {
		if example.Output != "" {
			name, _, _ := strings.Cut(example.Name, "_")
			shown[name] = true
		}
	}
	return shown
}
