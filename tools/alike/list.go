package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// list is what may be alike.
type list []entry

// entry names places whose code may be alike.
type entry struct {
	line  int
	names []string
}

// readList reads a file of entries, one a line: names with blanks between them, a colon,
// and the reason. Empty lines and lines that begin with # are skipped.
func readList(path string) (list, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var l list
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		names, reason, _ := strings.Cut(line, ":")
		e := entry{line: number, names: strings.Fields(names)}
		if len(e.names) < 2 || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s:%d: want names, a colon and a reason", path, number)
		}
		l = append(l, e)
	}
	return l, nil
}

// compare returns the groups that no entry allows, and the entries that allow none.
func (l list) compare(groups []group) (wrong []string) {
	used := make(map[int]bool, len(l))
	for _, g := range groups {
		i := slices.IndexFunc(l, func(e entry) bool { return e.allows(g) })
		if i >= 0 {
			used[i] = true
			continue
		}
		wrong = append(wrong, "These are alike:")
		for _, p := range g {
			wrong = append(wrong, "\t"+p.lines+" "+p.name)
		}
	}
	for i, e := range l {
		if !used[i] {
			wrong = append(wrong, fmt.Sprintf("Line %d of the list allows what is not there: %s", e.line, strings.Join(e.names, " ")))
		}
	}
	return wrong
}

func (e entry) allows(g group) bool {
	return !slices.ContainsFunc(g, func(p place) bool { return !slices.Contains(e.names, p.name) })
}
