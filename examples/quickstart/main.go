// Quickstart creates, reads, lists, updates and deletes customers at each
// vendor, and prints what happened.
//
//	go run -C examples ./quickstart
//	go run -C examples ./quickstart xclade
//	go run -C examples ./quickstart -real xclade
//
// It speaks to the stand-ins that the SDK ships. With -real it speaks to the store that
// the environment names, see the README, and leaves nothing behind there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/souk-go/souk/examples/internal/command"
)

// tours show one vendor each. Those with real can do so at a real store.
var tours = []struct {
	vendor string
	tour   func(context.Context, *report) error
	real   bool
}{
	{"salla", sallaTour, true},
	{"commercengine", commercengineTour, false}, // a one-time password is sent to a phone
	{"shopline", shoplineTour, true},
	{"shoplazza", shoplazzaTour, false}, // customers cannot be deleted there
	{"xclade", xcladeTour, true},
}

func main() {
	command.Main("quickstart", run)
}

func run(ctx context.Context, arguments []string, out, errors io.Writer) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	atVendor := flags.Bool("real", false, "write to the store that the environment names, in place of the stand-in")
	if err := command.ParseBefore(flags, arguments, errors); err != nil {
		return err
	}
	return guide(ctx, flags.Args(), *atVendor, out)
}

// guide shows the vendors that are asked for, all of them by default.
func guide(ctx context.Context, vendors []string, atVendor bool, out io.Writer) error {
	if atVendor && len(vendors) == 0 {
		return errors.New("-real needs the name of a vendor")
	}
	for _, vendor := range vendors {
		if !slices.Contains(known(), vendor) {
			return fmt.Errorf("unknown vendor %q; there are %s", vendor, strings.Join(known(), ", "))
		}
	}
	for _, t := range tours {
		if len(vendors) > 0 && !slices.Contains(vendors, t.vendor) {
			continue
		}
		if atVendor && !t.real {
			return fmt.Errorf("%s: the quickstart runs against its stand-in only", t.vendor)
		}
		if err := show(ctx, newReport(out, t.vendor, atVendor), t.tour); err != nil {
			return err
		}
	}
	return nil
}

// show runs a tour and prints its table, even if the tour failed.
func show(ctx context.Context, r *report, tour func(context.Context, *report) error) error {
	err := tour(ctx, r)
	if len(r.rows) > 0 {
		r.print()
	}
	return err
}

func known() []string {
	var names []string
	for _, t := range tours {
		names = append(names, t.vendor)
	}
	return names
}
