package guess

import (
	"flag"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/names.txt anew")

const heading = `The names that users see of the vendors' packages: functions, types, and the methods and
fields of those types that more than one package has. Rows of one name with several
forms, and gaps where others have a mark, are differences: each is meant. Parameters have
no names here. go test ./internal/guess -update writes this file.

salla
|  commercengine
|  |  shopline
|  |  |  shoplazza
|  |  |  |  xclade
`

// TestDifferencesAreMeant compares what the packages have with testdata/names.txt.
func TestDifferencesAreMeant(t *testing.T) {
	packages := load(t)
	having := map[string][]string{} // vendors by name
	for _, vendor := range vendors {
		for _, name := range namesOf(packages.of(t, vendor)) {
			having[name] = append(having[name], vendor)
		}
	}
	var table strings.Builder
	table.WriteString(heading)
	for _, name := range slices.Sorted(maps.Keys(having)) {
		if isOfOne(having, name) {
			continue
		}
		for _, vendor := range vendors {
			mark := "."
			if slices.Contains(having[name], vendor) {
				mark = "x"
			}
			table.WriteString(mark + "  ")
		}
		table.WriteString(name + "\n")
	}
	file := filepath.Join("testdata", "names.txt")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(table.String()), 0o600))
	}
	agreed, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, strings.Split(string(agreed), "\n"), strings.Split(table.String(), "\n"))
}

// namesOf returns what a package exports, but for its constants and variables, which are
// the vendor's own.
func namesOf(pkg *types.Package) (names []string) {
	form := func(t types.Type) string {
		return types.TypeString(t, func(p *types.Package) string {
			if p == pkg {
				return ""
			}
			return p.Name()
		})
	}
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Func:
			names = append(names, "func "+name+form(unnamed(object.Signature()))[len("func"):])
		case *types.TypeName:
			names = append(names, "type "+name)
			names = append(names, membersOf(object, form)...)
		}
	}
	return names
}

// membersOf returns the exported fields and methods that a type declares.
func membersOf(object *types.TypeName, form func(types.Type) string) (members []string) {
	if fields, ok := object.Type().Underlying().(*types.Struct); ok {
		for field := range fields.Fields() {
			if field.Exported() {
				members = append(members, fmt.Sprintf("%s.%s %s", object.Name(), field.Name(), form(field.Type())))
			}
		}
	}
	named, ok := object.Type().(*types.Named)
	if !ok {
		return members
	}
	for method := range named.Methods() {
		if method.Exported() {
			members = append(members, object.Name()+"."+method.Name()+form(unnamed(method.Signature()))[len("func"):])
		}
	}
	return members
}

// unnamed drops the names of parameters and results.
func unnamed(s *types.Signature) *types.Signature {
	return types.NewSignatureType(nil, nil, nil, nameless(s.Params()), nameless(s.Results()), s.Variadic())
}

func nameless(t *types.Tuple) *types.Tuple {
	var all []*types.Var
	for v := range t.Variables() {
		all = append(all, types.NewParam(v.Pos(), v.Pkg(), "", v.Type()))
	}
	return types.NewTuple(all...)
}

// isOfOne reports whether a name is a member of a type that only one package has.
func isOfOne(having map[string][]string, name string) bool {
	owner, _, isMember := strings.Cut(name, ".")
	return isMember && !strings.Contains(owner, " ") && len(having["type "+owner]) < 2
}
