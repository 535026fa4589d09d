package main

import (
	"fmt"
	"strings"
)

// chain is what a text describes.
type chain struct {
	steps []step
	again []loop
}

type step struct{ name, does, end string }

// loop leads back from one step to an earlier one.
type loop struct {
	from, to int
	when     string
}

func parse(text string) (chain, error) {
	var c chain
	for i, line := range strings.Split(text, "\n") {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		parts := strings.Split(rest, "|")
		for j := range parts {
			parts[j] = strings.TrimSpace(parts[j])
		}
		switch {
		case kind == "" || strings.HasPrefix(kind, "#"):
		case kind == "step" && len(parts) == 3:
			c.steps = append(c.steps, step{parts[0], parts[1], parts[2]})
		case kind == "again" && len(parts) == 2:
			from, to, _ := strings.Cut(parts[0], " > ")
			l := loop{c.index(from), c.index(to), parts[1]}
			if l.to < 0 || l.from <= l.to {
				return c, fmt.Errorf("line %d: %q must lead from a step to an earlier one", i+1, parts[0])
			}
			c.again = append(c.again, l)
		default:
			return c, fmt.Errorf("line %d: neither step NAME | DOES | END nor again FROM > TO | WHEN", i+1)
		}
	}
	if len(c.steps) == 0 {
		return c, fmt.Errorf("there is no step")
	}
	return c, nil
}

func (c chain) index(name string) int {
	for i, s := range c.steps {
		if s.name == name {
			return i
		}
	}
	return -1
}
