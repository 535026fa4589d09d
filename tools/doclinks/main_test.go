package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const source = `// Package shop speaks of [ListRequest] and of Client.Do, and of ErrClosed in

//	ErrClosed // code
package shop

import "example.test/shop/other"

// ErrClosed is what [Client.Do] returns, as ErrClosed.
var ErrClosed = other.ErrClosed

// ListRequest is for Client. It is like NewClient and other.ErrClosed, and [other.ErrClosed].
type ListRequest struct {
	// Page is of NewClient.
	Page int
}

// Client is made by [NewClient]. NewClient may come again, and Customer is a word.
type Client struct{}

// Customer is [Nobody], and [Client.Close].
type Customer struct{}

// NewClient is new. context.Canceled is of the standard library.
func NewClient() *Client { return nil }

// Do is unlike other.ErrClosed.
func (*Client) Do() {}

// hidden speaks of NewClient.
func hidden() {}
`

func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example.test/shop\n\ngo 1.26.0\n",
		"shop.go":          strings.Replace(source, "in\n\n//\tErr", "in\n//\n//\tErr", 1),
		"other/other.go":   "// Package other is.\npackage other\n\nimport \"errors\"\n\n// ErrClosed is.\nvar ErrClosed = errors.New(\"closed\")\n",
		"internal/x/x.go":  "// Package x speaks of NewX.\npackage x\n\n// NewX is, and NewY.\nfunc NewX() {}\n\n// NewY is, and NewX.\nfunc NewY() {}\n",
		"cmd/main/main.go": "package main\n\nfunc main() {}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := run(dir)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	for i, p := range found {
		found[i] = p[strings.LastIndex(p, "shop.go"):]
	}
	want := []string{
		"shop.go:11: NewClient is no link",
		"shop.go:1: Client.Do is no link",
		"shop.go:1: ErrClosed is no link",
		"shop.go:20: [Client.Close] leads nowhere",
		"shop.go:20: [Nobody] leads nowhere",
		"shop.go:26: other.ErrClosed is no link",
	}
	if !slices.Equal(found, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
