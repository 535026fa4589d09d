// Undocumented lists the exported names under a directory that have no doc comment, and fails when there is one.
//
//	go run -C tools ./undocumented ..
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: undocumented directory")
		os.Exit(2)
	}
	found, err := undocumented(os.DirFS(os.Args[1]))
	if err != nil {
		fmt.Fprintln(os.Stderr, "undocumented:", err)
		os.Exit(2)
	}
	for _, name := range found {
		fmt.Println(name)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// undocumented returns the names as "file:line: name".
func undocumented(tree fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (entry.Name()[0] == '.' || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, path, source, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, name := range bareNames(file) {
			found = append(found, fmt.Sprintf("%s: %s", positions.Position(name.Pos()), name.Name))
		}
		return nil
	})
	return found, err
}

func bareNames(file *ast.File) []*ast.Ident {
	var names []*ast.Ident
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && receiverExported(d) {
				names = append(names, d.Name)
			}
		case *ast.GenDecl:
			names = append(names, bareSpecs(d)...)
		}
	}
	return exported(names)
}

// bareSpecs lets one comment above a group of constants or variables speak for all of them.
func bareSpecs(group *ast.GenDecl) []*ast.Ident {
	var names []*ast.Ident
	for _, spec := range group.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && (group.Doc == nil || group.Lparen.IsValid()) {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc == nil && s.Comment == nil && group.Doc == nil {
				names = append(names, s.Names...)
			}
		}
	}
	return names
}

// receiverExported reports whether documentation shows the function: methods of unexported types it does not.
func receiverExported(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return true
	}
	receiver := function.Recv.List[0].Type
	for {
		switch r := receiver.(type) {
		case *ast.StarExpr:
			receiver = r.X
		case *ast.IndexExpr:
			receiver = r.X
		case *ast.IndexListExpr:
			receiver = r.X
		case *ast.Ident:
			return r.IsExported()
		default:
			return true
		}
	}
}

func exported(names []*ast.Ident) []*ast.Ident {
	var kept []*ast.Ident
	for _, name := range names {
		if name.IsExported() {
			kept = append(kept, name)
		}
	}
	return kept
}
