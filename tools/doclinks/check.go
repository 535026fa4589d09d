package main

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/go/packages"
)

var (
	// mention is a name, perhaps with its package or its type.
	mention = regexp.MustCompile(`(?:\b[a-z][a-z0-9]*\.)?\b[A-Z]\w*(?:\.[A-Z]\w*)?\b`)
	// bracketed matches what is meant as a link.
	bracketed = regexp.MustCompile(`(?m)(?:^|[^\w])\[\*?(?:[a-z][a-z0-9]*\.)?[A-Z]\w*(?:\.[A-Z]\w*)?\]`)
	twoHumps  = regexp.MustCompile(`[A-Z]\w*[a-z0-9]\w*[A-Z]|[A-Z]{2,}[a-z]`)
)

// check returns what is wrong with the comments of a package.
func check(p *packages.Package) ([]string, error) {
	comments := documented(p.Syntax)
	documentation, err := doc.NewFromFiles(p.Fset, p.Syntax, p.PkgPath, doc.PreserveAST)
	if err != nil {
		return nil, err
	}
	parser := documentation.Parser()
	var problems []string
	for _, c := range comments {
		parsed := parser.Parse(c.group.Text())
		linked, plain := read(parsed)
		where := position(p.Fset, c.group.Pos())
		for _, link := range bracketed.FindAllString(plain, -1) {
			problems = append(problems, where+": "+strings.TrimLeft(link, " \n(")+" leads nowhere")
		}
		seen := map[string]bool{c.name: true}
		for _, name := range mention.FindAllString(plain, -1) {
			if seen[name] || linked[name] || !linkable(parser, name) {
				continue
			}
			seen[name] = true
			problems = append(problems, where+": "+name+" is no link")
		}
	}
	return problems, nil
}

func position(files *token.FileSet, pos token.Pos) string {
	at := files.Position(pos)
	name := at.Filename
	if here, err := os.Getwd(); err == nil {
		if relative, err := filepath.Rel(here, name); err == nil {
			name = relative
		}
	}
	return fmt.Sprintf("%s:%d", name, at.Line)
}

// linkable reports whether a name would be a link if it stood in brackets.
func linkable(parser *comment.Parser, name string) bool {
	first, rest, dotted := strings.Cut(name, ".")
	if token.IsExported(first) {
		if dotted {
			return parser.LookupSym(first, rest)
		}
		return twoHumps.MatchString(name) && parser.LookupSym("", name)
	}
	path, ok := parser.LookupPackage(first)
	return ok && path != "" && strings.Contains(path, ".") // not the standard library
}

// read returns which names a comment links, and its text that is no link and no code.
func read(d *comment.Doc) (linked map[string]bool, plain string) {
	linked = map[string]bool{}
	var b strings.Builder
	texts := func(all []comment.Text) {
		for _, t := range all {
			switch t := t.(type) {
			case comment.Plain:
				b.WriteString(string(t))
			case *comment.DocLink:
				for _, name := range mention.FindAllString(text(t.Text), -1) {
					linked[name] = true
				}
				b.WriteString("\n")
			default:
				b.WriteString("\n")
			}
		}
		b.WriteString("\n")
	}
	var blocks func(all []comment.Block)
	blocks = func(all []comment.Block) {
		for _, block := range all {
			switch block := block.(type) {
			case *comment.Paragraph:
				texts(block.Text)
			case *comment.List:
				for _, item := range block.Items {
					blocks(item.Content)
				}
			}
		}
	}
	blocks(d.Content)
	return linked, b.String()
}

func text(all []comment.Text) string {
	var b strings.Builder
	for _, t := range all {
		if p, ok := t.(comment.Plain); ok {
			b.WriteString(string(p))
		}
	}
	return b.String()
}

// documentation is a comment, and the name of what it describes.
type documentation struct {
	name  string
	group *ast.CommentGroup
}

// documented returns the comments that documentation shows as text.
func documented(files []*ast.File) []documentation {
	var found []documentation
	add := func(name string, group *ast.CommentGroup) {
		if group != nil {
			found = append(found, documentation{name, group})
		}
	}
	for _, file := range files {
		add("", file.Doc)
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				receiver := receiverOf(d)
				if d.Name.IsExported() && (receiver == "" || token.IsExported(receiver)) {
					add(strings.TrimPrefix(receiver+"."+d.Name.Name, "."), d.Doc)
				}
			case *ast.GenDecl:
				addSpecs(d, add)
			}
		}
	}
	return found
}

func addSpecs(d *ast.GenDecl, add func(string, *ast.CommentGroup)) {
	for i, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Lparen.IsValid() {
				add(s.Name.Name, s.Doc)
			} else if s.Name.IsExported() {
				add(s.Name.Name, d.Doc)
			}
		case *ast.ValueSpec:
			if i == 0 && s.Names[0].IsExported() {
				add(s.Names[0].Name, d.Doc)
			}
		}
	}
}

func receiverOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
