package souk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

// shared are the names that souk and souktest declare for all vendors.
var shared = []string{
	"Error", "ErrUnauthorized", "ErrForbidden", "ErrNotFound", "ErrInvalid", "ErrAlreadyExists", "ErrRateLimited",
	"ErrUnavailable", "ErrOutcomeUnknown", "ErrUnreadable", "ErrReauthorize",
	"TokenStore", "TokenSource", "Limiter", "Options", "Observer", "Response", "Fault", "Request", "Walk",
	"NewMemoryTokenStore", "NewFileTokenStore", "UnsavedError", "Delivery", "Seen", "NewMemorySeen", "ErrClaimed",
}

func TestNoVendorDeclaresWhatAllShare(t *testing.T) {
	t.Parallel()
	for _, vendor := range []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"} {
		for _, dir := range []string{vendor, filepath.Join(vendor, vendor+"test")} {
			names := exported(t, dir)
			require.NotEmpty(t, names, dir)
			for _, name := range shared {
				assert.NotContains(t, names, name, dir)
			}
		}
	}
}

// A method of Options would be promoted to every Config, and a LogValue of it
// would hide the Config from logs.
func TestOptionsHaveNoMethods(t *testing.T) {
	t.Parallel()
	assert.Zero(t, reflect.TypeFor[*souk.Options]().NumMethod())
}

// The zone database is 400 kB of a program: only a vendor that names zones links it.
func TestZoneDatabaseIsLinkedOnlyWhereZonesAreNamed(t *testing.T) {
	t.Parallel()
	for vendor, names := range map[string]bool{
		"salla": true, "commercengine": false, "shopline": false, "shoplazza": false, "xclade": false, "souktest": false,
	} {
		deps, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./"+vendor).Output()
		require.NoError(t, err)
		assert.Equal(t, names, slices.Contains(strings.Fields(string(deps)), "time/tzdata"), vendor)
	}
}

// exported returns the exported names that a package declares.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			names = append(names, declared(decl)...)
		}
	}
	return names
}

func declared(decl ast.Decl) []string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}
