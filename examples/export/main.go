// Export writes all customers of a store to a file, as JSON lines or CSV.
//
//	go run -C examples ./export -vendor shopline -out customers.jsonl
//	go run -C examples ./export -vendor xclade -real -out customers.csv
//
// Without -real it reads a stand-in. The file has another name until it is whole. A run
// that was killed goes on where it was when it is started again. Rows that cannot be
// read go to a file of their own. It ends with 0 if all customers are in the file, 1 if it
// failed and is to be started again, and 2 if there were rows that could not be read.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/shops"
)

func main() { command.Main("export", run) }

func run(ctx context.Context, arguments []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	vendor := flags.String("vendor", "", "whose customers: "+strings.Join(shops.Vendors(), ", "))
	name := flags.String("out", "", "`file` to write; .csv for CSV, otherwise JSON lines")
	atVendor := flags.Bool("real", false, "read the store that the environment names, in place of a stand-in")
	unlimited := flags.Bool("unlimited", false, "send without a pace, to a stand-in in another process")
	if err := command.Parse(flags, arguments, progress); err != nil {
		return err
	}
	if *name == "" {
		return fmt.Errorf("-out is required")
	}
	shop, err := shops.Open(*vendor, shops.How{Real: *atVendor, Unlimited: *unlimited, Seed: 25})
	if err != nil {
		return err
	}
	defer shop.Close()
	e := &export{shop: shop, name: *name, progress: progress}
	if err := e.run(ctx); err != nil {
		return err
	}
	return e.report(out)
}

func (e *export) report(out io.Writer) error {
	fmt.Fprintf(out, "%d customers in %s\n", e.at.Rows, e.name)
	if e.at.Unreadable > 0 {
		return command.Incomplete(fmt.Sprintf("%d rows could not be read: see %s", e.at.Unreadable, e.unreadableName()))
	}
	return nil
}
