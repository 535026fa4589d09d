package command

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const help = "The flags of demo:\n  -out file\n    \t`file` to write\n"
	for _, c := range []struct {
		arguments []string
		want      string
		printed   string
	}{
		{nil, "", ""},
		{[]string{"-out", "a"}, "", ""},
		{[]string{"-out", "a", "b"}, `unknown argument "b"`, ""},
		{[]string{"-uot", "a"}, "flag provided but not defined: -uot (-h lists the flags)", ""},
		{[]string{"-out"}, "flag needs an argument: -out (-h lists the flags)", ""},
		{[]string{"-h"}, flag.ErrHelp.Error(), strings.ReplaceAll(help, "`", "")},
	} {
		flags := flag.NewFlagSet("demo", flag.ContinueOnError)
		flags.String("out", "", "`file` to write")
		var printed strings.Builder
		got := ""
		if err := Parse(flags, c.arguments, &printed); err != nil {
			got = err.Error()
		}
		if got != c.want || printed.String() != c.printed {
			t.Errorf("%q: got %q, and %q was printed", c.arguments, got, printed.String())
		}
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err     error
		code    int
		printed string
	}{
		{nil, 0, ""},
		{fmt.Errorf("flags: %w", flag.ErrHelp), 0, ""},
		{errors.New("-out is required"), 1, "fleet: -out is required\n"},
		{errors.New("fleet: Redis is gone"), 1, "fleet: Redis is gone\n"},
	} {
		var printed strings.Builder
		if code := end(&printed, "fleet", c.err); code != c.code || printed.String() != c.printed {
			t.Errorf("%v: code %d, and %q was printed", c.err, code, printed.String())
		}
	}
}
