// Fleet syncs the customers of many stores with several processes on one Redis, any of
// which can be killed at any time.
//
//	go run -C examples ./fleet
//	go run -C examples ./fleet -workers 8 -stores 50 -kill 2s
//	go run -C examples ./fleet -redis redis://127.0.0.1:6379/0
//
// The program starts itself once for each worker. The stores are stand-ins of Salla,
// SHOPLINE, Shoplazza and xclade in the first process, which keep to the limits that the
// vendors publish and hand out tokens that live for seconds. Without -redis, or REDIS_URL,
// it starts a redis-server of its own. Kill workers by hand (their numbers are shown), or
// with -kill. What is asked of such a fleet stands in its report: that every customer was
// processed, that no request was beyond a limit, and that no token was lost.
//
// Most of the time goes by for Salla, which takes 500 requests for customers in ten
// minutes from one IP address, for all stores together.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk/examples/internal/command"
)

// quiet keeps go-redis from writing into the display. What fails is in the report.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func main() {
	redis.SetLogger(quiet{})
	if worksHere() {
		os.Exit(work(os.Stdin, os.Stdout, os.Stderr))
	}
	command.Main("fleet", run)
}

// flags are what the command line says.
type flags struct {
	workers, stores, customers int
	redis, metrics             string
	work, kill                 time.Duration
}

func parse(arguments []string, to io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet("fleet", flag.ContinueOnError)
	set.IntVar(&f.workers, "workers", 4, "how many processes work")
	set.IntVar(&f.stores, "stores", 50, "how many stores there are")
	set.IntVar(&f.customers, "customers", 200, "how many customers each store has")
	set.StringVar(&f.redis, "redis", os.Getenv("REDIS_URL"), "`URL` of a Redis, as redis.ParseURL takes it; otherwise one is started")
	set.StringVar(&f.metrics, "metrics", "127.0.0.1:0", "`address` of the page for Prometheus; port 0 takes a free one")
	set.DurationVar(&f.work, "work", 2*time.Millisecond, "how long the work on a customer takes")
	set.DurationVar(&f.kill, "kill", 0, "how often a worker is killed, such as 2s; 0 is never")
	if err := command.Parse(set, arguments, to); err != nil {
		return f, err
	}
	switch {
	case f.workers < 1 || f.stores < 1 || f.customers < 1:
		return f, errors.New("-workers, -stores and -customers must be at least 1")
	case f.work < 0 || f.kill < 0:
		return f, errors.New("-work and -kill must not be negative")
	}
	return f, nil
}

func run(ctx context.Context, arguments []string, out, progress io.Writer) error {
	flags, err := parse(arguments, progress)
	if err != nil {
		return err
	}
	f, err := begin(ctx, flags)
	if err != nil {
		return err
	}
	defer f.end()
	page, err := f.serveMetrics(ctx, flags.metrics)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d stores with %d customers each. For Prometheus: %s\nWorkers: %s\n",
		flags.stores, flags.customers, page, f.workers)
	if flags.kill > 0 {
		go f.workers.killNowAndThen(f.ctx, flags.kill)
	}
	if err := f.watch(f.ctx, progress); err != nil {
		return err
	}
	f.workers.end()
	report, err := f.report(ctx)
	if err != nil {
		return err
	}
	fmt.Fprint(out, report)
	return report.err()
}
