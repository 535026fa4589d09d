package souk_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What users read in a signature they must be able to read about, and to name.
func TestNoPublicNameShowsAnInternalType(t *testing.T) {
	t.Parallel()
	looked := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "internal" || entry.Name() == "testdata" || entry.Name() == "tools"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil || file.Name.Name == "main" {
			return err
		}
		looked++
		s := shower{internals: internalImports(file)}
		for _, decl := range file.Decls {
			s.decl(decl)
		}
		assert.Empty(t, s.shown, path)
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, looked, 100)
}

// internalImports returns the names that a file has for internal packages.
func internalImports(file *ast.File) map[string]bool {
	names := make(map[string]bool)
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		if !strings.Contains(path, "/internal/") {
			continue
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = true
	}
	return names
}

// shower collects where a file's exported declarations name internal packages.
type shower struct {
	internals map[string]bool
	shown     []string
}

func (s *shower) decl(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			s.expr(d.Name.Name, d.Type)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			s.spec(spec)
		}
	}
}

func (s *shower) spec(spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() {
			s.expr(spec.Name.Name, spec.Type)
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && spec.Type != nil {
				s.expr(name.Name, spec.Type)
			}
		}
	}
}

// expr looks at a type, but not at the fields of it that nobody else can see.
func (s *shower) expr(of string, expr ast.Node) {
	ast.Inspect(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			for _, field := range n.Fields.List {
				if len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
					s.expr(of, field.Type)
				}
			}
			return false
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && s.internals[pkg.Name] {
				s.shown = append(s.shown, fmt.Sprintf("%s shows %s.%s", of, pkg.Name, n.Sel.Name))
			}
		}
		return true
	})
}

// exportedReceiver reports whether users can have the receiver of a method. Its type comes
// before the names of its parameters.
func exportedReceiver(list *ast.FieldList) bool {
	exported, found := false, false
	ast.Inspect(list.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found {
			exported, found = id.IsExported(), true
		}
		return !found
	})
	return exported
}
