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
	const help = "The flags of demo:\n  -out file\n    \t`file` to write\n" + codes
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
		{Incomplete("2 rows were refused"), 2, "fleet: 2 rows were refused\n"},
		{errors.Join(errors.New("stdout: no space left"), Incomplete("2 rows were refused")), 1, "fleet: stdout: no space left\n2 rows were refused\n"},
	} {
		var printed strings.Builder
		if code := end(&printed, "fleet", c.err); code != c.code || printed.String() != c.printed {
			t.Errorf("%v: code %d, and %q was printed", c.err, code, printed.String())
		}
	}
}

// full is a disk that is full for a while.
type full struct{ writes int }

func (f *full) Write(p []byte) (int, error) {
	if f.writes++; f.writes == 2 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

func TestOutputRemembersThatItFailed(t *testing.T) {
	t.Parallel()
	o := &output{to: new(full)}
	for i, want := range []string{"<nil>", "no space left", "no space left"} {
		fmt.Fprintln(o, "text")
		if got := fmt.Sprint(o.failed()); got != want {
			t.Errorf("after write %d: %s", i, got)
		}
	}
}
