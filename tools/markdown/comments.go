package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// directive in a package comment says that its code is compiled, and with what.
const directive = "//souk:given"

// readComment returns the code of a package comment that has the directive.
func readComment(dir, name string) (*document, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil || file.Doc == nil {
		return nil, err
	}
	params, ok := given(file.Doc)
	if !ok {
		return nil, nil
	}
	return &document{name: name, blocks: indented(files, file.Doc, params)}, nil
}

func given(doc *ast.CommentGroup) (params string, ok bool) {
	for _, c := range doc.List {
		if params, ok = strings.CutPrefix(c.Text, directive); ok {
			return params, true
		}
	}
	return "", false
}

// indented returns the indented blocks of a comment that call something; others are
// tables.
func indented(files *token.FileSet, doc *ast.CommentGroup, params string) []block {
	var blocks []block
	b := block{given: params}
	for _, c := range doc.List {
		if line, ok := strings.CutPrefix(c.Text, "//\t"); ok {
			if b.code == "" {
				b.line = files.Position(c.Pos()).Line
			}
			b.code += line + "\n"
			continue
		}
		if strings.Contains(b.code, "(") {
			blocks = append(blocks, b)
		}
		b.code = ""
	}
	return blocks
}
