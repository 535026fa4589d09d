// Importcsv makes sure that every row of a CSV file is a customer of a store, as the row
// says: it creates who is missing, changes what differs, and leaves alone what is right.
//
//	go run -C examples ./importcsv -vendor shopline -in customers.csv -dry-run
//	go run -C examples ./importcsv -vendor xclade -real -in customers.csv -region DE
//
// The first line names the columns; -columns lists the names that are understood. Rows
// that are refused go to a second CSV with the reason; rows without any text are left
// out. A run that was killed goes on where it was: who was there already is found again
// and not made twice. It ends with 0 if all rows are customers, 1 if it failed and is to be
// started again, and 2 if it came to its end and rows were refused, also by -dry-run.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"strings"

	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/shops"
)

func main() { command.Main("importcsv", run) }

// settings are what the flags say.
type settings struct {
	in, region string
	dry        bool
	workers    int
}

func run(ctx context.Context, arguments []string, out, progress io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("importcsv", flag.ContinueOnError)
	vendor := flags.String("vendor", "", "whose customers: "+strings.Join(shops.Vendors(), ", "))
	flags.StringVar(&s.in, "in", "", "CSV `file` to read")
	flags.StringVar(&s.region, "region", "", "two letters of the country of phone numbers without a country's code, such as SA")
	flags.BoolVar(&s.dry, "dry-run", false, "check the file and send nothing")
	flags.IntVar(&s.workers, "workers", 8, "how many rows are sent at a time")
	atVendor := flags.Bool("real", false, "write to the store that the environment names, in place of a stand-in")
	unlimited := flags.Bool("unlimited", false, "send without a pace, to a stand-in in another process")
	list := flags.Bool("columns", false, "list the columns that are understood, and end")
	if err := command.Parse(flags, arguments, progress); err != nil {
		return err
	}
	if *list {
		printColumns(out)
		return nil
	}
	var problems []error
	if s.in == "" {
		problems = append(problems, errors.New("-in is required"))
	}
	if s.workers < 1 || s.workers > 64 {
		problems = append(problems, errors.New("-workers must be from 1 to 64"))
	}
	if !shops.IsRegion(s.region) {
		problems = append(problems, errors.New("-region must be two letters of a country, such as SA"))
	}
	shop, err := shops.Open(*vendor, shops.How{Real: *atVendor, Unlimited: *unlimited})
	if err := errors.Join(append(problems, err)...); err != nil {
		return err
	}
	defer shop.Close()
	i := &importer{settings: s, shop: shop, out: out, progress: progress}
	return i.run(ctx)
}
