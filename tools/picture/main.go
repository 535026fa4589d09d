// Picture draws a chain of steps as SVG from a text. docs/call.txt says how it is
// written.
//
//	go run -C tools ./picture ../docs/call.txt ../docs/call.svg          # draws
//	go run -C tools ./picture -check ../docs/call.txt ../docs/call.svg   # fails if the picture is older than its text
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	check := flag.Bool("check", false, "compare with the picture that is there")
	flag.Parse()
	if err := run(flag.Arg(0), flag.Arg(1), *check); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(from, to string, check bool) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	c, err := parse(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	picture := c.draw()
	if !check {
		return os.WriteFile(to, picture, 0o644)
	}
	have, err := os.ReadFile(to)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, picture) {
		return fmt.Errorf("%s is not what %s says: draw it anew", to, from)
	}
	return nil
}
