package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

var scheme = regexp.MustCompile(`^[a-z][a-z+.-]*:`)

// deadLinks returns the relative links that lead nowhere.
func deadLinks(dir string, documents []*document) []string {
	known := map[string]*document{}
	for _, d := range documents {
		known[d.name] = d
	}
	var dead []string
	for _, d := range documents {
		for _, l := range d.links {
			if why := follow(dir, known, d, l.target); why != "" {
				dead = append(dead, fmt.Sprintf("%s:%d: %s: %s", d.name, l.line, l.target, why))
			}
		}
	}
	return dead
}

// follow says why a link leads nowhere, or nothing.
func follow(dir string, known map[string]*document, from *document, target string) string {
	if scheme.MatchString(target) {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	name := from.name
	if file != "" {
		name = path.Join(path.Dir(from.name), file)
	}
	if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil || strings.HasPrefix(name, "..") {
		return "there is no such file"
	}
	if anchor == "" {
		return ""
	}
	if d := known[name]; d == nil || !d.anchors[anchor] {
		return "there is no such heading"
	}
	return ""
}
