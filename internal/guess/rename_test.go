package guess

import (
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAProgramIsRenamed compiles programs that were written for SHOPLINE, with no more
// changed than the vendor's name. What does not compile then is a difference of the
// vendors. testdata has, per program and vendor, each error and below it the difference.
func TestAProgramIsRenamed(t *testing.T) {
	packages := load(t)
	most := map[string]int{"shopline": 0, "shoplazza": 4, "xclade": 6, "salla": 6}
	for _, program := range []string{"program", "app"} {
		written, err := os.ReadFile(filepath.Join("testdata", program, "main.go"))
		require.NoError(t, err)
		for vendor, limit := range most {
			t.Run(program+" for "+vendor, func(t *testing.T) {
				renamed := strings.NewReplacer("shopline", vendor, "SHOPLINE", strings.ToUpper(vendor)).Replace(string(written))
				wrong := packages.check(t, renamed)
				assert.LessOrEqual(t, len(wrong), limit)
				assert.Equal(t, agreed(t, program, vendor), wrong, "give it the same form, or write down why not")
			})
		}
	}
}

// check returns what a compiler says of a program, in the order of its lines.
func (p *packages) check(t *testing.T, program string) []string {
	t.Helper()
	file, err := parser.ParseFile(p.fset, "main.go", program, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []types.Error
	config := types.Config{Importer: p, Error: func(err error) {
		e, ok := errors.AsType[types.Error](err)
		require.True(t, ok)
		found = append(found, e)
	}}
	_, _ = config.Check("main", p.fset, []*ast.File{file}, nil)
	slices.SortFunc(found, func(a, b types.Error) int { return cmp.Compare(a.Pos, b.Pos) })
	said := []string{}
	for _, e := range found {
		first, _, _ := strings.Cut(e.Msg, "\n")
		said = append(said, first)
	}
	return said
}

// agreed reads the errors that stand in testdata.
func agreed(t *testing.T, program, vendor string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", program, vendor+".txt"))
	if os.IsNotExist(err) {
		return []string{}
	}
	require.NoError(t, err)
	contributing, err := os.ReadFile(filepath.Join("..", "..", "CONTRIBUTING.md"))
	require.NoError(t, err)
	differences := string(contributing)
	said := []string{}
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		message, why, _ := strings.Cut(block, "\n\t")
		require.NotEmpty(t, why, message)
		assert.Contains(t, differences, "- "+why+"\n", "CONTRIBUTING.md says of each error which difference it is: %s", message)
		said = append(said, message)
	}
	return said
}
