package guess

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProgramsAreShort counts the lines of the examples that show what users write first,
// with the output that they check.
func TestProgramsAreShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		example  string
		most     int
		packages []string
	}{
		{"ExampleCustomersService_Upsert", 40, []string{"salla", "shopline", "shoplazza", "xclade"}},
		{"ExampleNewWebhookHandler", 40, []string{"salla", "shopline", "shoplazza"}},
		{"ExampleAddressesService", 50, []string{"commercengine"}},
	} {
		for _, vendor := range c.packages {
			lines := linesOf(t, filepath.Join("..", "..", vendor, "example_test.go"), c.example)
			assert.LessOrEqual(t, lines, c.most, "%s.%s", vendor, c.example)
			assert.Positive(t, lines, "%s has no %s", vendor, c.example)
		}
	}
}

// linesOf returns how many lines a function has, 0 if it is not there.
func linesOf(t *testing.T, file, function string) int {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	for _, declaration := range parsed.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && f.Name.Name == function {
			return files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1
		}
	}
	return 0
}
