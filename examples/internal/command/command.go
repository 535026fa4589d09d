// Package command gives the example programs one command line: flags, their mistakes, and
// how a program ends.
package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// Main runs a program until it is done or asked to end, and leaves the process: with 0 if
// all is done, 2 if the error is Incomplete, and 1 for any other. Asked a second time, the
// process ends at once.
func Main(name string, run func(ctx context.Context, arguments []string, out, errors io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	out := &output{to: os.Stdout}
	err := run(ctx, os.Args[1:], out, os.Stderr)
	stop()
	if failed := out.failed(); failed != nil {
		err = errors.Join(failed, err)
	}
	os.Exit(end(os.Stderr, name, err))
}

// Incomplete is the error of a run that came to its end, but had to leave something out,
// such as rows that were refused. It says what.
type Incomplete string

func (i Incomplete) Error() string { return string(i) }

// codes says in the help of a program how it ends.
const codes = "It ends with 0 if all is done, 1 if it failed, and 2 if something had to be left out.\n"

// end says what went wrong, once, and returns the exit code. Who asks for help gets it.
func end(to io.Writer, name string, err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintf(to, "%s: %s\n", name, strings.TrimPrefix(err.Error(), name+": "))
	if left, ok := errors.AsType[Incomplete](err); ok && err.Error() == left.Error() {
		return 2
	}
	return 1
}

// output remembers that something could not be written, which a disk that is full and a
// pipe that nobody reads bring about: what a program found out must not get lost.
type output struct {
	to  io.Writer
	mu  sync.Mutex
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = cmp.Or(o.err, err)
	return n, err
}

func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// Parse reads the flags of a program that takes nothing else.
func Parse(flags *flag.FlagSet, arguments []string, to io.Writer) error {
	err := ParseBefore(flags, arguments, to)
	if err == nil && flags.NArg() > 0 {
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	return err
}

// ParseBefore reads the flags that stand before other arguments. Their list is for those
// who ask for it; a mistake is told in one line.
func ParseBefore(flags *flag.FlagSet, arguments []string, to io.Writer) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(to, "The flags of %s:\n", flags.Name())
		flags.SetOutput(to)
		flags.PrintDefaults()
		fmt.Fprint(to, codes)
		return err
	case err != nil:
		return fmt.Errorf("%w (-h lists the flags)", err)
	}
	return nil
}
