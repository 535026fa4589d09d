// Doclinks looks whether the doc comments of a module link the names that they mention,
// as in [souk.ErrNotFound], and whether their links lead somewhere. A name is linked at
// least once in a comment that mentions it.
//
//	go run -C tools ./doclinks -dir ..
//
// Names are the names of imported packages, with their package, and the package's own: a
// method with its type, and others if they have two capitals and so are no English word.
// Comments of fields and of the members of a group are shown as they stand: a link in
// them would be none.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	dir := flag.String("dir", ".", "directory of the module")
	flag.Parse()
	problems, err := run(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "doclinks:", err)
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
	loaded, err := packages.Load(&packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedImports,
	}, "./...")
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		if p.Name == "main" || strings.Contains(p.PkgPath+"/", "/internal/") {
			continue
		}
		found, err := check(p)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}
