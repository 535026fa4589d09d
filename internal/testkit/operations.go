package testkit

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Operations compares the directives `//souk:operation METHOD /route` above
// the methods of a package's services with its operations.txt, both ways, and
// logs the coverage. prefix is cut off all routes that begin with it.
//
// Every exported method with a context of an exported type called XService
// needs a directive, except All and Ensure and those marked
// `//souk:composite`, which are made of other methods. A method with a directive needs a
// link to the vendor's page of it, too.
func Operations(t testing.TB, dir, prefix string) {
	t.Helper()
	listed, err := listedOperations(filepath.Join(dir, "operations.txt"), prefix)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	found, err := parseOperations(dir, prefix)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	for _, method := range found.bare {
		t.Errorf("%s has neither //souk:operation nor //souk:composite", method)
	}
	for _, method := range found.pageless {
		t.Errorf("the comment of %s links no page of the vendor's: See https://…", method)
	}
	for _, directive := range found.broken {
		t.Errorf("%s is not of the form //souk:operation METHOD /route", directive)
	}
	covered := 0
	for _, operation := range listed {
		if slices.Contains(found.operations, operation) {
			covered++
			continue
		}
		t.Errorf("%s is in operations.txt, but no method has it", operation)
	}
	for _, operation := range found.operations {
		if !slices.Contains(listed, operation) {
			t.Errorf("%s is above a method, but not in operations.txt", operation)
		}
	}
	t.Logf("%s: %d of %d operations", found.name, covered, len(listed))
}

// OperationNames returns the names of the methods in a package's source that have
// a directive `//souk:operation`, in the form of [souktest.Fault]: the method Create
// of CustomersService is "Customers.Create".
func OperationNames(t testing.TB, dir string) []string {
	t.Helper()
	found, err := parseOperations(dir, "")
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return found.names
}

func listedOperations(name, prefix string) ([]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var operations []string
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if operation, ok := parseOperation(lines.Text(), prefix); ok {
			operations = append(operations, operation)
		}
	}
	return operations, nil
}

// parseOperation reads "METHOD /route".
func parseOperation(text, prefix string) (string, bool) {
	fields := strings.Fields(text)
	if len(fields) != 2 || !strings.HasPrefix(fields[1], "/") {
		return "", false
	}
	return fields[0] + " " + strings.TrimPrefix(fields[1], prefix), true
}

// vendorPage matches the link to the vendor's page of an operation.
var vendorPage = regexp.MustCompile(`(?m)^See https://[^/\s]+/\S+`)

// packageOperations is what the source of a package says.
type packageOperations struct {
	name       string
	operations []string // without repetitions
	names      []string // of the methods with a directive
	bare       []string // methods without a directive
	pageless   []string // methods with a directive and without a link to the vendor's page
	broken     []string // directives that cannot be read
}

func parseOperations(dir, prefix string) (packageOperations, error) {
	var found packageOperations
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return found, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return found, err
		}
		found.name = file.Name.Name
		for _, decl := range file.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok {
				found.add(method, prefix)
			}
		}
	}
	return found, nil
}

func (p *packageOperations) add(method *ast.FuncDecl, prefix string) {
	service := receiver(method)
	if !method.Name.IsExported() || !ast.IsExported(service) || !strings.HasSuffix(service, "Service") {
		return
	}
	operations, composite := 0, method.Name.Name == "All" || method.Name.Name == "Ensure"
	if method.Doc != nil {
		for _, comment := range method.Doc.List {
			composite = composite || strings.TrimSpace(comment.Text) == "//souk:composite"
			text, ok := strings.CutPrefix(comment.Text, "//souk:operation")
			if !ok {
				continue
			}
			operations++
			operation, ok := parseOperation(text, prefix)
			if !ok {
				p.broken = append(p.broken, comment.Text)
			} else if !slices.Contains(p.operations, operation) {
				p.operations = append(p.operations, operation)
			}
		}
	}
	if operations > 0 && !vendorPage.MatchString(method.Doc.Text()) {
		p.pageless = append(p.pageless, service+"."+method.Name.Name)
	}
	if operations > 0 {
		p.names = append(p.names, strings.TrimSuffix(service, "Service")+"."+method.Name.Name)
	}
	if operations == 0 && !composite && takesContext(method) {
		p.bare = append(p.bare, service+"."+method.Name.Name)
	}
}

// receiver returns the name of the type that has the method, or "".
func receiver(method *ast.FuncDecl) string {
	if method.Recv == nil || len(method.Recv.List) != 1 {
		return ""
	}
	typ := method.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, ok := typ.(*ast.Ident)
	if !ok {
		return ""
	}
	return name.Name
}

func takesContext(method *ast.FuncDecl) bool {
	return slices.ContainsFunc(method.Type.Params.List, func(param *ast.Field) bool {
		typ, ok := param.Type.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := typ.X.(*ast.Ident)
		return ok && pkg.Name == "context" && typ.Sel.Name == "Context"
	})
}
