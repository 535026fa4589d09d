// Package command gives the example programs one command line: flags, their mistakes, and
// how a program ends.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Main runs a program until it is done or asked to end, and leaves the process.
func Main(name string, run func(ctx context.Context, arguments []string, out, errors io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(end(os.Stderr, name, err))
}

// end says what went wrong, once, and returns the exit code. Who asks for help gets it.
func end(to io.Writer, name string, err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintf(to, "%s: %s\n", name, strings.TrimPrefix(err.Error(), name+": "))
	return 1
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
		return err
	case err != nil:
		return fmt.Errorf("%w (-h lists the flags)", err)
	}
	return nil
}
