package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mibk/dupl/job"
	"github.com/mibk/dupl/syntax"
	"github.com/mibk/dupl/syntax/golang"
)

// threshold is the least number of tokens of code that counts as alike.
const threshold = 100

// group is code that stands in several places.
type group []place

// place is where code stands: the declaration that it is or is a part of.
type place struct {
	name      string // "salla.CustomersService.Upsert"
	directory string
	lines     string // "salla/find.go:67-77"
}

// alike returns the groups that stand in two packages.
func alike(dir string, files []string) ([]group, error) {
	found, err := matches(files)
	if err != nil {
		return nil, err
	}
	byHash := map[string][][]*syntax.Node{}
	for _, match := range found {
		byHash[match.Hash] = append(byHash[match.Hash], match.Frags...)
	}
	var groups []group
	for _, hash := range slices.Sorted(maps.Keys(byHash)) {
		g, err := groupOf(dir, byHash[hash])
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(g, func(p place) bool { return p.directory != g[0].directory }) {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// matches returns what dupl finds in files.
func matches(files []string) (found []syntax.Match, err error) {
	sequences := make(chan []*syntax.Node, len(files))
	for i, file := range files {
		root, err := golang.Parse(file)
		if err != nil {
			return nil, err
		}
		root.Type = -2 - i // or files that begin alike and end otherwise would hide what they share
		sequences <- syntax.Serialize(root)
	}
	close(sequences)
	tree, data, done := job.BuildTree(sequences)
	<-done
	tree.Update(&syntax.Node{Type: -1}) // the end
	for match := range tree.FindDuplOver(threshold) {
		if units := syntax.FindSyntaxUnits(*data, match, threshold); len(units.Frags) > 0 {
			found = append(found, units)
		}
	}
	return found, nil
}

func groupOf(dir string, fragments [][]*syntax.Node) (g group, err error) {
	for _, fragment := range fragments {
		first, last := fragment[0], fragment[len(fragment)-1]
		p, err := placeOf(dir, first.Filename, first.Pos, last.End)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(g, p) {
			g = append(g, p)
		}
	}
	slices.SortFunc(g, func(a, b place) int { return strings.Compare(a.lines, b.lines) })
	return g, nil
}

// placeOf names the first declaration of a file that reaches into a part of it.
func placeOf(dir, path string, from, to int) (place, error) {
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return place{}, err
	}
	at := positions.File(file.Pos())
	name := file.Name.Name
	for _, d := range file.Decls {
		if at.Offset(d.End()) > from {
			name += "." + nameOf(d)
			break
		}
	}
	short, err := filepath.Rel(dir, path)
	if err != nil {
		return place{}, err
	}
	lines := fmt.Sprintf("%s:%d-%d", filepath.ToSlash(short), at.Line(at.Pos(from)), at.Line(at.Pos(min(to, at.Size()))))
	return place{name: name, directory: filepath.Dir(short), lines: lines}, nil
}

// nameOf returns the name of a declaration. The name of a method has its receiver's
// before it.
func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return receiver(d.Recv.List[0].Type) + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		if len(d.Specs) == 0 {
			return d.Tok.String()
		}
		switch s := d.Specs[0].(type) {
		case *ast.TypeSpec:
			return s.Name.Name
		case *ast.ValueSpec:
			return s.Names[0].Name
		}
		return d.Tok.String()
	}
	return ""
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
