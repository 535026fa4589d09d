// Quickstart creates, reads, lists, updates and deletes customers at each
// vendor, and prints what happened.
//
//	go run -C examples ./quickstart
//	go run -C examples ./quickstart xclade
//
// It speaks to the stand-ins that the SDK ships, unless the environment names a
// real store: see the README. It leaves nothing behind.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
)

// tours show one vendor each.
var tours = []struct {
	vendor string
	tour   func(context.Context, *report) error
}{
	{"salla", sallaTour},
	{"commercengine", commercengineTour},
	{"shopline", shoplineTour},
	{"shoplazza", shoplazzaTour},
	{"xclade", xcladeTour},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run shows the vendors that are asked for, all of them by default.
func run(ctx context.Context, vendors []string) error {
	for _, vendor := range vendors {
		if !slices.Contains(known(), vendor) {
			return fmt.Errorf("unknown vendor %q; there are %s", vendor, strings.Join(known(), ", "))
		}
	}
	for _, t := range tours {
		if len(vendors) > 0 && !slices.Contains(vendors, t.vendor) {
			continue
		}
		if err := show(ctx, t.vendor, t.tour); err != nil {
			return fmt.Errorf("%s: %w", t.vendor, err)
		}
	}
	return nil
}

// show runs a tour and prints its table, also that of one that failed.
func show(ctx context.Context, vendor string, tour func(context.Context, *report) error) error {
	r := newReport(os.Stdout, vendor)
	err := tour(ctx, r)
	r.print()
	return err
}

func known() []string {
	var names []string
	for _, t := range tours {
		names = append(names, t.vendor)
	}
	return names
}
