package canary

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

const module = "github.com/souk-go/souk"

// packages are those whose types can come to hold a secret of a program. The stand-ins
// and souktest are for tests and hold none.
var packages = []string{"souk", "commercengine", "salla", "shoplazza", "shopline", "xclade"}

// roots lead to every public type: by fields, parameters, results and methods.
var roots = []any{
	souk.NewFileTokenStore, souk.FromOAuth2, souk.WithResponse, souk.NewMemorySeen,
	souk.Options{},
	souk.Error{},
	souk.RowError{},
	souk.UnsavedError{},
	souk.Delivery{},
	(*souk.Limiter)(nil), souk.NewWalk[int],

	commercengine.NewClient, commercengine.ParseClaims,
	salla.NewClient,
	salla.OAuth{},
	salla.ParseDelivery,
	salla.OTPRequest{},
	salla.AppEvent{},
	shoplazza.NewClient,
	shoplazza.OAuth{},
	shoplazza.ParseDelivery,
	shopline.NewClient,
	shopline.OAuth{},
	shopline.ParseDelivery,
	shopline.Customer{},
	shopline.CustomerDeletedEvent{},
	shopline.MarketingConsentEvent{},
	shopline.CustomerGroup{},
	shopline.CustomersRedactEvent{},
	xclade.NewClient,
}

// reached are the types of the packages that roots lead to, by name.
var reached = func() map[string]reflect.Type {
	r := reacher{seen: map[reflect.Type]bool{}, named: map[string]reflect.Type{}}
	for _, root := range roots {
		r.reach(reflect.TypeOf(root))
	}
	return r.named
}()

type reacher struct {
	seen  map[reflect.Type]bool
	named map[string]reflect.Type
}

func (r *reacher) reach(t reflect.Type) {
	if r.seen[t] {
		return
	}
	r.seen[t] = true
	if name := nameOf(t); name != "" {
		r.named[name] = t
		r.methods(t)
		r.methods(reflect.PointerTo(t))
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		r.reach(t.Elem())
	case reflect.Map:
		r.reach(t.Key())
		r.reach(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				r.reach(f.Type)
			}
		}
	case reflect.Func:
		r.signature(t)
	}
}

func (r *reacher) methods(t reflect.Type) {
	for i := range t.NumMethod() {
		r.signature(t.Method(i).Type)
	}
}

func (r *reacher) signature(t reflect.Type) {
	for i := range t.NumIn() {
		r.reach(t.In(i))
	}
	for i := range t.NumOut() {
		r.reach(t.Out(i))
	}
}

// nameOf returns the name of an exported type of the packages, without its arguments,
// "" for any other.
func nameOf(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	dir, ok := strings.CutPrefix(t.PkgPath(), module)
	if !ok || name == "" || !ast.IsExported(name) || strings.Contains(dir, "internal") {
		return ""
	}
	return path.Base(t.PkgPath()) + "." + name
}

// declared are the names of the exported types of a package.
func declared(t *testing.T, name string) (names []string) {
	t.Helper()
	dir := filepath.Join("..", "..", name)
	if name == path.Base(module) {
		dir = filepath.Join("..", "..")
	}
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file.Name()), nil, 0)
		require.NoError(t, err)
		for _, declaration := range parsed.Decls {
			types, ok := declaration.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, spec := range types.Specs {
				if typ := spec.(*ast.TypeSpec); typ.Name.IsExported() {
					names = append(names, name+"."+typ.Name.Name)
				}
			}
		}
	}
	return names
}

// A new type is either reached, and all that follows is done with it, or noticed here.
func TestEveryTypeIsReached(t *testing.T) {
	t.Parallel()
	for _, name := range packages {
		for _, typ := range declared(t, name) {
			if reached[typ] == nil {
				t.Errorf("%s is not reached: add the type, or what leads to it, to roots", typ)
			}
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(reached)) {
		name, _, _ := strings.Cut(typ, ".")
		if !slices.Contains(packages, name) {
			t.Errorf("%s is of none of the packages", typ)
		}
	}
	t.Logf("%d types", len(reached))
}
