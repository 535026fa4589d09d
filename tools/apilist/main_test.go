package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const source = `package acme

import "io"

const Limit = 10
const hidden = 1

type Kind string

const KindA Kind = "a"

var ErrGone error

type Client struct {
	Name   string
	secret int
	io.Reader
}

func New[T any](name string, more ...T) (*Client, error) { return nil, nil }

func (c *Client) Do(a int) error { return nil }
func (c Client) String() string { return "" }
func (c *Client) hidden()        {}

type Doer interface {
	Do(a int) error
	hidden()
}

type List[T comparable] struct{ Items []T }

type Alias = Client
`

func TestEveryExportedDeclarationIsALine(t *testing.T) {
	t.Parallel()
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, "acme.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := (&types.Config{Importer: importer.ForCompiler(positions, "source", nil)}).Check("acme", positions, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`const KindA Kind = "a"`,
		`const Limit untyped int = 10`,
		`func New[T any](name string, more ...T) (*Client, error)`,
		`method (*Client) Do(a int) error`,
		`method (Client) Read(p []byte) (n int, err error)`,
		`method (Client) String() string`,
		`type Alias = Client`,
		`type Client struct`,
		`type Client struct, Name string`,
		`type Client struct, embedded io.Reader`,
		`type Doer interface`,
		`type Doer interface, Do(a int) error`,
		`type Kind string`,
		`type List[T comparable] struct`,
		`type List[T comparable] struct, Items []T`,
		`var ErrGone error`,
	}
	if got := listPackage(p); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestACheckNamesWhatChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	module, out := filepath.Join(dir, "m"), filepath.Join(dir, "api")
	write(t, filepath.Join(module, "go.mod"), "module example.test/souk\n\ngo 1.26.0\n")
	write(t, filepath.Join(module, "souk.go"), "package souk\n\nvar A, B int\n")
	write(t, filepath.Join(module, "internal", "x.go"), "package internal\n\nvar X int\n")
	if _, err := run(module, out, false); err != nil {
		t.Fatal(err)
	}
	unchanged, err := run(module, out, true)
	if err != nil || len(unchanged) > 0 {
		t.Fatalf("right after writing: %q, %v", unchanged, err)
	}
	write(t, filepath.Join(module, "souk.go"), "package souk\n\nvar A, C int\n")

	changed, err := run(module, out, true)

	if want := []string{"- souk: var B int", "+ souk: var C int"}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("got %q, %v", changed, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
