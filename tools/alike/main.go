// Alike finds code that stands in two packages of the vendors and their stand-ins, with
// dupl, and fails for what does not stand in alike.txt with a reason: what all vendors
// have stands once, in internal.
//
//	go run -C tools ./alike -dir .. -list alike.txt
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// vendors are the directories of the vendors' packages, which hold their stand-ins.
var vendors = []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"}

func main() {
	dir := flag.String("dir", ".", "directory of the module")
	list := flag.String("list", "alike.txt", "what may be alike, and why")
	flag.Parse()
	wrong, err := run(*dir, *list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "alike:", err)
		os.Exit(2)
	}
	for _, line := range wrong {
		fmt.Println(line)
	}
	if len(wrong) > 0 {
		fmt.Println("\nMake one of what is alike, in internal, or name it in tools/alike.txt and say why it stays apart.")
		os.Exit(1)
	}
}

// run returns what is wrong with the packages below dir, or with the list.
func run(dir, list string) ([]string, error) {
	files, err := sources(dir)
	if err != nil {
		return nil, err
	}
	allowed, err := readList(list)
	if err != nil {
		return nil, err
	}
	groups, err := alike(dir, files)
	if err != nil {
		return nil, err
	}
	return allowed.compare(groups), nil
}

// sources returns the files of the vendors that are no tests.
func sources(dir string) (files []string, err error) {
	for _, vendor := range vendors {
		err := filepath.WalkDir(filepath.Join(dir, vendor), func(path string, _ os.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
