package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// document is what a Markdown file holds.
type document struct {
	name    string // relative to the repository
	blocks  []block
	links   []link
	anchors map[string]bool
}

// block is a fenced block of Go code.
type block struct {
	line  int // of its first line of code
	given string
	code  string
}

// isTest reports whether the block is a test, which is run.
func (b block) isTest() bool { return strings.HasPrefix(b.code, "func Test") }

type link struct {
	line   int
	target string
}

var (
	fence      = regexp.MustCompile("^\\s*```(\\S*)")
	givenAbove = regexp.MustCompile(`^\s*<!-- given (.*) -->$`)
	heading    = regexp.MustCompile(`^#{1,6} +(.*?)\s*#*$`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
	inline     = regexp.MustCompile(`\]\(([^)\s]+)(?:\s+"[^"]*")?\)`)
	definition = regexp.MustCompile(`^\[[^\]]+\]:\s*(\S+)`)
	attribute  = regexp.MustCompile(`(?:src|href|srcset)="([^"]+)"`)
)

func read(dir, name string) (*document, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	return parse(name, string(text)), nil
}

func parse(name, text string) *document {
	d := &document{name: name, anchors: map[string]bool{}}
	var params string // of the next block
	var open *block
	inFence := false
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && !inFence:
			inFence = true
			if m[1] == "go" {
				open = &block{line: i + 2, given: params}
			}
			params = ""
		case m != nil:
			inFence = false
			if open != nil {
				d.blocks = append(d.blocks, *open)
				open = nil
			}
		case open != nil:
			open.code += line + "\n"
		case !inFence:
			if g := givenAbove.FindStringSubmatch(line); g != nil {
				params = g[1]
			}
			d.prose(i+1, line)
		}
	}
	return d
}

// prose takes headings and links out of a line.
func (d *document) prose(number int, line string) {
	if h := heading.FindStringSubmatch(line); h != nil {
		d.addAnchor(slug(h[1]))
	}
	line = codeSpan.ReplaceAllString(line, "`code`")
	for _, pattern := range []*regexp.Regexp{inline, definition, attribute} {
		for _, m := range pattern.FindAllStringSubmatch(line, -1) {
			d.links = append(d.links, link{number, m[1]})
		}
	}
}

func (d *document) addAnchor(anchor string) {
	name := anchor
	for n := 1; d.anchors[name]; n++ {
		name = fmt.Sprintf("%s-%d", anchor, n)
	}
	d.anchors[name] = true
}

// slug returns the anchor that GitHub gives to a heading.
func slug(heading string) string {
	heading = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(heading, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
