// Apilist writes the public names of the packages of a module, one exported declaration
// a line, to a file per package, so that a change of them is seen in review.
//
//	go run -C tools ./apilist -dir .. -out ../api          # writes
//	go run -C tools ./apilist -dir .. -out ../api -check   # compares, and fails if they differ
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	dir := flag.String("dir", ".", "directory of the module")
	out := flag.String("out", "api", "directory of the lists")
	check := flag.Bool("check", false, "compare with the lists that are there")
	flag.Parse()
	changed, err := run(*dir, *out, *check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "apilist:", err)
		os.Exit(2)
	}
	for _, line := range changed {
		fmt.Println(line)
	}
	if len(changed) > 0 {
		fmt.Println("\nThe public names have changed. If that is meant, write the lists anew: see CONTRIBUTING.md.")
		os.Exit(1)
	}
}

// run writes the lists of the module in dir, or returns how those in out differ.
func run(dir, out string, check bool) ([]string, error) {
	lists, err := listModule(dir)
	if err != nil {
		return nil, err
	}
	var changed []string
	for name, lines := range lists {
		path := filepath.Join(out, name+".txt")
		text := strings.Join(lines, "\n") + "\n"
		if !check {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return nil, err
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				return nil, err
			}
			continue
		}
		have, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		changed = append(changed, differences(name, strings.Split(strings.TrimSpace(string(have)), "\n"), lines)...)
	}
	return changed, nil
}

// listModule returns the lines of each public package, by the name of its file.
func listModule(dir string) (map[string][]string, error) {
	loaded, err := packages.Load(&packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedModule,
	}, "./...")
	if err != nil {
		return nil, err
	}
	lists := map[string][]string{}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		if p.Name == "main" || strings.Contains(p.PkgPath+"/", "/internal/") {
			continue
		}
		_, name, _ := strings.Cut(p.PkgPath, "/souk/")
		if name == "" {
			name = p.Name
		}
		lists[strings.ReplaceAll(name, "/", "_")] = listPackage(p.Types)
	}
	return lists, nil
}

// differences returns what one list has and the other has not.
func differences(name string, have, want []string) []string {
	var changed []string
	compare := func(sign string, a, b []string) {
		known := map[string]bool{}
		for _, line := range b {
			known[line] = true
		}
		for _, line := range a {
			if line != "" && !known[line] {
				changed = append(changed, sign+" "+name+": "+line)
			}
		}
	}
	compare("-", have, want)
	compare("+", want, have)
	return changed
}
