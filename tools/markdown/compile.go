package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/souk-go/souk"

// known are the packages that code may use without importing them.
var known = importsByName(
	module, module+"/souktest", module+"/fleet", module+"/otelsouk",
	module+"/salla", module+"/salla/sallatest",
	module+"/commercengine", module+"/commercengine/commercenginetest",
	module+"/shopline", module+"/shopline/shoplinetest",
	module+"/shoplazza", module+"/shoplazza/shoplazzatest",
	module+"/xclade", module+"/xclade/xcladetest",
	"bytes", "context", "encoding/json", "errors", "fmt", "io", "iter", "log", "log/slog", "net/http",
	"net/http/httptest", "net/url", "os", "slices", "strconv", "strings", "sync", "testing", "testing/synctest", "time",
	"golang.org/x/oauth2", "golang.org/x/time/rate", "github.com/redis/go-redis/v9", "gopkg.in/h2non/gock.v1",
	"github.com/stretchr/testify/assert", "github.com/stretchr/testify/require",
)

var version = regexp.MustCompile(`[./]v\d+$`)

func importsByName(paths ...string) map[string]string {
	byName := map[string]string{}
	for _, p := range paths {
		byName[strings.TrimPrefix(path.Base(version.ReplaceAllString(p, "")), "go-")] = p
	}
	return byName
}

// source is a block as a file of Go.
type source struct {
	text     string
	fragment bool   // it was put into a function
	module   string // the directory of the module it belongs to: "", "fleet" or "otelsouk"
}

// compile type-checks the code of all documents.
func compile(dir string, documents []*document) ([]string, error) {
	var problems []string
	overlay := map[string]map[string][]byte{} // by module and file
	fragments := map[string]bool{}            // by import path
	for _, d := range documents {
		for i, b := range d.blocks {
			if b.isTest() {
				continue
			}
			s, err := toSource(filepath.Join(dir, d.name), b)
			if err != nil {
				problems = append(problems, relative(dir, err.Error()))
				continue
			}
			if overlay[s.module] == nil {
				overlay[s.module] = map[string][]byte{}
			}
			name := fmt.Sprintf("%s_%d", strings.NewReplacer("/", "_", ".", "_").Replace(d.name), i)
			overlay[s.module][filepath.Join(dir, s.module, "internal", "markdowncode", name, "code.go")] = []byte(s.text)
			fragments[path.Join(module, s.module, "internal", "markdowncode", name)] = s.fragment
		}
	}
	for _, m := range slices.Sorted(maps.Keys(overlay)) {
		found, err := check(filepath.Join(dir, m), overlay[m], fragments)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			problems = append(problems, relative(dir, p))
		}
	}
	return problems, nil
}

func relative(dir, problem string) string { return strings.ReplaceAll(problem, dir+"/", "") }

// check type-checks the files of one module.
func check(dir string, files map[string][]byte, fragments map[string]bool) ([]string, error) {
	var patterns []string
	for name := range files {
		pattern, err := filepath.Rel(dir, filepath.Dir(name))
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, "./"+filepath.ToSlash(pattern))
	}
	loaded, err := packages.Load(&packages.Config{
		Dir:     dir,
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax,
		Overlay: files,
	}, patterns...)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, p := range loaded {
		for _, e := range p.Errors {
			if e.Kind == packages.ListError && len(p.Syntax) > 0 {
				continue // the compiler says what the type checker does
			}
			// The reader uses what a fragment declares.
			if fragments[p.PkgPath] && strings.HasPrefix(e.Msg, "declared and not used") {
				continue
			}
			problems = append(problems, e.Error())
		}
	}
	return problems, nil
}

// toSource makes a file of a block.
func toSource(name string, b block) (source, error) {
	at := fmt.Sprintf("//line %s:%d\n", name, b.line)
	if file, err := parser.ParseFile(token.NewFileSet(), name, b.code, parser.SkipObjectResolution); err == nil {
		return source{text: at + b.code, module: moduleOf(file.Imports)}, nil
	}
	s := source{text: at + b.code}
	file, err := parser.ParseFile(token.NewFileSet(), name, "package p\n"+s.text, 0)
	if err != nil {
		s = source{text: "func _(" + b.given + ") error {\n{\n" + at + b.code + "\n}\nreturn nil\n}\n", fragment: true}
		file, err = parser.ParseFile(token.NewFileSet(), name, "package p\n"+s.text, 0)
	}
	if err != nil {
		return s, err
	}
	s.text = "package p\n" + imports(file) + s.text
	if file, err = parser.ParseFile(token.NewFileSet(), name, s.text, parser.ImportsOnly); err != nil {
		return s, err
	}
	s.module = moduleOf(file.Imports)
	return s, nil
}

// imports returns the import declarations of what a file uses and does not declare.
func imports(file *ast.File) string {
	unresolved := map[*ast.Ident]bool{}
	for _, name := range file.Unresolved {
		unresolved[name] = true
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && unresolved[x] && known[x.Name] != "" {
				used[x.Name] = true
			}
		}
		return true
	})
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(used)) {
		fmt.Fprintf(&b, "import %s %q\n", name, known[name])
	}
	return b.String()
}

// moduleOf returns the directory of the module that has all these packages.
func moduleOf(imports []*ast.ImportSpec) string {
	for _, i := range imports {
		for _, m := range []string{"fleet", "otelsouk"} {
			if i.Path.Value == `"`+module+"/"+m+`"` {
				return m
			}
		}
	}
	return ""
}
