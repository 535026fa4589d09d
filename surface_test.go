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

// A struct that embeds a public type would be decoded by its decoder, and encoded by its
// encoder, and lose its other fields. Requests are sent, and may have an encoder.
func TestNoPublicStructDecodesItself(t *testing.T) {
	t.Parallel()
	for _, vendor := range []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"} {
		structs := make(map[string]bool)
		var own [][2]string // receivers and methods
		for _, decl := range declarations(t, vendor) {
			switch d := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.TypeParams == nil {
						_, structs[s.Name.Name] = s.Type.(*ast.StructType)
					}
				}
			case *ast.FuncDecl:
				own = append(own, [2]string{receiver(d), d.Name.Name})
			}
		}
		require.True(t, structs["Customer"])
		for _, method := range own {
			decodes := method[1] == "UnmarshalJSON" || method[1] == "UnmarshalText"
			encodes := method[1] == "MarshalJSON" || method[1] == "MarshalText"
			if ast.IsExported(method[0]) && structs[method[0]] {
				assert.False(t, decodes, "%s.%s has %s", vendor, method[0], method[1])
				assert.False(t, encodes && !strings.HasSuffix(method[0], "Request"), "%s.%s has %s", vendor, method[0], method[1])
			}
		}
	}
}

// receiver is the name of the type that has a method, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, _ := typ.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

// exported returns the exported names that a package declares.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	for _, decl := range declarations(t, dir) {
		names = append(names, declared(decl)...)
	}
	return names
}

// declarations are those of a package, but for its tests.
func declarations(t *testing.T, dir string) (decls []ast.Decl) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		decls = append(decls, file.Decls...)
	}
	return decls
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
