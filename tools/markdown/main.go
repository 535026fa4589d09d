// Markdown compiles the Go code, and runs the tests, in the Markdown files of a repository, and looks
// whether their relative links and anchors lead somewhere.
//
//	go run -C tools ./markdown -dir ..
//
// A block of code that is a file, or whole declarations, is compiled as it stands. Any
// other block becomes the body of a function that returns an error. What it uses without
// declaring it, it gets from a comment above it:
//
//	<!-- given ctx context.Context, client *xclade.Client -->
//
// Code in a package comment is compiled, too, if the comment has the line
//
//	//souk:given ctx context.Context
//
// Packages need not be imported. A block that begins with a test is run.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	dir := flag.String("dir", ".", "directory of the repository")
	flag.Parse()
	problems, err := run(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "markdown:", err)
		os.Exit(2)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

func run(dir string) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	documents, err := readAll(dir)
	if err != nil {
		return nil, err
	}
	problems, err := compile(dir, documents)
	if err != nil {
		return nil, err
	}
	failed, err := runTests(dir, documents)
	if err != nil {
		return nil, err
	}
	problems = append(problems, failed...)
	return append(problems, deadLinks(dir, documents)...), nil
}

// readAll returns the Markdown files, and the package comments that have code.
func readAll(dir string) ([]*document, error) {
	var documents []*document
	for pattern, read := range map[string]func(dir, name string) (*document, error){"*.md": read, "*doc.go": readComment} {
		names, err := tracked(dir, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			d, err := read(dir, name)
			if err != nil {
				return nil, err
			}
			if d != nil {
				documents = append(documents, d)
			}
		}
	}
	return documents, nil
}

// tracked returns the names of the files that git knows, or would add.
func tracked(dir, pattern string) ([]string, error) {
	command := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", pattern)
	command.Dir = dir
	out, err := command.Output()
	return strings.Fields(string(out)), err
}
